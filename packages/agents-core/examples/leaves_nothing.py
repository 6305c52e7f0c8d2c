"""Holds what a program can hold, closes none of it, and leaves nothing behind all the same."""

from __future__ import annotations

import asyncio

from agents_core.agent import Agent
from agents_core.cli import run_app
from agents_core.jobs.context import JobContext
from agents_core.jobs.process import JobProcess
from agents_core.session import AgentSession
from agents_core.testing.fakes import FakeLLM, FakeSTT, FakeTTS, FakeVAD
from agents_core.worker.options import WorkerOptions


def prewarm(process: JobProcess) -> None:
    """Load what takes long to load, once a process, before there is a caller."""
    process.userdata["vad"] = FakeVAD()


async def hum() -> None:
    """Push sound into the native library, for ever: nobody ends this but the job's shutdown."""
    from livekit import rtc

    source = rtc.AudioSource(24_000, 1)
    while True:
        await source.capture_frame(rtc.AudioFrame.create(24_000, 1, 480))


async def entrypoint(ctx: JobContext) -> None:
    """Return, and leave the rest to the session and to the shutdown."""
    ctx.add_shutdown_callback(say_goodbye)
    ctx.proc.userdata["humming"] = asyncio.create_task(hum())
    session: AgentSession[None] = AgentSession(
        stt=FakeSTT(), llm=FakeLLM(), tts=FakeTTS(), vad=ctx.proc.userdata["vad"]
    )
    session.on("close", lambda event: ctx.shutdown(f"the session is closed: {event.reason}"))
    await session.start(Agent(instructions="You repeat what you hear."), room=ctx.room)


async def say_goodbye(reason: str) -> None:
    """Called once the room is left; it has `Deadlines.callbacks` seconds, and then the next step.

    With --log-level DEBUG each step tells how it went: session, room, this, tasks (the humming),
    native resources, logs. Then the process is gone.
    """
    print(f"goodbye: {reason}", flush=True)


options = WorkerOptions(entrypoint_fnc=entrypoint, prewarm_fnc=prewarm)

if __name__ == "__main__":
    run_app(options)
