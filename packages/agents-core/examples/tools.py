"""Ask it for "the weather in Ulm", tell it that "my name is Ada", or ask for "a human"."""

from __future__ import annotations

from dataclasses import dataclass

from agents_core.agent import Agent
from agents_core.cli import run_app
from agents_core.jobs.context import JobContext
from agents_core.session import AgentSession
from agents_core.testing.fakes import Call, FakeLLM, FakeSTT, FakeTTS, FakeVAD, Line
from agents_core.tools import RunContext, function_tool
from agents_core.worker.options import WorkerOptions

SCRIPT = (
    Line(when="the weather in Ulm", calls=(Call(name="get_weather", arguments={"city": "Ulm"}),)),
    Line(when="my name is Ada", calls=(Call(name="remember_name", arguments={"name": "Ada"}),)),
    Line(when="a human", calls=(Call(name="call_human"),)),
)


@dataclass
class Guest:  # what this conversation knows about its caller
    name: str = "stranger"


@function_tool
async def get_weather(city: str) -> str:
    """What the weather is like: so the model is told, and which types the arguments have."""
    return f"It is sunny in {city}."


class Human(Agent):
    async def on_enter(self) -> None:
        self.session.say(f"This is a human, dear {self.session.userdata.name}.")


class Assistant(Agent):
    @function_tool
    async def remember_name(self, context: RunContext[Guest], name: str) -> str:
        """Remember what the caller is called."""
        context.userdata.name = name
        return f"Nice to meet you, {name}."

    @function_tool
    async def call_human(self) -> Agent:
        """Have a human take over: an agent that a tool returns leads from there on."""
        return Human(instructions="You are human.")


async def entrypoint(ctx: JobContext) -> None:
    session = AgentSession(
        stt=FakeSTT(), llm=FakeLLM(SCRIPT), tts=FakeTTS(), vad=FakeVAD(), userdata=Guest()
    )
    session.on("close", lambda event: ctx.shutdown(f"the session is closed: {event.reason}"))
    await session.start(Assistant(instructions="You help.", tools=[get_weather]), room=ctx.room)


if __name__ == "__main__":
    run_app(WorkerOptions(entrypoint_fnc=entrypoint))
