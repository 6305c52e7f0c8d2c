"""What a service is asked, and what it answers."""

from __future__ import annotations

import pytest

from agents_core.chat import ChatContext, ImageContent
from agents_plugin_livekit._wire.remote import (
    Asker,
    format_language,
    format_question,
    read_probability,
    read_threshold,
)


def test_the_question_has_the_messages_and_who_asks() -> None:
    chat_ctx = ChatContext()
    chat_ctx.add_message(role="assistant", content="Hello.", id="a", interrupted=True)
    picture = ImageContent(image="https://example.org/a.png")
    chat_ctx.add_message(role="user", content=["Look at", picture], id="b")
    asker = Asker(job_id="AJ_1", worker_id="AW_1", agent_id="CA_1")

    assert format_question(chat_ctx.messages(), asker) == {
        "items": [
            {
                "id": "a",
                "type": "message",
                "role": "assistant",
                "content": ["Hello."],
                "interrupted": True,
            },
            {
                "id": "b",
                "type": "message",
                "role": "user",
                "content": ["Look at"],
                "interrupted": False,
            },
        ],
        "jobId": "AJ_1",
        "workerId": "AW_1",
        "agentId": "CA_1",
    }


def test_outside_of_a_job_nobody_is_named() -> None:
    assert format_question((), Asker()) == {"items": []}
    assert format_language("fr") == {"language": "fr"}


@pytest.mark.parametrize(("told", "read"), [(0.25, 0.25), (0, 0.0), (1, 1.0), (-1, 1.0)])
def test_a_probability_is_read_and_a_negative_one_says_that_there_is_none(
    told: float, read: float
) -> None:
    assert read_probability({"probability": told, "duration": 0.02}) == read


@pytest.mark.parametrize("told", [1.5, "0.5", None, True, float("nan")])
def test_what_is_no_probability_is_refused(told: object) -> None:
    with pytest.raises(ValueError, match="no probability"):
        read_probability({"probability": told})


def test_a_threshold_is_read_and_an_unknown_language_has_none() -> None:
    assert read_threshold({"threshold": 0.03}) == 0.03
    assert read_threshold({"threshold": None}) is None
    assert read_threshold({}) is None
    with pytest.raises(ValueError, match="no threshold: 'low'"):
        read_threshold({"threshold": "low"})
