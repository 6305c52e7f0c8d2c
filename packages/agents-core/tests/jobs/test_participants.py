"""The other participants of a job's room."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, TypeAlias

import job_entries
import pytest

from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.entry import EntryPoint, Entrypoint
from agents_core.jobs.messages import JobEnded, LogLine
from agents_core.jobs.participants import is_of
from agents_core.testing.room import RoomServer, room_is_possible

if TYPE_CHECKING:
    from raw_worker import RawProcess

Raw: TypeAlias = "Callable[..., RawProcess]"

pytestmark = pytest.mark.skipif(room_is_possible() is not None, reason=room_is_possible() or "")


def run(
    raw: Raw, entrypoint: Entrypoint, meet: Callable[[RoomServer], Awaitable[None]]
) -> RawProcess:
    """The process of a job in whose room a caller arrives and leaves, after its end."""

    async def main() -> RawProcess:
        async with asyncio.timeout(40), RoomServer() as server:
            process = raw(EntryPoint.of(entrypoint), deadlines=Deadlines(entry=0.1))
            await asyncio.to_thread(process.initialize)
            token = server.token("agent", room="r", agent=True)
            process.start_job(url=server.url, token=token)
            await server.wait_for("connected", "agent")
            await meet(server)
            server.delete_room("r")
            await asyncio.to_thread(process.gone)
            return process

    return asyncio.run(main())


def test_participants_are_served_and_waited_for(raw: Raw) -> None:
    async def meet(server: RoomServer) -> None:
        async with await server.join("r", "caller", microphone=True):
            await asyncio.sleep(1.0)
            async with await server.join("r", "second caller"):
                await asyncio.sleep(0.5)

    process = run(raw, job_entries.serving_participants, meet)

    log = process.log()
    for name in ("caller", "second caller"):
        assert log.count(f"serves {name}") == log.count(f"serves {name}, late") == 1
        assert f"participant entry point fail_to_serve for {name} failed" in log
    assert [line for line in log if line.startswith("waited for caller and the track")]
    assert process.hear(JobEnded).error is None, "who loses its room has not failed"
    assert "OSError: cannot serve" in str([m for m in process.said if isinstance(m, LogLine)])


@pytest.mark.parametrize(
    ("entrypoint", "subscribed"),
    [(job_entries.subscribing_to_sound, True), (job_entries.subscribing_to_pictures, False)],
)
def test_only_the_wanted_kind_of_track_is_subscribed_to(
    raw: Raw, entrypoint: Entrypoint, *, subscribed: bool
) -> None:
    async def meet(server: RoomServer) -> None:
        async with await server.join("r", "caller", microphone=True):
            await asyncio.sleep(1.5)

    process = run(raw, entrypoint, meet)

    assert f"subscribed: {subscribed}" in process.log()


def test_a_kind_that_is_newer_than_the_sdk_may_be_a_caller() -> None:
    known = SimpleNamespace(kind=4)  # an agent
    unknown = SimpleNamespace(kind=99)

    assert not is_of(known, None)
    assert is_of(unknown, None)
    assert is_of(unknown, 99)
