from __future__ import annotations

import pytest

from monorelease.formats.requirement_news import requirement_news
from monorelease.model.requirement_change import RequirementChange
from values import named

RUNTIME = "project.dependencies"


def change(
    *, before: tuple[str, ...] = (), after: tuple[str, ...] = (), table: str = RUNTIME
) -> RequirementChange:
    return RequirementChange(on=named("httpx"), table=table, before=before, after=after)


@pytest.mark.parametrize(
    ("what", "news"),
    [
        (change(before=(">=0.27",), after=(">=0.28",)), "`httpx`: `>=0.27` is now `>=0.28`."),
        (change(before=("",), after=(">=1",)), "`httpx`: any version is now `>=1`."),
        (change(after=(">=1",)), "`httpx` is required now: `>=1`."),
        (change(after=("",)), "`httpx` is required now."),
        (change(before=(">=1",)), "`httpx` is no longer required."),
        (change(before=("", ">=1")), "`httpx` is no longer required."),
        (
            change(before=(">=1",), after=(">=1; a", ">=2; b")),
            "`httpx`: `>=1` is now `>=1; a` and `>=2; b`.",
        ),
        (
            change(before=(">=1",), after=(">=2",), table="build-system.requires"),
            "`httpx` (to build): `>=1` is now `>=2`.",
        ),
        (
            change(before=(">=1",), table="project.optional-dependencies.vad"),
            "`httpx` (extra `vad`) is no longer required.",
        ),
        (change(after=("===`x`",)), "`httpx` is required now: `==='x'`."),
    ],
)
def test_what_has_moved_is_told_from_where_to_where(what: RequirementChange, news: str) -> None:
    assert requirement_news([what]) == news


def test_several_are_a_list_and_nothing_is_told_twice() -> None:
    one, other = change(after=("",)), change(before=("",), table="build-system.requires")

    assert requirement_news([one, other, one]) == (
        "- `httpx` is required now.\n- `httpx` (to build) is no longer required."
    )
