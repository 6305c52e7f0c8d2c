"""The next state of a conversation while it is being made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agents_core.turns.effects import Effect, Interrupt
from agents_core.turns.state import Speech, State


class Draft:
    """The next state while it is being made, and the effects so far."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.effects: list[Effect] = []

    def change(self, **fields: Any) -> None:  # noqa: ANN401 - the fields of State, each of its type
        """Set fields of the state."""
        self.state = replace(self.state, **fields)

    def emit(self, effect: Effect) -> None:
        """Have this done, after all that was to be done before."""
        self.effects.append(effect)

    def change_speech(self, speech: str, **fields: Any) -> None:  # noqa: ANN401 - those of Speech
        """Set fields of one speech."""
        speeches = self.state.speeches
        self.change(speeches=tuple(replace(s, **fields) if s.id == speech else s for s in speeches))

    def interrupt(self, speeches: tuple[Speech, ...]) -> None:
        """Stop these, and be in no doubt about it."""
        for speech in speeches:
            self.change_speech(speech.id, interrupted=True, playing=False)
            self.emit(Interrupt(speech=speech.id))
        self.change(doubt=None)
