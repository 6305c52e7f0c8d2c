"""An agent session that talks by OpenAI's realtime model: it hears, calls a tool, and answers."""

from __future__ import annotations

import asyncio

from agents_core.agent import Agent
from agents_core.audio import AudioFrame, silence
from agents_core.chat import ChatMessage
from agents_core.session import AgentSession, AudioInput, AudioOutput
from agents_core.testing.tones import read, speak
from agents_core.testing.vendor import Call, Reply
from agents_core.testing.watching import until
from agents_core.tools import function_tool
from agents_plugin_openai import RealtimeModel
from agents_plugins_test.vendors.openai import OpenAIServer

RATE = 16_000


class Microphone(AudioInput):
    """Hears what a test says, four times as fast as it is said, and silence else."""

    def __init__(self) -> None:
        self._waiting: list[AudioFrame] = []

    def say(self, text: str) -> None:
        """Let it hear `text`."""
        sound = speak(text, sample_rate=RATE).data
        size = RATE // 50 * 2
        self._waiting += [
            AudioFrame(sound[start : start + size], RATE) for start in range(0, len(sound), size)
        ]

    async def __anext__(self) -> AudioFrame:
        await asyncio.sleep(0.005)
        return self._waiting.pop(0) if self._waiting else silence(0.02, sample_rate=RATE)


class Loudspeaker(AudioOutput):
    """Has played a segment as soon as it is whole."""

    def __init__(self) -> None:
        super().__init__()
        self._playing: list[AudioFrame] = []
        self.played: list[str] = []

    async def capture_frame(self, frame: AudioFrame) -> None:
        """See `AudioOutput`."""
        await super().capture_frame(frame)
        if not self._playing:
            self.report_started()
        self._playing.append(frame)

    def flush(self) -> None:
        """See `AudioOutput`."""
        super().flush()
        self._end(interrupted=False)

    def clear_buffer(self) -> None:
        """See `AudioOutput`."""
        self._end(interrupted=True)

    def _end(self, *, interrupted: bool) -> None:
        frames, self._playing = self._playing, []
        if frames:
            self.played.append("".join(heard.text for heard in read(frames)))
            seconds = sum(frame.duration for frame in frames)
            self.report_finished(playback_position=seconds, interrupted=interrupted)


def test_a_user_is_heard_a_tool_is_called_and_the_answer_is_spoken() -> None:
    async def work() -> None:
        looked: list[str] = []

        @function_tool
        async def look_up(place: str) -> str:
            """Tells what is there."""
            looked.append(place)
            return "Six geese."

        async with OpenAIServer() as vendor, RealtimeModel(api_key="k", base_url=vendor.url) as llm:
            call = Call(name="look_up", arguments={"place": "pond"})
            vendor.will_answer(Reply(text="One moment.", calls=(call,)))
            session: AgentSession[None] = AgentSession(llm=llm, tools=[look_up])
            microphone, loudspeaker = Microphone(), Loudspeaker()
            session.input.audio, session.output.audio = microphone, loudspeaker
            await session.start(Agent(instructions="Be kind."))
            try:
                microphone.say("Who is there?")
                await until(lambda: len(loudspeaker.played) == 2, "two messages", within=8)
                messages = vendor.asked().messages
            finally:
                await session.aclose()

            assert looked == ["pond"]
            assert loudspeaker.played == ["One moment.", "Six geese."]
            assert messages[:5] == (
                ("system", "Be kind."),
                ("user", "Who is there?"),
                ("assistant", "One moment."),
                ("call", "look_up"),
                ("output", "Six geese."),
            )
            said = [
                (item.role, item.text_content)
                for item in session.history.items
                if isinstance(item, ChatMessage)
            ]
            assert said == [
                ("user", "Who is there?"),
                ("assistant", "One moment."),
                ("assistant", "Six geese."),
            ]

    asyncio.run(asyncio.wait_for(work(), 15))


def test_a_user_who_writes_is_answered() -> None:
    async def work() -> None:
        async with OpenAIServer() as vendor, RealtimeModel(api_key="k", base_url=vendor.url) as llm:
            session: AgentSession[None] = AgentSession(llm=llm)
            session.output.audio = loudspeaker = Loudspeaker()
            await session.start(Agent(instructions="Be kind."))
            try:
                await session.generate_reply(user_input="Hello.")
            finally:
                await session.aclose()
            assert loudspeaker.played == ["Hello."]

    asyncio.run(asyncio.wait_for(work(), 15))
