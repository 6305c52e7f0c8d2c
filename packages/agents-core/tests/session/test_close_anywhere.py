"""Whatever a session is doing, closing it leaves nothing behind and says so once."""

# ruff: noqa: ANN401 - options are handed on as they come

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from parley import Loudspeaker, Microphone, Minutes, run, until

from agents_core.agent import Agent
from agents_core.chat import FunctionCall, FunctionCallOutput
from agents_core.session import AgentSession, SessionDeadlines
from agents_core.testing.fakes import (
    Call,
    FakeLLM,
    FakeRealtimeModel,
    FakeSTT,
    FakeTTS,
    FakeVAD,
    Line,
)
from agents_core.testing.leaks import no_leaks
from agents_core.tools import RunContext, function_tool

LONG = "one two three four five six seven eight nine ten"
LINES = (
    Line(when="look", say="let me see", calls=(Call(name="look", arguments={}),)),
    Line(when="change", calls=(Call(name="change", arguments={}),)),
    Line(when="^seen$", say=LONG, delay=0.01),
    Line(when="slow", say=LONG, delay=0.05),
    Line(when="count", say=LONG),
)
HASTE = SessionDeadlines(
    hook=0.3, drain=0.3, interruption=0.3, playout=0.3, realtime_reply=0.3, detector=0.1, io=0.3
)


class Dweller(Agent):
    """Dawdles in hooks and tools, for a while that chance decides."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__(instructions="")
        self._chance = chance
        self.left = 0

    async def on_enter(self) -> None:
        await asyncio.sleep(self._chance.choice((0, 0.01, 60)))

    async def on_exit(self) -> None:
        self.left += 1
        await asyncio.sleep(self._chance.choice((0, 0.02)))

    async def on_user_turn_completed(self, *_: Any) -> None:
        await asyncio.sleep(self._chance.choice((0, 0.02)))

    @function_tool
    async def look(self, context: RunContext[Any]) -> str:
        """Look."""
        context.session.say("a moment")
        await asyncio.sleep(self._chance.choice((0, 0.02, 60)))
        return "seen"

    @function_tool
    async def change(self) -> Agent:
        """Let another one lead."""
        return Dweller(self._chance)


async def _breaks_off() -> AsyncIterator[str]:
    yield "it goes "
    await asyncio.sleep(0.01)
    raise LookupError("the rest is lost")


def _do_something(
    session: AgentSession[Any], chance: random.Random, microphone: Microphone
) -> None:
    deeds = (
        lambda: session.say(LONG),
        lambda: session.say(_breaks_off()),
        lambda: session.say("not to be stopped", allow_interruptions=False),
        *(
            lambda said=said: session.generate_reply(user_input=said)
            for said in ("count", "look", "change", "slow")
        ),
        session.interrupt,
        lambda: session.interrupt(force=True),
        session.commit_user_turn,
        session.clear_user_turn,
        lambda: session.update_agent(Dweller(chance)),
        lambda: microphone.say(chance.choice(("count", "look", "change"))),
        lambda: setattr(session.input, "audio", microphone),
        lambda: setattr(session.input, "audio", None),
    )
    chance.choice(deeds)()


async def _live_and_close(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a story, not a secret
    realtime = chance.random() < 0.3
    parts: dict[str, Any] = {
        "llm": FakeRealtimeModel(LINES) if realtime else FakeLLM(LINES, pace=0.002),
        "tts": FakeTTS(pace=chance.choice((0.0, 0.05))),
    }
    if not realtime:
        parts |= {"stt": FakeSTT(), "vad": FakeVAD()}
    session: AgentSession[Any] = AgentSession(
        **parts,
        preemptive_generation=chance.random() < 0.5,
        min_endpointing_delay=0.02,
        deadlines=HASTE,
    )
    microphone = Microphone(pace=10)
    loudspeaker = Loudspeaker(pace=20, can_pause=chance.random() < 0.5)
    session.input.audio, session.output.audio = microphone, loudspeaker
    minutes, agent = Minutes(session), Dweller(chance)
    await session.start(agent)
    for _ in range(chance.randrange(6)):
        _do_something(session, chance, microphone)
        await asyncio.sleep(chance.choice((0, 0, 0.005, 0.03, 0.1)))
    if chance.random() < 0.3:
        session.shutdown(drain=True)
        await asyncio.sleep(chance.choice((0, 0.01)))
    await asyncio.gather(session.aclose(), session.aclose())
    await loudspeaker.aclose()
    assert [name for name, _ in minutes.all].count("close") == 1, seed
    assert minutes.all[-1][0] == "close", seed
    assert agent.left == 1, seed
    _check_history(session, seed)


def _check_history(session: AgentSession[Any], seed: int) -> None:
    items = session.history.items
    calls = [item.call_id for item in items if isinstance(item, FunctionCall)]
    outputs = [item.call_id for item in items if isinstance(item, FunctionCallOutput)]
    assert sorted(calls) == sorted(outputs), seed
    assert len({item.id for item in items}) == len(items), seed


@pytest.mark.parametrize("seed", range(40))
def test_a_session_may_be_closed_at_any_moment(seed: int) -> None:
    async def work() -> None:
        await until(lambda: True)
        async with no_leaks(within=1.0):
            await _live_and_close(seed)

    run(work(), within=15)
