"""What a service says in a realtime conversation, and what follows from it."""

# ruff: noqa: ANN401 - events are any JSON

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from agents_core.chat import ChatItem, ChatMessage, FunctionCall
from agents_core.errors import APIError
from agents_core.realtime import (
    InputSpeechStarted,
    InputSpeechStopped,
    InputTranscriptionCompleted,
    RemoteItemAdded,
)
from agents_plugin_openai._wire import realtime_commands as commands
from agents_plugin_openai._wire.realtime_answers import read_usage
from agents_plugin_openai._wire.realtime_events import receive
from agents_plugin_openai._wire.realtime_options import Options, Setting
from agents_plugin_openai._wire.realtime_state import (
    Answer,
    Ask,
    Began,
    Called,
    Confirmed,
    Cut,
    Effect,
    Failed,
    Hushed,
    Measured,
    MessageBegan,
    MessageEnded,
    Refused,
    Said,
    Send,
    State,
    Told,
)

ASKED = Ask(event_id="ask_1", instructions=None, sent=True)
NEXT = Ask(event_id="ask_2", instructions=None)
ANSWER = Answer(response_id="resp_1")
OCCUPIED = {"occupied": True}
PLACE = {"response_id": "resp_1", "item_id": "item_1", "output_index": 0, "content_index": 0}
TRANSCRIPTION = "conversation.item.input_audio_transcription"


def state(*items: ChatItem, **fields: Any) -> State:
    return State(setting=Setting(options=Options()), online=True, items=items, **fields)


def answering(**fields: Any) -> State:
    return state(answers={"resp_1": replace(ANSWER, **fields)})


def message(name: str, *content: str) -> ChatMessage:
    return ChatMessage(id=name, role="assistant", content=content)


def effects(now: State, kind: str, **event: Any) -> tuple[Effect, ...]:
    return receive(now, {"event_id": "event_1", "type": kind, **event})[1]


def after(now: State, kind: str, **event: Any) -> State:
    return receive(now, {"event_id": "event_1", "type": kind, **event})[0]


def text_of(now: State, name: str) -> str | None:
    [item] = [item for item in now.items if item.id == name]
    assert isinstance(item, ChatMessage)
    return item.text_content


@pytest.mark.parametrize("kind", ["session.created", "rate_limits.updated", "one.of.tomorrow"])
def test_most_events_concern_nobody(kind: str) -> None:
    now = state()

    assert receive(now, {"type": kind}) == (now, ())


@pytest.mark.parametrize("event", [{}, {"type": "response.created"}, []])
def test_an_event_that_lacks_what_it_needs_is_no_event(event: Any) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        receive(state(), event)


def test_an_update_that_nobody_sent_confirms_nothing() -> None:
    assert effects(state(), "session.updated") == ()


# The user.


def test_speech_begins() -> None:
    started = Told(event="input_speech_started", value=InputSpeechStarted())

    assert effects(state(), "input_audio_buffer.speech_started", item_id="u") == (started,)
    assert not after(state(), "input_audio_buffer.speech_started", item_id="u").quiet


@pytest.mark.parametrize(("transcription", "written"), [(None, False), ({"model": "m"}, True)])
def test_speech_ends(transcription: dict[str, str] | None, written: bool) -> None:
    options = Options(input_audio_transcription=transcription)
    now = State(setting=Setting(options=options), speaking=True)
    stopped = InputSpeechStopped(user_transcription_enabled=written)

    found, told = receive(now, {"type": "input_audio_buffer.speech_stopped"})

    assert told == (Told(event="input_speech_stopped", value=stopped),)
    assert not found.speaking


def test_a_turn_that_was_taken_is_not_taken_again() -> None:
    assert after(state(unheard=9000), "input_audio_buffer.committed", item_id="u").unheard == 0


def written(item_id: str, text: str, *, final: bool) -> Told:
    value = InputTranscriptionCompleted(item_id=item_id, transcript=text, is_final=final)
    return Told(event="input_audio_transcription_completed", value=value)


def test_a_transcript_grows_and_becomes_what_the_message_says() -> None:
    now = state(message("u"), transcripts={"other": "x"})

    assert effects(now, f"{TRANSCRIPTION}.delta", item_id="u", delta="") == ()
    now = after(now, f"{TRANSCRIPTION}.delta", item_id="u", delta="Hi ")
    assert effects(now, f"{TRANSCRIPTION}.delta", item_id="u", delta="there") == (
        written("u", "Hi there", final=False),
    )
    event = {"item_id": "u", "transcript": "Hi there."}
    assert effects(now, f"{TRANSCRIPTION}.completed", **event) == (
        written("u", "Hi there.", final=True),
    )
    now = after(now, f"{TRANSCRIPTION}.completed", **event)
    assert text_of(now, "u") == "Hi there."
    assert now.transcripts == {"other": "x"}


@pytest.mark.parametrize(
    ("kind", "status"), [("completed", {"status": "in_progress"}), ("updated", {})]
)
def test_xai_s_transcript_so_far_is_not_the_last_word(kind: str, status: dict[str, str]) -> None:
    event = {"item_id": "u", "transcript": "Hi", **status}

    assert effects(state(), f"{TRANSCRIPTION}.{kind}", **event) == (
        written("u", "Hi", final=False),
    )


def test_a_transcript_of_what_was_deleted_is_told_all_the_same() -> None:
    event = {"item_id": "u", "transcript": "Hi", "status": "completed"}

    assert effects(state(), f"{TRANSCRIPTION}.completed", **event) == (
        written("u", "Hi", final=True),
    )


def test_a_failed_transcription_is_an_error_that_ends_nothing() -> None:
    error = {"type": "transcription_error", "code": "audio_unintelligible", "message": "noise"}

    now = state(transcripts={"u": "Wh", "v": "Hm"})
    [failed] = effects(now, f"{TRANSCRIPTION}.failed", item_id="u", error=error)
    assert after(now, f"{TRANSCRIPTION}.failed", item_id="u", error=error).transcripts == {
        "v": "Hm"
    }

    assert isinstance(failed, Failed)
    assert (str(failed.error), failed.fatal) == ("the user was not understood: noise", False)


# The conversation.


@pytest.mark.parametrize("kind", ["conversation.item.added", "conversation.item.created"])
def test_an_item_of_the_service_is_taken_in(kind: str) -> None:
    item = {
        "id": "b",
        "object": "realtime.item",
        "type": "message",
        "role": "user",
        "content": [{"type": "input_text", "text": "Hi."}],
    }
    now = state(message("a", "A"), message("c", "C"))

    [told] = effects(now, kind, item=item, previous_item_id="a")
    now = after(now, kind, item=item, previous_item_id="a")

    assert isinstance(told, Told)
    assert isinstance(told.value, RemoteItemAdded)
    assert (told.value.item.id, told.value.previous_item_id) == ("b", "a")
    assert [each.id for each in now.items] == ["a", "b", "c"]


def test_an_item_without_a_place_stands_at_the_end() -> None:
    item = {"id": "b", "type": "message", "role": "user", "content": []}

    now = after(state(message("a")), "conversation.item.added", item=item, previous_item_id=None)

    assert [each.id for each in now.items] == ["a", "b"]


@pytest.mark.parametrize("kind", ["added", "done"])
def test_an_item_of_another_kind_is_left_out(kind: str) -> None:
    item = {"id": "b", "type": "mcp_list_tools"}

    assert receive(state(), {"type": f"conversation.item.{kind}", "item": item}) == (state(), ())


@pytest.mark.parametrize("kind", ["added", "done"])
def test_a_known_item_is_not_taken_in_twice(kind: str) -> None:
    item = {
        "id": "a",
        "type": "message",
        "role": "assistant",
        "content": [{"type": "output_audio", "transcript": "Hi."}],
    }
    now, told = receive(state(message("a")), {"type": f"conversation.item.{kind}", "item": item})

    assert told == ()
    assert text_of(now, "a") == "Hi."


def test_what_was_asked_for_is_confirmed_and_keeps_what_the_service_does_not_know() -> None:
    now, _ = commands.rewrite(state(message("a", "A")), [message("b", "B")])
    event = {"item": {"id": "b", "type": "message", "role": "assistant", "content": []}}

    assert effects(now, "conversation.item.deleted", item_id="a") == (Confirmed(event_id="item_1"),)
    [told, done] = effects(now, "conversation.item.added", **event)
    now = after(now, "conversation.item.added", **event)
    now = after(now, "conversation.item.deleted", item_id="a")

    assert isinstance(told, Told)
    assert done == Confirmed(event_id="item_2")
    assert (text_of(now, "b"), now.pending) == ("B", ())
    assert [item.id for item in now.items] == ["b"]


@pytest.mark.parametrize("waiting", [True, False])
def test_a_deletion_without_a_name_is_the_first_that_is_waited_for(waiting: bool) -> None:
    now = state(message("a"), message("b"))
    if waiting:
        now, _ = commands.rewrite(now, [message("b")])

    now = after(now, "conversation.item.deleted", item_id="")

    assert [item.id for item in now.items] == (["b"] if waiting else ["a", "b"])


def test_what_the_service_deletes_by_itself_is_gone_too() -> None:
    now, _ = commands.rewrite(state(message("a"), message("b")), [message("b")])

    now = after(now, "conversation.item.deleted", item_id="b")

    assert [item.id for item in now.items] == ["a"]
    assert len(now.pending) == 1


@pytest.mark.parametrize(("heard", "left"), [("Hi", "Hi"), (None, "Hi there.")])
def test_a_message_that_is_cut_says_what_was_heard(heard: str | None, left: str) -> None:
    cuts = (
        Cut(item_id="b", heard="x", event_id="cut_1"),
        Cut(item_id="a", heard=heard, event_id="cut_2"),
    )
    now = state(message("a", "Hi there."), message("b", "Yes."), cuts=cuts)

    now = after(now, "conversation.item.truncated", item_id="a", audio_end_ms=9, content_index=0)

    assert (text_of(now, "a"), text_of(now, "b")) == (left, "Yes.")
    assert now.cuts == cuts[:1]
    assert after(now, "conversation.item.truncated", item_id="other") == now


# Answers.


def created(event_id: str | None) -> dict[str, Any]:
    metadata = None if event_id is None else {"client_event_id": event_id}
    return {"response": {"id": "resp_1", "status": "in_progress", "metadata": metadata}}


@pytest.mark.parametrize(
    ("event_id", "asked"), [("ask_1", "ask_1"), (None, None), ("somebody_s", None)]
)
def test_an_answer_begins(event_id: str | None, asked: str | None) -> None:
    now = state(asks=(ASKED, NEXT))

    told = effects(now, "response.created", **created(event_id))
    now = after(now, "response.created", **created(event_id))

    assert told == (Began(response_id="resp_1", event_id=asked),)
    assert now.asks == ((NEXT,) if asked else (ASKED, NEXT))
    assert now.busy


def test_an_answer_to_what_was_taken_back_is_stopped() -> None:
    now = state(taken_back=frozenset({"ask_1"}))

    told = effects(now, "response.created", **created("ask_1"))
    now = after(now, "response.created", **created("ask_1"))

    assert told == (
        Send(message={"type": "response.cancel", "response_id": "resp_1"}),
        Hushed(response_id="resp_1"),
    )
    assert now.answers["resp_1"].hushed
    assert now.owed  # its end
    assert effects(now, "response.output_text.delta", **PLACE, delta="Hi") == ()


def test_an_answer_ends_the_one_before_which_had_no_end() -> None:
    now = state(answers={"resp_0": Answer(response_id="resp_0")})

    [hushed, began] = effects(now, "response.created", **created(None))

    assert hushed == Hushed(response_id="resp_0", over=True)
    assert began == Began(response_id="resp_1", event_id=None)


@pytest.mark.parametrize(
    ("part", "modalities"),
    [
        ("audio", ("audio", "text")),
        ("output_audio", ("audio", "text")),
        ("text", ("text",)),
        ("output_text", ("text",)),
    ],
)
def test_a_message_begins_with_its_first_part(part: str, modalities: tuple[Any, ...]) -> None:
    told = effects(answering(), "response.content_part.added", **PLACE, part={"type": part})

    begun = MessageBegan(response_id="resp_1", item_id="item_1", modalities=modalities)
    assert told == (begun,)


@pytest.mark.parametrize(
    ("kind", "modalities"),
    [
        ("response.output_text.delta", ("text",)),
        ("response.text.delta", ("text",)),
        ("response.output_audio_transcript.delta", ("audio", "text")),
        ("response.audio_transcript.delta", ("audio", "text")),
    ],
)
def test_text_is_handed_on_and_begins_a_message_where_nothing_else_did(
    kind: str, modalities: tuple[Any, ...]
) -> None:
    said = Said(response_id="resp_1", item_id="item_1", text="Hi ")
    begun = MessageBegan(response_id="resp_1", item_id="item_1", modalities=modalities)

    assert effects(answering(), kind, **PLACE, delta="Hi ") == (begun, said)
    now = after(answering(), kind, **PLACE, delta="Hi ")
    assert effects(now, kind, **PLACE, delta="Hi ") == (said,)
    assert after(now, kind, **PLACE, delta="you").answers["resp_1"].texts == {"item_1": "Hi you"}


@pytest.mark.parametrize("kind", ["response.output_audio.delta", "response.audio.delta"])
def test_sound_is_handed_on(kind: str) -> None:
    now = answering(texts={"item_1": ""})
    sound = base64.b64encode(b"\1\2\3").decode()

    said = Said(response_id="resp_1", item_id="item_1", sound=b"\1\2\3")
    assert effects(now, kind, **PLACE, delta=sound) == (said,)
    with pytest.raises(ValueError, match="base64"):
        effects(now, kind, **PLACE, delta="%%%%")


def test_nobody_hears_what_nobody_asked_for() -> None:
    assert effects(state(), "response.output_text.delta", **PLACE, delta="Hi") == ()


SPOKEN = {
    "id": "item_1",
    "type": "message",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "output_audio", "transcript": "Hi there."}],
}
CALLED = {
    "id": "item_1",
    "type": "function_call",
    "call_id": "call_1",
    "name": "look",
    "arguments": '{"where": "there"}',
}


def test_a_message_is_whole() -> None:
    now = replace(answering(), items=(message("item_1"),))

    ended = MessageEnded(response_id="resp_1", item_id="item_1")
    assert effects(now, "response.output_item.done", **PLACE, item=SPOKEN) == (ended,)
    now = after(now, "response.output_item.done", **PLACE, item=SPOKEN)
    assert text_of(now, "item_1") == "Hi there."


def test_a_tool_is_called_with_whole_arguments() -> None:
    [called] = effects(answering(), "response.output_item.done", **PLACE, item=CALLED)

    assert isinstance(called, Called)
    call = called.call
    assert isinstance(call, FunctionCall)
    assert (call.id, call.call_id, call.name) == ("item_1", "call_1", "look")
    assert call.arguments == '{"where": "there"}'


def test_a_tool_is_not_called_where_the_service_broke_off() -> None:
    item = {**CALLED, "status": "incomplete", "arguments": '{"whe'}

    assert effects(answering(), "response.output_item.done", **PLACE, item=item) == ()


@pytest.mark.parametrize("item", [SPOKEN, CALLED])
def test_the_end_of_an_item_that_nobody_hears_is_told_to_nobody(item: dict[str, Any]) -> None:
    kind = "response.output_item.done"

    assert effects(answering(hushed=True), kind, **PLACE, item=item) == ()
    assert effects(state(), kind, **PLACE, item=item) == ()
    assert effects(answering(), kind, **PLACE, item={"id": "x", "type": "mcp_call"}) == ()


USAGE = {
    "total_tokens": 253,
    "input_tokens": 132,
    "output_tokens": 121,
    "input_token_details": {
        "text_tokens": 119,
        "audio_tokens": 13,
        "cached_tokens": 64,
        "cached_tokens_details": {"text_tokens": 64, "audio_tokens": 0},
    },
    "output_token_details": {"text_tokens": 30, "audio_tokens": 91},
}
TOKENS = {
    "input_tokens": 132,
    "output_tokens": 121,
    "total_tokens": 253,
    "input_audio_tokens": 13,
    "input_text_tokens": 119,
    "input_cached_tokens": 64,
    "output_audio_tokens": 91,
    "output_text_tokens": 30,
}


@pytest.mark.parametrize(
    ("usage", "total"), [({}, 0), ({"input_tokens": 2, "output_tokens": 3}, 5)]
)
def test_usage_may_be_told_in_part(usage: dict[str, int], total: int) -> None:
    assert read_usage(usage)["total_tokens"] == total


@pytest.mark.parametrize(("status", "cancelled"), [("completed", False), ("cancelled", True)])
def test_an_answer_ends_is_measured_and_lets_the_next_one_be_asked_for(
    status: str, cancelled: bool
) -> None:
    now = replace(answering(), asks=(NEXT,))
    response = {"id": "resp_1", "status": status, "usage": USAGE}

    [hushed, measured, asked] = effects(now, "response.done", response=response)

    assert hushed == Hushed(response_id="resp_1")
    assert measured == Measured(response_id="resp_1", tokens=TOKENS, cancelled=cancelled)
    assert isinstance(asked, Send)
    assert asked.message["event_id"] == "ask_2"
    assert now.owed
    assert after(now, "response.done", response=response).answers == {}


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ({"type": "failed", "error": {"code": "rate_limit_exceeded"}}, "rate_limit_exceeded"),
        (None, "no reason given"),
    ],
)
def test_an_answer_that_failed_is_an_error_that_ends_nothing(details: Any, told: str) -> None:
    response = {"id": "resp_1", "status": "failed", "status_details": details, "usage": None}

    [_, _, failed] = effects(answering(), "response.done", response=response)

    assert isinstance(failed, Failed)
    assert str(failed.error) == f"an answer failed: {told}"
    assert (failed.error.retryable, failed.fatal) == (True, False)


def test_an_answer_that_failed_as_all_others_will_is_the_last() -> None:
    details = {"error": {"type": "insufficient_quota", "code": "insufficient_quota"}}
    response = {"id": "resp_1", "status": "failed", "status_details": details}

    [_, _, failed] = effects(answering(), "response.done", response=response)

    assert isinstance(failed, Failed)
    assert failed.fatal


def test_who_asked_for_an_answer_that_ends_without_a_beginning_is_told() -> None:
    now = state(asks=(ASKED, NEXT))
    metadata = {"client_event_id": "ask_1"}
    response = {"id": "resp_7", "status": "failed", "metadata": metadata}

    [refused, failed, asked] = effects(now, "response.done", response=response)

    assert isinstance(refused, Refused)
    assert refused.event_id == "ask_1"
    assert isinstance(failed, Failed)
    assert isinstance(asked, Send)
    assert asked.message["event_id"] == "ask_2"


@pytest.mark.parametrize("fields", [{"answers": {"r": replace(ANSWER, hushed=True)}}, OCCUPIED])
def test_the_service_owes_the_end_of_what_keeps_it_from_the_next_answer(
    fields: dict[str, Any],
) -> None:
    now = state(**fields)

    assert (now.busy, now.owed, now.quiet) == (True, True, False)


def test_the_end_of_an_answer_that_is_not_known_lets_the_next_one_be_asked_for() -> None:
    now = state(occupied=True, asks=(NEXT,))

    [asked] = effects(now, "response.done", response={"id": "resp_7", "status": "completed"})

    assert isinstance(asked, Send)


# Errors.


def error(**said: Any) -> dict[str, Any]:
    return {"error": {"type": "server_error", "code": None, "message": "oh", **said}}


@pytest.mark.parametrize("code", ["response_cancel_not_active", "input_audio_buffer_commit_empty"])
def test_who_was_too_late_does_not_care(code: str) -> None:
    assert effects(state(), "error", **error(code=code)) == ()


@pytest.mark.parametrize("begun", [True, False])
def test_a_question_that_came_while_another_was_answered_is_asked_again(begun: bool) -> None:
    now = replace(answering() if begun else state(), asks=(ASKED,))
    busy = error(code="conversation_already_has_active_response", event_id="ask_1")

    assert effects(now, "error", **busy) == ()
    now = after(now, "error", **busy)
    assert (now.asks, now.occupied) == ((replace(ASKED, sent=False),), not begun)

    [*_, asked] = effects(now, "response.done", response={"id": "resp_1", "status": "completed"})
    assert isinstance(asked, Send)
    assert asked.message["event_id"] == "ask_1"


def test_who_is_refused_is_told_and_the_next_one_asked() -> None:
    now = state(asks=(ASKED, NEXT))

    [refused, failed, asked] = effects(now, "error", **error(event_id="ask_1"))

    assert isinstance(refused, Refused)
    assert refused.event_id == "ask_1"
    assert isinstance(failed, Failed)
    assert (refused.error, failed.fatal) == (failed.error, False)
    assert isinstance(asked, Send)


def test_all_that_one_message_told_is_refused_with_it() -> None:
    now = state(updates=(("update_1", "update_2"), ("update_3",)))

    told = effects(now, "error", **error(event_id="update_2"))

    refused = [effect.event_id for effect in told if isinstance(effect, Refused)]
    assert refused == ["update_1", "update_2"]
    assert after(now, "error", **error(event_id="update_2")).updates == (("update_3",),)


def test_what_is_refused_is_not_asked_for_again() -> None:
    now = state()
    for field, value in (("instructions", "A"), ("tool_choice", "none"), ("instructions", "B")):
        now, _ = commands.configure(now, field, value)

    now = after(now, "error", **error(event_id="update_1"))
    assert (now.setting.instructions, now.setting.tool_choice) == ("B", "none")
    now = after(now, "error", **error(event_id="update_3"))
    assert (now.setting.instructions, now.setting.tool_choice) == (None, "none")
    now = after(now, "session.updated", session={})
    assert (now.setting.tool_choice, now.before, now.updates) == ("none", {}, ())


def test_a_question_that_was_taken_back_and_came_too_early_is_forgotten() -> None:
    now = state(taken_back=frozenset({"ask_1"}))
    busy = error(code="conversation_already_has_active_response", event_id="ask_1")

    assert after(now, "error", **busy).taken_back == frozenset()


def test_what_is_refused_is_not_waited_for() -> None:
    now, _ = commands.rewrite(state(message("a", "A")), [message("a", "A"), message("b", "B")])
    now = replace(now, cuts=(Cut(item_id="a", heard=None, event_id="cut_1"),))

    now = after(now, "error", **error(event_id="item_1"))
    now = after(now, "error", **error(event_id="cut_1"))

    assert (now.pending, now.cuts) == ((), ())


@pytest.mark.parametrize(
    ("said", "fatal", "retryable"),
    [
        ({"type": "server_error"}, False, True),
        ({"type": "invalid_request_error", "code": "invalid_value"}, False, False),
        ({"type": "invalid_request_error", "code": "invalid_api_key"}, True, False),
        ({"type": "insufficient_quota", "code": "insufficient_quota"}, True, False),
    ],
)
def test_some_errors_would_come_again(said: dict[str, str], fatal: bool, retryable: bool) -> None:
    [failed] = effects(state(), "error", **error(**said))

    assert isinstance(failed, Failed)
    assert isinstance(failed.error, APIError)
    assert (failed.fatal, failed.error.retryable) == (fatal, retryable)
    assert failed.error.body == error(**said)["error"]
