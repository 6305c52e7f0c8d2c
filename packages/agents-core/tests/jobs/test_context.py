"""What the code of a job has to work with."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import pytest
from livekit.protocol import agent, models

from agents_core.jobs import context as context_room
from agents_core.jobs.context import FunctionExistsError, JobContext, get_job_context
from agents_core.jobs.messages import RunningJob
from agents_core.jobs.process import JobProcess
from agents_core.jobs.room import JobEndsError
from agents_core.jobs.shutdown import Shutdown

RUNNING = RunningJob(
    job=agent.Job(id="AJ_1", room=models.Room(name="the room")).SerializeToString(),
    url="ws://127.0.0.1:9",
    token="a-secret",  # noqa: S106 - to be looked for where it must not be
    worker_id="AW_1",
)


@dataclass
class Ended:
    """A job that was run to its end in this process."""

    statuses: list[int] = field(default_factory=list)
    steps: dict[str, str] = field(default_factory=dict)


def live(work: Callable[[JobContext], Awaitable[object]], running: RunningJob = RUNNING) -> Ended:
    """Run `work` as a job, then end the job."""
    ended = Ended()

    async def main() -> None:
        shutdown = Shutdown(leave=ended.statuses.append)
        context = JobContext(running=running, proc=JobProcess(), shutdown=shutdown)
        context.enter()
        async with asyncio.timeout(20):
            await work(context)
            context.shutdown("the test is over")
            reports = await shutdown.wait()
        ended.steps = {report.step: str(report.outcome) for report in reports}

    asyncio.run(main())
    return ended


def test_it_knows_its_job_and_shows_no_token() -> None:
    async def work(ctx: JobContext) -> None:
        assert ctx.job.id == "AJ_1"
        assert ctx.job.room.name == "the room"
        assert ctx.worker_id == "AW_1"
        assert not ctx.is_fake_job
        assert ctx.log_context_fields == {"job_id": "AJ_1", "room": "the room"}
        assert "a-secret" not in repr(ctx)

    live(work)


def test_code_finds_its_job_and_code_of_no_job_finds_none() -> None:
    async def work(ctx: JobContext) -> None:
        assert get_job_context() is ctx
        assert await asyncio.create_task(find()) is ctx
        assert await asyncio.to_thread(get_job_context) is ctx

    async def find() -> JobContext | None:
        return get_job_context(required=False)

    live(work)

    assert get_job_context(required=False) is None
    with pytest.raises(RuntimeError, match="there is no job here"):
        get_job_context()


def test_sessions_are_closed_before_the_callbacks_are_called_each_with_the_reason() -> None:
    heard: list[str] = []

    async def work(ctx: JobContext) -> None:
        async def close(reason: str) -> None:
            heard.append(f"session, {reason}")

        async def close_early(reason: str) -> None:
            heard.append(f"never, {reason}")

        ctx.add_shutdown_callback(lambda reason: heard.append(f"callback, {reason}"))
        ctx.register_session(close)
        ctx.register_session(close_early)()

    live(work)

    assert heard == ["session, the test is over", "callback, the test is over"]


def test_a_session_that_starts_too_late_is_told_so() -> None:
    refused: list[str] = []

    async def work(ctx: JobContext) -> None:
        async def close(_reason: str) -> None: ...

        async def callback() -> None:
            with pytest.raises(RuntimeError, match="too late"):
                ctx.register_session(close)
            refused.append("session")
            with pytest.raises(JobEndsError):
                await ctx.connect()
            refused.append("room")

        ctx.add_shutdown_callback(callback)

    live(work)

    assert refused == ["session", "room"]


def test_any_thread_may_end_the_job_and_need_not_say_why() -> None:
    heard: list[str] = []

    async def work(ctx: JobContext) -> None:
        ctx.add_shutdown_callback(heard.append)
        thread = threading.Thread(target=ctx.shutdown)
        thread.start()
        thread.join(20)

    ended = live(work)

    assert heard == ["the job asked for it"]
    assert ended.statuses == [0]


def test_a_job_that_does_not_join_its_room_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(context_room, "CONNECT_WARNING", 0.01)

    async def work(_ctx: JobContext) -> None:
        await asyncio.sleep(0.05)

    live(work)

    [warning] = [record for record in caplog.records if record.name == "agents_core.jobs"]
    assert warning.levelno == logging.WARNING
    assert "has not joined its room" in warning.getMessage()


def test_a_fake_job_without_a_server_has_no_room_to_join() -> None:
    async def work(ctx: JobContext) -> None:
        assert ctx.is_fake_job
        await ctx.connect()

    live(work, RunningJob(job=RUNNING.job, url="", token="", worker_id="", fake=True))


def test_a_participant_entry_point_is_added_once() -> None:
    async def serve(_ctx: JobContext, _participant: object) -> None: ...

    async def work(ctx: JobContext) -> None:
        ctx.add_participant_entrypoint(serve)
        with pytest.raises(FunctionExistsError, match="serve is a participant entry point already"):
            ctx.add_participant_entrypoint(serve)

    live(work)


def test_waiting_in_a_room_that_is_not_joined_is_an_error() -> None:
    async def work(ctx: JobContext) -> None:
        with pytest.raises(RuntimeError, match="not connected"):
            await ctx.wait_for_participant()
        with pytest.raises(RuntimeError, match="not connected"):
            await ctx.wait_for_track_publication()

    live(work)


def test_the_keys_of_the_worker_are_known_and_not_shown() -> None:
    known = replace(RUNNING, api_key="the key", api_secret="a-secret")  # noqa: S106 - made up

    async def work(ctx: JobContext) -> None:
        told = ctx.credentials
        assert (told.url, told.api_key, told.api_secret) == (RUNNING.url, "the key", "a-secret")
        assert "the key" not in repr(told) + repr(ctx)
        assert "a-secret" not in repr(told) + repr(ctx)

    live(work, known)


def test_the_api_is_closed_when_the_callbacks_need_it_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LIVEKIT_API_KEY", "key")
    monkeypatch.setenv("LIVEKIT_API_SECRET", "secret" * 8)
    open_in_callback: list[bool] = []
    sessions: list[object] = []

    async def work(ctx: JobContext) -> None:
        assert ctx.api is ctx.api
        session = ctx.api._session
        sessions.append(session)
        ctx.add_shutdown_callback(lambda: open_in_callback.append(not session.closed))

    live(work)

    assert open_in_callback == [True]
    assert [session.closed for session in sessions] == [True]  # type: ignore[attr-defined]
