"""Calls to agents that live in real job processes, through a real worker."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from talking_agents import talks
from worker_life import alive, eventually, working

from agents_core.audio import AudioFrame, WavReader
from agents_core.jobs.deadlines import Deadlines
from agents_core.testing.room import Caller, Dispatch, Hearing, RoomServer
from agents_core.testing.tones import SECONDS_PER_BYTE, speak
from agents_core.worker.worker import Worker

PATIENT = Deadlines(entry=2, cancel=1, session=8, room=3, callbacks=3, tasks=2, native=3)
_SETTLES = 0.3
"""Seconds after which a track that was subscribed to loses no packets any more."""
_GAP = 0.2
"""Seconds without a loud frame that are no pause between two letters any more."""


@dataclass(kw_only=True)
class Line:
    """One caller, one agent."""

    server: RoomServer
    dispatch: Dispatch
    caller: Caller
    hearing: Hearing
    pid: int
    folder: Path

    @property
    def state(self) -> str | None:
        """What the agent does, as everybody in the room can see."""
        people = self.server.participants(self.dispatch.room)
        return next(
            (p.attributes.get("lk.agent.state") for p in people if p.identity == self.agent), None
        )

    @property
    def agent(self) -> str:
        """Its identity."""
        return self.dispatch.identity

    async def becomes(self, state: str, *, within: float = 20) -> None:
        """Wait until the agent does that."""
        await eventually(lambda: self.state == state, within=within)

    async def say(self, text: str) -> float:
        """Say it in tones; when it was said."""
        return (await self.caller.speak(speak(text, sample_rate=48_000))).ended

    async def hears(self, text: str, *, since: float) -> None:
        """See that the agent says it after `since`: as text, and as that much sound.

        A busy machine loses packets, and then nobody can read what was spelled in tones; so it is
        measured how long there was sound.
        """
        began = await self.hearing.sound(since=since, within=20)
        assert await self.told(self.agent) == text
        await self.hearing.silence(lasting=0.5, within=30)
        loud = [heard for heard in self.hearing.frames if heard.loud and heard.at >= began]
        seconds = sum(heard.frame.duration for heard in loud)
        spelled = len(text) * SECONDS_PER_BYTE
        assert 0.6 * spelled < seconds < spelled + 1, (seconds, spelled)

    async def told(self, identity: str) -> str:
        """The next transcription that is final, of what `identity` has said."""
        while True:
            received = await self.caller.receive("text", topic="lk.transcription", within=20)
            final = received.attributes["lk.transcription_final"] == "true"
            if final and received.identity == identity:
                return received.text

    async def minutes(self) -> dict[str, Any]:
        """Hang up, see the job end as it should, and read what the agent has written down."""
        await self.caller.leave()
        await self.dispatch.wait_status("success", within=20)
        assert not alive(self.pid)
        left = await self.server.wait_for("leave", self.agent)
        assert left["reason"] == "CLIENT_INITIATED"
        assert (await self.server.wait_for("closed", self.agent))["clean"]
        told: dict[str, Any] = json.loads((self.folder / f"{self.pid}.json").read_text())
        return told


@contextlib.asynccontextmanager
async def company() -> AsyncIterator[tuple[RoomServer, Worker]]:
    """A server, and a worker for `talks`."""
    async with (
        RoomServer() as server,
        working(server, entrypoint_fnc=talks, deadlines=PATIENT) as worker,
    ):
        yield server, worker


@contextlib.asynccontextmanager
async def calling(
    company: tuple[RoomServer, Worker],
    folder: Path,
    *script: str,
    room: str = "room",
    min_interruption_duration: float = 0.05,
) -> AsyncIterator[Line]:
    """Call somebody who will understand the script; they listen when this is entered."""
    server, worker = company
    told = {
        "folder": str(folder),
        "script": script,
        "min_interruption_duration": min_interruption_duration,
    }
    dispatch = await server.dispatch(room=room, metadata=json.dumps(told))
    async with await server.join(room, f"caller in {room}") as caller:
        hearing = caller.heard(dispatch.identity)
        await dispatch.wait_status("running", within=20)
        line = Line(
            server=server,
            dispatch=dispatch,
            caller=caller,
            hearing=hearing,
            pid=process_of(worker, dispatch),
            folder=folder,
        )
        await line.becomes("listening")
        await asyncio.sleep(_SETTLES)
        yield line


@contextlib.asynccontextmanager
async def one_call(folder: Path, *script: str, **options: Any) -> AsyncIterator[Line]:  # noqa: ANN401 - options as they come
    """A call with all that it takes."""
    async with company() as both, calling(both, folder, *script, **options) as line:
        yield line


def process_of(worker: Worker, dispatch: Dispatch) -> int:
    """Where a job runs."""
    assert worker._shift is not None
    [pid] = {p.pid for p in worker._shift.pool.processes if p.job_id == dispatch.job_id}
    return pid


def last_of_stretch(hearing: Hearing, since: float) -> float:
    """When the stretch of sound that goes on at `since` was last heard."""
    loud = [heard.at for heard in hearing.frames if heard.loud and heard.at >= since - _GAP]
    return next((at for at, following in pairwise(loud) if following - at > _GAP), loud[-1])


def human_voice(text: str) -> AudioFrame:
    """`text`, spoken by espeak-ng where it is installed, and by a tone elsewhere."""
    program = shutil.which("espeak-ng")
    if program is None:
        return speak(text, sample_rate=48_000)
    spoken = subprocess.run(
        [program, "--stdout", text], capture_output=True, timeout=20, check=True
    )
    reader = WavReader()
    samples = reader.push(spoken.stdout)
    assert reader.sample_rate is not None
    return AudioFrame(samples, reader.sample_rate)
