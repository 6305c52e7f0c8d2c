"""A stretch of speech on its way to the user: shown, spoken, and accounted for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterable
from dataclasses import dataclass

from agents_core.agent import Agent, ModelSettings
from agents_core.audio import AudioFrame, MonoResampler
from agents_core.session.floor import Floor
from agents_core.session.flows import closing, first_of
from agents_core.session.heard import heard_text
from agents_core.session.io import AudioOutput, PlaybackFinished, SessionOutput, TextOutput
from agents_core.session.options import SessionDeadlines
from agents_core.session.speech import SpeechHandle
from agents_core.streams import Inlet
from agents_core.timing import TimedWord
from agents_core.tts import SynthesizedAudio
from agents_core.turns import events as on

logger = logging.getLogger("agents_core.session.playback")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came of playing something."""

    text: str
    """As much of it as reached the user."""
    position: float
    """Seconds of its sound that were heard."""
    interrupted: bool
    error: Exception | None = None


class Playback:
    """One stretch of one speech; make it when it is that speech's turn, and play it once."""

    def __init__(
        self,
        handle: SpeechHandle,
        *,
        agent: Agent,
        floor: Floor,
        output: SessionOutput,
        deadlines: SessionDeadlines,
    ) -> None:
        self._handle = handle
        self._agent = agent
        self._floor = floor
        self._output = output.audio
        self._audio: AudioOutput | None = None
        self._text = output.text
        self._deadlines = deadlines
        self._begun = asyncio.Event()
        self._whole: list[str] = []
        self._words: list[TimedWord] = []
        self._segment = ""
        self._segment_began = 0.0
        self._captured = 0.0
        self._complete = False
        self._report: PlaybackFinished | None = None

    async def play(
        self, text: AsyncIterable[str], *, sound: AsyncIterable[AudioFrame] | None = None
    ) -> Heard:
        """Show `text` and speak it, or play the `sound` that belongs to it.

        Returns when it was heard to its end, was cut, or failed.
        """
        spoken = sound is not None or self._agent.speaks
        audio = self._audio = self._output if spoken else None
        error: Exception | None = None
        if audio is not None:
            audio.on("playback_started", self._begin)
            self._handle.silenced_by(audio.clear_buffer)
        try:
            work = self._perform(text, sound)
            await first_of(work, self._handle.stop, grace=self._deadlines.io)
        except ExceptionGroup as group:
            error = _first(group)
        finally:
            if audio is not None:
                self._handle.silenced_by(None)
                audio.off("playback_started", self._begin)
        return await self._account(error)

    async def _perform(
        self, text: AsyncIterable[str], sound: AsyncIterable[AudioFrame] | None
    ) -> None:
        spoken: Inlet[str] = Inlet(remembers=False)
        shown: Inlet[str] = Inlet(remembers=False)
        async with asyncio.TaskGroup() as group:
            group.create_task(_fork(text, spoken, shown), name="speech text")
            group.create_task(self._show(shown), name="speech transcript")
            if self._audio is None and sound is not None:
                group.create_task(_drain(sound), name="unheard sound")
            elif self._audio is not None:
                group.create_task(self._speak(self._audio, spoken, sound), name="speech sound")

    async def _show(self, shown: Inlet[str]) -> None:
        sink = self._text
        node = self._agent.transcription_node(shown, ModelSettings())
        async with closing(node) as pieces:
            async for piece in pieces:
                self._whole.append(piece)
                if self._audio is None:
                    self._begin()
                # Nobody reads what nobody has heard the beginning of yet.
                await self._begun.wait()
                if sink is not None and not await _captured(sink, piece):
                    sink = None

    async def _speak(
        self, audio: AudioOutput, spoken: Inlet[str], sound: AsyncIterable[AudioFrame] | None
    ) -> None:
        try:
            if sound is None:
                await self._speak_text(audio, spoken)
            else:
                await self._play_sound(audio, sound)
            self._complete = True
        finally:
            audio.flush()
            if not self._captured:
                self._begun.set()
        await self._played(audio)

    async def _speak_text(self, audio: AudioOutput, spoken: Inlet[str]) -> None:
        if not await spoken.ready():
            return
        mouth = _Mouth(audio)
        async with closing(self._agent.tts_node(spoken, ModelSettings())) as parts:
            async for part in parts:
                frame = part if isinstance(part, AudioFrame) else self._timed(part)
                await self._capture(mouth, frame)
        await mouth.flush()

    async def _play_sound(self, audio: AudioOutput, sound: AsyncIterable[AudioFrame]) -> None:
        mouth = _Mouth(audio)
        node = self._agent.realtime_audio_output_node(sound, ModelSettings())
        async with closing(node) as frames:
            async for frame in frames:
                await self._capture(mouth, frame)
        await mouth.flush()

    async def _capture(self, mouth: _Mouth, frame: AudioFrame) -> None:
        if frame.samples_per_channel and not self._handle.interrupted:
            self._captured += frame.duration
            await mouth.capture(frame)

    def _timed(self, part: SynthesizedAudio) -> AudioFrame:
        if part.segment_id != self._segment:
            self._segment, self._segment_began = part.segment_id, self._captured
        self._words.extend(word.shifted(self._segment_began) for word in part.words)
        return part.frame

    def _begin(self) -> None:
        if not self._begun.is_set():
            self._begun.set()
            self._floor.feed(on.PlaybackStarted(at=self._floor.now, speech=self._handle.id))

    async def _played(self, audio: AudioOutput) -> PlaybackFinished:
        """The output's report; made up where it does not come in time."""
        if self._report is None:
            self._report = await self._wait_for_report(audio)
        return self._report

    async def _wait_for_report(self, audio: AudioOutput) -> PlaybackFinished:
        while True:
            late = self._captured + self._deadlines.playout
            if self._handle.interrupted:
                late = self._deadlines.interruption
            try:
                return await asyncio.wait_for(audio.wait_for_playout(), late)
            except TimeoutError:
                if self._floor.state.paused:
                    continue  # held, for as long as the user goes on
                logger.warning("%r did not say that a segment was played", audio)
                return PlaybackFinished(playback_position=0.0, interrupted=True)

    async def _account(self, error: Exception | None) -> Heard:
        text, interrupted = "".join(self._whole), self._handle.interrupted
        position = 0.0
        if self._audio is not None and self._captured:
            position = (await self._played(self._audio)).playback_position
        if self._text is not None and self._begun.is_set():
            self._text.flush()
        if self._audio is not None and (interrupted or error is not None):
            duration = self._captured if self._complete else None
            text = heard_text(text, position=position, duration=duration, words=self._words)
        return Heard(text=text, position=position, interrupted=interrupted, error=error)


class _Mouth:
    """An output that is given the rate it asks for."""

    def __init__(self, audio: AudioOutput) -> None:
        self._audio = audio
        rate = audio.sample_rate
        self._resampler = None if rate is None else MonoResampler(sample_rate=rate)

    async def capture(self, frame: AudioFrame) -> None:
        ready = (frame,) if self._resampler is None else self._resampler.push(frame)
        for each in ready:
            await self._audio.capture_frame(each)

    async def flush(self) -> None:
        for each in () if self._resampler is None else self._resampler.flush():
            await self._audio.capture_frame(each)


async def _fork(text: AsyncIterable[str], *ways: Inlet[str]) -> None:
    try:
        async with closing(text) as pieces:
            async for piece in pieces:
                for way in ways:
                    way.send(piece)
    finally:
        for way in ways:
            way.close()


async def _drain(sound: AsyncIterable[AudioFrame]) -> None:
    # Who makes it may wait for it to be read before going on with the text.
    async for _ in sound:
        pass


async def _captured(sink: TextOutput, piece: str) -> bool:
    """Whether it was shown: a transcript that fails does not silence the speech."""
    try:
        await sink.capture_text(piece)
    except Exception:
        logger.exception("%r failed: the rest of this speech is not shown", sink)
        return False
    return True


def _first(group: BaseExceptionGroup[Exception]) -> Exception:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
