"""What can tell from the words whether somebody has finished."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from agents_core.chat import ChatContext


@runtime_checkable
class TurnDetector(Protocol):
    """A model of how turns end; a port, written by plugins.

    It may have a `prewarm` and an `aclose`, as other ports do: a session calls the first when it
    starts, and leaves the second to whoever made the detector.
    """

    async def predict_end_of_turn(
        self,
        chat_ctx: ChatContext,
        *,
        timeout: float,
    ) -> float:
        """How likely the user has finished, from 0 to 1.

        The last message of `chat_ctx` is what they said so far; `timeout` is in seconds.
        """

    async def unlikely_threshold(self, language: str) -> float | None:
        """Below which they probably go on; None where the language is not known to the model."""
