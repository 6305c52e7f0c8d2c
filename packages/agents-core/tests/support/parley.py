"""What tests of sessions talk with: a microphone and a loudspeaker without a room."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from agents_core.agent import Agent
from agents_core.audio import AudioFrame, silence
from agents_core.session import AgentSession, AudioInput, AudioOutput, TextOutput
from agents_core.testing.tones import read, speak

T = TypeVar("T")
RATE = 16_000


def run(work: Coroutine[Any, Any, T], *, within: float = 20.0) -> T:
    """Run a test's coroutine; no task of it may be left, and no test may hang."""

    async def bounded() -> T:
        async with asyncio.timeout(within):
            result = await work
        await asyncio.sleep(0)
        left = {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}
        assert not left, f"tasks are left: {left}"
        return result

    return asyncio.run(bounded())


async def until(condition: Callable[[], object], *, within: float = 10.0) -> None:
    """Wait until `condition` holds."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110 - tests look at anything
            await asyncio.sleep(0.005)


class Microphone(AudioInput):
    """Hears what a test says, in real time from the moment it is said, and silence else."""

    def __init__(self, *, pace: float = 1.0) -> None:
        self._pace = pace
        self._waiting: list[AudioFrame] = []
        self._due: float | None = None
        self.closed = False

    def say(self, text: str) -> None:
        sound = speak(text, sample_rate=RATE)
        size = RATE // 50 * 2
        for start in range(0, len(sound.data), size):
            self._waiting.append(AudioFrame(sound.data[start : start + size], RATE))

    def noise(self, seconds: float) -> None:
        # Loud enough for a `FakeVAD`, too low for a `FakeSTT`.
        hum = (b"\x00\x04" * 8 + b"\x00\xfc" * 8) * (RATE // 50 // 16)
        self._waiting.extend(AudioFrame(hum, RATE) for _ in range(round(seconds * 50)))

    async def __anext__(self) -> AudioFrame:
        loop = asyncio.get_running_loop()
        frame = self._waiting.pop(0) if self._waiting else silence(0.02, sample_rate=RATE)
        self._due = max(self._due or 0.0, loop.time()) + frame.duration / self._pace
        await asyncio.sleep(self._due - loop.time())
        return frame

    async def aclose(self) -> None:
        self.closed = True


class Loudspeaker(AudioOutput):
    """Plays by a clock, faster than real time; honest about what was played."""

    def __init__(self, *, pace: float = 10.0, can_pause: bool = False) -> None:
        super().__init__(sample_rate=None, can_pause=can_pause)
        self._pace = pace
        self._queue: asyncio.Queue[AudioFrame | None] = asyncio.Queue()
        self._running = asyncio.Event()
        self._running.set()
        self._cleared = False
        self._position = 0.0
        self._playing: asyncio.Task[None] | None = None
        self._segments: list[list[AudioFrame]] = [[]]
        self.positions: list[float] = []

    @property
    def text(self) -> str:
        """What was heard, of what is spelled in tones."""
        return "".join(stretch.text for segment in self._segments for stretch in read(segment))

    @property
    def played(self) -> list[AudioFrame]:
        """All that was heard."""
        return [frame for segment in self._segments for frame in segment]

    @property
    def playing(self) -> bool:
        return self._position > 0

    async def capture_frame(self, frame: AudioFrame) -> None:
        await super().capture_frame(frame)
        if self._playing is None:
            self._playing = asyncio.create_task(self._play(), name="loudspeaker")
        self._cleared = False
        self._queue.put_nowait(frame)

    def flush(self) -> None:
        if self._capturing:
            self._queue.put_nowait(None)
        super().flush()

    def clear_buffer(self) -> None:
        while not self._queue.empty():
            self._queue.get_nowait()
        if self._finished < self._captured:
            self._cleared = True
            self._end(interrupted=True)

    def pause(self) -> None:
        self._running.clear()

    def resume(self) -> None:
        self._running.set()

    async def aclose(self) -> None:
        if self._playing is not None:
            self._playing.cancel()
            await asyncio.wait({self._playing})

    async def _play(self) -> None:
        while True:
            frame = await self._queue.get()
            await self._running.wait()
            if self._cleared:
                continue
            if frame is None:
                self._end(interrupted=False)
                continue
            if not self._position:
                self.report_started()
            self._position += frame.duration
            self._segments[-1].append(frame)
            await asyncio.sleep(frame.duration / self._pace)

    def _end(self, *, interrupted: bool) -> None:
        position, self._position = self._position, 0.0
        self.positions.append(position)
        self._segments.append([])
        self.report_finished(playback_position=position, interrupted=interrupted)


class Page(TextOutput):
    """Where the agent's words are written."""

    def __init__(self) -> None:
        self.segments: list[str] = [""]

    async def capture_text(self, text: str) -> None:
        self.segments[-1] += text

    def flush(self) -> None:
        self.segments.append("")


class Minutes:
    """Everything that a session emits."""

    NAMES = (
        "user_input_transcribed",
        "agent_state_changed",
        "user_state_changed",
        "conversation_item_added",
        "function_tools_executed",
        "metrics_collected",
        "speech_created",
        "agent_false_interruption",
        "error",
        "close",
    )

    def __init__(self, session: AgentSession[Any]) -> None:
        self.all: list[tuple[str, Any]] = []
        for name in self.NAMES:
            session.on(name, self._noting(name))

    def _noting(self, name: str) -> Callable[[Any], None]:
        return lambda event: self.all.append((name, event))

    def of(self, name: str) -> list[Any]:
        return [event for each, event in self.all if each == name]


@contextlib.asynccontextmanager
async def started(session: AgentSession[Any], agent: Agent) -> AsyncIterator[AgentSession[Any]]:
    """A session that runs while inside, and is closed."""
    await session.start(agent)
    try:
        yield session
    finally:
        await session.aclose()


def said(session: AgentSession[Any], *roles: str) -> list[str]:
    """The texts of the history's messages, of these roles or of all."""
    return [
        message.text_content or ""
        for message in session.history.messages()
        if not roles or message.role in roles
    ]


Waiting = Callable[[], Awaitable[object]]
