"""Who talks to a real vendor is told only where somebody asks for it, and has the key."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeGuard

import pytest

if TYPE_CHECKING:
    from agents_plugins_test.network.real import Real

_ROOM = "agents_plugins_test.network.real"


def is_real(kind: object) -> TypeGuard[type[Real[Any]]]:
    """Whether this is a suite that is told to a real vendor."""
    room = sys.modules.get(_ROOM)  # where nobody has imported it, nobody is derived from it
    return room is not None and isinstance(kind, type) and issubclass(kind, room.Real)


def why_untold(kind: type[Real[Any]], marks: str) -> str:
    """Why a suite is left out, in words; empty where it is told.

    Args:
        kind: the suite.
        marks: what pytest was given as ``-m``; the marker has to be asked for by name, so that
            nobody pays a vendor because a key happens to be in the environment.
    """
    missing = kind.missing()
    if missing:
        return missing
    return "" if re.search(r"\bnetwork\b", marks) else "-m network asks for it"


class Untold(pytest.Class):
    """A class that is skipped as a whole: one line of a report instead of one for each sentence."""

    reason = ""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """Say why.

        Raises:
            pytest.skip.Exception: always.
        """
        pytest.skip(self.reason)
