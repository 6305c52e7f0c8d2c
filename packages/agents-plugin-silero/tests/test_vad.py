"""Silero's voice activity detection, on voices and on silence."""

from __future__ import annotations

import asyncio
import logging
import threading
import tracemalloc
from collections.abc import Iterable
from pathlib import Path

import psutil
import pytest
from hypothesis import settings
from vowels import espeak, vowels

from agents_core.audio import AudioFrame, combine, silence
from agents_core.testing.feeding import cut_sound
from agents_core.testing.vad import VADSuite
from agents_core.testing.vendor import Vendor
from agents_core.vad import VADEvent, VADEventType
from agents_plugin_silero import VAD, models
from agents_plugin_silero._model import SHIPPED, Memory, load

START = VADEventType.START_OF_SPEECH
END = VADEventType.END_OF_SPEECH
DONE = VADEventType.INFERENCE_DONE

RATES = (8000, 16_000, 24_000, 44_100, 48_000)
SENTENCE = "Voice agents have to hear when somebody speaks."
LEAD = 1.0
WINDOW = 512 / 16_000

LONG = settings.get_current_profile_name() == "nightly"
MINUTES = 60 if LONG else 1


class TestVAD(VADSuite):
    def create(self, vendor: Vendor) -> VAD:
        return VAD()

    def say(self, sample_rate: int) -> AudioFrame:
        return vowels(1.2, sample_rate=sample_rate)


class TestVADAtEightKilohertz(VADSuite):
    def create(self, vendor: Vendor) -> VAD:
        return VAD(sample_rate=8000)

    def say(self, sample_rate: int) -> AudioFrame:
        return vowels(1.2, sample_rate=sample_rate)


async def notice(vad: VAD, frames: Iterable[AudioFrame]) -> list[VADEvent]:
    async with vad.stream() as stream:
        for frame in frames:
            stream.push_frame(frame)
        stream.end_input()
        return [event async for event in stream]


def heard(vad: VAD, sound: AudioFrame, *, samples: int = 441) -> list[VADEvent]:
    return asyncio.run(notice(vad, cut_sound(sound, samples=samples)))


def around(voice: AudioFrame, *, after: float = 1.0) -> AudioFrame:
    rate = voice.sample_rate
    return combine([silence(LEAD, sample_rate=rate), voice, silence(after, sample_rate=rate)])


def bounds(events: Iterable[VADEvent]) -> list[VADEvent]:
    return [event for event in events if event.type != DONE]


@pytest.mark.parametrize("rate", RATES)
def test_events_are_at_the_same_time_at_every_rate(rate: int) -> None:
    events = heard(VAD(), around(vowels(1.2, sample_rate=rate)))
    start, end = bounds(events)

    # The model hears the voice in window 33 and lets go of it in window 72, 0.1 s late.
    assert start.samples_index == 34 * 512 * rate // 16_000
    assert end.samples_index == (72 + 18) * 512 * rate // 16_000
    looks = [event.samples_index for event in events if event.type == DONE]
    assert looks == [at * 512 * rate // 16_000 for at in range(1, len(looks) + 1)]
    assert [event.timestamp for event in events] == [e.samples_index / rate for e in events]


@pytest.mark.parametrize("rate", RATES)
def test_a_voice_read_aloud_is_heard_from_its_first_word_to_its_last(rate: int) -> None:
    voice = espeak(SENTENCE, sample_rate=rate)
    sound = around(voice)
    start, end = bounds(heard(VAD(), sound))

    # espeak-ng begins with some silence of its own.
    assert LEAD <= start.timestamp - start.speech_duration <= LEAD + 0.15
    spoken = end.timestamp - end.silence_duration
    assert LEAD + voice.duration - 0.5 <= spoken <= LEAD + voice.duration + 2 * WINDOW
    assert end.frames[0].data == sound.data[_from(start) : 2 * end.samples_index]
    assert start.frames[0].data == sound.data[_from(start) : 2 * start.samples_index]


def _from(start: VADEvent) -> int:
    """The byte at which the padding before speech begins."""
    rate = start.frames[0].sample_rate
    size = 512 * rate / 16_000
    spoken = start.samples_index - int(size * round(start.speech_duration / WINDOW))
    first = start.samples_index - start.frames[0].samples_per_channel
    assert first == pytest.approx(spoken - 0.5 * rate, abs=2)
    return 2 * first


def test_what_is_read_aloud_is_heard_as_the_model_hears_it() -> None:
    sound = around(espeak(SENTENCE, sample_rate=16_000))
    memory = Memory(load(SHIPPED, force_cpu=True), sample_rate=16_000)
    smooth: list[float] = []
    for at in range(0, len(sound.data) - 1023, 1024):
        probability = memory.look(sound.data[at : at + 1024])
        smooth.append(0.35 * smooth[-1] + 0.65 * probability if smooth else probability)

    looks = [event for event in heard(VAD(), sound) if event.type == DONE]

    assert [event.probability for event in looks] == pytest.approx(smooth, abs=1e-12)
    assert b"".join(event.frames[0].data for event in looks) == sound.data[: 1024 * len(looks)]


def test_each_of_two_sentences_is_an_utterance() -> None:
    rate = 48_000
    one = espeak("Good morning.", sample_rate=rate)
    other = espeak("How are you today?", sample_rate=rate)
    pause = silence(1.0, sample_rate=rate)

    events = heard(VAD(), combine([one, pause, other, pause]))

    assert [event.type for event in bounds(events)] == [START, END] * 2


def test_after_a_flush_everything_is_heard_as_if_for_the_first_time() -> None:
    voice = vowels(1.0, sample_rate=16_000)

    async def listen() -> list[VADEvent]:
        async with VAD().stream() as stream:
            stream.push_frame(vowels(0.3, sample_rate=16_000))
            stream.flush()
            stream.push_frame(voice)
            stream.end_input()
            return [event async for event in stream]

    after = [event.probability for event in asyncio.run(listen()) if event.type == DONE][9:]
    fresh = [event.probability for event in heard(VAD(), voice) if event.type == DONE]

    assert after == fresh


def test_others_have_their_turn_after_each_window_of_a_long_frame() -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async def listen() -> int:
        counting = asyncio.create_task(count())
        events = await notice(VAD.load(), [silence(10.0, sample_rate=16_000)])
        counting.cancel()
        return len(events)

    windows = asyncio.run(listen())

    assert turns >= windows


def test_a_new_rate_begins_anew_and_time_goes_on() -> None:
    slow, quick = vowels(1.0, sample_rate=16_000), vowels(1.0, sample_rate=48_000)
    quiet = silence(1.0, sample_rate=48_000)

    events = asyncio.run(notice(VAD(), [slow, quick, quiet]))

    assert [event.type for event in bounds(events)] == [START, END, START, END]
    assert bounds(events)[1].timestamp == pytest.approx(1.0)
    assert {frame.sample_rate for frame in bounds(events)[3].frames} == {48_000}
    assert events[-1].timestamp == pytest.approx(3.0, abs=2 * WINDOW)
    times = [event.timestamp for event in events]
    assert times == sorted(times)


def test_options_may_change_while_somebody_speaks() -> None:
    vad = VAD(min_silence_duration=5.0)

    async def listen() -> list[VADEvent]:
        async with vad.stream() as stream:
            stream.push_frame(vowels(1.0, sample_rate=16_000))
            stream.push_frame(silence(1.0, sample_rate=16_000))
            async for event in stream:
                if event.raw_accumulated_silence > 0.8:
                    break
            vad.update_options(min_silence_duration=0.3, activation_threshold=0.6)
            stream.push_frame(silence(0.1, sample_rate=16_000))
            stream.end_input()
            return [event async for event in stream]

    events = asyncio.run(listen())

    assert [event.type for event in bounds(events)] == [END]


@pytest.mark.parametrize(
    "wrong", [{"sample_rate": 8000}, {"force_cpu": False}, {"onnx_file_path": "x"}, {"other": 1}]
)
def test_the_model_stays_when_options_change(wrong: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        VAD().update_options(**wrong)


def test_what_the_model_does_not_hear_is_refused() -> None:
    with pytest.raises(ValueError, match="8000 or 16000"):
        VAD(sample_rate=44_100)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="activation_threshold"):
        VAD(activation_threshold=2.0)
    with pytest.raises(FileNotFoundError, match=r"nowhere\.onnx"):
        VAD(onnx_file_path="nowhere.onnx")


def test_load_loads_and_another_file_may_be_given(tmp_path: Path) -> None:
    file = tmp_path / "mine.onnx"
    file.write_bytes(SHIPPED.read_bytes())

    vad = VAD.load(onnx_file_path=file, min_silence_duration=0.2)

    events = heard(vad, around(vowels(1.0, sample_rate=16_000)))
    assert [event.type for event in bounds(events)] == [START, END]
    assert (vad.model, vad.provider) == ("silero", "ONNX")
    (tmp_path / "none.onnx").write_bytes(b"none")
    with pytest.raises(ValueError, match=r"none\.onnx"):
        VAD.load(onnx_file_path=tmp_path / "none.onnx")


def test_prewarm_loads_in_a_thread_and_a_failure_is_told_by_the_stream(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "none.onnx"
    file.write_bytes(b"none")
    vad = VAD(onnx_file_path=file)

    async def warm_and_listen() -> None:
        vad.prewarm()
        await asyncio.to_thread(_join_loading)
        assert "was not loaded ahead" in caplog.text
        await notice(vad, [silence(1.0, sample_rate=16_000)])

    with pytest.raises(ValueError, match=r"none\.onnx is no model"):
        asyncio.run(warm_and_listen())


def _join_loading() -> None:
    for thread in threading.enumerate():
        if thread.name == "silero model":
            thread.join(10)


def test_a_long_utterance_is_cut_and_that_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    vad = VAD(max_buffered_speech=0.5, prefix_padding_duration=0.1)

    with caplog.at_level(logging.WARNING, "agents_plugin_silero"):
        events = heard(vad, around(vowels(2.0, sample_rate=16_000)))

    assert bounds(events)[1].frames[0].duration == pytest.approx(0.6)
    assert [record.message for record in caplog.records] == [
        "an utterance is longer than max_buffered_speech: its end is not kept"
    ]


def test_inference_that_is_too_slow_is_said_once_in_a_while(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter(range(10**6))
    monkeypatch.setattr("agents_plugin_silero._ear.time.perf_counter", lambda: next(ticks) / 10)

    with caplog.at_level(logging.WARNING, "agents_plugin_silero"):
        heard(VAD(), silence(2.0, sample_rate=16_000))

    slow = [record.message for record in caplog.records if "slower than speech" in record.message]
    assert slow == ["voice detection is slower than speech: 0.2 s behind"]


async def _sizes_while_listening(vad: VAD, turns: int) -> list[tuple[int, int]]:
    """Bytes of Python's and of the whole process, each time an utterance has ended."""
    voice = vowels(4.0, sample_rate=48_000)
    frames = tuple(cut_sound(combine([voice, silence(1.0, sample_rate=48_000)]), samples=480))
    sizes: list[tuple[int, int]] = []
    process = psutil.Process()
    async with vad.stream() as stream:
        for _ in range(turns):
            for frame in frames:
                stream.push_frame(frame)
            async for event in stream:
                if event.type is END:
                    break
            del event
            sizes.append((tracemalloc.get_traced_memory()[0], process.memory_info().rss))
    return sizes


def test_nothing_grows_however_long_one_listens() -> None:
    """An hour in the long profile; else some minutes, which would show what each window leaves."""
    vad = VAD.load()
    tracemalloc.start()
    try:
        sizes = asyncio.run(_sizes_while_listening(vad, round(MINUTES * 12)))
    finally:
        tracemalloc.stop()
    python, process = zip(*sizes[len(sizes) // 3 :], strict=True)

    assert max(python) - python[0] < 200_000
    assert max(process) - process[0] < 8_000_000


def test_models_name_what_the_detector_is_told_by_default() -> None:
    assert VAD().capabilities.update_interval == WINDOW
    assert VAD(sample_rate=8000).capabilities.update_interval == WINDOW
    assert set(models.VAD_WINDOW_SAMPLES) == {8000, 16_000}
