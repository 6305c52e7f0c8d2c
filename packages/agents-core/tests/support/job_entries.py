"""Entry points, and prewarms, that do what jobs do: well, badly, and not at all."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import threading
import time
import warnings
from typing import TYPE_CHECKING

from agents_core.jobs.context import AutoSubscribe, JobContext, get_job_context
from agents_core.jobs.process import JobProcess

if TYPE_CHECKING:
    from livekit import rtc

logger = logging.getLogger("job_entries")


def warm(process: JobProcess) -> None:
    process.userdata["pid"] = process.pid


def fail_to_warm(_process: JobProcess) -> None:
    raise OSError("the model is not there")


def exit_while_warming(_process: JobProcess) -> None:
    sys.exit(5)


async def coroutine_for_warming(_process: JobProcess) -> None:
    """Never awaited."""


def block_while_warming(_process: JobProcess) -> None:
    time.sleep(60)


async def returning(ctx: JobContext) -> None:
    logger.info("warmed in %s, runs in %s", ctx.proc.userdata.get("pid"), os.getpid())


async def shutting_down(ctx: JobContext) -> None:
    async def callback(reason: str) -> None:
        assert get_job_context() is ctx
        logger.info("callback, with %s", reason)

    async def close(reason: str) -> None:
        logger.info("session closed, with %s", reason)

    ctx.add_shutdown_callback(callback)
    ctx.add_shutdown_callback(lambda: logger.info("callback, without"))
    ctx.register_session(close)
    ctx.shutdown("enough")


async def failing(_ctx: JobContext) -> None:
    raise ValueError("this job is too hard")


async def exiting(_ctx: JobContext) -> None:
    sys.exit(0)


async def exiting_with_status(_ctx: JobContext) -> None:
    sys.exit(3)


async def exiting_elsewhere(_ctx: JobContext) -> None:
    async def exit_with_status() -> None:
        sys.exit(3)

    _keep.append(asyncio.create_task(exit_with_status()))


async def stopping_the_loop(_ctx: JobContext) -> None:
    asyncio.get_running_loop().stop()


async def waiting(_ctx: JobContext) -> None:
    try:
        await asyncio.sleep(60)
    finally:
        await asyncio.sleep(0.05)
        logger.info("cleaned up")


async def taking_its_time(_ctx: JobContext) -> None:
    await asyncio.sleep(0.3)
    logger.info("in its own time")


async def refusing(_ctx: JobContext) -> None:
    while True:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)


async def blocking(_ctx: JobContext) -> None:
    time.sleep(60)  # noqa: ASYNC251 - the blocked event loop is what is tested


async def slow_to_close(ctx: JobContext) -> None:
    async def close() -> None:
        await asyncio.sleep(1.0)

    ctx.register_session(close)


async def logging_much(_ctx: JobContext) -> None:
    for number in range(2000):
        logger.info("line %d", number, extra={"number": number})


async def logging_from_everywhere(_ctx: JobContext) -> None:
    def fail() -> None:
        raise LookupError("in a thread")

    thread = threading.Thread(target=fail, name="loser")
    thread.start()
    thread.join()
    warnings.warn("strange", stacklevel=1)
    extra = {"where": "here", "what": object}
    logger.error("could not save %s", "it", exc_info=OSError("disk full"), extra=extra)


async def starting_a_program(_ctx: JobContext) -> None:
    """A program that is to end by SIGTERM, as programs do."""
    program = await asyncio.create_subprocess_exec("sleep", "60")
    program.terminate()
    logger.info("ended by %d", -await program.wait())


async def joining(ctx: JobContext) -> None:
    await asyncio.gather(ctx.connect(), ctx.connect())
    await ctx.connect()
    logger.info("joined as %s", ctx.agent.identity)


async def joining_then_waiting(ctx: JobContext) -> None:
    assert not ctx.room.isconnected()
    logger.info("joining")
    await ctx.connect()
    await asyncio.sleep(60)


async def joining_late(ctx: JobContext) -> None:
    logger.info("waiting")
    await asyncio.sleep(0.3)
    await ctx.connect()


async def failing_to_join_at_first(ctx: JobContext) -> None:
    from livekit import rtc

    try:
        await ctx.connect()
    except rtc.ConnectError:
        logger.info("not joined")
    await ctx.connect()


async def serving_participants(ctx: JobContext) -> None:
    ctx.add_participant_entrypoint(serve)
    ctx.add_participant_entrypoint(fail_to_serve)
    await ctx.connect()
    ctx.add_participant_entrypoint(serve_late)
    caller = await ctx.wait_for_participant(identity="caller")
    publication = await ctx.wait_for_track_publication(identity="caller")
    logger.info("waited for %s and the track %s", caller.identity, publication.name)
    await ctx.wait_for_participant(identity="nobody")


async def serve(_ctx: JobContext, participant: rtc.RemoteParticipant) -> None:
    logger.info("serves %s", participant.identity)


async def serve_late(_ctx: JobContext, participant: rtc.RemoteParticipant) -> None:
    logger.info("serves %s, late", participant.identity)


async def fail_to_serve(_ctx: JobContext, _participant: object) -> None:
    raise OSError("cannot serve")


async def subscribing_to_sound(ctx: JobContext) -> None:
    await _subscribe(ctx, AutoSubscribe.AUDIO_ONLY)


async def subscribing_to_pictures(ctx: JobContext) -> None:
    await _subscribe(ctx, AutoSubscribe.VIDEO_ONLY)


async def _subscribe(ctx: JobContext, wanted: AutoSubscribe) -> None:
    await ctx.connect(auto_subscribe=wanted)
    publication = await ctx.wait_for_track_publication()
    for _ in range(20):
        if publication.subscribed:
            break
        await asyncio.sleep(0.05)
    logger.info("subscribed: %s", publication.subscribed)


async def touching_nothing(_ctx: JobContext) -> None:
    logger.info("the SDK is %s", "loaded" if "livekit.rtc" in sys.modules else "not loaded")


_keep: list[asyncio.Task[None]] = []
