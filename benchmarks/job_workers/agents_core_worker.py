"""The measured agent on agents-core; told ``MARKS URL KEY SECRET IDLE``."""

from __future__ import annotations

import asyncio
import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from marks import mark

from agents_core.jobs.context import JobContext
from agents_core.jobs.process import JobProcess
from agents_core.worker.options import WorkerOptions
from agents_core.worker.worker import Worker


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
    worker = Worker(
        WorkerOptions(
            entrypoint_fnc=entrypoint,
            prewarm_fnc=prewarm,
            ws_url=url,
            api_key=key,
            api_secret=secret,
            host="127.0.0.1",
            port=0,
            num_idle_processes=int(idle),
            load_threshold=math.inf,
        )
    )
    worker.on("worker_registered", lambda _id: mark("registered", port=worker.port))
    await worker.run()


if __name__ == "__main__":
    asyncio.run(main())
