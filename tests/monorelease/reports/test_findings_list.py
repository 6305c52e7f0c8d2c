from __future__ import annotations

from pathlib import PurePosixPath

from monorelease.model.finding import Finding, Severity
from monorelease.reports.findings_list import findings_list
from monorelease.reports.harmless import link


def to_file(words: str, path: PurePosixPath, line: int | None = None) -> str:
    return link(words, f"https://forge.example/{path}?{line}")


def finding(problem: str = "is odd", **fields: object) -> Finding:
    return Finding(code="odd", problem=problem, hint="look at it", **fields)  # type: ignore[arg-type]


def test_each_has_its_place_its_problem_and_what_to_do() -> None:
    path = PurePosixPath("changes/1.fix.md")

    text = findings_list([finding(path=path, line=3), finding(path=path), finding()], to_file)

    assert text == (
        "- [changes/1.fix.md:3](<https://forge.example/changes/1.fix.md?3>): is odd\n"
        "  *look at it*\n"
        "- [changes/1.fix.md](<https://forge.example/changes/1.fix.md?None>): is odd\n"
        "  *look at it*\n"
        "- is odd\n"
        "  *look at it*"
    )


def test_errors_come_before_warnings() -> None:
    text = findings_list([finding("one", severity=Severity.WARNING), finding("two")], to_file)

    assert text.index("two") < text.index("one")


def test_of_many_the_rest_is_counted() -> None:
    assert "more" not in findings_list([finding()] * 10, to_file)

    text = findings_list([finding()] * 12, to_file)

    assert text.count("is odd") == 10
    assert text.endswith("- And 2 more: `monorelease check` shows them all.")


def test_what_another_program_said_is_cut_and_does_nothing() -> None:
    text = findings_list([finding("x" * 5000 + "\n| @ada <b>")], to_file)

    assert len(text) < 1000
    assert "…" in text
    assert "<b>" not in findings_list([finding("@ada <b>")], to_file)
