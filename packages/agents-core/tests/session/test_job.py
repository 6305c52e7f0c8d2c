"""A session that starts in a job ends with it."""

from __future__ import annotations

import json
import subprocess
import sys

# In a process of its own: the end of a job disposes of the native library.
SCRIPT = """
import asyncio, json
from livekit.protocol import agent
from agents_core.agent import Agent
from agents_core.jobs.context import JobContext
from agents_core.jobs.messages import RunningJob
from agents_core.jobs.process import JobProcess
from agents_core.jobs.shutdown import Shutdown
from agents_core.session import AgentSession
from agents_core.testing.fakes import FakeLLM

async def main():
    left, seen = [], []
    running = RunningJob(job=agent.Job(id="AJ").SerializeToString(), url="", token="", worker_id="")
    shutdown = Shutdown(leave=left.append)
    context = JobContext(running=running, proc=JobProcess(), shutdown=shutdown)
    context.enter()
    for early in (False, True):
        session = AgentSession(llm=FakeLLM())
        session.on("close", lambda event: seen.append(str(event.reason)))
        await session.start(Agent(instructions=""))
        if early:
            await session.aclose()
    context.shutdown("over")
    reports = await shutdown.wait()
    [closed] = [r for r in reports if r.step == "session close"]
    print(json.dumps([seen, type(closed.outcome).__name__, left]))

asyncio.run(main())
"""


def test_the_end_of_the_job_closes_it_and_one_that_was_closed_is_left_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr
    seen, outcome, left = json.loads(done.stdout.splitlines()[-1])
    assert seen == ["user_initiated", "job_shutdown"]
    assert (outcome, left) == ("Done", [0])
