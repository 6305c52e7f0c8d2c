"""One plugin talks to a local vendor; told ``FRAMEWORK CASE URL ROUNDS``, it tells what it cost."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import AsyncIterator, Callable
from importlib import import_module
from pathlib import Path
from typing import Any

CORE = "livekit.agents" if sys.argv[1:2] == ["livekit-agents"] else "agents_core"
SENTENCE = "The quick brown fox jumps over the lazy dog, and nobody knows why it does. "
SHORT = SENTENCE
LONG = SENTENCE * 8
KEY = "a-key"
SILENCE = bytes(2 * 1600)
"""A tenth of a second at 16 kHz."""
LISTENED = 60
"""Seconds of sound that a recogniser is sent."""

OURS: dict[str, Callable[[str, Any], Any]] = {
    "rime": lambda url, http: _ours("rime", "TTS", url, http),
    "cartesia": lambda url, http: _ours("cartesia", "TTS", url, http),
    "elevenlabs": lambda url, http: _ours("elevenlabs", "TTS", url, http),
    "deepgram-stt": lambda url, http: _ours("deepgram", "STT", url, http),
    "openai": lambda url, http: _ours("openai", "LLM", url, http),
}
THEIRS: dict[str, Callable[[str, Any], Any]] = {
    "rime": lambda url, http: _theirs(
        "rime",
        "TTS",
        http,
        base_url=f"{url}/rime-tts",
        model="arcana",
        speaker="luna",
        use_websocket=False,
        allow_custom_endpoint=True,
    ),
    "cartesia": lambda url, http: _theirs("cartesia", "TTS", http, base_url=url),
    "elevenlabs": lambda url, http: _theirs(
        "elevenlabs", "TTS", http, base_url=url, encoding="pcm_22050"
    ),
    "deepgram-stt": lambda url, http: _theirs("deepgram", "STT", http, base_url=f"{url}/v1/listen"),
    "openai": lambda url, _: import_module("livekit.plugins.openai").LLM(
        api_key=KEY, base_url=url, model="gpt-4.1"
    ),
}
WHOLE = {"rime"}
"""Those that are asked for whole texts; the others are streamed to."""


def _ours(vendor: str, kind: str, url: str, http: Any) -> Any:  # noqa: ANN401 - one of many
    plugin = import_module(f"agents_plugin_{vendor}")
    return getattr(plugin, kind)(api_key=KEY, base_url=url, http_session=http)


def _theirs(vendor: str, kind: str, http: Any, **options: Any) -> Any:  # noqa: ANN401 - likewise
    plugin = import_module(f"livekit.plugins.{vendor}")
    return getattr(plugin, kind)(api_key=KEY, http_session=http, **options)


async def main() -> None:
    """Warm up, ask for short answers, then for long ones, and tell."""
    framework, case, url, rounds = sys.argv[1:]
    import aiohttp

    async with aiohttp.ClientSession() as http:
        port = (OURS if framework == "agents-core" else THEIRS)[case](url, http)
        talk = {"openai": _chat, "deepgram-stt": _listen}.get(case, _speak)
        await talk(port, SHORT, case)
        asks = 0 if talk is _listen else int(rounds)
        firsts = [(await talk(port, SHORT, case))[0] for _ in range(asks)]
        cpu = _cpu()
        amounts = [(await talk(port, LONG, case))[1] for _ in range(3)]
        spent = _cpu() - cpu
        await port.aclose()
    print(json.dumps({"firsts": firsts, "cpu": spent / sum(amounts), "memory": _memory()}))


def _memory() -> float:
    """MB that the process held at most, since it began; what its parent held does not count."""
    status = Path("/proc/self/status").read_text("ascii")
    [peak] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return float(peak.split()[1]) / 1024


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _speak(port: Any, text: str, case: str) -> tuple[float, float]:  # noqa: ANN401
    """Seconds to the first sound, and minutes of it."""
    begin, first, minutes = time.monotonic(), None, 0.0
    async for frame in _spoken(port, text, whole=case in WHOLE):
        first = first or time.monotonic()
        minutes += frame.duration / 60
    return (first or 0.0) - begin, minutes


async def _spoken(port: Any, text: str, *, whole: bool) -> AsyncIterator[Any]:  # noqa: ANN401
    if whole:
        async with port.synthesize(text) as speech:
            async for event in speech:
                yield event.frame
        return
    async with port.stream() as speech:
        for word in text.split(" "):
            speech.push_text(word + " ")
        speech.end_input()
        async for event in speech:
            yield event.frame


async def _chat(port: Any, text: str, _: str) -> tuple[float, float]:  # noqa: ANN401
    """Seconds to the first words, and thousands of parts of the answer."""
    history = import_module(CORE).ChatContext()
    history.add_message(role="user", content=f"Repeat exactly, and nothing else: {text}")
    begin, first, parts = time.monotonic(), None, 0
    async with port.chat(chat_ctx=history) as answer:
        async for chunk in answer:
            if chunk.delta is not None and chunk.delta.content:
                first = first or time.monotonic()
                parts += 1
    return (first or 0.0) - begin, parts / 1000


async def _listen(port: Any, text: str, _: str) -> tuple[float, float]:  # noqa: ANN401
    """No time, since nobody speaks; minutes of sound that were sent."""
    frame = _frame_kind()(SILENCE, 16_000, 1, 1600) if text else None
    seconds = LISTENED if text is LONG else 1
    async with port.stream() as stream:
        for _count in range(seconds * 10):
            stream.push_frame(frame)
            await asyncio.sleep(0)
        stream.end_input()
        async for _event in stream:
            pass
    return 0.0, seconds / 60


def _frame_kind() -> Callable[..., Any]:
    if CORE == "agents_core":
        kind = import_module("agents_core").AudioFrame
        return lambda data, rate, channels, _samples: kind(data, rate, channels)
    rtc: Callable[..., Any] = import_module("livekit.rtc").AudioFrame
    return rtc


if __name__ == "__main__":
    asyncio.run(main())
