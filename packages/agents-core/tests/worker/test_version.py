from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from agents_core.worker.version import sdk_version


def test_the_version_is_that_of_the_installed_package() -> None:
    try:
        installed = version("agents-core")
    except PackageNotFoundError:
        installed = "unknown"

    assert sdk_version() == installed
