"""The turns of a conversation, as the models were taught to read them."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from agents_core.chat import ChatContext, ChatMessage
from agents_plugin_livekit import models

END_OF_TURN = "<|im_end|>"

_SPEAKERS = ("user", "assistant")
_KEPT = frozenset("'-")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said before the other went on."""

    role: str
    content: str
    """Small letters, without punctuation."""


def spoken(chat_ctx: ChatContext) -> tuple[ChatMessage, ...]:
    """The last messages of user and assistant that have text; instructions are no part of it."""
    said = [
        message
        for message in chat_ctx.messages()
        if message.role in _SPEAKERS and (message.text_content or "").strip()
    ]
    return tuple(said[-models.HISTORY_TURNS :])


def turns(messages: Iterable[ChatMessage]) -> tuple[Turn, ...]:
    """Messages without what a transcriber may write or not; those of one speaker are one turn."""
    return tuple(
        Turn(role, " ".join(filter(None, (plain(each.text_content or "") for each in said))))
        for role, said in itertools.groupby(messages, key=attrgetter("role"))
    )


def plain(text: str) -> str:
    """Small letters of one form (NFKC), no punctuation but ' and -, single spaces."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return " ".join("".join(filter(_is_kept, folded)).split())


def without_end(text: str) -> str:
    """Formatted turns, up to where the model is to say whether the last one ends."""
    before, end, _ = text.rpartition(END_OF_TURN)
    return before if end else text


def _is_kept(character: str) -> bool:
    return character in _KEPT or not unicodedata.category(character).startswith("P")
