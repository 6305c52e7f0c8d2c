from __future__ import annotations

import asyncio
from typing import Any

import pytest
from livekit.protocol import agent, models

from agents_core.jobs.request import Accepted, Answer, JobRequest, Rejected

JOB = agent.Job(id="AJ_1", agent_name="ann", room=models.Room(name="lobby"))


def request(job: agent.Job = JOB) -> tuple[JobRequest, list[Answer]]:
    answers: list[Answer] = []
    return JobRequest(job.SerializeToString(), answer=answers.append), answers


def test_a_request_tells_what_the_job_is_about() -> None:
    asked, _ = request()

    assert (asked.id, asked.agent_name, asked.room.name) == ("AJ_1", "ann", "lobby")
    assert asked.job == JOB
    assert asked.publisher is None


def test_a_publishers_job_tells_of_the_publisher() -> None:
    asked, _ = request(agent.Job(id="AJ_1", participant=models.ParticipantInfo(identity="guest")))

    assert asked.publisher is not None
    assert asked.publisher.identity == "guest"


def test_an_agent_without_a_name_of_its_own_is_named_after_the_job() -> None:
    asked, answers = request()

    asyncio.run(asked.accept())

    assert answers == [Accepted(identity="agent-AJ_1")]


def test_an_agent_comes_as_the_user_says() -> None:
    asked, answers = request()

    asyncio.run(asked.accept(name="Ann", identity="a", metadata="m", attributes={"k": "v"}))

    assert answers == [
        Accepted(name="Ann", identity="a", metadata="m", attributes=(("k", "v"),)),
    ]


def test_a_job_is_rejected_for_all_workers_or_for_this_one() -> None:
    (for_all, all_answers), (for_one, one_answers) = request(), request()

    asyncio.run(for_all.reject())
    asyncio.run(for_one.reject(terminate=False))

    assert all_answers == [Rejected(terminate=True)]
    assert one_answers == [Rejected(terminate=False)]


def test_a_second_answer_is_refused_and_changes_nothing() -> None:
    asked, answers = request()

    asyncio.run(asked.accept())
    with pytest.raises(RuntimeError, match="AJ_1"):
        asyncio.run(asked.reject())

    assert len(answers) == 1


def test_the_repr_of_a_request_is_short() -> None:
    assert repr(request()[0]) == "<JobRequest 'AJ_1', room 'lobby'>"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"identity": 7}, TypeError),
        ({"attributes": {"age": 7}}, TypeError),
        ({"metadata": b"m"}, TypeError),
        ({"name": "half a character: \ud800"}, ValueError),
    ],
)
def test_what_cannot_be_told_to_the_server_is_the_error_of_who_says_it(
    said: dict[str, Any], error: type[Exception]
) -> None:
    asked, answers = request()

    with pytest.raises(error):
        asyncio.run(asked.accept(**said))

    assert answers == []
    asyncio.run(asked.accept())
    assert answers == [Accepted(identity="agent-AJ_1")]
