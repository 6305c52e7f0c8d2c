"""What every text to speech has to do."""

# ruff: noqa: D102 - the name of a test is its sentence

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence

from agents_core.audio import AudioFrame
from agents_core.metrics import TTSMetrics
from agents_core.testing.demands import demand, demand_same
from agents_core.testing.dialogue import OTHER_WORDS, WORDS
from agents_core.testing.feeding import cut_text
from agents_core.testing.roads import Road
from agents_core.testing.suite import sentence
from agents_core.testing.timing import demand_times
from agents_core.testing.tts_speaking import Speaking
from agents_core.testing.watching import metrics_of
from agents_core.tts import TTS, SynthesizedAudio

_ODD_TEXT = 'Grüße, 你好! It\'s 3 < 4 & "so on".'
_SLACK = 0.001
_HEADERS = (b"RIFF", b"WAVEfmt ", b"ID3", b"OggS", b"fLaC")


class TTSSuite(Speaking):
    """Sentences about a text to speech; `Suite` shows how to use it."""

    @sentence()
    async def test_it_can_do_what_it_says(self, subject: TTS) -> None:
        said = subject.capabilities
        demand_same(said.streaming, self.streaming, "capabilities.streaming")
        demand_same(said.aligned_transcript, self.words, "capabilities.aligned_transcript")

    @sentence()
    async def test_frames_are_as_announced(self, subject: TTS) -> None:
        for road in self.roads(subject):
            kinds = {(f.sample_rate, f.num_channels) for f in await self._frames(subject, road)}
            announced = {(subject.sample_rate, subject.num_channels)}
            demand_same(kinds, announced, f"{road.name}: rate and channels")

    @sentence()
    async def test_every_sample_is_handed_on(self, subject: TTS) -> None:
        for road in self.roads(subject):
            before = len(self.vendor.sound_sent())
            frames = await self._frames(subject, road)
            sent = self.vendor.sound_sent()[before:]
            got = b"".join(frame.data for frame in frames)
            demand_same(len(got), len(sent), f"{road.name}: bytes of sound")
            demand(got == sent, f"{road.name}: the sound differs from what the vendor sent")

    @sentence()
    async def test_no_header_is_played_as_sound(self, subject: TTS) -> None:
        for road in self.roads(subject):
            sound = b"".join(frame.data for frame in await self._frames(subject, road))
            found = [header for header in _HEADERS if header in sound]
            demand(not found, f"{road.name}: {found} in the sound")

    @sentence()
    async def test_odd_text_reaches_the_vendor_as_it_is(self, subject: TTS) -> None:
        for road in self.roads(subject):
            before = len(self.vendor.text_received())
            await road.ask(_ODD_TEXT, self.patient)
            received = self.vendor.text_received()[before:]
            demand_same(received.split(), _ODD_TEXT.split(), f"{road.name}: words asked for")

    @sentence("whole")
    async def test_a_blank_text_makes_no_request(self, subject: TTS) -> None:
        before = self.vendor.requests()
        for text in ("", " \n\t "):
            async with subject.synthesize(text, conn_options=self.patient) as speech:
                demand_same([event async for event in speech], [], f"what came for {text!r}")
        demand_same(self.vendor.requests() - before, 0, "requests for blank texts")

    @sentence("streaming")
    async def test_a_blank_stream_makes_no_request(self, subject: TTS) -> None:
        before = self.vendor.requests()
        async with subject.stream(conn_options=self.patient) as speech:
            for text in ("", " \n", ""):
                speech.push_text(text)
                speech.flush()
            speech.end_input()
            demand_same([event async for event in speech], [], "what came for blanks")
        demand_same(self.vendor.requests() - before, 0, "requests for blanks")

    @sentence("whole")
    async def test_a_whole_text_is_one_segment(self, subject: TTS) -> None:
        async with subject.synthesize(WORDS, conn_options=self.patient) as speech:
            events = [event async for event in speech]
        await self._demand_segments(events, [WORDS], "synthesize()")

    @sentence("whole")
    async def test_all_can_be_collected(self, subject: TTS) -> None:
        frame = await subject.synthesize(WORDS, conn_options=self.patient).collect()
        demand_same(await self.understand([frame], WORDS), WORDS, "collect() of synthesize()")

    @sentence("streaming")
    async def test_each_segment_ends_once_and_in_order(self, subject: TTS) -> None:
        texts = [WORDS, OTHER_WORDS, "And a third."]
        async with subject.stream(conn_options=self.patient) as speech:
            for text in texts:
                for piece in cut_text(text):
                    speech.push_text(piece)
                speech.flush()
            speech.end_input()
            events = [event async for event in speech]
        await self._demand_segments(events, texts, "stream()")

    @sentence("streaming")
    async def test_flushing_twice_makes_no_segment(self, subject: TTS) -> None:
        async with subject.stream(conn_options=self.patient) as speech:
            speech.push_text(WORDS)
            for end in (speech.flush, speech.flush, speech.end_input, speech.end_input):
                end()
            events = [event async for event in speech]
        await self._demand_segments(events, [WORDS], "stream()")

    @sentence("streaming")
    async def test_sound_comes_before_the_text_ends(self, subject: TTS) -> None:
        async with subject.stream(conn_options=self.patient) as speech:
            for piece in cut_text(f"{WORDS} {OTHER_WORDS} {WORDS} "):
                speech.push_text(piece)
            try:
                async with asyncio.timeout(self.patience):
                    await anext(speech)
            except TimeoutError:
                demand(truth=False, words="no sound for three sentences before the text ended")

    @sentence("streaming")
    async def test_a_segment_is_said_before_the_next_one_is_known(self, subject: TTS) -> None:
        async with subject.stream(conn_options=self.patient) as speech:
            speech.push_text(WORDS)
            speech.flush()
            frames = []
            try:
                async with asyncio.timeout(self.patience):
                    async for event in speech:
                        frames.append(event.frame)
                        if event.is_final:
                            break
            except TimeoutError:
                demand(truth=False, words="the segment that was flushed did not end")
        demand_same(await self.understand(frames, WORDS), WORDS, "the first segment")

    @sentence("words")
    async def test_words_lie_within_their_segment(self, subject: TTS) -> None:
        for road in self.roads(subject):
            events = await self._events(subject, road)
            words = [word for event in events for word in event.words]
            length = sum(event.frame.duration for event in events)
            said = self.spelled(" ".join(word.text.strip() for word in words), WORDS)
            demand_same(said.replace(" ", ""), WORDS.replace(" ", ""), road.name)
            demand_times(words, length, f"{road.name}: words")

    @sentence("streaming")
    async def test_closing_a_stream_ends_it(self, subject: TTS) -> None:
        speech = subject.stream(conn_options=self.patient)
        speech.push_text(f"{WORDS} {OTHER_WORDS} ")
        speech.flush()
        async with asyncio.timeout(self.patience):
            await anext(speech)
            await asyncio.gather(*(speech.aclose() for _ in range(3)))
            await asyncio.create_task(speech.aclose(), name="another task")
            demand_same([event async for event in speech], [], "what came after aclose()")

    @sentence()
    async def test_each_answer_is_measured(self, subject: TTS) -> None:
        for road in self.roads(subject):
            with metrics_of(subject, TTSMetrics) as measured:
                sound = await self._frames(subject, road)
            demand_same(len(measured), 1, f"{road.name}: metrics")
            self._demand_measured(measured[0], sound, subject, road)

    def _demand_measured(
        self, metrics: TTSMetrics, sound: Sequence[AudioFrame], subject: TTS, road: Road
    ) -> None:
        length = sum(frame.duration for frame in sound)
        demand_same(metrics.label, subject.label, f"{road.name}: label")
        demand_same(metrics.characters_count, len(WORDS), f"{road.name}: characters_count")
        demand_same(metrics.streamed, road.name == "stream()", f"{road.name}: streamed")
        demand_same((metrics.cancelled, metrics.error), (False, None), f"{road.name}: ending")
        demand(
            abs(metrics.audio_duration - length) < _SLACK,
            f"{road.name}: audio_duration is {metrics.audio_duration}, heard {length}",
        )
        demand(
            metrics.ttfb is not None and 0 < metrics.ttfb <= metrics.duration,
            f"{road.name}: ttfb {metrics.ttfb}, duration {metrics.duration}",
        )

    async def _demand_segments(
        self, events: Sequence[SynthesizedAudio], texts: list[str], name: str
    ) -> None:
        groups = [
            (key, tuple(group))
            for key, group in itertools.groupby(events, key=lambda event: event.segment_id)
        ]
        ids = [key for key, _ in groups]
        demand_same(len(set(ids)), len(ids), f"{name}: segments that come in one piece")
        demand_same(len(groups), len(texts), f"{name}: segments")
        said = [
            await self.understand([event.frame for event in group], text)
            for (_, group), text in zip(groups, texts, strict=True)
        ]
        demand_same(said, texts, f"{name}: what the segments say")
        ends = [[event.is_final for event in group].count(True) for _, group in groups]
        demand_same(ends, [1] * len(texts), f"{name}: ends of each segment")
        demand(all(group[-1].is_final for _, group in groups), f"{name}: sound after an end")
