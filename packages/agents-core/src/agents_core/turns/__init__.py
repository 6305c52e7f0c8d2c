"""Taking turns: a pure state machine that says what to do about what is heard and said."""

from __future__ import annotations

from agents_core.turns.machine import step
from agents_core.turns.options import Detection, TurnOptions
from agents_core.turns.state import State

__all__ = ["Detection", "State", "TurnOptions", "step"]
