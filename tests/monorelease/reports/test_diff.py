from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.model.patch import FileEdit, Patch
from monorelease.reports.diff import diff_bytes, diff_text
from monorelease.reports.terminal import COLOURS
from sandbox import files_in, surroundings

Files = Mapping[str, bytes]


def patch_of(before: Files, after: Files) -> Patch:
    paths = sorted(before.keys() | after.keys())
    return Patch.of(
        tuple(
            FileEdit(path=PurePosixPath(p), before=before.get(p), after=after.get(p)) for p in paths
        )
    )


def write(files: Files, folder: Path) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def git_apply(diff: bytes, folder: Path) -> None:
    """Apply the diff as `monorelease release --diff | git apply` would."""
    subprocess.run(
        ["git", "apply", "--whitespace=nowarn"],
        cwd=folder,
        env=surroundings(GIT_CEILING_DIRECTORIES=str(folder.parent)),
        input=diff,
        check=True,
        timeout=60,
    )


def test_every_line_that_changes_is_shown_between_its_neighbours() -> None:
    before = {
        "changes/1.fix.md": b"---\ncore: patch\n---\n",
        "packages/core/pyproject.toml": b'[project]\nname = "core"\nversion = "1.0.0"\n',
    }
    after = {
        "packages/core/CHANGELOG.md": b"# core\n\n## 1.0.1\n",
        "packages/core/pyproject.toml": b'[project]\nname = "core"\nversion = "1.0.1"\n',
    }

    assert diff_text(patch_of(before, after)) == dedent(
        """\
        --- a/changes/1.fix.md
        +++ /dev/null
        @@ -1,3 +0,0 @@
        ----
        -core: patch
        ----
        --- /dev/null
        +++ b/packages/core/CHANGELOG.md
        @@ -0,0 +1,3 @@
        +# core
        +
        +## 1.0.1
        --- a/packages/core/pyproject.toml
        +++ b/packages/core/pyproject.toml
        @@ -1,3 +1,3 @@
         [project]
         name = "core"
        -version = "1.0.0"
        +version = "1.0.1"
        """
    )


def test_a_missing_newline_at_the_end_is_said() -> None:
    assert diff_text(patch_of({"a": b"x\ny"}, {"a": b"x\nz"})) == dedent(
        """\
        --- a/a
        +++ b/a
        @@ -1,2 +1,2 @@
         x
        -y
        \\ No newline at end of file
        +z
        \\ No newline at end of file
        """
    )


def test_no_change_is_no_text() -> None:
    assert diff_text(Patch(edits=())) == ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"a/b": b"1\n2\n3\n"}, {"a/b": b"1\n2\n4\n"}, id="changed"),
        pytest.param({}, {"a/new/b": b"1\n2\n"}, id="added"),
        pytest.param({"a/b": b"1\n", "c": b""}, {"c": b""}, id="removed"),
        pytest.param({"a": b"1\n2"}, {"a": b"1\n3"}, id="without-a-last-newline"),
        pytest.param({"a": b"1\n2"}, {"a": b"1\n2\n"}, id="with-one-at-last"),
        pytest.param(
            {"a": b"".join(b"%d\n" % n for n in range(50))},
            {"a": b"".join(b"%d\n" % n for n in range(50) if n not in {3, 40})},
            id="far-apart",
        ),
        pytest.param({"a b/c d.md": b"1\n"}, {"a b/c d.md": b"2\n"}, id="blanks-in-a-name"),
        pytest.param({'a"b': b"1\n"}, {'a"b': b"2\n"}, id="a-quote-in-a-name"),
        pytest.param({"é/漢.md": b"1\n"}, {"é/漢.md": b"2\n"}, id="other-letters-in-a-name"),
        pytest.param(
            {"a": "\ufeff1\n\té 漢\n".encode()}, {"a": "\ufeff2\n\té 漢\n".encode()}, id="text"
        ),
        pytest.param({"a": b"1\r\n2\r\n"}, {"a": b"1\r\n3\r\n"}, id="windows-newlines"),
        pytest.param({"a": b"--- 1\n+++ 2\n"}, {"a": b"--- 1\n"}, id="lines-like-headers"),
        pytest.param({"a": b"1\r2\x0b\n\x85\n"}, {"a": b"1\r3\x0b\n\x85\n"}, id="lone-returns"),
        pytest.param({"a": b"\xff\x1b[2J\n"}, {"a": b"\xfe\x1b[2J\n"}, id="bytes-that-are-no-text"),
        pytest.param({"a": b"", "b": b"1\n"}, {"b": b"1\n"}, id="an-empty-file-removed"),
        pytest.param({"b": b"1\n"}, {"a b": b"", "b": b"1\n"}, id="an-empty-file-added"),
        pytest.param({"a": b"1\n"}, {"a": b""}, id="emptied"),
        pytest.param(
            {"a 2026-11-22 10:15:00.000 +0000": b"1\n"},
            {"a 2026-11-22 10:15:00.000 +0000": b"2\n"},
            id="a-date-in-a-name",
        ),
    ],
)
def test_git_makes_the_new_tree_of_the_old_one(before: Files, after: Files, tmp_path: Path) -> None:
    folder = write(before, tmp_path)

    git_apply(diff_bytes(patch_of(before, after)), folder)

    assert files_in(folder) == after


@pytest.mark.parametrize("character", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028"], ids=ascii)
def test_only_a_newline_ends_a_line(character: str) -> None:
    """Python's `splitlines` knows more ends; git, and people's editors, do not."""
    before = f"1{character}2\n3\n".encode()

    lines = diff_text(patch_of({"a": before}, {"a": before + b"4\n"})).splitlines()

    assert lines == [
        "--- a/a",
        "+++ b/a",
        "@@ -1,2 +1,3 @@",
        f" 1\\x{ord(character):02x}2",
        " 3",
        "+4",
    ]


def test_hostile_text_is_shown_and_does_not_steer() -> None:
    before, after = "\x1b[31mred\u202e\n", "\x1b]0;title\x07\n"

    diff = diff_text(patch_of({"a": before.encode()}, {"a": after.encode()}))

    assert diff.splitlines()[3:] == ["-\\x1b[31mred\\x202e", "+\\x1b]0;title\\x07"]


@pytest.mark.parametrize("name", ["a\n+++ b/evil", "a\x1b[31m", "a\rb", "a\u202eb"], ids=ascii)
def test_a_hostile_name_makes_no_lines_of_its_own(name: str) -> None:
    lines = diff_text(patch_of({name: b"1\n"}, {name: b"2\n"})).splitlines()

    assert [line[:4] for line in lines] == ["--- ", "+++ ", "@@ -", "-1", "+2"]
    assert all(line.isprintable() for line in lines)


def test_bytes_that_are_no_text_are_a_change_all_the_same() -> None:
    assert diff_text(patch_of({"a": b"\xff\n"}, {"a": b"\xfe\n"}))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize(
    "name",
    ["a\n+++ b/evil", "a\tb\r", "a\x1b[31m\x07", '\\"', "\u202eb\x9b", os.fsdecode(b"\xff \xfe")],
    ids=ascii,
)
def test_git_finds_files_with_odd_names(name: str, tmp_path: Path) -> None:
    before, after = {name: b"1\n"}, {name: b"2\n", f"{name}.new": b"3\n"}
    folder = write(before, tmp_path)

    git_apply(diff_bytes(patch_of(before, after)), folder)

    assert files_in(folder) == after


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.property
@given(
    name=st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=12),
    before=st.none() | st.binary(max_size=20) | st.text("ab\r\n\t ", max_size=30).map(str.encode),
    after=st.none() | st.binary(max_size=20) | st.text("ab\r\n\t ", max_size=30).map(str.encode),
)
def test_git_takes_every_diff(name: str, before: bytes | None, after: bytes | None) -> None:
    files = [{} if data is None else {f"x{name}": data} for data in (before, after)]
    with TemporaryDirectory() as folder:
        write(files[0], Path(folder))
        if before != after:
            git_apply(diff_bytes(patch_of(*files)), Path(folder))

        assert files_in(Path(folder)) == files[1]


def test_the_bytes_and_the_text_of_a_harmless_patch_are_the_same() -> None:
    patch = patch_of({"a b": b"1\n\t2"}, {"a b": b"1\n\t3\n", "c": b"::\n"})

    assert diff_bytes(patch).decode() == diff_text(patch)


def test_windows_newlines_are_no_news_to_a_terminal() -> None:
    patch = patch_of({"a": b"1\r\n2\r\n"}, {"a": b"1\r\n3\r\n"})

    assert diff_text(patch).splitlines()[3:] == [" 1", "-2", "+3"]
    assert diff_bytes(patch).splitlines(keepends=True)[3:] == [b" 1\r\n", b"-2\r\n", b"+3\r\n"]


def test_a_lone_return_cannot_overwrite_the_line_it_stands_in() -> None:
    patch = patch_of({"a": b"1\n"}, {"a": b"2; rm -rf /\r+3\n"})

    assert diff_text(patch).splitlines()[-1] == "+2; rm -rf /\\x0d+3"


def test_colours_mark_what_goes_and_what_comes() -> None:
    patch = patch_of({"a": b"1\n2\n"}, {"a": b"1\n3\n"})

    assert diff_text(patch, COLOURS).splitlines() == [
        "\x1b[1m--- a/a\x1b[0m",
        "\x1b[1m+++ b/a\x1b[0m",
        "\x1b[2m@@ -1,2 +1,2 @@\x1b[0m",
        " 1",
        "\x1b[31m-2\x1b[0m",
        "\x1b[32m+3\x1b[0m",
    ]
