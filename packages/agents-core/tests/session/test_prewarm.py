"""A session has its parts make themselves ready before anybody needs them."""

from __future__ import annotations

import asyncio

import pytest
from parley import run, started, until

from agents_core.agent import Agent
from agents_core.chat import ChatContext
from agents_core.session import AgentSession
from agents_core.testing.fakes import FakeLLM, FakeSTT, FakeTTS, FakeVAD


class Kettle:
    """Notes who is made ready."""

    def __init__(self) -> None:
        self.warm: list[str] = []


class Voice(FakeTTS):
    def __init__(self, kettle: Kettle, name: str) -> None:
        super().__init__()
        self.kettle, self.name = kettle, name

    def prewarm(self) -> None:
        self.kettle.warm.append(self.name)


class BrokenLLM(FakeLLM):
    def prewarm(self) -> None:
        raise OSError("the model is not there")


class Detector:
    def __init__(self, kettle: Kettle) -> None:
        self.kettle = kettle

    def prewarm(self) -> None:
        self.kettle.warm.append("detector")

    async def predict_end_of_turn(self, chat_ctx: ChatContext, *, timeout: float) -> float:
        del chat_ctx, timeout
        return 1.0

    async def unlikely_threshold(self, language: str) -> float | None:
        del language
        return None


def test_whoever_leads_has_warm_parts_and_one_that_fails_keeps_nobody_from_starting(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def work() -> None:
        kettle = Kettle()
        session: AgentSession[None] = AgentSession(
            stt=FakeSTT(),
            llm=BrokenLLM(),
            tts=Voice(kettle, "hers"),
            vad=FakeVAD(),
            turn_detection=Detector(kettle),
        )
        async with started(session, Agent(instructions="")):
            assert kettle.warm == ["hers", "detector"]
            session.update_agent(Agent(instructions="", tts=Voice(kettle, "his")))
            await until(lambda: kettle.warm[2:] == ["his", "detector"])

    run(work())
    assert "cannot be made ready ahead" in caplog.text


def test_parts_are_warm_before_the_room_is_there() -> None:
    async def work() -> None:
        kettle = Kettle()
        session: AgentSession[None] = AgentSession(tts=Voice(kettle, "hers"))
        starting = asyncio.create_task(session.start(Agent(instructions="")))
        await asyncio.sleep(0)
        assert kettle.warm == ["hers"]
        await starting
        await session.aclose()

    run(work())
