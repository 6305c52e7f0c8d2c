from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from buildable import skip_where_offline, uv
from monorelease.adapters.readme import check_readmes
from sandbox import surroundings

MANIFEST = PurePosixPath("packages/core/pyproject.toml")
OTHER = PurePosixPath("packages/app/pyproject.toml")
GOOD = "Core\n====\n\nA *good* text with ``code``.\n\n.. code-block:: python\n\n    import core\n"
BAD = "Core\n====\n\nWords.\n\n:nosuchrole:`x`\n"


def test_where_nothing_is_in_restructuredtext_nothing_is_installed() -> None:
    assert check_readmes({}, ("no-such-uv",), {}) == ()


@pytest.mark.network
def test_what_pypi_could_not_show_is_told_in_the_renderers_words() -> None:
    found = check_readmes({MANIFEST: GOOD, OTHER: BAD}, (uv(),), surroundings())
    [finding] = found
    skip_where_offline(finding.problem)

    assert finding.is_error
    assert finding.code == "readme-does-not-render"
    assert finding.path == OTHER
    assert 'Unknown interpreted text role "nosuchrole"' in finding.problem


def test_without_a_network_nobody_saw_them_and_that_is_a_warning(tmp_path: Path) -> None:
    around = surroundings(UV_OFFLINE="1", UV_CACHE_DIR=str(tmp_path))
    [finding] = check_readmes({MANIFEST: GOOD}, (uv(),), around)

    assert not finding.is_error
    assert finding.code == "readme-not-rendered"
    assert "readme_renderer could not be installed:\n" in finding.problem


def test_without_uv_nobody_saw_them_either() -> None:
    [finding] = check_readmes({MANIFEST: GOOD}, ("no-such-uv",), surroundings())

    assert not finding.is_error
    assert "no-such-uv" in finding.problem
