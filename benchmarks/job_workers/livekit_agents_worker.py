"""The measured agent on livekit-agents; told ``MARKS URL KEY SECRET IDLE``."""

from __future__ import annotations

import asyncio
import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from livekit.agents import AgentServer, JobContext, JobProcess
from marks import mark


def prewarm(_process: JobProcess) -> None:
    """Tell that this process is ready, or nearly so."""
    mark("idle")


async def entrypoint(context: JobContext) -> None:
    """Join the room and stay, or be done at once: the job's metadata says which."""
    mark("entry", job=context.job.id)
    if context.job.metadata == "be done":
        context.shutdown("done")
        return
    await context.connect()
    mark("connected", job=context.job.id)


async def main() -> None:
    """Take jobs until killed."""
    url, key, secret, idle = sys.argv[2:]
    server = AgentServer(
        ws_url=url,
        api_key=key,
        api_secret=secret,
        host="127.0.0.1",
        port=0,
        num_idle_processes=int(idle),
        load_threshold=math.inf,
        setup_fnc=prewarm,
    )
    server.rtc_session(entrypoint)
    server.on("worker_registered", lambda *_: mark("registered", port=0))
    await server.run()


if __name__ == "__main__":
    asyncio.run(main())
