"""OpenAI's realtime conversation, against a server that speaks its protocol."""

# ruff: noqa: ANN401 - options are handed on as they come

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from typing import Any

import pytest

from agents_core.audio import AudioFrame, silence
from agents_core.chat import ChatContext, ChatMessage
from agents_core.errors import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    MissingCredentialsError,
)
from agents_core.llm import NamedToolChoice
from agents_core.metrics import RealtimeModelMetrics
from agents_core.realtime import GenerationCreatedEvent, RealtimeSession
from agents_core.retry import APIConnectOptions
from agents_core.streams import PortError
from agents_core.testing.conversing import echo, said_in
from agents_core.testing.realtime import RealtimeSuite
from agents_core.testing.vendor import Call, Reply
from agents_core.testing.watching import until
from agents_plugin_openai import RealtimeModel
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.openai import OpenAIServer
from agents_plugins_test.vendors.openai.realtime_conversation import Conversation

KEY = "a-key-of-somebody"
SOON = APIConnectOptions(max_retry=2, retry_interval=0.01, timeout=5.0)
WORDS = "Six geese fly."


class TestRealtimeModel(RealtimeSuite):
    def open_vendor(self) -> OpenAIServer:
        return OpenAIServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> RealtimeModel:
        return RealtimeModel(
            api_key=self.secret, base_url=vendor.url, conn_options=self.conn_options
        )


class TestAPreviewAtAzure(RealtimeSuite):
    """With the protocol of before, and turns that the user of the model ends."""

    turn_detection = user_transcription = False

    def open_vendor(self) -> OpenAIServer:
        return OpenAIServer(api_key=self.secret)

    def create(self, vendor: LocalVendor) -> RealtimeModel:
        return RealtimeModel.with_azure(
            azure_deployment="mine",
            azure_endpoint=vendor.url,
            api_version="2025-04-01-preview",
            api_key=self.secret,
            turn_detection=None,
            input_audio_transcription=None,
            conn_options=self.conn_options,
        )


@contextlib.asynccontextmanager
async def talking(
    server: OpenAIServer | None = None, **options: Any
) -> AsyncIterator[tuple[RealtimeSession, OpenAIServer]]:
    """A conversation, and who is at its other end."""
    given = {"api_key": KEY, "conn_options": SOON, **options}
    async with (
        server or OpenAIServer(api_key=KEY) as vendor,
        RealtimeModel(base_url=vendor.url, **given) as model,
        model.session() as session,
    ):
        yield session, vendor


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 10))


async def ask(session: RealtimeSession, words: str = WORDS) -> str:
    return (await said_in(await session.generate_reply(instructions=echo(words)))).text


def errors_of(session: RealtimeSession) -> list[PortError]:
    errors: list[PortError] = []
    session.on("error", errors.append)
    return errors


def sent(vendor: OpenAIServer, kind: str) -> list[Mapping[str, Any]]:
    assert vendor.conversation is not None
    return [event for event in vendor.conversation.events if event["type"] == kind]


# What is asked for, and by whom.


def test_options_reach_the_service_under_its_own_names() -> None:
    async def work() -> None:
        options: dict[str, Any] = {
            "model": "gpt-realtime-mini",
            "voice": "cedar",
            "instructions": "Be kind.",
            "tool_choice": NamedToolChoice("look"),
            "turn_detection": {"type": "server_vad", "silence_duration_ms": 400},
            "input_audio_transcription": {"model": "whisper-1", "language": "de"},
            "input_audio_noise_reduction": "near_field",
            "speed": 1.2,
            "max_response_output_tokens": 400,
            "tracing": {"workflow_name": "w"},
            "truncation": {"type": "retention_ratio", "retention_ratio": 0.8},
        }
        async with talking(**options) as (session, vendor):
            await ask(session)
            assert vendor.urls() == (f"{vendor.url}/realtime?model=gpt-realtime-mini",)
            told = vendor.settings()
        audio: Any = told["audio"]
        assert audio["input"] == {
            "format": {"type": "audio/pcm", "rate": 24_000},
            "turn_detection": {"type": "server_vad", "silence_duration_ms": 400},
            "transcription": {"model": "whisper-1", "language": "de"},
            "noise_reduction": {"type": "near_field"},
        }
        assert (audio["output"]["voice"], audio["output"]["speed"]) == ("cedar", 1.2)
        assert {name: told[name] for name in options if name in told} == {
            "model": "gpt-realtime-mini",
            "instructions": "Be kind.",
            "tool_choice": {"type": "function", "name": "look"},
            "tracing": {"workflow_name": "w"},
            "truncation": {"type": "retention_ratio", "retention_ratio": 0.8},
        }
        assert told["max_output_tokens"] == 400

    run(work())


def test_what_is_not_said_is_as_documented() -> None:
    async def work() -> None:
        async with talking() as (session, vendor):
            await ask(session)
            audio: Any = vendor.settings()["audio"]
        assert audio["input"]["turn_detection"] == {
            "type": "semantic_vad",
            "eagerness": "medium",
            "create_response": True,
            "interrupt_response": True,
        }
        assert audio["input"]["transcription"] == {"model": "gpt-4o-mini-transcribe"}
        assert audio["output"]["voice"] == "marin"

    run(work())


@pytest.mark.parametrize(
    ("given", "url", "header"),
    [
        ({"api_key": KEY}, "/openai/v1/realtime?model=mine", "api-key"),
        ({"entra_token": KEY}, "/openai/v1/realtime?model=mine", "Authorization"),
        (
            {"entra_token": lambda: KEY, "api_version": "2025-04-01-preview"},
            "/openai/realtime?api-version=2025-04-01-preview&deployment=mine",
            "Authorization",
        ),
    ],
)
def test_azure_has_its_own_place_and_its_own_ways_to_come_in(
    given: dict[str, Any], url: str, header: str
) -> None:
    async def work() -> None:
        async with OpenAIServer(api_key=KEY) as vendor:
            model = RealtimeModel.with_azure(
                azure_deployment="mine", azure_endpoint=vendor.url, conn_options=SOON, **given
            )
            async with model, model.session() as session:
                assert await ask(session) == WORDS
            [request] = vendor.seen
            assert str(request.rel_url) == url
            assert KEY in request.headers[header]
            assert model.provider == "Azure OpenAI"
            assert model.model == "mine"

    run(work())


def test_the_protocol_of_before_is_asked_for_by_name() -> None:
    async def work() -> None:
        async with talking(dialect="beta") as (session, vendor):
            assert await ask(session) == WORDS
            assert vendor.seen[0].headers["OpenAI-Beta"] == "realtime=v1"
            assert vendor.settings()["modalities"] == ["text", "audio"]
        async with talking() as (session, vendor):
            await ask(session)
            assert "OpenAI-Beta" not in vendor.seen[0].headers

    run(work())


def test_a_key_is_needed_and_told_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(MissingCredentialsError, match="OPENAI_API_KEY"):
        RealtimeModel()

    assert KEY not in repr(RealtimeModel(api_key=KEY).__dict__)


def test_options_hold_for_the_next_conversation_and_abilities_for_all() -> None:
    async def work() -> None:
        async with (
            OpenAIServer() as vendor,
            RealtimeModel(api_key=KEY, base_url=vendor.url) as model,
        ):
            model.update_options(voice="cedar", speed=0.9)
            async with model.session() as session:
                await ask(session)
                audio: Any = vendor.settings()["audio"]
                assert (audio["output"]["voice"], audio["output"]["speed"]) == ("cedar", 0.9)
            for option in ({"turn_detection": None}, {"modalities": ("text",)}, {"colour": "red"}):
                with pytest.raises(TypeError):
                    model.update_options(**option)

    run(work())


def test_a_service_that_is_not_told_a_model_takes_nobody() -> None:
    async def work() -> None:
        async with talking(query={"x": "y"}) as (session, _):
            errors = errors_of(session)
            with pytest.raises(APIError):
                await ask(session)
            assert "lacks ['model']" in str(errors[0].error)

    run(work())


def test_tools_may_be_left_out_for_a_while() -> None:
    async def work() -> None:
        async with talking() as (session, vendor):
            await ask(session)
            session.update_options()
            session.update_options(tool_choice="none")
            await ask(session)
            assert vendor.asked().tool_choice == "none"
            assert len(sent(vendor, "session.update")) == 2

    run(work())


# Questions and answers.


def test_a_question_waits_for_the_answer_before_it() -> None:
    async def work() -> None:
        async with talking() as (session, vendor):
            errors = errors_of(session)
            first = session.generate_reply(instructions=echo("One."))
            second = session.generate_reply(instructions=echo("Two."))
            answers = [await said_in(await asked) for asked in (first, second)]
            assert [answer.text for answer in answers] == ["One.", "Two."]
            assert (errors, len(sent(vendor, "response.create"))) == ([], 2)

    run(work())


def test_a_question_that_the_user_was_quicker_than_is_asked_again() -> None:
    class Quick(Conversation):
        """The user's turn ends just when the question comes."""

        begun = False

        async def _on_response_create(self, event: Mapping[str, Any]) -> None:
            if not self.begun:
                self.begun = True
                self._begin({"instructions": echo("By itself.")})
            await super()._on_response_create(event)

    async def work() -> None:
        server = OpenAIServer()
        server.kind = Quick
        created: list[GenerationCreatedEvent] = []
        async with talking(server) as (session, _):
            errors = errors_of(session)
            session.on("generation_created", created.append)
            assert await ask(session) == WORDS
            assert [event.user_initiated for event in created] == [False, True]
            assert errors == []

    run(work())


def test_a_complaint_fails_the_question_at_once_and_nothing_else() -> None:
    async def work() -> None:
        async with talking() as (session, vendor):
            errors = errors_of(session)
            vendor.complain()
            with pytest.raises(APIError, match="The server had an error"):
                await ask(session)
            assert [error.recoverable for error in errors] == [True]
            assert await ask(session) == WORDS

    run(work())


def test_a_question_that_is_taken_back_is_not_answered() -> None:
    async def work() -> None:
        created: list[GenerationCreatedEvent] = []
        async with talking() as (session, _):
            session.on("generation_created", created.append)
            await session.update_instructions("Be kind.")
            asked = session.generate_reply()
            asked.cancel()
            assert await ask(session) == WORDS
            assert len(created) == 1

    run(work())


def test_an_answer_that_comes_too_late_is_stopped() -> None:
    class Late(Conversation):
        """Thinks for longer than anybody waits, once."""

        thought = False

        async def _on_response_create(self, event: Mapping[str, Any]) -> None:
            if not self.thought:
                self.thought = True
                await asyncio.sleep(0.5)
            await super()._on_response_create(event)

    async def work() -> None:
        server = OpenAIServer()
        server.kind = Late
        patience = APIConnectOptions(max_retry=0, timeout=0.3)
        async with talking(server, conn_options=patience) as (session, vendor):
            created: list[GenerationCreatedEvent] = []
            session.on("generation_created", created.append)
            vendor.hold()
            with pytest.raises(APITimeoutError):
                await ask(session)
            await until(lambda: sent(vendor, "response.cancel"), "a cancellation", within=2)
            vendor.release()
            assert created == []

    run(work())


def test_an_answer_tells_what_it_cost() -> None:
    async def work() -> None:
        measured: list[RealtimeModelMetrics] = []
        async with talking() as (session, _):
            session.on("metrics_collected", measured.append)
            await ask(session)
            await until(lambda: measured, "metrics", within=2)
        [metrics] = measured
        assert (metrics.input_tokens, metrics.output_tokens) == (100, len(WORDS))
        assert (metrics.input_text_tokens, metrics.input_audio_tokens) == (60, 40)
        assert (metrics.input_cached_tokens, metrics.output_audio_tokens) == (20, 7)
        assert (metrics.model, metrics.provider) == ("gpt-realtime", "OpenAI")
        assert metrics.request_id.startswith("resp_")
        assert not metrics.cancelled

    run(work())


def test_text_comes_before_the_tools_that_are_called_with_it() -> None:
    async def work() -> None:
        async with talking() as (session, vendor):
            call = Call(name="look", arguments={"where": "Zürich"})
            vendor.will_answer(Reply(text="One moment.", calls=(call,)))
            answer = await said_in(await session.generate_reply())
            assert answer.text == "One moment."
            assert [made.arguments for made in answer.calls] == ['{"where": "Zürich"}']
            known = [type(item).__name__ for item in session.chat_ctx.items]
            assert known == ["ChatMessage", "FunctionCall"]

    run(work())


def test_text_alone_is_cut_to_what_was_heard_of_it() -> None:
    async def work() -> None:
        async with talking(modalities=("text",)) as (session, vendor):
            event = await session.generate_reply(instructions=echo(WORDS))
            message = await anext(aiter(event.message_stream))
            assert message.modalities == ("text",)
            assert "".join([text async for text in message.text_stream]) == WORDS
            assert [frame async for frame in message.audio_stream] == []
            session.truncate(message_id=message.message_id, audio_end_ms=0, audio_transcript="Six")
            await until(
                lambda: vendor.asked().messages == (("assistant", "Six"),), "the cut", within=2
            )

    run(work())


# What is heard.


def test_sound_of_any_rate_and_channels_is_heard() -> None:
    async def work() -> None:
        async with talking(turn_detection=None) as (session, vendor):
            for _ in range(50):
                session.push_audio(AudioFrame(bytes(4 * 480), 48_000, 2))
            session.commit_audio()
            await ask(session)
            assert len(vendor.sound_received()) == 24_000
            assert len(sent(vendor, "input_audio_buffer.commit")) == 1

    run(work())


def test_without_a_connection_the_last_of_what_the_user_says_is_kept() -> None:
    async def work() -> None:
        async with talking(turn_detection=None) as (session, vendor):
            session.push_audio(silence(25.0, sample_rate=24_000))
            await ask(session)
            assert len(vendor.sound_received()) == 25 * 48_000  # in one piece
        async with talking(turn_detection=None) as (session, vendor):
            for _ in range(500):
                session.push_audio(silence(0.05, sample_rate=24_000))
            await ask(session)
            assert len(vendor.sound_received()) <= 20 * 48_000

    run(work())


def test_a_turn_that_is_too_short_is_no_turn() -> None:
    async def work() -> None:
        async with talking(turn_detection=None) as (session, vendor):
            errors = errors_of(session)
            session.push_audio(silence(0.09, sample_rate=24_000))
            session.commit_audio()
            session.push_audio(silence(0.02, sample_rate=24_000))
            session.clear_audio()
            session.commit_audio()
            await ask(session)
            assert sent(vendor, "input_audio_buffer.commit") == []
            assert len(sent(vendor, "input_audio_buffer.clear")) == 1
            assert errors == []

    run(work())


# What the service is told, and confirms.


def test_what_the_service_refuses_is_raised() -> None:
    async def work() -> None:
        async with talking() as (session, _):
            too_long = ChatMessage(id="x" * 40, role="user", content=("Hi.",))
            with pytest.raises(APIError, match="too long"):
                await session.update_chat_ctx(ChatContext([too_long]))
            assert session.chat_ctx.items == []
            assert await ask(session) == WORDS

    run(work())


@pytest.mark.parametrize("what", ["instructions", "tools", "chat_ctx"])
def test_what_is_not_confirmed_in_time_is_raised(what: str) -> None:
    class Silent(Conversation):
        async def tell(self, kind: str, **fields: object) -> None:
            if kind == "session.created":
                await super().tell(kind, **fields)

    async def work() -> None:
        server = OpenAIServer()
        server.kind = Silent
        patience = APIConnectOptions(max_retry=0, timeout=0.3)
        async with talking(server, conn_options=patience) as (session, _):
            updates: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
                "instructions": lambda: session.update_instructions("Be kind."),
                "tools": lambda: session.update_tools(()),
                "chat_ctx": lambda: session.update_chat_ctx(
                    ChatContext([ChatMessage(role="user", content=("Hi.",))])
                ),
            }
            for _ in range(2):  # what was not confirmed is not taken for granted the next time
                with pytest.raises(APITimeoutError, match="confirm"):
                    await updates[what]()

    run(work())


def test_what_another_has_asked_for_is_waited_for_as_well() -> None:
    async def work() -> None:
        async with talking() as (session, vendor):
            told = ChatContext([ChatMessage(role="user", content=("Hi.",))])
            first = asyncio.create_task(session.update_chat_ctx(told))
            await asyncio.sleep(0)
            await session.update_chat_ctx(told)
            assert vendor.asked().messages == (("user", "Hi."),)
            await first

    run(work())


def test_what_was_refused_is_not_told_to_the_next_connection() -> None:
    class Picky(Conversation):
        async def _on_session_update(self, event: Mapping[str, Any]) -> None:
            if event["session"].get("instructions") == "Be rude.":
                await self.complain("no", code="invalid_value")
            else:
                await super()._on_session_update(event)

    async def work() -> None:
        server = OpenAIServer()
        server.kind = Picky
        async with talking(server) as (session, vendor):
            again: list[object] = []
            session.on("session_reconnected", again.append)
            await session.update_instructions("Be kind.")
            with pytest.raises(APIError, match="no"):
                await session.update_instructions("Be rude.")
            assert vendor.conversation is not None
            await vendor.conversation.leave()
            await until(lambda: again, "a new connection", within=2)
            assert await ask(session) == WORDS
            assert vendor.settings()["instructions"] == "Be kind."

    run(work())


def test_items_are_put_where_they_belong_and_taken_out() -> None:
    async def work() -> None:
        async with talking() as (session, vendor):
            first, last, between = (
                ChatMessage(role="user", content=(text,)) for text in ("1", "3", "2")
            )
            await session.update_chat_ctx(ChatContext([first, last]))
            await session.update_chat_ctx(ChatContext([first, between, last]))
            assert [text for _, text in vendor.asked().messages] == ["1", "2", "3"]
            await session.update_chat_ctx(ChatContext([last]))
            assert [text for _, text in vendor.asked().messages] == ["3"]
            assert [item.id for item in session.chat_ctx.items] == [last.id]

    run(work())


# Connections.


def test_an_old_connection_is_renewed_in_a_pause() -> None:
    async def work() -> None:
        again: list[object] = []
        async with talking(max_session_duration=0.1) as (session, vendor):
            errors = errors_of(session)
            session.on("session_reconnected", again.append)
            await session.update_instructions("Be kind.")
            vendor.hold()
            event = await session.generate_reply(instructions=echo(WORDS))
            await asyncio.sleep(0.2)
            assert again == []
            vendor.release()
            assert (await said_in(event)).text == WORDS
            await until(lambda: again, "a new connection", within=2)
            await until(
                lambda: vendor.asked().messages == (("system", "Be kind."), ("assistant", WORDS)),
                "the conversation",
                within=2,
            )
            assert errors == []

    run(work())


def test_an_answer_that_does_not_go_on_ends_and_the_next_one_is_made() -> None:
    async def work() -> None:
        patience = APIConnectOptions(max_retry=2, retry_interval=0.01, timeout=0.5)
        async with talking(conn_options=patience) as (session, vendor):
            errors = errors_of(session)
            vendor.hold()
            event = await session.generate_reply(instructions=echo(WORDS))
            assert len((await said_in(event)).text) < len(WORDS)
            assert [type(error.error) for error in errors] == [APITimeoutError]
            vendor.release()
            assert await ask(session) == WORDS

    run(work())


def test_an_answer_that_was_stopped_and_does_not_end_keeps_nobody_waiting() -> None:
    class Endless(Conversation):
        async def _on_response_cancel(self, _event: Mapping[str, Any]) -> None:
            pass

    async def work() -> None:
        server = OpenAIServer()
        server.kind = Endless
        patience = APIConnectOptions(max_retry=2, retry_interval=0.01, timeout=0.4)
        async with talking(server, conn_options=patience) as (session, vendor):
            vendor.hold()
            await session.generate_reply(instructions=echo(WORDS))
            session.interrupt()
            await until(lambda: len(vendor.urls()) == 2, "a new connection", within=2)
            vendor.release()
            assert await ask(session) == WORDS

    run(work())


def test_a_pause_may_be_of_any_length() -> None:
    async def work() -> None:
        patience = APIConnectOptions(max_retry=0, timeout=0.5)
        async with talking(conn_options=patience) as (session, vendor):
            errors = errors_of(session)
            assert await ask(session) == WORDS
            await asyncio.sleep(0.6)
            assert await ask(session) == WORDS
            assert (errors, len(vendor.urls())) == ([], 1)

    run(work())


def test_a_connection_that_always_ends_at_once_is_given_up() -> None:
    class Curt(Conversation):
        async def hold(self) -> None:
            await self.tell("session.created", session={})

    async def work() -> None:
        server = OpenAIServer()
        server.kind = Curt
        patience = APIConnectOptions(max_retry=2, retry_interval=0.05, timeout=0.5)
        async with talking(server, conn_options=patience) as (session, vendor):
            errors = errors_of(session)
            with pytest.raises(APIConnectionError, match="ended the conversation"):
                await ask(session)
            assert [error.recoverable for error in errors] == [True, True, False]
            assert len(vendor.urls()) == 3

    run(work())


def test_an_error_that_would_come_again_ends_the_conversation() -> None:
    class Broke(Conversation):
        async def _on_response_create(self, _event: Mapping[str, Any]) -> None:
            await self.complain("no money", code="insufficient_quota", kind="insufficient_quota")

    async def work() -> None:
        server = OpenAIServer()
        server.kind = Broke
        async with talking(server) as (session, _):
            errors = errors_of(session)
            with pytest.raises(APIError, match="no money"):
                await ask(session)
            assert [error.recoverable for error in errors] == [False]
            with pytest.raises(APIError, match="no money"):
                await ask(session)
            with pytest.raises(APIError, match="no money"):
                await session.update_instructions("Be kind.")

    run(work())


def test_a_defect_ends_the_conversation_and_is_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def forgetful() -> str:
        raise RuntimeError("no token today")

    async def work() -> None:
        async with talking(api_key=None, token_provider=forgetful) as (session, _):
            errors = errors_of(session)
            with pytest.raises(APIError, match="broke"):
                await ask(session)
            assert [error.recoverable for error in errors] == [False]

    run(work())
    assert "no token today" in caplog.text


def test_a_model_ends_its_conversations() -> None:
    async def work() -> None:
        async with OpenAIServer() as vendor:
            async with RealtimeModel(api_key=KEY, base_url=vendor.url) as model:
                session = model.session()
                await ask(session)
                vendor.hold()
                event = await session.generate_reply(instructions=echo(WORDS))
            assert len((await said_in(event)).text) < len(WORDS)
            with pytest.raises(APIError, match="closed"):
                await ask(session)

    run(work())
