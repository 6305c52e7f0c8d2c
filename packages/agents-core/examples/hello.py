"""Greets whoever comes in, and answers; needs no account, because its providers are fakes.

agents-core console hello.py                   talk to it in text
agents-core room hello.py --say "good day"     hear it, in a room on this machine
"""

from __future__ import annotations

from agents_core.agent import Agent
from agents_core.cli import run_app
from agents_core.jobs.context import JobContext
from agents_core.session import AgentSession
from agents_core.testing.fakes import FakeLLM, FakeSTT, FakeTTS, FakeVAD, Line
from agents_core.worker.options import WorkerOptions

SCRIPT = (
    Line(when="good day", say="A good day to you too."),
    Line(when="who are you", say="I am the one who says hello."),
)
"""What the fake model answers to what; to anything else it says what it was told."""


class Greeter(Agent):
    """Speaks first."""

    def __init__(self) -> None:
        super().__init__(instructions="You greet people.")

    async def on_enter(self) -> None:
        """Greet."""
        self.session.say("Hello, who is there?")


async def entrypoint(ctx: JobContext) -> None:
    """One job: one room, one caller, one conversation."""
    await ctx.connect()
    # Put your providers in here: plugins have the same names without "Fake".
    session: AgentSession[None] = AgentSession(
        stt=FakeSTT(), llm=FakeLLM(SCRIPT), tts=FakeTTS(), vad=FakeVAD()
    )
    session.on("close", lambda event: ctx.shutdown(f"the session is closed: {event.reason}"))
    await session.start(Greeter(), room=ctx.room)


options = WorkerOptions(entrypoint_fnc=entrypoint)

if __name__ == "__main__":
    run_app(options)
