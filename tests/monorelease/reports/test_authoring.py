from __future__ import annotations

from pathlib import PurePosixPath

from monorelease.model.fragment import Fragment
from monorelease.model.patch import FileEdit, Patch
from monorelease.reports.authoring import authoring_value, fragments_text
from monorelease.reports.terminal import COLOURS
from values import fragment

NEW = fragment("1.fix.md", "One.\n\n\x1b[2J## Two", core="patch", app="none")
EDITED, SAME = fragment("2.misc.md", ""), fragment("3.doc.md", "Three.", core="patch")


def edit(name: str, before: bytes | None, after: bytes | None) -> FileEdit:
    return FileEdit(path=PurePosixPath("changes", name), before=before, after=after)


PATCH = Patch.of(
    (edit("1.fix.md", None, b"x"), edit("2.misc.md", b"x", b"y"), edit("4.fix.md", b"x", None))
)
FRAGMENTS: tuple[Fragment, ...] = (NEW, EDITED, SAME)


def test_people_see_each_fragment_and_what_becomes_of_its_file() -> None:
    assert fragments_text(FRAGMENTS, PATCH) == (
        "changes/1.fix.md\n  core: patch, app: none\n  One.\n\n  \\x1b[2J## Two\n"
        "\nchanges/2.misc.md  (changed)\n  no release needed\n"
        "\nchanges/3.doc.md  (unchanged)\n  core: patch\n  Three.\n"
        "\nchanges/4.fix.md  (removed)\n"
    )


def test_a_name_is_marked_on_a_terminal() -> None:
    assert fragments_text([NEW], PATCH, COLOURS).startswith("\x1b[1mchanges/1.fix.md\x1b[0m\n")


def test_nothing_is_nothing() -> None:
    assert fragments_text((), Patch(edits=())) == ""


def test_programs_see_the_same() -> None:
    value = authoring_value([NEW, SAME], PATCH, ["A note."], is_rehearsal=True)

    assert value == {
        "schema": 1,
        "written": False,
        "fragments": [
            {
                "path": "changes/1.fix.md",
                "change": "added",
                "category": "fix",
                "bumps": {"core": "patch", "app": "none"},
                "text": "One.\n\n\x1b[2J## Two",
            },
            {
                "path": "changes/3.doc.md",
                "change": "unchanged",
                "category": "doc",
                "bumps": {"core": "patch"},
                "text": "Three.",
            },
        ],
        "removed": ["changes/4.fix.md"],
        "notes": ["A note."],
    }
