"""What each node of an agent does unless it is overridden; also as `Agent.default`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from agents_core.agent.components import ModelSettings
from agents_core.audio import AudioFrame
from agents_core.chat import ChatContext
from agents_core.errors import AgentsError
from agents_core.llm import LLM, ChatChunk
from agents_core.stt import STT, SpeechEvent
from agents_core.tools import FunctionTool
from agents_core.tts import TTS, SynthesizedAudio

if TYPE_CHECKING:
    from agents_core.agent.agent import Agent

T = TypeVar("T")


async def stt_node(
    agent: Agent, audio: AsyncIterable[AudioFrame], model_settings: ModelSettings
) -> AsyncGenerator[SpeechEvent]:
    """What is understood in `audio`; a transcriber of whole recordings is helped by the VAD.

    Raises:
        AgentsError: there is no transcriber, or none that can stream.
    """
    del model_settings
    stream = _streaming_stt(agent).stream(conn_options=agent.components.stt_conn_options)
    async with stream, _fed(audio, stream.push_frame, stream.end_input):
        async for event in stream:
            yield event


async def llm_node(
    agent: Agent,
    chat_ctx: ChatContext,
    tools: Sequence[FunctionTool],
    model_settings: ModelSettings,
) -> AsyncGenerator[ChatChunk]:
    """What the model answers.

    Raises:
        AgentsError: there is no language model.
    """
    llm = agent.components.llm
    if not isinstance(llm, LLM):
        raise AgentsError(f"agent {agent.id} has no language model")
    options = agent.components.llm_conn_options
    choice = model_settings.tool_choice if tools else "auto"
    stream = llm.chat(chat_ctx=chat_ctx, tools=tools, tool_choice=choice, conn_options=options)
    async with stream:
        async for chunk in stream:
            yield chunk


async def tts_node(
    agent: Agent, text: AsyncIterable[str], model_settings: ModelSettings
) -> AsyncGenerator[SynthesizedAudio]:
    """How `text` sounds; a service of whole texts gets it sentence by sentence.

    Raises:
        AgentsError: there is no text to speech.
    """
    del model_settings
    stream = _streaming_tts(agent).stream(conn_options=agent.components.tts_conn_options)
    async with stream, _fed(text, stream.push_text, stream.end_input):
        async for audio in stream:
            yield audio


async def transcription_node(
    agent: Agent, text: AsyncIterable[str], model_settings: ModelSettings
) -> AsyncGenerator[str]:
    """How `text` is shown and remembered: as it is."""
    del agent, model_settings
    async for piece in text:
        yield piece


async def realtime_audio_output_node(
    agent: Agent, audio: AsyncIterable[AudioFrame], model_settings: ModelSettings
) -> AsyncGenerator[AudioFrame]:
    """How what a realtime model says is heard: as it is."""
    del agent, model_settings
    async for frame in audio:
        yield frame


def _streaming_stt(agent: Agent) -> STT:
    stt, vad = agent.components.stt, agent.components.vad
    if stt is None:
        raise AgentsError(f"agent {agent.id} has no speech to text")
    if stt.capabilities.streaming:
        return stt
    if vad is None:
        raise AgentsError(f"{stt.label} transcribes whole recordings: it needs a vad beside it")
    from agents_core.adapters.stt import StreamAdapter

    return StreamAdapter(stt=stt, vad=vad)


def _streaming_tts(agent: Agent) -> TTS:
    tts = agent.components.tts
    if tts is None:
        raise AgentsError(f"agent {agent.id} has no text to speech")
    if tts.capabilities.streaming:
        return tts
    from agents_core.adapters.tts import StreamAdapter

    return StreamAdapter(tts=tts)


@contextlib.asynccontextmanager
async def _fed(
    source: AsyncIterable[T], push: Callable[[T], None], end: Callable[[], None]
) -> AsyncIterator[None]:
    """While inside, hand everything on from `source`; an error of it ends the stream as well."""

    async def feed() -> None:
        try:
            async for value in source:
                push(value)
        finally:
            end()

    feeding = asyncio.create_task(feed(), name="node input")
    try:
        yield
        await feeding
    finally:
        feeding.cancel()
        await asyncio.wait({feeding})
