"""A worker to be killed: says the numbers of its processes, and goes on."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from kept_pool import hasty
from livekit.protocol.agent import Job

from agents_core.jobs.entry import EntryPoint
from agents_core.jobs.messages import RunningJob
from agents_core.jobs.pool import ProcessPool


async def work(method: str) -> None:
    """Have a process of each kind: idle, with a job, with a job that blocks its loop."""
    entry = EntryPoint.at(Path(__file__).with_name("misbehaving.py"))
    pool = ProcessPool(entry, hasty(start_method=method, num_idle=1))
    await pool.start()
    for wanted in ("linger", "block_the_loop"):
        job = Job(id=wanted, metadata=wanted).SerializeToString()
        await pool.launch(RunningJob(job=job, url="", token="", worker_id="", fake=True))
    while pool.metrics.idle < 1:  # noqa: ASYNC110 - nobody sets an event
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)  # for the jobs to begin
    print(json.dumps([process.pid for process in pool.processes]), flush=True)  # noqa: T201 - the test reads it
    await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
