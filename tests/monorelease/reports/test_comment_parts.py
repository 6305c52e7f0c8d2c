from __future__ import annotations

from pathlib import PurePosixPath

from monorelease.model.bump import Bump
from monorelease.model.finding import Finding, Severity
from monorelease.model.value import replace
from monorelease.reports.comment_parts import (
    in_part,
    what_is_said,
    what_is_wrong,
    who_moves,
    why_they_move,
)
from proposals import names, proposed, said

ERROR = Finding(code="x", problem="P", hint="H")
WARNING = replace(ERROR, severity=Severity.WARNING)


def address(path: PurePosixPath, line: int | None) -> str:
    """Where the tests look at a file."""
    return f"https://forge.example/{path}{f'#L{line}' if line else ''}"


def test_a_short_table_is_open_and_a_long_one_folded() -> None:
    table = who_moves([proposed("core", Bump.MINOR), proposed("app")], None)

    assert table == "| Name | Type |\n| --- | --- |\n| `core` | Minor |\n| `app` | Patch |"
    long = who_moves([proposed(f"m{n}", Bump(1 + n % 2)) for n in range(7)], None)
    assert long.startswith("<details>\n<summary>7 packages: 3 minor, 4 patch</summary>\n\n| Name")


def test_only_as_many_rows_are_told_as_there_is_room_for() -> None:
    assert who_moves([proposed(f"m{n}") for n in range(9)], 2).count("| Patch |") == 2
    assert what_is_wrong([ERROR] * 9, address, 2).count("\n- ") == 2
    assert what_is_said([said()] * 9, address, 2).count("\n- ") == 2
    assert what_is_said([said()] * 9, address, 0) == ""


def test_private_members_are_told_apart() -> None:
    one, other = (proposed(name, private=True) for name in ("core", "app"))

    assert who_moves([one], None).endswith("`core` is private: versioned, and never published.")
    assert who_moves([one, other], None).endswith(
        "`core` and `app` are private: versioned, and never published."
    )


def test_each_cause_is_told_with_the_versions() -> None:
    table = why_they_move([proposed("core", Bump.MAJOR, "changes/1.fix.md", "with a|b")])

    assert "| `core` | `1.0.0` | `2.0.0` | changes/1.fix.md; with a&#124;b |" in table


def test_a_finding_leads_to_its_line() -> None:
    placed = replace(ERROR, path=PurePosixPath("a.md"), line=3)

    assert what_is_wrong([placed], address, None) == (
        "**1 problem that would stop a release**\n\n"
        "- **Error** in [`a.md:3`](<https://forge.example/a.md#L3>): P (`x`)<br>H"
    )
    whole = replace(placed, line=None)
    assert "[`a.md`](<https://forge.example/a.md>)" in what_is_wrong([whole], address, None)
    assert "**Error** in `a.md:3`: P" in what_is_wrong([placed], lambda *_: "", None)


def test_it_is_told_how_many_stop_a_release() -> None:
    assert what_is_wrong([WARNING], address, 0) == "**1 warning**"
    assert what_is_wrong([ERROR, WARNING, ERROR], address, 0) == (
        "**3 problems of which 2 would stop a release**"
    )


def test_a_fragment_tells_whom_it_moves() -> None:
    assert what_is_said([said(core="patch", app="none")], address, None) == (
        "1 fragment:\n\n"
        "- [`changes/1.fix.md`](<https://forge.example/changes/1.fix.md>): "
        "`core` patch and `app` none"
    )
    assert what_is_said([said()], address, None).endswith(": no release")


def test_many_fragments_are_folded() -> None:
    assert "<summary>8 fragments</summary>" in what_is_said([said()] * 8, address, None)


def test_many_names_are_told_in_part() -> None:
    assert in_part(["a", "b"]) == "a and b"
    assert in_part(names(*(f"m{n}" for n in range(30)))).endswith("m18, m19 and 10 more")


def test_nothing_is_told_of_nothing() -> None:
    assert who_moves([], None) == ""
    assert why_they_move([]) == ""
    assert what_is_wrong([], address, None) == ""
    assert what_is_said([], address, None) == ""
