"""A turn of the user, from its last word to the reply."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from agents_core.chat import ChatContext, ChatMessage
from agents_core.metrics import EOUMetrics
from agents_core.session.events import MetricsCollectedEvent
from agents_core.session.inference import Inference
from agents_core.session.prompt import Wish
from agents_core.session.reply import Reply, generate
from agents_core.session.speech import SpeechHandle
from agents_core.tools import StopResponse
from agents_core.turns.effects import CommitTurn

if TYPE_CHECKING:
    from agents_core.session.conversation import Conversation

logger = logging.getLogger("agents_core.session.user_turn")


async def answer_turn(
    talk: Conversation,
    handle: SpeechHandle,
    turn: CommitTurn,
    prepared: Inference | None,
) -> None:
    """Let the agent have its say, write the turn down, and reply.

    What the user said is written down whatever happens, unless the agent raises `StopResponse`.

    Args:
        talk: whose turn it was.
        handle: of the reply.
        turn: what the machine of turns committed.
        prepared: an answer that was begun early; it is used where the agent changed nothing.
    """
    agent, began = talk.current_agent, talk.floor.now
    said = ChatMessage(role="user", content=(turn.transcript,))
    if talk.shift.link is not None:  # who leads by now has a realtime model, and another way
        if prepared is not None:
            await prepared.aclose(within=talk.options.deadlines.io)
        await generate(talk, handle, Wish(), said)
        return
    context = agent.chat_ctx
    message: ChatMessage | None = said
    try:
        message = await _ask_agent(talk, context, said)
    finally:
        if message is not None:
            talk.remember(message, handle)
        if prepared is not None and (handle.interrupted or message is not said):
            await prepared.aclose(within=talk.options.deadlines.io)
    if message is None:
        return
    _measure(talk, handle, turn, talk.floor.now - began)
    if handle.interrupted:
        return
    context.items.append(message)
    if prepared is not None and not _still_fits(talk, context, prepared):
        await prepared.aclose(within=talk.options.deadlines.io)
        prepared = None
    await Reply(talk, handle, Wish()).run(context, prepared=prepared)


async def _ask_agent(
    talk: Conversation, context: ChatContext, said: ChatMessage
) -> ChatMessage | None:
    hook = talk.current_agent.on_user_turn_completed(context, said)
    try:
        other = await asyncio.wait_for(hook, talk.options.deadlines.hook)
    except StopResponse:
        return None
    except Exception:
        logger.exception("on_user_turn_completed of %s failed", talk.current_agent.id)
        return said
    return said if other is None else other


def _still_fits(talk: Conversation, context: ChatContext, prepared: Inference) -> bool:
    """Whether the answer that was begun early was asked for with just this."""
    asked = [item for item in prepared.question.chat_ctx.items if not _instructs(item)]
    known = context.copy(exclude_handoff=True).items
    # The last one of both is the user's message, which was not written down yet.
    agent = talk.current_agent
    same = prepared.agent is agent and tuple(prepared.question.tools) == agent.callable_tools
    return same and asked[:-1] == known[:-1]


def _instructs(item: object) -> bool:
    return isinstance(item, ChatMessage) and item.role == "system"


def _measure(talk: Conversation, handle: SpeechHandle, turn: CommitTurn, hook: float) -> None:
    talk.emit(
        "metrics_collected",
        MetricsCollectedEvent(
            metrics=EOUMetrics(
                end_of_utterance_delay=turn.end_of_utterance_delay,
                transcription_delay=turn.transcription_delay,
                on_user_turn_completed_delay=hook,
                speech_id=handle.id,
            )
        ),
    )
