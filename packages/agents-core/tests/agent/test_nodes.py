"""A node says what it lacks, and cleans up after itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from parley import run

from agents_core.agent import Agent, Components, ModelSettings
from agents_core.audio import AudioFrame, combine
from agents_core.chat import ChatContext
from agents_core.errors import AgentsError
from agents_core.testing.fakes import FakeSTT, FakeTTS, FakeVAD
from agents_core.testing.tones import read, speak

SETTINGS = ModelSettings()


def leading(**parts: Any) -> Agent:  # noqa: ANN401 - options are handed on as they come
    agent = Agent(instructions="")
    agent.lead(None, Components(**parts))
    return agent


async def flow(*values: Any) -> AsyncIterator[Any]:  # noqa: ANN401 - text or sound
    for value in values:
        yield value


@pytest.mark.parametrize(
    ("node", "parts", "answer"),
    [
        pytest.param("stt_node", {}, "no speech to text", id="no transcriber"),
        pytest.param(
            "stt_node", {"stt": FakeSTT(streaming=False)}, "needs a vad", id="no voice detection"
        ),
        pytest.param("tts_node", {}, "no text to speech", id="no voice"),
    ],
)
def test_what_is_missing_is_named(node: str, parts: dict[str, Any], answer: str) -> None:
    async def work() -> None:
        with pytest.raises(AgentsError, match=answer):
            async for _ in getattr(leading(**parts), node)(flow(), SETTINGS):
                pass

    run(work())


def test_a_model_that_is_missing_is_named() -> None:
    async def work() -> None:
        with pytest.raises(AgentsError, match="no language model"):
            async for _ in leading().llm_node(ChatContext(), (), SETTINGS):
                pass

    run(work())


@pytest.mark.parametrize("streaming", [True, False], ids=["streaming", "whole texts"])
def test_text_becomes_sound_whatever_the_voice_can_do(streaming: bool) -> None:
    async def work() -> None:
        agent = leading(tts=FakeTTS(streaming=streaming))
        parts = [part async for part in agent.tts_node(flow("hello ", "there."), SETTINGS)]
        frames = [part if isinstance(part, AudioFrame) else part.frame for part in parts]
        assert [stretch.text for stretch in read([combine(frames)])] == ["hello there."]

    run(work())


def test_sound_becomes_text() -> None:
    async def work() -> None:
        agent = leading(stt=FakeSTT(), vad=FakeVAD())
        sound = flow(speak("hello", sample_rate=16000))
        events = [event async for event in agent.stt_node(sound, SETTINGS)]
        texts = [e.text for e in events if not isinstance(e, str) and "final" in e.type]
        assert texts == ["hello"]

    run(work())


def test_a_source_that_fails_fails_the_node() -> None:
    async def broken() -> AsyncIterator[str]:
        yield "hello "
        raise ValueError("no more words")

    async def work() -> None:
        with pytest.raises(ValueError, match="no more words"):
            async for _ in leading(tts=FakeTTS()).tts_node(broken(), SETTINGS):
                pass
        await asyncio.sleep(0)

    run(work())
