"""What a service that runs the multilingual model is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from agents_core.chat import ChatMessage
from agents_plugin_livekit._wire.languages import probability

_UNSURE = 1.0
"""Nothing is held against a user whose words the service can make nothing of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """On whose behalf it is asked; what is None is left out."""

    job_id: str | None = None
    worker_id: str | None = None
    agent_id: str | None = None


def format_question(messages: Iterable[ChatMessage], asker: Asker) -> dict[str, object]:
    """The body that asks whether the last of `messages` is whole; pictures and sound stay here."""
    who = {"jobId": asker.job_id, "workerId": asker.worker_id, "agentId": asker.agent_id}
    return {
        "items": [_item(message) for message in messages],
        **{name: value for name, value in who.items() if value},
    }


def read_probability(answer: Any) -> float:  # noqa: ANN401 - anything that JSON holds
    """How likely the turn has ended; a negative number says that the service cannot tell.

    Raises:
        ValueError: there is no such number.
    """
    told = answer["probability"]
    found = probability(told)
    if found is not None:
        return found
    if isinstance(told, float | int) and told < 0:
        return _UNSURE
    raise ValueError(f"no probability: {told!r}")


def format_language(language: str) -> dict[str, object]:
    """The body that asks for the threshold of a language."""
    return {"language": language}


def read_threshold(answer: Any) -> float | None:  # noqa: ANN401 - likewise
    """The threshold; None where the service does not know the language.

    Raises:
        ValueError: it is no number from 0 to 1.
    """
    told = answer.get("threshold")
    found = probability(told)
    if told is not None and found is None:
        raise ValueError(f"no threshold: {told!r}")
    return found


def _item(message: ChatMessage) -> Mapping[str, object]:
    return {
        "id": message.id,
        "type": "message",
        "role": message.role,
        "content": [part for part in message.content if isinstance(part, str)],
        "interrupted": message.interrupted,
    }
