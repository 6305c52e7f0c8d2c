from __future__ import annotations

import pytest
from packaging.version import Version

from monorelease.model.finding import Finding
from monorelease.model.index import IndexedFile
from monorelease.model.value import replace
from monorelease.model.withdrawal import Affected, Effect, Mending, Pin, Standing, Step, Withdrawal
from monorelease.planning.withdrawal_checks import check_withdrawal, unknown_version
from values import named

FILE = IndexedFile(filename="core-1.0.tar.gz", sha256=None)


def pin(text: str) -> Pin:
    name, version = text.split("==")
    return Pin(name=named(name), version=Version(version))


def step(text: str, instead: str | None = "1.0") -> Step:
    return Step(
        pin=pin(text),
        standing=Standing.OFFERED,
        files=(),
        instead=Version(instead) if instead else None,
        mending=Mending.MISSING,
        mended_by=None,
    )


def affected(text: str, effect: Effect) -> Affected:
    return Affected(
        pin=pin(text), on=named("core"), constraint="", table="project.dependencies", effect=effect
    )


def withdrawal(*steps: Step) -> Withdrawal:
    return Withdrawal(steps=steps, affected=(), together=(), whole=(), findings=())


def told(checked: Withdrawal) -> list[tuple[str, str]]:
    findings = list(check_withdrawal(checked))
    assert not any(finding.is_error for finding in findings)
    return [(finding.code, finding.problem) for finding in findings]


def the_hint(checked: Withdrawal) -> str:
    (finding,) = check_withdrawal(checked)
    return finding.hint


def test_nothing_is_said_of_what_harms_nobody() -> None:
    assert told(withdrawal(step("core==1.1"))) == []


@pytest.mark.parametrize(
    ("instead", "problem"),
    [
        (None, "no version of core is left: who does not pin one cannot install it"),
        ("1.2rc1", "only pre-releases of core are left, up to 1.2rc1"),
    ],
)
def test_a_final_version_should_be_left(instead: str | None, problem: str) -> None:
    asked = withdrawal(step("core==1.0", instead), step("core==1.1", instead), step("tool==2.0"))

    assert told(asked) == [("nothing-left", problem)]
    assert told(replace(asked, is_taken_back=True)) == []


@pytest.mark.parametrize(
    ("effect", "code", "words"),
    [
        (Effect.STRANDED, "stranded", "could not be installed"),
        (Effect.STILL_PULLS, "still-pulls", "would go on installing it"),
    ],
)
def test_those_who_are_affected_are_named(effect: Effect, code: str, words: str) -> None:
    pins = ("a==1.1", "b==1.1")
    asked = replace(
        withdrawal(step("core==1.1")), affected=tuple(affected(text, effect) for text in pins)
    )

    ((found, problem),) = told(asked)
    assert (found, problem.endswith(f"{words}: a==1.1 and b==1.1")) == (code, True)
    assert the_hint(asked) == "yank them too, or release a fix first"


def test_a_member_with_two_such_requirements_is_named_once() -> None:
    twice = (affected("a==1.1", Effect.STRANDED),) * 2

    ((_, problem),) = told(replace(withdrawal(step("core==1.1")), affected=twice))
    assert problem.endswith(": a==1.1")


def test_when_yanks_are_taken_back_it_is_the_dependency_that_is_missing() -> None:
    asked = replace(
        withdrawal(step("a==1.1")),
        affected=(affected("a==1.1", Effect.STRANDED),),
        is_taken_back=True,
    )

    assert the_hint(asked).startswith("take the yank of what they require back as well")


def test_the_rest_of_a_fixed_group_is_named_without_those_who_go_anyway() -> None:
    whole = tuple(map(pin, ("a==1.1", "b==1.1", "core==1.1")))
    alone = replace(withdrawal(step("core==1.1")), whole=whole)
    joined = replace(alone, together=(pin("a==1.1"), pin("core==1.1")))

    assert told(alone) == [
        ("group-stays", "others of the same fixed group stay: a==1.1 and b==1.1")
    ]
    assert told(joined) == [("group-stays", "others of the same fixed group stay: b==1.1")]


# ── a version that is not there ───────────────────────────────────────────────────────────


def unknown(text: str, *listed: str) -> Finding:
    finding = unknown_version(pin(text), {Version(version): (FILE,) for version in listed})
    assert finding.is_error
    return finding


def test_a_near_version_is_guessed() -> None:
    finding = unknown("core==1.0.04.5", "1.0.45", "0.9")

    assert (finding.code, finding.hint) == ("no-such-version", "did you mean '1.0.45'?")


def test_else_some_are_told_newest_first() -> None:
    listed = [f"0.{minor}" for minor in range(12)]

    assert unknown("core==7", *listed).hint == ("it has 0.11, 0.10, 0.9, 0.8, 0.7 and 7 more")


def test_where_there_are_no_files_there_is_nothing_to_yank() -> None:
    finding = unknown("core==7")

    assert (finding.code, finding.problem) == (
        "nothing-to-yank",
        "the index has no files of core",
    )
