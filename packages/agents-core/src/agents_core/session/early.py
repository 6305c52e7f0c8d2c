"""An answer that is begun before the user's turn is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents_core.chat import ChatMessage
from agents_core.session.inference import Inference
from agents_core.session.prompt import Wish, ask

if TYPE_CHECKING:
    from agents_core.session.conversation import Conversation


class EarlyAnswer:
    """At most one at a time; nothing of it is said, and no tool called, before it is taken."""

    def __init__(self, talk: Conversation) -> None:
        self._talk = talk
        self._inference: Inference | None = None

    def begin(self, transcript: str) -> None:
        """Ask the model for an answer to this."""
        self.discard()
        agent = self._talk.current_agent
        if not agent.thinks:
            return
        context = agent.chat_ctx
        context.items.append(ChatMessage(role="user", content=(transcript,)))
        self._inference = Inference(agent, ask(agent, context, Wish()))

    def take(self) -> Inference | None:
        """The answer; whoever takes it has to close it."""
        inference, self._inference = self._inference, None
        return inference

    def discard(self) -> None:
        """Throw it away."""
        inference = self.take()
        if inference is not None:
            within = self._talk.options.deadlines.io
            self._talk.spawn(inference.aclose(within=within), "early answer thrown away")
