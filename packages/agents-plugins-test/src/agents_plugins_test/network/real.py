"""What is told to a vendor on the network: only where it can be reached, and with patience."""

from __future__ import annotations

import os
from typing import ClassVar, TypeVar

import pytest

from agents_core.testing.suite import Closing, Suite

M = TypeVar("M", bound=Closing)


class Real(Suite[M]):
    """A mixin that goes before the suite of a port; a plugin's class says what is supported.

    There is no `open_vendor`, so that the sentences about faults are skipped, each with what it
    lacks. Without what is wanted of the environment, or where nobody asks for the marker, the class
    is skipped as a whole.
    """

    pytestmark = pytest.mark.network
    needs: ClassVar[tuple[str, ...]] = ()
    """Variables without which there is nothing to ask."""

    deadline: ClassVar[float] = 120.0
    patience: ClassVar[float] = 20.0
    settle: ClassVar[float] = 5.0
    grace: ClassVar[float] = 20.0

    @classmethod
    def wanted(cls) -> tuple[str, ...]:
        """The variables that have to be set."""
        return cls.needs

    @classmethod
    def missing(cls) -> str:
        """Which of them are not, in words; empty where all are."""
        lacking = [name for name in cls.wanted() if not variable(name)]
        return f"not set: {', '.join(lacking)}" if lacking else ""


def variable(name: str) -> str:
    """What the environment says; empty where it is silent."""
    return os.environ.get(name, "").strip()  # noqa: TID251 - of the tests of all plugins
