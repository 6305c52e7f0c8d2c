"""An agent that lives in real job processes, and writes down how its conversations went."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from agents_core.agent import Agent
from agents_core.chat import AgentHandoff, ChatMessage, FunctionCall, FunctionCallOutput
from agents_core.jobs.context import JobContext
from agents_core.session import AgentSession
from agents_core.testing.fakes import Call, FakeLLM, FakeSTT, FakeTTS, FakeVAD, Line, Said
from agents_core.tools import RunContext, function_tool

LONG = " ".join(f"number {count}" for count in range(1, 40))
"""What takes about 15 s to say."""

LINES = (
    Line(when="weather", calls=(Call(name="get_weather", arguments={"city": "Ulm"}),)),
    Line(when="^sunny$", say="The sun is out in Ulm."),
    Line(when="count", say=LONG),
    Line(when="somebody else", calls=(Call(name="hand_over", arguments={}),)),
)


@function_tool
async def get_weather(city: str) -> str:
    """What the weather is like."""
    assert city == "Ulm"
    return "sunny"


class Deputy(Agent):
    """Who takes over."""

    def __init__(self) -> None:
        super().__init__(instructions="You are somebody else.")

    async def on_enter(self) -> None:
        """Say so."""
        self.session.say("here is somebody else")


class Operator(Agent):
    """Who answers first."""

    def __init__(self) -> None:
        super().__init__(instructions="You answer.", tools=[get_weather])

    @function_tool
    async def hand_over(self, _context: RunContext[Any]) -> Agent:
        """Let somebody else go on."""
        return Deputy()


async def talks(context: JobContext) -> None:
    """Understands one line of its script after the other, whatever the sound is.

    Spelled in tones, a word would be lost wherever a busy machine loses a packet.
    """
    told = json.loads(context.job.metadata)
    script = [Said(text=line) for line in told["script"]]
    session: AgentSession[None] = AgentSession(
        stt=FakeSTT(script, streaming=False),
        llm=FakeLLM(LINES),
        tts=FakeTTS(),
        vad=FakeVAD(min_silence_duration=0.3),
        min_endpointing_delay=0.1,
        min_interruption_duration=told["min_interruption_duration"],
    )
    minutes = Minutes(session, Path(told["folder"]))
    context.add_shutdown_callback(minutes.write)
    session.on("close", lambda _: context.shutdown("the conversation is over"))
    await session.start(Operator(), room=context.room)


class Minutes:
    """What a session came to, written when its job ends."""

    def __init__(self, session: AgentSession[Any], folder: Path) -> None:
        self._session = session
        self._folder = folder
        self._states: list[tuple[float, str, str]] = []
        self._closed = ""
        session.on("agent_state_changed", lambda event: self._note("agent", event.new_state))
        session.on("user_state_changed", lambda event: self._note("user", event.new_state))
        session.on("close", self._close)

    def write(self) -> None:
        """Write them down."""
        told = {
            "pid": os.getpid(),
            "closed": self._closed,
            "states": self._states,
            "history": [said for item in self._session.history.items if (said := _said(item))],
        }
        (self._folder / f"{os.getpid()}.json").write_text(json.dumps(told))

    def _note(self, who: str, state: str) -> None:
        self._states.append((time.monotonic(), who, str(state)))

    def _close(self, event: Any) -> None:  # noqa: ANN401 - an event of the session
        self._closed = str(event.reason)


def _said(item: object) -> list[str]:
    match item:
        case ChatMessage(role=role):
            return [role, item.text_content or "", "cut" if item.interrupted else "whole"]
        case FunctionCall(name=name, arguments=arguments):
            return ["call", name, arguments]
        case FunctionCallOutput(output=output):
            return ["output", output]
        case AgentHandoff(new_agent_id=agent):
            return ["handoff", agent]
    return []
