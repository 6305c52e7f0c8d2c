"""One comment of ours, however many runs there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.adapters.forge_api import ForgeApi
from monorelease.adapters.forge_asking import ForgeRefused
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
    is_locked: bool = False
    """Whether nobody may change what stands there."""

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
        if number not in self.said:
            raise refused(404)
        if self.is_locked:
            raise refused(403)
        self.said[number] = text

    def erase(self, number: int) -> None:
        self._step()
        self.said.pop(number, None)

    def _step(self) -> None:
        self.after -= 1
        if self.after < 0 and self.meanwhile is not None:
            then, self.meanwhile = self.meanwhile, None
            then()


def refused(status: int) -> ForgeRefused:
    return ForgeRefused("no", where="", hint="no", status=status, words="")


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


def test_one_that_is_removed_meanwhile_is_written_anew() -> None:
    wall = Wall(said={5: "one"}, after=1)
    wall.meanwhile = wall.said.clear

    assert keep_one(API, wall, "two") == (2, Change.CREATED)
    assert wall.said == {2: "two"}


def test_one_that_is_removed_again_and_again_is_told() -> None:
    wall = Wall(said={5: "one"})
    wall.rewrite = lambda *_: (_ for _ in ()).throw(refused(404))  # type: ignore[method-assign]

    with pytest.raises(ForgeRefused):
        keep_one(API, wall, "two")


def test_another_no_is_told_at_once() -> None:
    with pytest.raises(ForgeRefused) as caught:
        keep_one(API, Wall(said={5: "one"}, is_locked=True), "two")

    assert caught.value.status == 403


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
