"""Google's realtime models, against a server that speaks their protocol."""

from __future__ import annotations

import base64
from typing import Any

from agents_core import APIConnectionError, APIError, APIStatusError
from agents_core.audio import silence
from agents_core.chat import ChatContext, ChatMessage, FunctionCallOutput
from agents_core.metrics import RealtimeModelMetrics
from agents_core.realtime import GenerationCreatedEvent, RealtimeSession
from agents_core.streams import PortError
from agents_core.testing.conversing import echo, said_in
from agents_core.testing.demands import demand, demand_same
from agents_core.testing.dialogue import OTHER_WORDS, WORDS, tools
from agents_core.testing.feeding import cut_sound
from agents_core.testing.realtime import RealtimeSuite
from agents_core.testing.suite import sentence
from agents_core.testing.vendor import Call, Reply
from agents_core.testing.watching import until
from agents_plugin_google import RealtimeModel
from agents_plugins_test.vendors.google import GoogleServer

_BY_HAND = {"automatic_activity_detection": {"disabled": True}}


class TestRealtimeModel(RealtimeSuite):
    message_truncation = False
    auto_tool_reply_generation = True
    sample_rate = 16_000
    vendor: GoogleServer

    def open_vendor(self) -> GoogleServer:
        return GoogleServer(api_key=self.secret)

    def create(self, vendor: GoogleServer) -> RealtimeModel:
        return _model(self, vendor)

    @sentence()
    async def test_what_differs_before_its_end_is_told_anew(self, subject: RealtimeModel) -> None:
        async with subject.session() as session:
            await self.ask(session, WORDS)
            await until(lambda: self._resumable(session), "a handle", within=self.patience)
            await session.update_chat_ctx(_said("Be brief.", "Hello.", "Are you there?"))
            expected = (("system", "Be brief."), ("user", "Hello."), ("user", "Are you there?"))
            await self._told(expected)
        [_, setup] = self.vendor.setups
        demand_same(setup["sessionResumption"], {}, "how it goes on")

    @sentence()
    async def test_a_change_of_instructions_keeps_the_conversation(
        self, subject: RealtimeModel
    ) -> None:
        async with subject.session() as session:
            await self.ask(session, WORDS)
            await until(lambda: self._resumable(session), "a handle", within=self.patience)
            await session.update_instructions("You are brief.")
            answer = await self.ask(session, OTHER_WORDS)
        [_, setup] = self.vendor.setups
        demand_same(setup["sessionResumption"], {"handle": "handle-0"}, "how it goes on")
        demand_same(answer.text, OTHER_WORDS, "the answer")
        demand_same(
            [message for message in self.vendor.asked().messages if message[0] != "user"],
            [("system", "You are brief."), ("assistant", WORDS)],
            "what the model knows",
        )

    @sentence()
    async def test_a_conversation_that_cannot_be_resumed_is_told_anew(
        self, subject: RealtimeModel
    ) -> None:
        async with subject.session() as session:
            await self.ask(session, WORDS)
            await until(lambda: self._resumable(session), "a handle", within=self.patience)
            self.vendor.memories.clear()
            errors = _errors(session)
            await session.update_instructions("You are brief.")
            await self._told((("system", "You are brief."), ("assistant", WORDS)))
        demand_same([error.recoverable for error in errors], [True], "recoverable of the errors")

    @sentence()
    async def test_a_connection_that_google_closes_soon_is_made_anew(
        self, subject: RealtimeModel
    ) -> None:
        async with subject.session() as session:
            errors = _errors(session)
            await self.ask(session, WORDS)
            await self.vendor.go_away()
            await until(lambda: len(self.vendor.setups) > 1, "again", within=self.patience)
            answer = await self.ask(session, OTHER_WORDS)
        demand_same((answer.text, errors), (OTHER_WORDS, []), "the answer, and errors")

    @sentence()
    async def test_a_connection_that_google_said_it_would_close_is_no_error(
        self, subject: RealtimeModel
    ) -> None:
        async with subject.session() as session:
            errors = _errors(session)
            self.vendor.hold()
            await self.soon(session.generate_reply(instructions=echo(WORDS)), "a reply")
            await self.vendor.go_away()
            await self.vendor.go_away(at_once=True)
            await until(lambda: len(self.vendor.setups) > 1, "again", within=self.patience)
            self.vendor.release()
            answer = await self.ask(session, OTHER_WORDS)
        demand_same((answer.text, errors), (OTHER_WORDS, []), "the answer, and errors")

    @sentence()
    async def test_what_google_would_not_take_is_final(self, subject: RealtimeModel) -> None:
        subject.update_options(realtime_input_config={"nonsense": True})
        async with subject.session() as session:
            errors = _errors(session)
            asked = session.generate_reply()
            await until(asked.done, "the failure", within=self.patience)
        error = asked.exception()
        demand(isinstance(error, APIStatusError), f"the reply failed with {error!r}")
        demand_same([each.recoverable for each in errors], [False], "recoverable")

    @sentence()
    async def test_the_user_interrupts_an_answer(self, subject: RealtimeModel) -> None:
        noticed: list[str] = []
        async with subject.session() as session:
            session.on("input_speech_started", lambda: noticed.append("started"))
            self.vendor.hold()
            event = await self.soon(session.generate_reply(instructions=echo(WORDS)), "a reply")
            await self.speak(session, OTHER_WORDS)
            answer = await self.soon(said_in(event), "the end of an interrupted answer")
            self.vendor.release()
            await until(lambda: noticed, "speech", within=self.patience)
        demand(len(answer.text) < len(WORDS), "all of an interrupted answer was said")
        items = [item for item in session.chat_ctx.items if isinstance(item, ChatMessage)]
        demand(items[0].interrupted, "the record says that it was heard")

    @sentence()
    async def test_no_tool_is_called_where_none_may_be(self, subject: RealtimeModel) -> None:
        self.vendor.will_answer(Reply(calls=(Call(name="stop"),)))
        self.vendor.will_answer(Reply(text=WORDS))
        async with subject.session() as session:
            await session.update_tools(tools())
            session.update_options(tool_choice="none")
            answer = await self.ask(session, "stop")
            try:
                session.update_options(tool_choice="required")
            except APIError as error:
                demand(not error.retryable, "what cannot be done is said to be retryable")
            else:
                demand(truth=False, words="a choice that Google does not know was taken")
        demand_same((answer.text, answer.calls), (WORDS, ()), "the answer")

    @sentence()
    async def test_a_tool_may_fail(self, subject: RealtimeModel) -> None:
        self.vendor.will_answer(Reply(calls=(Call(name="stop"), Call(name="stop"))))
        created: list[GenerationCreatedEvent] = []
        async with subject.session() as session:
            await session.update_tools(tools())
            calls = (await self.ask(session, "stop")).calls
            session.on("generation_created", created.append)
            chat_ctx = session.chat_ctx
            for call, failed in zip(calls, (False, True), strict=True):
                made = {"call_id": call.call_id, "name": call.name}
                output = FunctionCallOutput(output=f"{failed}", is_error=failed, **made)
                chat_ctx.items.append(output)
            await session.update_chat_ctx(chat_ctx)
            await until(lambda: created, "an answer after tools", within=self.patience)
        [response] = [m["toolResponse"] for m in self.vendor.said_by_clients if "toolResponse" in m]
        told = [each["response"] for each in response["functionResponses"]]
        demand_same(told, [{"output": "False"}, {"error": "True"}], "what tools said")

    @sentence()
    async def test_what_a_tool_said_after_the_connection_was_lost_is_told(
        self, subject: RealtimeModel
    ) -> None:
        self.vendor.will_answer(Reply(calls=(Call(name="stop"),)))
        created: list[GenerationCreatedEvent] = []
        again: list[object] = []
        async with subject.session() as session:
            session.on("session_reconnected", again.append)
            await session.update_tools(tools())
            [call] = (await self.ask(session, "stop")).calls
            await self.vendor.go_away(at_once=True)
            await until(lambda: again, "session_reconnected", within=self.patience)
            session.on("generation_created", created.append)
            chat_ctx = session.chat_ctx
            output = {"call_id": call.call_id, "name": call.name, "is_error": False}
            chat_ctx.items.append(FunctionCallOutput(output=echo(WORDS), **output))
            await session.update_chat_ctx(chat_ctx)
            await until(lambda: created, "an answer after a tool", within=self.patience)
            answer = await self.soon(said_in(created[0]), "the end of the answer")
        demand_same(answer.text, WORDS, "the answer to what the tool said")

    @sentence()
    async def test_a_question_that_is_taken_back_is_not_answered(
        self, subject: RealtimeModel
    ) -> None:
        created: list[GenerationCreatedEvent] = []
        async with subject.session() as session:
            session.on("generation_created", created.append)
            await self.ask(session, WORDS)
            for _ in range(2):  # one that is asked already, and one that waits
                session.generate_reply(instructions=echo(WORDS)).cancel()
            answer = await self.ask(session, OTHER_WORDS)
        demand_same((answer.text, len(created)), (OTHER_WORDS, 2), "the answer, and how many")

    @sentence()
    async def test_an_answer_says_what_it_cost(self, subject: RealtimeModel) -> None:
        measured: list[RealtimeModelMetrics] = []
        async with subject.session() as session:
            session.on("metrics_collected", measured.append)
            await self.ask(session, WORDS)
            await until(lambda: measured, "metrics", within=self.patience)
        [metrics] = measured
        demand_same(
            (metrics.input_audio_tokens, metrics.output_audio_tokens, metrics.provider),
            (9, 6, "Gemini"),
            "sound in, sound out, provider",
        )

    @sentence()
    async def test_a_picture_is_shown(self, subject: RealtimeModel) -> None:
        async with subject.session() as session:
            session.push_video(b"a picture", mime_type="image/jpeg")
            await self.ask(session, WORDS)
        data = base64.b64encode(b"a picture").decode()
        shown = {"realtimeInput": {"video": {"data": data, "mimeType": "image/jpeg"}}}
        demand(shown in self.vendor.said_by_clients, "the picture did not come")

    @sentence()
    async def test_a_closed_conversation_says_so(self, subject: RealtimeModel) -> None:
        session = subject.session()
        await self.ask(session, WORDS)
        await subject.aclose()
        asked = session.generate_reply()
        session.push_audio(silence(0.2, sample_rate=16_000))
        await until(asked.done, "the failure", within=self.patience)
        demand(isinstance(asked.exception(), APIConnectionError), f"{asked.exception()!r}")

    @sentence()
    async def test_a_defect_is_told_to_who_listens(self, subject: RealtimeModel) -> None:
        subject.update_options(media_resolution=object())  # which JSON does not know
        async with subject.session() as session:
            errors = _errors(session)
            asked = session.generate_reply()
            await until(asked.done, "the failure", within=self.patience)
        demand(isinstance(asked.exception(), APIError), f"{asked.exception()!r}")
        demand_same([error.recoverable for error in errors], [False], "recoverable")

    @sentence()
    async def test_truncation_is_not_to_be_had(self, subject: RealtimeModel) -> None:
        async with subject.session() as session:
            try:
                session.truncate(message_id="1", audio_end_ms=100)
            except APIError as error:
                demand(not error.retryable, "what cannot be done is said to be retryable")
            else:
                demand(truth=False, words="a message was said to be cut")

    @sentence()
    async def test_options_hold_for_sessions_to_come(self, subject: RealtimeModel) -> None:
        subject.update_options(voice="Aoede", temperature=0.5)
        async with subject.session() as session:
            await session.update_tools(())
        config = self.vendor.setups[0]["generationConfig"]
        voice = config["speechConfig"]["voiceConfig"]["prebuiltVoiceConfig"]["voiceName"]
        demand_same((voice, config["temperature"]), ("Aoede", 0.5), "voice and temperature")
        try:
            subject.update_options(modalities=("TEXT",))
        except TypeError:
            return
        demand(truth=False, words="a capability was changed")

    @sentence()
    async def test_turns_can_be_told_by_hand(self, subject: RealtimeModel) -> None:
        await subject.aclose()
        created: list[GenerationCreatedEvent] = []
        model = _model(self, self.vendor, realtime_input_config=_BY_HAND)
        demand(not model.capabilities.turn_detection, "turns are said to be detected")
        async with model, model.session() as session:
            session.on("generation_created", created.append)
            for words in (WORDS, OTHER_WORDS):
                for frame in cut_sound(self.say(words), samples=4000):
                    session.push_audio(frame)
                session.commit_audio()
                await until(lambda: created, "an answer", within=self.patience)
                answer = await self.soon(said_in(created.pop()), "the end of the answer")
                demand_same(answer.text, words, "the answer")

    @sentence()
    async def test_a_turn_goes_on_when_the_connection_was_lost(
        self, subject: RealtimeModel
    ) -> None:
        await subject.aclose()
        again: list[object] = []
        created: list[GenerationCreatedEvent] = []
        model = _model(self, self.vendor, realtime_input_config=_BY_HAND)
        async with model, model.session() as session:
            session.on("session_reconnected", again.append)
            session.on("generation_created", created.append)
            await session.update_tools(())
            session.push_audio(silence(0.1, sample_rate=16_000))
            await until(self.vendor.sound_received, "sound", within=self.patience)
            await self.vendor.go_away(at_once=True)
            await until(lambda: again, "session_reconnected", within=self.patience)
            session.push_audio(self.say(WORDS))
            session.commit_audio()
            await until(lambda: created, "an answer", within=self.patience)
            answer = await self.soon(said_in(created[0]), "the end of the answer")
        demand_same(answer.text, WORDS, "the answer")

    @sentence()
    async def test_a_question_is_answered_in_place_of_what_the_user_said(
        self, subject: RealtimeModel
    ) -> None:
        created: list[GenerationCreatedEvent] = []
        async with subject.session() as session:
            session.on("generation_created", created.append)
            self.vendor.hold()
            await self.speak(session, WORDS)
            await until(lambda: created, "an answer to speech", within=self.patience)
            asked = session.generate_reply(instructions=echo(OTHER_WORDS))
            first = await self.soon(said_in(created[0]), "the end of the first answer")
            self.vendor.release()
            second = await self.soon(said_in(await self.soon(asked, "a reply")), "its end")
        demand(len(first.text) < len(WORDS), "all of an interrupted answer was said")
        demand_same(second.text, OTHER_WORDS, "the answer to the question")
        demand_same([event.user_initiated for event in created], [False, True], "who asked")

    @sentence()
    async def test_what_was_not_sent_can_be_cleared(self, subject: RealtimeModel) -> None:
        async with subject.session() as session:
            session.push_audio(silence(0.04, sample_rate=16_000))
            session.clear_audio()
            session.commit_audio()
            await self.ask(session, WORDS)
        demand_same(self.vendor.sound_received(), b"", "sound that came")

    @sentence()
    async def test_an_answer_can_be_text_alone(self, subject: RealtimeModel) -> None:
        await subject.aclose()
        model = _model(self, self.vendor, modalities=("TEXT",), proactivity=True)
        demand(not model.capabilities.audio_output, "it is said to speak")
        async with model, model.session() as session:
            answer = await self.ask(session, WORDS)
        demand_same((answer.text, answer.sound), (WORDS, ()), "the answer")
        demand("v1alpha" in self.vendor.urls()[0], "proactivity was asked for elsewhere")

    async def _told(self, expected: tuple[tuple[str, str], ...]) -> None:
        def told() -> tuple[tuple[str, str], ...]:
            return tuple(each for each in self.vendor.asked().messages if "Repeat" not in each[1])

        await until(lambda: told() == expected, f"{expected} was told", within=self.patience)

    def _resumable(self, session: RealtimeSession) -> object:
        return session.session_resumption_handle  # type: ignore[attr-defined]  # of our session


def _model(suite: RealtimeSuite, vendor: GoogleServer, **options: Any) -> RealtimeModel:  # noqa: ANN401 - as the model types them
    conn_options = suite.conn_options
    return RealtimeModel(
        api_key=suite.secret, base_url=vendor.url, conn_options=conn_options, **options
    )


def _errors(session: RealtimeSession) -> list[PortError]:
    errors: list[PortError] = []
    session.on("error", errors.append)
    return errors


def _said(instructions: str, *by_user: str) -> ChatContext:
    chat_ctx = ChatContext([ChatMessage(role="system", content=(instructions,))])
    for words in by_user:
        chat_ctx.items.append(ChatMessage(role="user", content=(words,)))
    return chat_ctx
