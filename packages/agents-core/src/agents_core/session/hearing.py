"""What the user says: sound to everyone who listens, and what they make of it to the floor."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from agents_core.agent import Agent, ModelSettings
from agents_core.audio import AudioFrame
from agents_core.session.events import UserInputTranscribedEvent
from agents_core.session.flows import cancel_and_wait, closing
from agents_core.session.io import AudioInput
from agents_core.streams import Inlet
from agents_core.stt import SpeechData, SpeechEvent, SpeechEventType
from agents_core.turns import Detection
from agents_core.turns import events as on
from agents_core.turns.events import TranscriptKind
from agents_core.vad import VADEventType, VADStream

if TYPE_CHECKING:
    from agents_core.session.conversation import Conversation

logger = logging.getLogger("agents_core.session.hearing")

_BREATH = 0.1
"""Seconds before a transcriber is begun anew, so that one that fails at once does not spin."""
_KINDS = {
    SpeechEventType.INTERIM_TRANSCRIPT: TranscriptKind.INTERIM,
    SpeechEventType.PREFLIGHT_TRANSCRIPT: TranscriptKind.PREFLIGHT,
    SpeechEventType.FINAL_TRANSCRIPT: TranscriptKind.FINAL,
}


class Hearing:
    """One agent's ears: voice detection and transcriber, over whatever input the session has."""

    def __init__(self, talk: Conversation, agent: Agent, detection: Detection) -> None:
        self._talk = talk
        self._agent = agent
        self._detection = detection
        self._discarding = False
        self._closed = False
        self._listeners: list[Callable[[AudioFrame], object]] = []
        self._reading: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._vad: VADStream | None = None
        self.language = ""
        """That the user last spoke, as the transcriber calls it."""

    def start(self, also: Callable[[AudioFrame], object] | None = None) -> None:
        """Listen; `also` hears every frame."""
        if also is not None:
            self._listeners.append(also)
        parts = self._agent.components
        if parts.vad is not None:
            self._vad = parts.vad.stream()
            self._listeners.append(self._vad.push_frame)
            self._spawn(self._detect(self._vad), "voice detection")
        if self._agent.transcribes:
            self._spawn(self._transcribe(), "transcriber")
        self.listen_to(self._talk.input.audio)

    def listen_to(self, source: AudioInput | None) -> None:
        """Hear `source` from now on, and no other."""
        if self._reading is not None:
            self._reading.cancel()
        self._reading = None
        if source is not None and not self._closed:
            self._reading = asyncio.create_task(self._read(source), name="audio input")
            self._tasks.append(self._reading)

    def discard(self, discard: bool) -> None:  # noqa: FBT001 - as the effect says it
        """Hear nothing until told otherwise; what was half heard is heard no more."""
        self._discarding = discard
        if discard and self._vad is not None:
            self._vad.flush()

    async def aclose(self) -> None:
        """Stop listening; every stream is closed when this returns."""
        self._closed = True
        within = self._talk.options.deadlines.io
        late = await cancel_and_wait(*self._tasks, within=within)
        if late:
            logger.warning("still running: %s", ", ".join(late))
        if self._vad is not None:
            await self._vad.aclose()

    def _spawn(self, work: Any, name: str) -> None:  # noqa: ANN401 - any coroutine
        self._tasks.append(asyncio.create_task(work, name=name))

    async def _read(self, source: AudioInput) -> None:
        try:
            async for frame in source:
                if not self._discarding:
                    for listener in self._listeners:
                        listener(frame)
        except Exception as error:
            logger.exception("the audio input failed")
            self._talk.fail(error, source)

    async def _detect(self, stream: VADStream) -> None:
        try:
            async for event in stream:
                if event.type is VADEventType.START_OF_SPEECH:
                    self._started(Detection.VAD, ago=event.speech_duration)
                elif event.type is VADEventType.END_OF_SPEECH:
                    self._stopped(Detection.VAD, ago=event.silence_duration)
        except Exception as error:
            # No second try is made of what lives in this process.
            logger.exception("voice detection failed")
            self._talk.fail(error, self._agent.components.vad)

    async def _transcribe(self) -> None:
        audio: Inlet[AudioFrame] = Inlet(remembers=False)
        self._listeners.append(audio.send)
        while not self._talk.closing and await audio.ready():  # nobody is connected to for nothing
            try:
                async with closing(self._agent.stt_node(audio, ModelSettings())) as events:
                    async for event in events:
                        self._talk.failures.succeeded(self._agent.components.stt)
                        self._hear(event)
            except Exception as error:  # its tries are used up: begin anew, until that is too much
                logger.exception("the transcriber failed")
                self._talk.count_failure(error, self._agent.components.stt)
                await asyncio.sleep(_BREATH)
            else:
                return  # the node has come to its end: there is nothing more to hear

    def _hear(self, event: SpeechEvent | str) -> None:
        if isinstance(event, str):
            self._understand(SpeechData(text=event), TranscriptKind.FINAL)
        elif event.type is SpeechEventType.START_OF_SPEECH:
            self._started(Detection.STT)
        elif event.type is SpeechEventType.END_OF_SPEECH:
            self._stopped(Detection.STT)
        elif event.type in _KINDS and event.alternatives:
            self._understand(event.alternatives[0], _KINDS[event.type])

    def _understand(self, data: SpeechData, kind: TranscriptKind) -> None:
        floor = self._talk.floor
        self.language = data.language or self.language
        if floor.state.options.transcribed:
            floor.feed(on.Transcript(at=floor.now, text=data.text, kind=kind))
        self._talk.emit(
            "user_input_transcribed",
            UserInputTranscribedEvent(
                transcript=data.text,
                is_final=kind is TranscriptKind.FINAL,
                language=data.language,
                speaker_id=data.speaker_id,
            ),
        )

    def _started(self, by: Detection, *, ago: float = 0.0) -> None:
        if self._told_by(by):
            self._talk.floor.feed(on.UserStarted(at=self._talk.floor.now, ago=ago))

    def _stopped(self, by: Detection, *, ago: float = 0.0) -> None:
        if self._told_by(by):
            self._talk.floor.feed(on.UserStopped(at=self._talk.floor.now, ago=ago))

    def _told_by(self, by: Detection) -> bool:
        """Whether it is for `by` to say when the user speaks."""
        if self._detection is Detection.MANUAL:
            return by is Detection.VAD
        return by is self._detection
