"""What every detector of voice activity has to do."""

# ruff: noqa: D102 - the name of a test is its sentence

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from typing import ClassVar

from agents_core.audio import AudioFrame, combine, silence
from agents_core.metrics import VADMetrics
from agents_core.testing.demands import demand, demand_same
from agents_core.testing.feeding import cut_sound
from agents_core.testing.leaks import no_leaks
from agents_core.testing.provider import demand_known
from agents_core.testing.suite import Suite, sentence
from agents_core.testing.tones import speak
from agents_core.testing.watching import metrics_of, never_blocked
from agents_core.vad import VAD, VADEvent, VADEventType

START = VADEventType.START_OF_SPEECH
END = VADEventType.END_OF_SPEECH
DONE = VADEventType.INFERENCE_DONE

_LEAD, _EXACT = 0.5, 1e-6


class VADSuite(Suite[VAD]):
    """Sentences about a detector of voice activity; `Suite` shows how to use it.

    A model that was trained on people hears no voice in tones: override `say`.
    """

    sample_rates: ClassVar[tuple[int, ...]] = (8000, 16000, 24000, 48000)
    """In which sound comes, from rooms and telephones."""
    start_within: ClassVar[float] = 0.3
    """Seconds after the beginning of speech in which it has to be noticed."""
    end_within: ClassVar[float] = 1.0
    """Seconds of silence after which speech has to be over."""
    accuracy: ClassVar[float] = 0.1
    """Seconds by which the measured length of speech may differ from the true one."""
    longest_block: ClassVar[float] = 0.5
    """Seconds for which a machine under load may hold up an event loop by itself."""

    def say(self, sample_rate: int) -> AudioFrame:
        """At least a second of speech without a pause."""
        return speak("A voice, or what passes for one.", sample_rate=sample_rate)

    @sentence()
    async def test_it_says_who_answers(self, subject: VAD) -> None:
        demand_known(subject)

    @sentence()
    async def test_each_window_is_measured(self, subject: VAD) -> None:
        with metrics_of(subject, VADMetrics) as measured:
            events = await self._notice(subject, self._speech(16000)[0])
        windows = [event.type for event in events].count(DONE)
        counted = sum(metrics.inference_count for metrics in measured)
        demand_same(counted, windows, "windows in the metrics")
        took = sum(event.inference_duration for event in events)
        total = sum(metrics.inference_duration_total for metrics in measured)
        demand(took > 0 and abs(took - total) < _EXACT, f"took {took}, in the metrics {total}")

    @sentence()
    async def test_silence_is_no_speech(self, subject: VAD) -> None:
        events = await self._notice(subject, silence(3.0, sample_rate=16000))
        kinds = {event.type for event in events}
        demand_same(kinds, {DONE}, "what was noticed in silence")

    @sentence()
    async def test_speech_begins_and_ends_where_it_does(self, subject: VAD) -> None:
        for rate in self.sample_rates:
            sound, start, end = self._speech(rate)
            events = await self._notice(subject, sound)
            bounds = [event for event in events if event.type != DONE]
            demand_same([event.type for event in bounds], [START, END], f"{rate} Hz: noticed")
            begun, over = (event.timestamp for event in bounds)
            demand(start <= begun <= start + self.start_within, f"{rate} Hz: START at {begun}")
            demand(end <= over <= end + self.end_within, f"{rate} Hz: END at {over}")

    @sentence()
    async def test_speech_is_as_long_as_it_was(self, subject: VAD) -> None:
        sound, start, end = self._speech(16000)
        over = [e for e in await self._notice(subject, sound) if e.type == END]
        demand_same(len(over), 1, "ends of speech")
        off = over[0].speech_duration - (end - start)
        demand(abs(off) <= self.accuracy, f"speech_duration is {off:+.3f} s off")

    @sentence()
    async def test_what_was_said_comes_with_the_events(self, subject: VAD) -> None:
        sound, start, _ = self._speech(16000)
        spoken = self.say(16000).data
        bounds = [e for e in await self._notice(subject, sound) if e.type != DONE]
        demand_same([event.type for event in bounds], [START, END], "noticed")
        early, whole = (b"".join(f.data for f in event.frames) for event in bounds)
        demand(spoken in whole, "END_OF_SPEECH lacks some of what was said")
        head = spoken[: 2 * round(16000 * (bounds[0].timestamp - start) * 0.9)]
        demand(head in early, "START_OF_SPEECH lacks the beginning of what was said")

    @sentence()
    async def test_each_utterance_begins_and_ends_once(self, subject: VAD) -> None:
        sound, _, _ = self._speech(16000)
        events = await self._notice(subject, combine([sound] * 3))
        kinds = [event.type for event in events if event.type != DONE]
        demand_same(kinds, [START, END] * 3, "noticed in three utterances")

    @sentence()
    async def test_events_say_whether_somebody_speaks(self, subject: VAD) -> None:
        speaking = False
        for event in await self._notice(subject, self._speech(16000)[0]):
            if event.type != DONE:
                speaking = event.type == START
                demand_same(event.speaking, speaking, f"speaking of {event.type}")
            demand(0 <= event.probability <= 1, f"probability {event.probability}")

    @sentence()
    async def test_samples_are_counted(self, subject: VAD) -> None:
        for rate in self.sample_rates:
            sound, _, _ = self._speech(rate)
            events = await self._notice(subject, sound)
            counts = [event.samples_index for event in events if event.type == DONE]
            rising = all(one < other for one, other in itertools.pairwise(counts))
            demand(rising, f"{rate} Hz: samples_index does not rise")
            for event in events:
                seconds = event.samples_index / rate
                demand(abs(event.timestamp - seconds) < _EXACT, f"{rate} Hz: {event.timestamp} s")
            left = sound.samples_per_channel - counts[-1]
            window = 2 * subject.capabilities.update_interval * rate
            demand(0 <= left <= window, f"{rate} Hz: {left} samples were not looked at")

    @sentence()
    async def test_the_cut_of_frames_does_not_matter(self, subject: VAD) -> None:
        sound, _, _ = self._speech(16000)
        seen = [
            [_fact(e) for e in await self._notice(subject, sound, samples=samples)]
            for samples in (160, 117, 41, 16000)
        ]
        demand(all(each == seen[0] for each in seen), "frames of other lengths: other events")

    @sentence()
    async def test_a_second_channel_changes_nothing(self, subject: VAD) -> None:
        sound, _, _ = self._speech(16000)
        both = b"".join(sound.data[at : at + 2] * 2 for at in range(0, len(sound.data), 2))
        one = [_fact(e) for e in await self._notice(subject, sound)]
        two = [_fact(e) for e in await self._notice(subject, AudioFrame(both, 16000, 2))]
        demand(one == two, "two equal channels: other events than one")

    @sentence()
    async def test_a_flush_forgets(self, subject: VAD) -> None:
        spoken = self.say(16000)
        async with subject.stream() as stream:
            for frame in cut_sound(spoken, samples=160):
                stream.push_frame(frame)
            stream.flush()
            for frame in cut_sound(silence(2.0, sample_rate=16000), samples=160):
                stream.push_frame(frame)
            stream.end_input()
            events = [event async for event in stream]
        bounds = [event for event in events if event.type != DONE]
        demand_same([event.type for event in bounds], [START, END], "noticed around a flush")
        over = bounds[1].timestamp
        demand(over <= spoken.duration + 0.05, f"END at {over}, flush at {spoken.duration}")

    @sentence()
    async def test_two_at_once_do_not_mix(self, subject: VAD) -> None:
        sound, _, _ = self._speech(16000)
        alone = [_fact(event) for event in await self._notice(subject, sound)]
        quiet = silence(sound.duration, sample_rate=16000)
        both = await asyncio.gather(
            self._notice(subject, sound), self._notice(subject, quiet), self._notice(subject, sound)
        )
        demand([_fact(e) for e in both[0]] == alone, "another stream changed what was noticed")
        demand_same({e.type for e in both[1]}, {DONE}, "noticed in silence beside speech")

    @sentence()
    async def test_events_come_while_sound_comes(self, subject: VAD) -> None:
        sound, _, _ = self._speech(16000)
        async with subject.stream() as stream:
            for frame in cut_sound(sound, samples=160):
                stream.push_frame(frame)
            try:
                async with asyncio.timeout(self.patience):
                    async for event in stream:
                        if event.type == END:
                            return
            except TimeoutError:
                pass
        demand(truth=False, words="nothing was noticed before the input ended")

    @sentence(alone=True)
    async def test_the_event_loop_is_never_blocked(self, subject: VAD) -> None:
        sound, _, _ = self._speech(16000)
        await self._notice(subject, sound)  # once for imports
        async with never_blocked(longest=self.longest_block):
            await self._notice(subject, sound)

    @sentence()
    async def test_closing_a_stream_ends_it(self, subject: VAD) -> None:
        stream = subject.stream()
        stream.push_frame(self.say(16000))
        async with asyncio.timeout(self.patience):
            await asyncio.sleep(0.01)
            await asyncio.gather(*(stream.aclose() for _ in range(3)))
            await asyncio.create_task(stream.aclose(), name="another task")
            demand_same([event async for event in stream], [], "what came after aclose()")

    @sentence()
    async def test_closing_again_changes_nothing(self, subject: VAD) -> None:
        async with asyncio.timeout(self.patience):
            await asyncio.gather(*(subject.aclose() for _ in range(3)))
            await asyncio.create_task(subject.aclose(), name="another task")

    @sentence(alone=True)
    async def test_nothing_is_left_behind(self, subject: VAD) -> None:
        await subject.aclose()
        held = [await self._use_and_close()]  # once for what lives as long as the process
        async with no_leaks(within=self.settle):
            held.append(await self._use_and_close())  # else the collector might close it

    async def _use_and_close(self) -> VAD:
        subject = self.create(self.vendor)
        await self._notice(subject, self._speech(16000)[0])
        async with subject.stream() as stream:
            stream.push_frame(self.say(16000))
            await asyncio.sleep(0)
        await subject.aclose()
        return subject

    def _speech(self, rate: int) -> tuple[AudioFrame, float, float]:
        """Sound, and when somebody speaks in it, from and to, in seconds."""
        spoken = self.say(rate)
        tail = silence(self.end_within + 0.2, sample_rate=rate)
        sound = combine([silence(_LEAD, sample_rate=rate), spoken, tail])
        return sound, _LEAD, _LEAD + spoken.duration

    async def _notice(
        self, subject: VAD, sound: AudioFrame, *, samples: int | None = None
    ) -> Sequence[VADEvent]:
        async with subject.stream() as stream:
            for frame in cut_sound(sound, samples=samples or sound.sample_rate // 100):
                stream.push_frame(frame)
            stream.end_input()
            return [event async for event in stream]


def _fact(event: VADEvent) -> tuple[object, ...]:
    # The time that inference took differs from run to run.
    return event.type, event.samples_index, event.speaking, round(event.probability, 6)
