"""One comment of ours, however many runs there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.adapters.forge_api import ForgeApi
from monorelease.adapters.gitlab import DIALECT
from monorelease.adapters.one_comment import Said, keep_one, marked, same_text
from monorelease.model.forge import Change

API = ForgeApi("https://forge.example/api", "", DIALECT)  # never asked: the board is here


@dataclass
class Wall:
    """A board where something may happen before each thing that is done."""

    said: dict[int, str] = field(default_factory=dict)
    meanwhile: Callable[[], object] | None = None
    after: int = 0
    writes: int = 0

    def ours(self) -> tuple[Said, ...]:
        self._step()
        return tuple(Said(number=n, text=text) for n, text in reversed(self.said.items()))

    def write(self, text: str) -> Said:
        self._step()
        self.writes += 1
        number = 1 + max(self.said, default=self.writes)
        self.said[number] = text
        return Said(number=number, text=text)

    def rewrite(self, number: int, text: str) -> None:
        self._step()
        assert number in self.said
        self.said[number] = text

    def erase(self, number: int) -> None:
        self._step()
        self.said.pop(number, None)

    def _step(self) -> None:
        self.after -= 1
        if self.after < 0 and self.meanwhile is not None:
            then, self.meanwhile = self.meanwhile, None
            then()


def test_it_is_written_once_and_then_left_or_rewritten() -> None:
    wall = Wall()

    assert keep_one(API, wall, "one") == (2, Change.CREATED)
    assert keep_one(API, wall, "one\r\n") == (2, Change.UNCHANGED)
    assert keep_one(API, wall, "two") == (2, Change.UPDATED)
    assert wall.said == {2: "two"}


def test_of_several_the_oldest_stays() -> None:
    wall = Wall(said={5: "later", 3: "one", 9: "last"})

    assert keep_one(API, wall, "one") == (3, Change.UNCHANGED)
    assert wall.said == {3: "one"}


@pytest.mark.property
@given(st.integers(0, 8), st.integers(0, 3))
def test_of_two_runs_at_once_one_comment_stays_with_the_words_of_one(
    after: int, before: int
) -> None:
    wall = Wall(said=dict.fromkeys(range(1, before + 1), "old"), after=after)
    wall.meanwhile = lambda: keep_one(API, wall, "theirs")

    number, _ = keep_one(API, wall, "ours")

    assert list(wall.said) == [number]
    assert wall.said[number] in {"ours", "theirs"}


def test_the_marker_is_put_before_words_that_lack_it() -> None:
    assert marked("<!-- m -->", "words") == "<!-- m -->\nwords"
    assert marked("<!-- m -->", "<!-- m -->words") == "<!-- m -->words"


def test_line_ends_and_blanks_around_are_no_difference() -> None:
    assert same_text("one\r\ntwo\n", "one\ntwo")
    assert not same_text("one two", "one\ntwo")
