"""What every speech to text has to do."""

# ruff: noqa: D102 - the name of a test is its sentence

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from agents_core.audio import AudioFrame, silence
from agents_core.stt import STT, SpeechEvent, SpeechEventType
from agents_core.testing.demands import demand, demand_same
from agents_core.testing.dialogue import OTHER_WORDS, WORDS
from agents_core.testing.feeding import cut_sound
from agents_core.testing.stt_listening import said_in
from agents_core.testing.stt_times import SpokenTimes
from agents_core.testing.suite import sentence

START = SpeechEventType.START_OF_SPEECH
INTERIM = SpeechEventType.INTERIM_TRANSCRIPT
PREFLIGHT = SpeechEventType.PREFLIGHT_TRANSCRIPT
FINAL = SpeechEventType.FINAL_TRANSCRIPT
END = SpeechEventType.END_OF_SPEECH
USAGE = SpeechEventType.RECOGNITION_USAGE

_ODD = 117
"""Samples of a frame: no multiple of anything."""


class STTSuite(SpokenTimes):
    """Sentences about a speech to text; `Suite` shows how to use it."""

    @sentence()
    async def test_it_can_do_what_it_says(self, subject: STT) -> None:
        said = subject.capabilities
        demand_same(said.streaming, self.streaming, "capabilities.streaming")
        demand_same(said.interim_results, self.interim, "capabilities.interim_results")
        if self.words:
            demand_same(said.aligned_transcript, "word", "capabilities.aligned_transcript")

    @sentence("streaming")
    async def test_events_keep_their_order(self, subject: STT) -> None:
        kinds = [e.type for e in await self._hear(subject, self._two(subject)) if e.type != USAGE]
        finals = [place for place, kind in enumerate(kinds) if kind == FINAL]
        demand_same(len(finals), 2, "final transcripts of two utterances")
        demand(kinds[-1] in (FINAL, END), f"after the last final transcript came {kinds[-1]}")
        if self.speech_events:
            self._demand_brackets(kinds)

    @sentence("streaming")
    async def test_each_utterance_has_its_transcript(self, subject: STT) -> None:
        events = await self._hear(subject, self._two(subject))
        self._demand_finals(events, [WORDS, OTHER_WORDS])

    @sentence("streaming")
    async def test_transcripts_say_something_with_some_confidence(self, subject: STT) -> None:
        for event in await self._hear(subject, self._words(subject)):
            transcript = event.type in (INTERIM, PREFLIGHT, FINAL)
            demand(bool(event.alternatives) == transcript, f"alternatives of {event!r}")
            for data in event.alternatives:
                demand(data.text.strip(), f"an empty transcript: {event!r}")
                demand(0 <= data.confidence <= 1, f"confidence {data.confidence}")

    @sentence("streaming", "interim")
    async def test_interim_results_come_while_somebody_speaks(self, subject: STT) -> None:
        async with subject.stream(conn_options=self.patient) as stream:
            for frame in cut_sound(self._words(subject), samples=160):
                stream.push_frame(frame)
            event = await self._wait_for(stream, INTERIM)
        text = event.text.casefold()
        demand(WORDS.casefold().startswith(text[:4]), f"interim {text!r} of {WORDS!r}")

    @sentence("streaming", "interim")
    async def test_no_interim_results_come_where_none_are_wanted(self, chatty: STT) -> None:
        await chatty.aclose()
        subject = self.create_without_interim(self.vendor)
        try:
            events = await self._hear(subject, self._words(subject))
        finally:
            await subject.aclose()
        kinds = {event.type for event in events}
        demand(not kinds & {INTERIM, PREFLIGHT}, f"events: {sorted(kinds)}")
        self._demand_finals(events, [WORDS])

    @sentence("streaming", "flushes")
    async def test_a_flush_asks_for_what_was_said(self, subject: STT) -> None:
        async with subject.stream(conn_options=self.patient) as stream:
            for frame in cut_sound(self._words(subject), samples=160):
                stream.push_frame(frame)
            stream.flush()
            event = await self._wait_for(stream, FINAL)
        demand_same(self.spelled(event.text, WORDS), WORDS, "the final transcript after flush()")

    @sentence()
    async def test_every_sample_reaches_the_vendor(self, subject: STT) -> None:
        sound = self._words(subject)
        before = len(self.vendor.sound_received())
        if self.streaming:
            await self._hear(subject, sound, samples=_ODD)
        else:
            await subject.recognize(sound, conn_options=self.patient)
        received = self.vendor.sound_received()[before:]
        demand_same(len(received), len(sound.data), "bytes of sound that the vendor got")
        demand(received == sound.data, "the vendor got other sound than was pushed")

    @sentence("whole")
    async def test_a_recording_may_come_in_frames(self, subject: STT) -> None:
        frames = list(cut_sound(self._words(subject), samples=_ODD))
        event = await subject.recognize(frames, conn_options=self.patient)
        said = self.spelled(event.text, WORDS)
        demand_same((event.type, said), (FINAL, WORDS), "recognize() of frames")

    @sentence()
    async def test_other_rates_and_channels_are_understood(self, subject: STT) -> None:
        for rate, channels in self.formats:
            sound = self.say(WORDS, sample_rate=rate, num_channels=channels)
            heard = {self.spelled(text, WORDS) for text in await self._heard(subject, sound)}
            demand_same(heard, {WORDS}, f"heard at {rate} Hz, {channels} channels")

    @sentence("streaming")
    async def test_silence_says_nothing(self, subject: STT) -> None:
        quiet = silence(1.0, sample_rate=self._rate(subject))
        events = [e for e in await self._hear(subject, quiet) if e.type != USAGE]
        demand_same(events, [], "what was heard in silence")

    @sentence("streaming")
    async def test_a_stream_without_sound_just_ends(self, subject: STT) -> None:
        async with subject.stream(conn_options=self.patient) as stream:
            stream.end_input()
            stream.end_input()
            events = [event async for event in stream if event.type != USAGE]
        demand_same(events, [], "what was heard in nothing")

    @sentence("streaming")
    async def test_closing_a_stream_ends_it(self, subject: STT) -> None:
        stream = subject.stream(conn_options=self.patient)
        stream.push_frame(self._words(subject))
        async with asyncio.timeout(self.patience):
            await asyncio.sleep(0.01)
            await asyncio.gather(*(stream.aclose() for _ in range(3)))
            await asyncio.create_task(stream.aclose(), name="another task")
            demand_same([event async for event in stream], [], "what came after aclose()")

    @sentence("streaming")
    async def test_leaving_an_answer_closes_the_connection_at_once(self, subject: STT) -> None:
        open_before = self.vendor.open_connections()
        async with subject.stream(conn_options=self.patient) as stream:
            stream.push_frame(self._words(subject))
            await self._until_open(open_before, "stream()")
        await self._until_closed(open_before, "stream()")

    async def _heard(self, subject: STT, sound: AudioFrame) -> list[str]:
        heard = []
        if self.whole:
            event = await subject.recognize(sound, conn_options=self.patient)
            heard.append(event.text)
        if self.streaming:
            heard.append(said_in(await self._hear(subject, sound)))
        return heard

    def _demand_finals(self, events: Sequence[SpeechEvent], words: list[str]) -> None:
        texts = [event.text for event in events if event.type == FINAL]
        demand_same(len(texts), len(words), f"final transcripts, which are {texts}")
        said = list(map(self.spelled, texts, words))
        demand_same(said, words, "final transcripts")

    def _demand_brackets(self, kinds: Sequence[SpeechEventType]) -> None:
        speaking = False
        for kind in kinds:
            if kind in (START, END):
                demand(speaking == (kind == END), f"a second {kind} in {[*kinds]}")
                speaking = kind == START
            else:
                demand(speaking, f"{kind} outside of speech in {[*kinds]}")
        demand(not speaking, f"speech without an end in {[*kinds]}")
