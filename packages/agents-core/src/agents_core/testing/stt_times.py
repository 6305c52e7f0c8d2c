"""When something was said, in which language, and how much of it."""

# ruff: noqa: D102 - the name of a test is its sentence

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from agents_core.metrics import STTMetrics
from agents_core.stt import STT, SpeechEvent
from agents_core.testing.demands import demand, demand_same
from agents_core.testing.dialogue import WORDS
from agents_core.testing.stt_listening import FINAL, Listening
from agents_core.testing.suite import sentence
from agents_core.testing.timing import demand_times
from agents_core.testing.watching import metrics_of

_SLACK = 0.1
"""Seconds: services round."""


class SpokenTimes(Listening):
    """Sentences about what comes beside the text."""

    @sentence("streaming", "times")
    async def test_transcripts_lie_where_they_were_said(self, subject: STT) -> None:
        sound = self._two(subject)
        spoken = self._words(subject).duration
        events = await self._hear(subject, sound)
        first, second = (e.alternatives[0] for e in events if e.type == FINAL)
        middle = self.pause + spoken + self.pause / 2
        for data, start, end in ((first, self.pause, middle), (second, middle, sound.duration)):
            inside = start - _SLACK <= data.start_time < data.end_time <= end + _SLACK
            demand(inside, f"{data.start_time} to {data.end_time}, said from {start} to {end}")

    @sentence("streaming", "times")
    async def test_times_follow_the_clock_of_the_user(self, subject: STT) -> None:
        starts = []
        for offset in (0.0, 100.0):
            async with subject.stream(conn_options=self.patient) as stream:
                stream.start_time_offset = offset
                await self._push(stream, self._two(subject))
                finals = [event async for event in stream if event.type == FINAL]
            starts.append(finals[-1].alternatives[0].start_time)
        later = starts[1] - starts[0]
        demand(abs(later - 100) < _SLACK, f"with start_time_offset 100 it was {later} s later")

    @sentence("streaming", "words")
    async def test_words_lie_within_their_utterance(self, subject: STT) -> None:
        events = await self._hear(subject, self._two(subject))
        for event in events:
            if event.type == FINAL:
                data = event.alternatives[0]
                said = self.spelled(" ".join(word.text.strip() for word in data.words), data.text)
                expected = data.text.replace(" ", "")
                demand_same(said.replace(" ", ""), expected, "words of a transcript")
                demand_times(data.words, data.end_time, "words", start=data.start_time)

    @sentence()
    async def test_the_language_is_asked_for(self, subject: STT) -> None:
        self.vendor.settings()
        for road, ask in self._asking_in(subject).items():
            events = await ask("de")
            asked = self.vendor.settings().get("language")
            demand_same(asked, "de", f"{road}: language that the vendor was asked for")
            told = {data.language for event in events for data in event.alternatives}
            demand(told <= {"de", ""}, f"{road}: languages of the transcripts: {told}")

    @sentence("streaming", "usage")
    async def test_usage_counts_all_sound(self, subject: STT) -> None:
        sound = self._two(subject)
        events = await self._hear(subject, sound)
        counted = sum(e.usage.audio_duration for e in events if e.usage is not None)
        demand(abs(counted - sound.duration) < _SLACK, f"{counted} of {sound.duration} s")

    @sentence()
    async def test_each_answer_is_measured(self, subject: STT) -> None:
        for road in self.roads(subject):
            with metrics_of(subject, STTMetrics) as measured:
                await road.ask(WORDS, self.patient)
            counted = 0.0
            for metrics in measured:
                counted += metrics.audio_duration
                demand_same(metrics.label, subject.label, f"{road.name}: label")
                demand_same(metrics.streamed, road.name == "stream()", f"{road.name}: streamed")
            length = self._words(subject).duration
            demand(abs(counted - length) < _SLACK, f"{road.name}: measured {counted} of {length} s")

    def _asking_in(
        self, subject: STT
    ) -> dict[str, Callable[[str], Awaitable[Sequence[SpeechEvent]]]]:
        asking: dict[str, Callable[[str], Awaitable[Sequence[SpeechEvent]]]] = {}

        async def whole(language: str) -> Sequence[SpeechEvent]:
            sound = self._words(subject)
            return (await subject.recognize(sound, language=language, conn_options=self.patient),)

        async def stream(language: str) -> Sequence[SpeechEvent]:
            async with subject.stream(language=language, conn_options=self.patient) as stream:
                await self._push(stream, self._words(subject))
                return [event async for event in stream]

        if self.whole:
            asking["recognize()"] = whole
        if self.streaming:
            asking["stream()"] = stream
        return asking
