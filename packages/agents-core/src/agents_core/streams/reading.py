"""What a port makes of the parts that a vendor's generator yields."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Generic, TypeVar

P = TypeVar("P")
T = TypeVar("T")


class Reading(ABC, Generic[P, T]):
    """The understanding of one stream, over all its tries; parts become events.

    Everything is called in the one task of the stream, and nothing here waits. It must not refer to
    the `EventStream`: a stream that its user dropped could not be collected.
    """

    answered: bool = False
    """Whether a second try would repeat what the user already has."""

    @property
    def progressed(self) -> bool:
        """Whether this try got so far that the failures before it count no more."""
        return False

    def begin(self) -> None:
        """A try begins: what the one before left half done is void."""

    @abstractmethod
    def read(self, part: P) -> Iterable[T]:
        """The events that `part` makes.

        Raises:
            APIError: the part says that the vendor failed; the rule for tries applies.
        """

    def end(self) -> Iterable[T]:
        """The events that were waiting for more, now that the generator has returned.

        Raises:
            APIError: the answer cannot be whole; the rule for tries applies.
        """
        return ()

    def over(self, *, error: Exception | None, cancelled: bool) -> None:
        """The stream is over, well or not: time to say what it cost."""
