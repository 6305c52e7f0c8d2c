"""Both turn detectors: in this process, and asking a service that speaks the protocol."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from small_model import lay

from agents_core import APIConnectionError, APIError, APIStatusError, APITimeoutError, ChatContext
from agents_core.agent import Agent
from agents_core.audio import AudioFrame, silence
from agents_core.jobs import current
from agents_core.metrics import EOUMetrics
from agents_core.session import AgentSession, AudioInput, MetricsCollectedEvent
from agents_core.testing.fakes import FakeLLM, FakeSTT, FakeVAD, Line
from agents_core.testing.leaks import no_leaks
from agents_core.testing.tones import speak
from agents_core.turns.detector import TurnDetector
from agents_plugin_livekit import EnglishModel, MultilingualModel, _model
from agents_plugin_livekit._wire.turns import Turn
from agents_plugins_test.vendors.livekit import LiveKitServer

PATIENCE = 10.0


def heard(*said: str) -> ChatContext:
    chat_ctx = ChatContext()
    chat_ctx.add_message(role="system", content="Be brief.")
    for at, text in enumerate(reversed(said)):
        chat_ctx.items.insert(
            1, ChatContext().add_message(role="assistant" if at % 2 else "user", content=text)
        )
    return chat_ctx


@contextlib.asynccontextmanager
async def asking(
    *, unlikely_threshold: float | None = None
) -> AsyncIterator[tuple[LiveKitServer, MultilingualModel]]:
    async with (
        LiveKitServer() as server,
        MultilingualModel(base_url=server.url, unlikely_threshold=unlikely_threshold) as detector,
    ):
        yield server, detector


# In this process.


@pytest.mark.parametrize("kind", [EnglishModel, MultilingualModel])
def test_what_sounds_finished_is_likelier_to_be(
    tmp_path: Path, kind: type[EnglishModel | MultilingualModel]
) -> None:
    detector = kind(model_path=lay(tmp_path / "model"))

    async def ask(*said: str) -> float:
        return await detector.predict_end_of_turn(heard(*said), timeout=PATIENCE)

    assert asyncio.run(ask("Hello?", "Please, and thanks!")) == pytest.approx(0.9)
    assert asyncio.run(ask("Thanks.", "Hello, and...")) == pytest.approx(0.1)
    assert asyncio.run(ask()) == 1.0, "of nothing said"
    assert isinstance(detector, TurnDetector)
    assert detector.provider == "LiveKit"
    assert detector.model == {EnglishModel: "en", MultilingualModel: "multilingual"}[kind]


def test_thresholds_are_those_of_the_model_or_the_one_that_is_given(tmp_path: Path) -> None:
    folder = lay(tmp_path / "model")

    async def thresholds(detector: EnglishModel) -> list[float | None]:
        languages = ("en-GB", "pt-BR", "pt", "tlh", "")
        return [await detector.unlikely_threshold(language) for language in languages]

    assert asyncio.run(thresholds(EnglishModel(model_path=folder))) == [0.5, 0.3, 0.4, None, None]
    given = EnglishModel(model_path=folder, unlikely_threshold=0.1)
    assert asyncio.run(thresholds(given)) == [0.1, 0.1, 0.1, None, None]
    assert asyncio.run(given.supports_language("en"))
    assert not asyncio.run(given.supports_language("tlh"))


@pytest.mark.parametrize("garbage", [b"", b"[", b"[]", b'{"en": {"threshold": "low"}}', b"\xff"])
def test_languages_that_cannot_be_read_are_refused_at_once(tmp_path: Path, garbage: bytes) -> None:
    folder = lay(tmp_path / "model")
    (folder / "languages.json").write_bytes(garbage)

    with pytest.raises(ValueError, match=r"languages\.json has no thresholds by language"):
        EnglishModel(model_path=folder)


def test_options_that_are_none_are_refused(tmp_path: Path) -> None:
    folder = lay(tmp_path / "model")

    with pytest.raises(ValueError, match="unlikely_threshold"):
        EnglishModel(model_path=folder, unlikely_threshold=1.5)
    with pytest.raises(ValueError, match="either a model_path or a base_url"):
        MultilingualModel(model_path=folder, base_url="http://here")
    with pytest.raises(FileNotFoundError, match="lacks onnx/model_q8"):
        MultilingualModel(model_path=tmp_path)


def test_a_model_that_takes_too_long_is_given_up_and_the_loop_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    detector = EnglishModel(model_path=lay(tmp_path / "model"))
    thinking = threading.Event()

    def think(_: _model.Model, _turns: tuple[Turn, ...]) -> float:
        thinking.wait(PATIENCE)
        return 0.5

    monkeypatch.setattr(_model.Model, "judge", think)

    async def ask() -> float:
        began = time.monotonic()
        try:
            with pytest.raises(APITimeoutError, match=r"longer than 0\.05 s"):
                await detector.predict_end_of_turn(heard("Hello."), timeout=0.05)
        finally:
            thinking.set()
        return time.monotonic() - began

    assert asyncio.run(ask()) < PATIENCE / 2


def test_prewarm_loads_in_a_thread(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    good, bad = lay(tmp_path / "good"), lay(tmp_path / "bad")
    (bad / "tokenizer.json").write_bytes(b"{}")

    for folder in (good, bad):
        EnglishModel(model_path=folder).prewarm()
        for thread in threading.enumerate():
            if thread.name == "turn detector":
                thread.join(PATIENCE)

    assert good.resolve() in _model._loaded
    assert "was not loaded ahead" in caplog.text


# Asking a service.


def test_a_service_is_asked_with_the_last_turns_and_nothing_else() -> None:
    async def ask() -> None:
        async with asking() as (server, detector):
            said = [f"number {at}." for at in range(8)]
            assert await detector.predict_end_of_turn(heard(*said)) == 0.96
            items: Any = server.asked_for["items"]
            assert [item["content"] for item in items] == [[text] for text in said[2:]]
            assert set(server.asked_for) == {"items"}
            assert await detector.predict_end_of_turn(heard("And then")) == 0.003
            assert server.requests() == 2

    asyncio.run(ask())


def test_a_service_is_told_for_which_job_it_is_asked_and_closed_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LIVEKIT_AGENT_ID", "CA_1")
    callbacks: list[Any] = []
    job = SimpleNamespace(
        job=SimpleNamespace(id="AJ_1"), worker_id="AW_1", add_shutdown_callback=callbacks.append
    )

    async def ask() -> None:
        current.set_job_context(job)  # type: ignore[arg-type]  # as much of one as is looked at
        async with no_leaks(), LiveKitServer() as server:
            detector = MultilingualModel(base_url=server.url)
            for _ in range(2):
                await detector.predict_end_of_turn(heard("Hello."))
            asked = dict(server.asked_for)
            assert (asked["jobId"], asked["workerId"]) == ("AJ_1", "AW_1")
            assert asked["agentId"] == "CA_1"
            [close] = callbacks
            await close()

    asyncio.run(ask())


def test_a_service_is_asked_once_for_the_threshold_of_a_language() -> None:
    async def ask() -> None:
        async with asking() as (server, detector):
            for _ in range(3):
                assert await detector.unlikely_threshold("fr") == 0.0314
                assert await detector.unlikely_threshold("tlh") is None
                assert await detector.unlikely_threshold("") is None
            assert server.requests() == 2

    asyncio.run(ask())


def test_a_threshold_that_is_given_is_for_languages_that_the_service_knows() -> None:
    async def ask() -> None:
        async with asking(unlikely_threshold=0.2) as (_, detector):
            assert await detector.unlikely_threshold("fr") == 0.2
            assert await detector.unlikely_threshold("tlh") is None

    asyncio.run(ask())


def test_a_service_that_cannot_tell_a_threshold_is_asked_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def ask() -> None:
        async with asking() as (server, detector):
            server.fail_then_succeed()
            with caplog.at_level(logging.WARNING, "agents_plugin_livekit"):
                assert await detector.unlikely_threshold("fr") is None
            assert "no threshold for the language fr" in caplog.text
            assert await detector.unlikely_threshold("fr") == 0.0314

    asyncio.run(ask())


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (("refuse", {"status": 500}), APIStatusError),
        (("refuse", {"status": 429, "retry_after": 1.0}), APIStatusError),
        (("cut", {"answered": False}), APIConnectionError),
        (("garble", {"lacking": False}), APIError),
        (("garble", {"lacking": True}), APIError),
        (("complain", {}), APIError),
    ],
    ids=["500", "429", "cut", "broken", "lacking", "complaint"],
)
def test_what_goes_wrong_is_said_in_the_words_of_the_core(
    spoil: tuple[str, dict[str, Any]], error: type[APIError]
) -> None:
    fault, options = spoil

    async def ask() -> None:
        async with asking() as (server, detector):
            getattr(server, fault)(**options)
            with pytest.raises(error, match="LiveKit"):
                await detector.predict_end_of_turn(heard("Hello."), timeout=PATIENCE)
            assert await detector.predict_end_of_turn(heard("Hello."), timeout=PATIENCE) == 0.96

    asyncio.run(ask())


def test_a_service_that_stalls_is_given_up() -> None:
    async def ask() -> None:
        async with asking() as (server, detector):
            server.stall()
            began = time.monotonic()
            with pytest.raises(APITimeoutError):
                await detector.predict_end_of_turn(heard("Hello."), timeout=0.1)
            assert time.monotonic() - began < PATIENCE / 5
            await asyncio.sleep(0.05)
            assert server.open_connections() == 0

    asyncio.run(ask())


# In a session.


class Microphone(AudioInput):
    """Says one text in tones, and nothing from then on, four times as fast as people do."""

    def __init__(self, text: str) -> None:
        sound = speak(text, sample_rate=16_000)
        self._waiting = [
            AudioFrame(sound.data[at : at + 640], 16_000) for at in range(0, len(sound.data), 640)
        ]

    async def __anext__(self) -> AudioFrame:
        await asyncio.sleep(0.005)
        return self._waiting.pop(0) if self._waiting else silence(0.02, sample_rate=16_000)


async def _delay(detector: TurnDetector, text: str) -> float:
    """Seconds from the end of what the user said to the end of their turn."""
    session: AgentSession[Any] = AgentSession(
        stt=FakeSTT(),
        llm=FakeLLM((Line(say="good"),)),
        vad=FakeVAD(min_silence_duration=0.2),
        turn_detection=detector,
        min_endpointing_delay=0.1,
        max_endpointing_delay=0.8,
        user_away_timeout=None,
    )
    delays: asyncio.Queue[float] = asyncio.Queue()

    def note(event: MetricsCollectedEvent) -> None:
        if isinstance(event.metrics, EOUMetrics):
            delays.put_nowait(event.metrics.end_of_utterance_delay)

    session.on("metrics_collected", note)
    session.input.audio = Microphone(text)
    await session.start(Agent(instructions="Be brief."))
    try:
        async with asyncio.timeout(PATIENCE):
            return await delays.get()
    finally:
        await session.aclose()


def test_a_session_waits_longer_for_a_user_who_seems_to_go_on(tmp_path: Path) -> None:
    detector = EnglishModel(model_path=lay(tmp_path / "model"))

    async def listen() -> tuple[float, float]:
        return await _delay(detector, "hello and"), await _delay(detector, "hello thanks")

    goes_on, finished = asyncio.run(listen())

    assert goes_on >= 0.8
    assert finished < 0.8
