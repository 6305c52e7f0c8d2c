"""A conversation by voice: tones in, tones out, without a room."""

# ruff: noqa: ANN401 - what is overridden takes what it is given

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from parley import Loudspeaker, Microphone, Minutes, Page, run, said, until

from agents_core.agent import Agent
from agents_core.audio import AudioFrame
from agents_core.chat import ChatContext
from agents_core.errors import APIError
from agents_core.session import AgentSession, CloseReason, SessionConnectOptions, SessionDeadlines
from agents_core.testing.fakes import Call, FakeLLM, FakeSTT, FakeTTS, FakeVAD, Line, Said
from agents_core.testing.tones import speak
from agents_core.tools import function_tool
from agents_core.turns.effects import UserState

LONG = "one two three four five six seven eight nine ten eleven twelve"


@dataclass
class Table:
    session: AgentSession[Any]
    microphone: Microphone
    loudspeaker: Loudspeaker
    page: Page
    minutes: Minutes


@contextlib.asynccontextmanager
async def talking(
    agent: Agent | None = None,
    lines: tuple[Line, ...] = (Line(say="good"),),
    *,
    can_pause: bool = True,
    pace: float = 4.0,
    mouth: float = 4.0,
    **options: Any,
) -> AsyncIterator[Table]:
    """A session with everything; its clocks run faster than a person's."""
    options = {
        "stt": FakeSTT(),
        "llm": FakeLLM(lines),
        "tts": FakeTTS(),
        "vad": FakeVAD(min_silence_duration=0.2),
        "min_endpointing_delay": 0.1,
        "max_endpointing_delay": 0.5,
        "min_interruption_duration": 0.05,
        "false_interruption_timeout": 0.4,
        "user_away_timeout": None,
        **options,
    }
    session: AgentSession[Any] = AgentSession(**options)
    microphone = Microphone(pace=pace)
    loudspeaker = Loudspeaker(pace=mouth, can_pause=can_pause)
    page = Page()
    minutes = Minutes(session)
    session.input.audio, session.output.audio = microphone, loudspeaker
    session.output.text = page
    await session.start(agent or Agent(instructions=""))
    try:
        yield Table(session, microphone, loudspeaker, page, minutes)
    finally:
        await session.aclose()
        await loudspeaker.aclose()


def test_what_the_user_says_is_answered_aloud() -> None:
    async def work() -> None:
        async with talking(lines=(Line(when="^hello$", say="good day"),)) as table:
            table.microphone.say("hello")
            await until(lambda: said(table.session) == ["hello", "good day"])
            await until(lambda: table.session.agent_state == "listening")
            assert table.loudspeaker.text == "good day"
            assert table.page.segments[0] == "good day"
            states = [str(event.new_state) for event in table.minutes.of("agent_state_changed")]
            assert states == ["listening", "thinking", "speaking", "listening"]
            finals = [
                e.transcript for e in table.minutes.of("user_input_transcribed") if e.is_final
            ]
            assert finals == ["hello"]
            measured = {type(e.metrics).__name__ for e in table.minutes.of("metrics_collected")}
            assert {"LLMMetrics", "TTSMetrics", "EOUMetrics"} <= measured

    run(work())


def test_a_user_who_speaks_cuts_the_agent_short_and_only_what_was_heard_is_remembered() -> None:
    async def work() -> None:
        async with talking(lines=(Line(when="stop", say="ok"), Line(say=LONG))) as table:
            handle = table.session.generate_reply(user_input="count")
            await until(lambda: table.loudspeaker.playing)
            table.microphone.say("stop")
            await until(handle.done)
            position = table.loudspeaker.positions[0]
            await until(lambda: said(table.session)[-1] == "ok")
            [_, counted, asked, answer] = table.session.history.messages()
            assert counted.interrupted
            assert counted.text_content
            assert LONG.startswith(counted.text_content)
            assert len(counted.text_content) < len(LONG)
            # A letter takes 0.04 s: no word is remembered that had not begun.
            begun = counted.text_content.rfind(" ") + 1
            assert begun * 0.04 <= position + 0.05
            assert (asked.text_content, answer.text_content) == ("stop", "ok")
            assert not answer.interrupted

    run(work())


def test_a_noise_holds_the_agent_and_lets_it_go_on() -> None:
    async def work() -> None:
        async with talking(lines=(Line(say=LONG),)) as table:
            handle = table.session.generate_reply(user_input="count")
            await until(lambda: table.loudspeaker.playing)
            table.microphone.noise(0.3)
            await until(lambda: table.minutes.of("agent_false_interruption"))
            assert table.minutes.of("agent_false_interruption")[0].resumed
            await handle
            assert not handle.interrupted
            assert table.loudspeaker.text == LONG
            assert said(table.session, "assistant") == [LONG]

    run(work())


def test_where_the_output_cannot_pause_a_noise_interrupts_and_the_application_is_told() -> None:
    async def work() -> None:
        async with talking(lines=(Line(say=LONG),), can_pause=False) as table:
            handle = table.session.generate_reply(user_input="count")
            await until(lambda: table.loudspeaker.playing)
            table.microphone.noise(0.3)
            await until(lambda: table.minutes.of("agent_false_interruption"))
            assert not table.minutes.of("agent_false_interruption")[0].resumed
            await handle
            assert handle.interrupted

    run(work())


def test_what_may_not_be_interrupted_is_not_and_the_user_is_not_listened_to() -> None:
    async def work() -> None:
        async with talking() as table:
            handle = table.session.say(LONG, allow_interruptions=False)
            await until(lambda: table.loudspeaker.playing)
            table.microphone.say("stop")
            await handle
            assert not handle.interrupted
            assert table.loudspeaker.text == LONG
            assert table.minutes.of("user_input_transcribed") == []
            with pytest.raises(RuntimeError, match="interruptions"):
                table.session.say("x", allow_interruptions=False).interrupt()

    run(work())


def test_an_answer_that_was_begun_early_is_the_one_that_is_given() -> None:
    async def work() -> None:
        llm = FakeLLM([Line(say="early")])
        async with talking(llm=llm, preemptive_generation=True) as table:
            table.microphone.say("hello")
            await until(lambda: said(table.session) == ["hello", "early"])
            assert llm.vendor.requests() == 1

    run(work())


def test_an_answer_that_was_begun_early_is_thrown_away_where_the_agent_knows_better() -> None:
    class Knowing(Agent):
        async def on_user_turn_completed(self, turn_ctx: ChatContext, new_message: Any) -> None:
            turn_ctx.add_message(role="system", content="be brief")

    async def work() -> None:
        llm = FakeLLM([Line(say="well")])
        async with talking(Knowing(instructions=""), llm=llm, preemptive_generation=True) as table:
            table.microphone.say("hello")
            await until(lambda: said(table.session) == ["hello", "well"])
            assert llm.vendor.requests() == 2

    run(work())


def test_a_turn_detector_that_expects_more_makes_the_agent_wait() -> None:
    class Detector:
        def __init__(self) -> None:
            self.asked: list[str] = []

        async def unlikely_threshold(self, language: str) -> float | None:
            return 0.5

        async def predict_end_of_turn(self, chat_ctx: ChatContext, *, timeout: float) -> float:
            self.asked.append(chat_ctx.messages()[-1].text_content or "")
            return 0.1

    async def work() -> None:
        detector = Detector()
        async with talking(turn_detection=detector, max_endpointing_delay=0.6) as table:
            table.microphone.say("and")
            await until(lambda: said(table.session) == ["and", "good"])
            assert detector.asked == ["and"]
            [eou] = [
                event.metrics
                for event in table.minutes.of("metrics_collected")
                if type(event.metrics).__name__ == "EOUMetrics"
            ]
            assert eou.end_of_utterance_delay >= 0.6

    run(work())


def test_the_application_ends_a_turn() -> None:
    async def work() -> None:
        async with talking(turn_detection="manual") as table:
            table.microphone.say("hello")
            await until(lambda: table.minutes.of("user_input_transcribed"))
            table.session.commit_user_turn()
            await until(lambda: said(table.session) == ["hello", "good"])

    run(work())


def test_what_the_application_clears_is_not_answered() -> None:
    async def work() -> None:
        async with talking(min_endpointing_delay=0.5, max_endpointing_delay=1.0) as table:
            table.microphone.say("hello")
            await until(lambda: any(e.is_final for e in table.minutes.of("user_input_transcribed")))
            table.session.clear_user_turn()
            table.microphone.say("goodbye")
            await until(lambda: said(table.session) == ["goodbye", "good"])

    run(work())


def test_a_user_who_says_nothing_is_away() -> None:
    async def work() -> None:
        async with talking(user_away_timeout=0.1) as table:
            await until(lambda: table.session.user_state is UserState.AWAY)
            table.microphone.say("hello")
            await until(lambda: table.session.user_state is UserState.SPEAKING)

    run(work())


def test_sound_of_the_applications_own_is_played_with_its_text() -> None:
    async def recorded() -> AsyncIterator[AudioFrame]:
        yield speak("beep", sample_rate=24000)

    async def work() -> None:
        tts = FakeTTS()
        async with talking(tts=tts) as table:
            await table.session.say("a beep", audio=recorded())
            assert table.loudspeaker.text == "beep"
            assert said(table.session) == ["a beep"]
            assert tts.vendor.requests() == 0

    run(work())


def test_speeches_are_heard_one_after_another() -> None:
    async def work() -> None:
        async with talking() as table:
            handles = [table.session.say(f"{word} ") for word in ("one", "two", "three")]
            for handle in handles:
                await handle
            assert table.loudspeaker.text.split() == ["one", "two", "three"]

    run(work())


def test_a_text_without_a_voice_is_shown_all_the_same() -> None:
    async def work() -> None:
        async with talking(tts=None) as table:
            await table.session.say("hello")
            assert table.page.segments[0] == "hello"
            assert table.loudspeaker.played == []

    run(work())


def test_a_voice_that_fails_fails_the_speech_and_not_the_session() -> None:
    async def work() -> None:
        class Mute(Agent):
            async def tts_node(self, text: Any, model_settings: Any) -> Any:
                raise APIError("no voice", retryable=False)
                yield

        async with talking(Mute(instructions="")) as table:
            handle = table.session.say("hello")
            await handle
            assert isinstance(handle.exception(), APIError)
            assert said(table.session) == []
            [error] = table.minutes.of("error")
            assert not error.recoverable
            assert table.minutes.of("close") == []

    run(work())


def test_an_output_that_never_says_it_played_is_not_waited_for_for_ever() -> None:
    class Dead(Loudspeaker):
        def report_finished(self, *, playback_position: float, interrupted: bool) -> None:
            pass

    async def work() -> None:
        session: AgentSession[Any] = AgentSession(
            tts=FakeTTS(), deadlines=SessionDeadlines(playout=0.2, interruption=0.2)
        )
        dead = Dead(pace=20.0)
        session.output.audio = dead
        await session.start(Agent(instructions=""))
        await session.say("hi")
        await session.aclose()
        await dead.aclose()

    run(work(), within=10)


def test_a_transcriber_that_fails_is_begun_anew_and_in_the_end_given_up() -> None:
    class Deaf(Agent):
        def __init__(self) -> None:
            super().__init__(instructions="")
            self.tries = 0

        async def stt_node(self, audio: Any, model_settings: Any) -> Any:
            self.tries += 1
            raise APIError("no ears", retryable=False)
            yield

    async def work() -> None:
        agent = Deaf()
        options = SessionConnectOptions(max_unrecoverable_errors=1)
        async with talking(agent, conn_options=options) as table:
            await until(lambda: table.minutes.of("close"))
            assert agent.tries == 2
            assert table.minutes.of("close")[0].reason is CloseReason.ERROR

    run(work())


def test_the_input_may_be_changed_while_talking() -> None:
    async def work() -> None:
        async with talking() as table:
            table.session.input.audio = None
            table.microphone.say("hello")
            await asyncio.sleep(0.2)
            assert table.minutes.of("user_input_transcribed") == []
            table.session.input.audio = table.microphone
            await until(lambda: said(table.session) == ["hello", "good"])

    run(work())


def test_a_transcriber_of_whole_recordings_is_helped_by_the_voice_detection() -> None:
    async def work() -> None:
        async with talking(stt=FakeSTT(streaming=False)) as table:
            table.microphone.say("hello")
            await until(lambda: said(table.session) == ["hello", "good"])

    run(work())


def test_the_transcriber_may_say_where_turns_end() -> None:
    async def work() -> None:
        async with talking(vad=None) as table:
            table.microphone.say("hello")
            await until(lambda: said(table.session) == ["hello", "good"])

    run(work())


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        pytest.param({"turn_detection": "vad"}, "needs a vad", id="vad"),
        pytest.param({"turn_detection": "stt"}, "needs an stt", id="stt"),
        pytest.param({"turn_detection": "realtime_llm"}, "realtime model", id="realtime"),
        pytest.param({"turn_detection": "guess"}, "guess", id="nonsense"),
    ],
)
def test_turns_that_nobody_can_detect_are_refused_at_the_start(
    options: dict[str, Any], missing: str
) -> None:
    async def work() -> None:
        session: AgentSession[Any] = AgentSession(**options)
        with pytest.raises(ValueError, match=missing):
            await session.start(Agent(instructions=""))

    run(work())


def test_a_tool_is_thought_about_between_what_is_said() -> None:
    @function_tool
    async def look_up() -> str:
        """Looks something up."""
        await asyncio.sleep(0.05)
        return "found"

    async def work() -> None:
        calls = (Call(name="look_up", arguments={}),)
        lines = (Line(when="find", say="wait", calls=calls), Line(say="here"))
        async with talking(lines=lines, tools=[look_up]) as table:
            await table.session.generate_reply(user_input="find it")
            states = [str(event.new_state) for event in table.minutes.of("agent_state_changed")]
            assert states[1:] == ["thinking", "speaking", "thinking", "speaking", "listening"]

    run(work())


def test_the_script_of_a_transcriber_is_followed() -> None:
    async def work() -> None:
        stt = FakeSTT([Said(text="how are you", after=0.1)])
        async with talking(stt=stt) as table:
            table.microphone.noise(0.3)
            await until(lambda: said(table.session) == ["how are you", "good"])

    run(work())
