"""A small voice agent whose ending is drawn: it talks, keeps a record, and has to tidy up."""

from __future__ import annotations

import asyncio
import contextlib

from agents_core.agent import Agent
from agents_core.jobs.context import JobContext
from agents_core.session import AgentSession
from agents_core.testing.fakes import FakeLLM, FakeSTT, FakeTTS, FakeVAD

_keep: list[object] = []


async def entrypoint(context: JobContext) -> None:
    """Say goodbye as soon as there is somebody, and stay until the job is ended."""
    await context.connect()
    session = AgentSession[None](stt=FakeSTT(), llm=FakeLLM(), tts=FakeTTS(), vad=FakeVAD())
    context.add_shutdown_callback(save_record)
    if context.job.metadata == "at fault":
        context.add_shutdown_callback(upload_record)
    _keep.append(asyncio.create_task(count_seconds(), name="count_seconds"))
    await context.wait_for_participant()
    await session.start(Agent(instructions="Be brief."), room=context.room)
    _ = session.say("It was good to talk to you, and now goodbye.", allow_interruptions=False)


async def save_record() -> None:
    """Take the time that a small file on a slow disk takes."""
    await asyncio.sleep(0.2)


async def upload_record() -> None:
    """Wait for an answer that never comes."""
    await asyncio.Event().wait()


async def count_seconds() -> None:
    """Go on for ever, and need a moment to stop."""
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.Event().wait()
    await asyncio.sleep(0.1)
