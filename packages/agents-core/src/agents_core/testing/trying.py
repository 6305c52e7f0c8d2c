"""A suite told in this very process, so that a suite can be judged by what it catches."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from agents_core.testing.suite import ALONE, Suite


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How one sentence of a suite went."""

    sentence: str
    outcome: Literal["held", "broken", "skipped"]
    words: str = ""
    """Why it is broken or skipped."""

    @property
    def broken(self) -> bool:
        """Whether the sentence does not hold."""
        return self.outcome == "broken"


def sentences(suite: type[Suite[Any]]) -> tuple[str, ...]:
    """The names of the tests in `suite`, sorted."""
    return tuple(name for name in sorted(dir(suite)) if name.startswith("test_"))


def try_suite(suite: type[Suite[Any]], *, side_by_side: int = 1) -> tuple[Verdict, ...]:
    """Tell the sentences of `suite`, each on a suite object of its own, as pytest would.

    Args:
        suite: says what it supports, and makes the object under test.
        side_by_side: how many are told at the same time, but for those that have to be alone;
            most of the time of a suite is spent waiting.
    """
    names = sentences(suite)
    alone = [name for name in names if getattr(getattr(suite, name), ALONE, False)]
    together = [name for name in names if name not in alone]
    with ThreadPoolExecutor(side_by_side) as tellers:
        verdicts = list(tellers.map(partial(_try, suite), together))
    verdicts += [_try(suite, name) for name in alone]
    return tuple(sorted(verdicts, key=lambda verdict: verdict.sentence))


def _try(suite: type[Suite[Any]], name: str) -> Verdict:
    import pytest

    try:
        getattr(suite(), name)()
    except pytest.skip.Exception as skipped:
        return Verdict(sentence=name, outcome="skipped", words=str(skipped))
    except Exception as error:  # noqa: BLE001 - whatever a broken one raises is its verdict
        return Verdict(sentence=name, outcome="broken", words=f"{type(error).__name__}: {error}")
    return Verdict(sentence=name, outcome="held")
