"""A conversation between a user and agents: what an application holds in its hand."""

from __future__ import annotations

from collections.abc import AsyncIterable, Sequence
from functools import partial
from typing import TypeVar

from agents_core.agent import Agent, Components
from agents_core.agent.components import TurnDetection
from agents_core.audio import AudioFrame
from agents_core.chat import ChatMessage
from agents_core.llm import LLM, ToolChoice
from agents_core.realtime import RealtimeModel
from agents_core.session.conversation import Conversation
from agents_core.session.events import SpeechSource
from agents_core.session.life import SessionLife
from agents_core.session.options import SessionConnectOptions, SessionDeadlines, SessionOptions
from agents_core.session.prompt import Wish
from agents_core.session.reply import generate, say
from agents_core.session.run_result import RunResult
from agents_core.session.speech import SpeechHandle, Stopping
from agents_core.stt import STT
from agents_core.tools import FunctionTool
from agents_core.tts import TTS
from agents_core.turns import TurnOptions
from agents_core.turns import events as on
from agents_core.vad import VAD

U = TypeVar("U")


class AgentSession(SessionLife[U]):
    """What an application holds: start it, listen to its events, have it say things, close it.

    Emits the values of `agents_core.session.events` under the names of `SessionEvent`. All of it
    is called in one event loop.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each thing an application may decide
        self,
        *,
        stt: STT | None = None,
        llm: LLM | RealtimeModel | None = None,
        tts: TTS | None = None,
        vad: VAD | None = None,
        turn_detection: TurnDetection | None = None,
        tools: Sequence[FunctionTool] = (),
        userdata: U | None = None,
        allow_interruptions: bool = True,
        discard_audio_if_uninterruptible: bool = True,
        min_interruption_duration: float = 0.5,
        min_interruption_words: int = 0,
        min_endpointing_delay: float = 0.5,
        max_endpointing_delay: float = 6.0,
        false_interruption_timeout: float | None = 2.0,
        resume_false_interruption: bool = True,
        max_tool_steps: int = 3,
        preemptive_generation: bool = False,
        user_away_timeout: float | None = 15.0,
        conn_options: SessionConnectOptions | None = None,
        deadlines: SessionDeadlines | None = None,
    ) -> None:
        """Decide; `TurnOptions` and `SessionOptions` say what each means. Times are seconds.

        Raises:
            ValueError: a number that makes no sense.
        """
        turns = TurnOptions(
            discard_audio_if_uninterruptible=discard_audio_if_uninterruptible,
            min_interruption_duration=min_interruption_duration,
            min_interruption_words=min_interruption_words,
            min_endpointing_delay=min_endpointing_delay,
            max_endpointing_delay=max_endpointing_delay,
            false_interruption_timeout=false_interruption_timeout,
            resume_false_interruption=resume_false_interruption,
            preemptive_generation=preemptive_generation,
            user_away_timeout=user_away_timeout,
        )
        options = SessionOptions(
            turns=turns,
            allow_interruptions=allow_interruptions,
            max_tool_steps=max_tool_steps,
            conn_options=conn_options or SessionConnectOptions(),
            deadlines=deadlines or SessionDeadlines(),
        )
        parts = Components(
            stt=stt, llm=llm, tts=tts, vad=vad, turn_detection=turn_detection, tools=tuple(tools)
        )
        super().__init__(options=options, parts=parts, userdata=userdata)

    def say(
        self,
        text: str | AsyncIterable[str],
        *,
        audio: AsyncIterable[AudioFrame] | None = None,
        allow_interruptions: bool | None = None,
        add_to_chat_ctx: bool = True,
    ) -> SpeechHandle:
        """Say `text`, after what waits to be said; with its sound, where `audio` is given.

        Raises:
            RuntimeError: the session does not run, or is closing.
        """
        talk, handle = self._create("say", allow_interruptions)
        work = partial(say, talk, handle, text, sound=audio, remembered=add_to_chat_ctx)
        talk.queue.add(handle, work)
        return handle

    def generate_reply(
        self,
        *,
        user_input: str | ChatMessage | None = None,
        instructions: str | None = None,
        tool_choice: ToolChoice = "auto",
        allow_interruptions: bool | None = None,
    ) -> SpeechHandle:
        """Have the model say something, after what waits to be said.

        Args:
            user_input: what the user is taken to have said.
            instructions: for this reply alone, beside the agent's.
            tool_choice: for its first step.
            allow_interruptions: whether the user may stop it.

        Raises:
            RuntimeError: the session does not run, or is closing.
        """
        talk, handle = self._create("generate_reply", allow_interruptions)
        said = user_input
        if isinstance(said, str):
            said = ChatMessage(role="user", content=(said,))
        wish = Wish(instructions=instructions, tool_choice=tool_choice)
        talk.queue.add(handle, partial(generate, talk, handle, wish, said))
        return handle

    def run(self, *, user_input: str) -> RunResult:
        """Take `user_input` as said; the result is whole once nothing more comes of it.

        Raises:
            RuntimeError: another run is not over, or the session does not run.
        """
        talk = self._running
        if talk.run is not None and not talk.run.done():
            raise RuntimeError("another run is not over yet")
        talk.run = result = RunResult()
        talk.spawn(talk.finish_run(result, self.generate_reply(user_input=user_input)), "run")
        return result

    def interrupt(self, *, force: bool = False) -> Stopping:
        """Stop all that is said and waits to be, but for what may not be interrupted.

        It is told to stop at once; await the answer where it matters that it has.
        """
        talk = self._running
        talk.floor.feed(on.InterruptAsked(at=talk.floor.now, force=force))
        return Stopping(talk.queue.stopping)

    def commit_user_turn(self) -> None:
        """The user has finished: answer what they said, once its last words are there."""
        floor = self._running.floor
        floor.feed(on.CommitAsked(at=floor.now))

    def clear_user_turn(self) -> None:
        """Forget what the user said since their last turn."""
        talk = self._running
        talk.floor.feed(on.ClearAsked(at=talk.floor.now))
        if talk.shift.link is not None:
            talk.shift.link.clear()

    def update_agent(self, agent: Agent) -> None:
        """Let `agent` lead, once all that waits to be said was said."""
        self._running.hand_over(agent, first=False)

    def _create(
        self,
        source: SpeechSource,
        allow_interruptions: bool | None,  # noqa: FBT001 - private
    ) -> tuple[Conversation, SpeechHandle]:
        talk = self._running
        if talk.closing:
            raise RuntimeError("the session is closing: nothing more is said")
        handle = talk.create_speech(
            source, user_initiated=True, allow_interruptions=allow_interruptions
        )
        return talk, handle
