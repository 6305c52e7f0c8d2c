"""A defect, and the sentences that have to catch it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from agents_core.testing.suite import Suite

T = TypeVar("T", bound=type)

_MARK = "caught_by"


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """Something broken, ready to be tried: `try_suite(defect.suite)`."""

    name: str
    suite: type[Suite[Any]]
    """Makes the broken thing, and says that everything is supported."""
    caught_by: frozenset[str]
    """The sentences that do not hold for it. All others do."""


def caught_by(*sentences: str) -> Callable[[T], T]:
    """Say of a broken class which sentences have to catch it, without their ``test_``."""

    def mark(broken: T) -> T:
        setattr(broken, _MARK, frozenset(f"test_{sentence}" for sentence in sentences))
        return broken

    return mark


def defects(
    suite: type[Suite[Any]], broken: Iterable[type], *, made_with: str, fake: type | None = None
) -> Iterator[Defect]:
    """A defect for each broken class that can be told `suite`.

    Args:
        suite: has an attribute with the class that it makes.
        broken: classes marked with `caught_by`.
        made_with: the name of that attribute.
        fake: what the broken classes are mixed into, where they are no whole fakes.
    """
    sentences = frozenset(dir(suite))
    for kind in broken:
        # What the suite has no such sentence for cannot catch anything.
        catching = frozenset(getattr(kind, _MARK)) & sentences
        if catching:
            whole = kind if fake is None else type(kind.__name__, (kind, fake), {})
            yield Defect(
                name=f"{suite.__name__}, {kind.__name__}",
                suite=type(kind.__name__, (suite,), {made_with: whole}),
                caught_by=catching,
            )
