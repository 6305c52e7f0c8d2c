"""What every realtime model has to do."""

# ruff: noqa: D102 - the name of a test is its sentence

from __future__ import annotations

import asyncio
from functools import partial

from agents_core.audio import combine, silence
from agents_core.chat import ChatMessage, FunctionCallOutput
from agents_core.metrics import RealtimeModelMetrics
from agents_core.realtime import (
    GenerationCreatedEvent,
    InputTranscriptionCompleted,
    RealtimeEvent,
    RealtimeModel,
    RealtimeSession,
)
from agents_core.testing.conversing import echo, said_in
from agents_core.testing.demands import demand, demand_same
from agents_core.testing.dialogue import HISTORY, OTHER_WORDS, WORDS, conversation, parsed, tools
from agents_core.testing.feeding import cut_sound
from agents_core.testing.provider import demand_known
from agents_core.testing.realtime_failing import FailingRealtime
from agents_core.testing.suite import sentence
from agents_core.testing.vendor import Call, Reply
from agents_core.testing.watching import until

SPEECH: tuple[RealtimeEvent, ...] = (
    "input_speech_started",
    "input_speech_stopped",
    "generation_created",
)


class RealtimeSuite(FailingRealtime):
    """Sentences about a realtime model; `Suite` shows how to use it."""

    @sentence()
    async def test_it_says_who_answers(self, subject: RealtimeModel) -> None:
        demand_known(subject)

    @sentence()
    async def test_it_can_do_what_it_says(self, subject: RealtimeModel) -> None:
        told = subject.capabilities
        for name in (
            "turn_detection",
            "user_transcription",
            "message_truncation",
            "auto_tool_reply_generation",
            "audio_output",
        ):
            demand_same(getattr(told, name), getattr(self, name), f"capabilities.{name}")

    @sentence()
    async def test_a_reply_that_is_asked_for_is_made(self, subject: RealtimeModel) -> None:
        async with subject.session() as session:
            asked = session.generate_reply(instructions=echo(WORDS))
            event = await self.soon(asked, "the reply")
            answer = await self.soon(said_in(event), "the end of the reply")
        demand_same(self.spelled(answer.text, WORDS), WORDS, "the text of the reply")
        demand(event.user_initiated, "a reply that was asked for is said not to be")

    @sentence()
    async def test_each_answer_is_announced_once(self, subject: RealtimeModel) -> None:
        announced: list[GenerationCreatedEvent] = []
        async with subject.session() as session:
            session.on("generation_created", announced.append)
            events = []
            for words in (WORDS, OTHER_WORDS):
                event = await self.soon(session.generate_reply(instructions=echo(words)), words)
                await self.soon(said_in(event), "the end of the reply")
                events.append(event.response_id)
        demand_same([event.response_id for event in announced], events, "answers announced")
        demand_same(len(set(events)), len(events), "names of two answers")

    @sentence("audio_output")
    async def test_what_is_said_is_what_is_written(self, subject: RealtimeModel) -> None:
        async with subject.session() as session:
            answer = await self.ask(session, WORDS)
        heard = await self.understand(answer.sound, answer.text)
        demand_same(heard, answer.text, "the sound of the reply")

    @sentence()
    async def test_an_answer_begins_before_it_is_whole(self, subject: RealtimeModel) -> None:
        async with subject.session() as session:
            await self.ask(session, WORDS)
            self.vendor.hold()
            event = await self.soon(session.generate_reply(instructions=echo(WORDS)), "a reply")
            message = await self.soon(anext(aiter(event.message_stream)), "its message")
            first = await self.soon(anext(aiter(message.text_stream)), "the first of its text")
            self.vendor.release()
            rest = [text async for text in message.text_stream]
        demand_same("".join([first, *rest]), WORDS, "a reply that was held for a while")

    @sentence()
    async def test_two_at_once_do_not_mix(self, subject: RealtimeModel) -> None:
        async with subject.session() as one, subject.session() as other:
            answers = await asyncio.gather(self.ask(one, WORDS), self.ask(other, OTHER_WORDS))
        asked = [WORDS, OTHER_WORDS]
        said = [
            self.spelled(answer.text, words) for answer, words in zip(answers, asked, strict=True)
        ]
        demand_same(said, asked, "two conversations")

    @sentence("turn_detection")
    async def test_speech_is_noticed_in_order(self, subject: RealtimeModel) -> None:
        noticed: list[str] = []
        async with subject.session() as session:
            for name in SPEECH:
                session.on(name, partial(noticed.append, name))
            await self.speak(session, WORDS)
            await until(lambda: len(noticed) >= len(SPEECH), "an answer", within=self.patience)
        demand_same(tuple(noticed), SPEECH, "events around speech")

    @sentence("turn_detection")
    async def test_an_answer_follows_speech(self, subject: RealtimeModel) -> None:
        created: list[GenerationCreatedEvent] = []
        async with subject.session() as session:
            session.on("generation_created", created.append)
            await self.speak(session, echo(WORDS))
            await until(lambda: created, "an answer to speech", within=self.patience)
            answer = await self.soon(said_in(created[0]), "the end of the answer")
        demand_same(self.spelled(answer.text, WORDS), WORDS, "the answer to speech")
        demand(not created[0].user_initiated, "an answer to speech is said to be asked for")

    @sentence("user_transcription", "turn_detection")
    async def test_what_the_user_said_is_written_down(self, subject: RealtimeModel) -> None:
        finals: list[InputTranscriptionCompleted] = []
        async with subject.session() as session:
            session.on("input_audio_transcription_completed", finals.append)
            await self.speak(session, WORDS)
            await until(
                lambda: any(each.is_final for each in finals),
                "a final transcript",
                within=self.patience,
            )
        texts = [each.transcript for each in finals if each.is_final]
        demand_same([self.spelled(text, WORDS) for text in texts], [WORDS], "final transcripts")
        demand(all(each.item_id for each in finals), "a transcript of no item")

    @sentence()
    async def test_every_sample_reaches_the_vendor(self, subject: RealtimeModel) -> None:
        sound = combine([self.say(WORDS), silence(0.2503, sample_rate=self.sample_rate)])
        before = len(self.vendor.sound_received())
        async with subject.session() as session:
            await session.update_instructions("You are brief.")
            for frame in cut_sound(sound, samples=117):
                session.push_audio(frame)
            session.commit_audio()
            await self.ask(session, WORDS)
            received = self.vendor.sound_received()[before:]
        demand_same(len(received), len(sound.data), "bytes of sound that the vendor got")
        demand(received == sound.data, "the vendor got other sound than was pushed")

    @sentence()
    async def test_the_conversation_reaches_the_vendor(self, subject: RealtimeModel) -> None:
        chat_ctx = conversation().copy(exclude_instructions=True)
        async with subject.session() as session:
            await session.update_instructions(HISTORY[0][1])
            await session.update_tools(tools())
            await session.update_chat_ctx(chat_ctx)
            known = session.chat_ctx
            knows = "the vendor knows the conversation"  # not every protocol confirms it at once
            await until(
                lambda: self.vendor.asked().messages == HISTORY, knows, within=self.patience
            )
        demand_same(tuple(self.vendor.asked().tools), ("get_weather", "stop"), "tools told of")
        demand_same(len(known), len(chat_ctx), "items of the session's chat_ctx")

    @sentence("tools")
    async def test_a_tool_call_is_whole(self, subject: RealtimeModel) -> None:
        call = Call(name="get_weather", arguments={"city": "Zürich", "days": 3})
        self.vendor.will_answer(Reply(calls=(call,)))
        async with subject.session() as session:
            await session.update_tools(tools())
            answer = await self.ask(session, "the weather")
        demand_same([made.name for made in answer.calls], ["get_weather"], "tools called")
        [made] = answer.calls
        demand_same(parsed(made.arguments), dict(call.arguments), "the arguments")
        demand(made.call_id, "the call has no id")

    @sentence("tools")
    async def test_an_answer_follows_what_a_tool_said(self, subject: RealtimeModel) -> None:
        created: list[GenerationCreatedEvent] = []
        self.vendor.will_answer(Reply(calls=(Call(name="stop"),)))
        async with subject.session() as session:
            await session.update_tools(tools())
            [made] = (await self.ask(session, "stop")).calls
            session.on("generation_created", created.append)
            chat_ctx = session.chat_ctx
            chat_ctx.items.append(
                FunctionCallOutput(
                    call_id=made.call_id, name=made.name, output=echo(WORDS), is_error=False
                )
            )
            await session.update_chat_ctx(chat_ctx)
            if not self.auto_tool_reply_generation:
                _ = session.generate_reply()
            await until(lambda: created, "an answer after a tool", within=self.patience)
            answer = await self.soon(said_in(created[0]), "the end of the answer")
        demand_same(self.spelled(answer.text, WORDS), WORDS, "the answer to what the tool said")

    @sentence()
    async def test_an_interruption_ends_the_answer(self, subject: RealtimeModel) -> None:
        async with subject.session() as session:
            await self.ask(session, WORDS)
            self.vendor.hold()
            event = await self.soon(session.generate_reply(instructions=echo(WORDS)), "a reply")
            session.interrupt()
            self.vendor.release()
            cut = await self.soon(said_in(event), "the end of an interrupted reply")
            answer = await self.ask(session, OTHER_WORDS)
        demand(len(cut.text) < len(WORDS), "all of an interrupted reply was said")
        demand_same(answer.text, OTHER_WORDS, "the reply after the interruption")

    @sentence("message_truncation")
    async def test_what_was_not_heard_is_forgotten(self, subject: RealtimeModel) -> None:
        async with subject.session() as session:
            answer = await self.ask(session, WORDS)
            [message_id] = answer.message_ids
            session.truncate(message_id=message_id, audio_end_ms=120, audio_transcript="Six")
            await until(
                lambda: _text_of(session, message_id) == "Six",
                "the conversation is cut to what was heard",
                within=self.patience,
            )

    @sentence()
    async def test_each_answer_is_measured(self, subject: RealtimeModel) -> None:
        measured: list[RealtimeModelMetrics] = []
        async with subject.session() as session:
            session.on("metrics_collected", measured.append)
            await self.ask(session, WORDS)
            await until(lambda: measured, "metrics", within=self.patience)
        demand_same(len(measured), 1, "metrics of one answer")
        [metrics] = measured
        demand(isinstance(metrics, RealtimeModelMetrics), f"metrics are {metrics!r}")
        demand_same(metrics.label, subject.label, "label")
        times = (metrics.ttft, metrics.duration)
        demand(metrics.ttft is not None and 0 <= metrics.ttft <= metrics.duration, f"{times}")
        total = metrics.input_tokens + metrics.output_tokens
        demand(total > 0, "an answer that cost nothing")
        demand_same(metrics.total_tokens, total, "total_tokens")


def _text_of(session: RealtimeSession, message_id: str) -> str | None:
    item = session.chat_ctx.get_by_id(message_id)
    return item.text_content if isinstance(item, ChatMessage) else None
