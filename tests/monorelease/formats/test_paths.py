from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from monorelease.errors import UnsafePath
from monorelease.formats.paths import inside

FOLDER = PurePosixPath("packages/agents-core")


@pytest.mark.parametrize(
    ("relative", "path"),
    [
        ("src/agents_core/__init__.py", "packages/agents-core/src/agents_core/__init__.py"),
        ("./VERSION", "packages/agents-core/VERSION"),
        ("src/../VERSION", "packages/agents-core/VERSION"),
        ("../shared/version.py", "packages/shared/version.py"),
        ("../../VERSION", "VERSION"),
    ],
)
def test_a_path_is_seen_from_the_root(relative: str, path: str) -> None:
    assert inside(FOLDER, relative) == PurePosixPath(path)


def test_the_root_itself_may_be_the_folder() -> None:
    assert inside(PurePosixPath(), "src/x.py") == PurePosixPath("src/x.py")


@pytest.mark.parametrize("relative", ["../../../etc/passwd", "/etc/passwd", "a/../../../../b"])
def test_a_path_that_leaves_the_repository_is_refused(relative: str) -> None:
    with pytest.raises(UnsafePath) as caught:
        inside(FOLDER, relative)

    assert relative in str(caught.value)
