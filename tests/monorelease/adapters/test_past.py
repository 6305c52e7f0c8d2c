from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from monorelease.adapters.past import Past
from monorelease.model.patch import FileEdit, Patch
from sandbox import Sandbox


def path(name: str) -> PurePosixPath:
    return PurePosixPath(name)


@pytest.fixture
def past(sandbox: Sandbox) -> Past:
    """A fragment is gone, a changelog is new, a manifest is changed, and a README is not."""
    sandbox.write({"core/CHANGELOG.md": "new", "core/a.toml": "now", "changes/README.md": "words"})
    edits = (
        FileEdit(path=path("changes/1.fix.md"), before=b"then", after=None),
        FileEdit(path=path("changes/.hidden.md"), before=b"then", after=None),
        FileEdit(path=path("gone/only/1.md"), before=b"then", after=None),
        FileEdit(path=path("core/CHANGELOG.md"), before=None, after=b"new"),
        FileEdit(path=path("core/a.toml"), before=b"then", after=b"now"),
    )
    return Past(sandbox.root, Patch.of(edits))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("changes/1.fix.md", b"then"),
        ("core/a.toml", b"then"),
        ("core/CHANGELOG.md", None),
        ("changes/README.md", b"words"),
        ("nowhere", None),
    ],
)
def test_files_are_what_they_were(past: Past, name: str, data: bytes | None) -> None:
    assert past.read(path(name)) == data


@pytest.mark.parametrize(
    ("name", "is_there"),
    [
        ("changes/1.fix.md", True),
        ("gone/only", True),
        ("gone", True),
        ("core/CHANGELOG.md", False),
        ("core", True),
        ("nowhere", False),
    ],
)
def test_what_was_there_exists(past: Past, name: str, *, is_there: bool) -> None:
    assert past.exists(path(name)) == is_there


def test_a_folder_lists_what_was_in_it(past: Past) -> None:
    assert past.files(path("changes"), ".md") == (
        path("changes/1.fix.md"),
        path("changes/README.md"),
    )
    assert past.files(path("core"), "") == (path("core/a.toml"),)
    assert past.files(path("changes"), ".toml") == ()
