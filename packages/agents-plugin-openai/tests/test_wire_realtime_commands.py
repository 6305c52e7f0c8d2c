"""What a user does to a realtime conversation, with and without a connection."""

# ruff: noqa: ANN401 - fields of any type

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from agents_core.chat import ChatItem, ChatMessage
from agents_core.errors import APITimeoutError
from agents_core.realtime import InputSpeechStopped
from agents_plugin_openai._wire import realtime_commands as commands
from agents_plugin_openai._wire.realtime_connection import lost, opened
from agents_plugin_openai._wire.realtime_events import receive
from agents_plugin_openai._wire.realtime_options import Options, Setting
from agents_plugin_openai._wire.realtime_state import (
    Answer,
    Confirmed,
    Creation,
    Cut,
    Deletion,
    Effect,
    Hushed,
    Refused,
    Send,
    State,
    Told,
)

TENTH = bytes(24_000 * 2 // 10)


def state(*items: ChatItem, online: bool = True, **fields: Any) -> State:
    return State(setting=Setting(options=Options()), online=online, items=items, **fields)


def message(name: str, text: str = "Hi there.") -> ChatMessage:
    return ChatMessage(id=name, role="assistant", content=(text,))


def sent(effects: tuple[Effect, ...]) -> list[Any]:
    return [effect.message for effect in effects if isinstance(effect, Send)]


def kinds(effects: tuple[Effect, ...]) -> list[str]:
    return [told["type"] for told in sent(effects)]


def test_a_change_of_the_setting_is_sent_under_a_name() -> None:
    now, effects = commands.configure(state(), "instructions", "Be brief.")

    assert sent(effects) == [
        {
            "type": "session.update",
            "event_id": "update_1",
            "session": {"type": "realtime", "instructions": "Be brief."},
        }
    ]
    assert now.updates == (("update_1",),)


def test_without_a_connection_it_waits_for_one() -> None:
    now, effects = commands.configure(state(online=False), "instructions", "Be brief.")
    assert effects == ()

    now, effects = opened(now)
    [update] = sent(effects)
    assert update["session"]["instructions"] == "Be brief."
    assert now.updates == (("update_1", "update_2"),)

    now, effects = receive(now, {"type": "session.updated", "session": {}})
    assert effects == (Confirmed(event_id="update_1"), Confirmed(event_id="update_2"))
    assert now.updates == ()


def test_a_conversation_is_rewritten_by_what_differs() -> None:
    now, effects = commands.rewrite(state(message("a"), message("b")), [message("b"), message("c")])

    assert sent(effects) == [
        {"type": "conversation.item.delete", "item_id": "a", "event_id": "item_1"},
        {
            "type": "conversation.item.create",
            "event_id": "item_2",
            "previous_item_id": "b",
            "item": {
                "type": "message",
                "id": "c",
                "role": "assistant",
                "content": [{"type": "output_text", "text": "Hi there."}],
            },
        },
    ]
    assert [change.event_id for change in now.pending] == ["item_1", "item_2"]


def test_what_nobody_confirmed_is_given_up_or_waits_for_a_connection() -> None:
    late = APITimeoutError("late")
    now, _ = commands.rewrite(state(), [message("a"), message("b")])
    now, _ = commands.configure(now, "instructions", "Be brief.")
    names = ("item_1", "update_3")

    kept, nothing = commands.give_up(replace(now, online=False), names, late)
    now, effects = commands.give_up(now, names, late)

    assert (len(kept.pending), len(kept.updates), nothing) == (2, 1, ())
    assert [change.event_id for change in now.pending] == ["item_2"]
    assert (now.updates, now.before, now.setting.instructions) == ((), {}, "Be brief.")
    assert effects == tuple(Refused(event_id=name, error=late) for name in names)


def test_hundreds_of_turns_leave_nothing_but_what_was_said() -> None:
    now, _ = opened(state(online=False))
    now, _ = receive(now, {"type": "session.updated"})
    for turn in range(300):
        now = _turn(now, turn)

    assert len(now.items) == 600
    assert replace(now, items=(), serial=0) == state()


def _turn(now: State, turn: int) -> State:
    """The user says something, is answered, the answer is stopped, and cut to what was heard."""
    user, said, name = f"u{turn}", f"a{turn}", f"r{turn}"
    written = "conversation.item.input_audio_transcription"
    item = {"type": "message", "content": []}
    place = {"response_id": name, "item_id": said}
    failed = {"item_id": user, "error": {}}
    for event in (
        {"type": "input_audio_buffer.speech_started"},
        {"type": "input_audio_buffer.speech_stopped"},
        {"type": "input_audio_buffer.committed"},
        {"type": "conversation.item.added", "item": {**item, "id": user, "role": "user"}},
        {"type": f"{written}.delta", "item_id": user, "delta": "Hm"},
        {"type": f"{written}.failed", **failed}
        if turn % 2
        else {"type": f"{written}.completed", "item_id": user, "transcript": "Hm?"},
    ):
        now, _ = receive(now, event)
    now, _ = commands.hear(now, TENTH)
    now, _ = commands.commit(now)
    now, _ = commands.configure(now, "tool_choice", "none")
    now, _ = commands.configure(now, "tool_choice", "auto")
    now, _ = commands.ask(now, None)
    asked = now.asks[0].event_id
    metadata = {"client_event_id": asked}
    if turn % 3 == 0:
        now, _ = commands.take_back(now, asked)
    for event in (
        {"type": "session.updated"},
        {"type": "session.updated"},
        {"type": "response.created", "response": {"id": name, "metadata": metadata}},
        {"type": "conversation.item.added", "item": {**item, "id": said, "role": "assistant"}},
        {"type": "response.output_audio_transcript.delta", **place, "delta": "Hi there."},
    ):
        now, _ = receive(now, event)
    now, _ = commands.interrupt(now)
    now, _ = commands.truncate(now, said, end=100, heard="Hi")
    for event in (
        {"type": "response.done", "response": {"id": name, "status": "cancelled"}},
        {"type": "conversation.item.truncated", "item_id": said},
    ):
        now, _ = receive(now, event)
    return now


def test_questions_are_sent_one_at_a_time() -> None:
    now, effects = commands.ask(state(), None)
    assert sent(effects) == [
        {
            "type": "response.create",
            "event_id": "ask_1",
            "response": {"metadata": {"client_event_id": "ask_1"}},
        }
    ]

    now, effects = commands.ask(now, "wave")
    assert effects == ()
    assert [question.sent for question in now.asks] == [True, False]


@pytest.mark.parametrize(
    ("own", "told"), [(None, "Wave."), ("", "Wave."), ("Be brief.", "Be brief.\nWave.")]
)
def test_a_wish_is_added_to_the_instructions(own: str | None, told: str) -> None:
    setting = Setting(options=Options(), instructions=own)

    _, effects = commands.ask(State(setting=setting, online=True), "Wave.")

    [asked] = sent(effects)
    assert asked["response"]["instructions"] == told


@pytest.mark.parametrize(
    "busy",
    [
        {"online": False},
        {"occupied": True},
        {"answers": {"r": Answer(response_id="r")}},
        {"answers": {"r": Answer(response_id="r", hushed=True)}},
    ],
)
def test_a_question_waits_while_it_would_not_be_answered(busy: dict[str, Any]) -> None:
    now, effects = commands.ask(state(**busy), None)

    assert effects == ()
    assert [question.sent for question in now.asks] == [False]


def test_an_answer_that_xai_was_told_to_stop_holds_up_nothing() -> None:
    setting = Setting(options=Options(dialect="xai"))
    stopped = {"r": Answer(response_id="r", hushed=True)}

    _, effects = commands.ask(State(setting=setting, online=True, answers=stopped), None)

    assert kinds(effects) == ["response.create"]


def test_a_question_that_is_taken_back_lets_the_next_one_be_asked() -> None:
    now, _ = commands.ask(state(), None)
    now, _ = commands.ask(now, None)

    now, effects = commands.take_back(now, "ask_1")

    assert [told["event_id"] for told in sent(effects)] == ["ask_2"]
    assert now.taken_back == {"ask_1"}


def test_one_that_was_not_sent_is_forgotten() -> None:
    now, _ = commands.ask(state(occupied=True), None)

    now, effects = commands.take_back(now, "ask_1")

    assert (now.asks, now.taken_back, effects) == ((), frozenset(), ())


def test_an_interruption_stops_an_answer_once() -> None:
    now, effects = commands.interrupt(state(answers={"r": Answer(response_id="r")}))

    assert effects == (
        Send(message={"type": "response.cancel", "response_id": "r"}),
        Hushed(response_id="r"),
    )
    assert commands.interrupt(now)[1] == ()


def test_a_message_is_cut_where_it_was_heard_to() -> None:
    now, effects = commands.truncate(state(message("a")), "a", end=120, heard="Hi")

    assert sent(effects) == [
        {
            "type": "conversation.item.truncate",
            "event_id": "cut_1",
            "item_id": "a",
            "content_index": 0,
            "audio_end_ms": 120,
        }
    ]
    assert now.cuts == (Cut(item_id="a", heard="Hi", event_id="cut_1"),)


def test_one_that_is_being_said_is_stopped_first() -> None:
    answers = {"r": Answer(response_id="r", texts={"a": "Hi th"})}

    _, effects = commands.truncate(state(message("a"), answers=answers), "a", end=1, heard=None)

    assert kinds(effects) == ["response.cancel", "conversation.item.truncate"]


@pytest.mark.parametrize(("heard", "left"), [("Hi", "Hi"), (None, "Hi there.")])
def test_a_written_message_is_replaced_by_what_was_heard(heard: str | None, left: str) -> None:
    setting = Setting(options=Options(modalities=("text",)))
    now = State(setting=setting, online=True, items=(message("b"), message("a")))

    now, effects = commands.truncate(now, "a", end=0, heard=heard)

    assert kinds(effects) == (
        ["conversation.item.delete", "conversation.item.create"] if heard else []
    )
    if heard:
        [_, created] = sent(effects)
        assert created["item"]["content"] == [{"type": "output_text", "text": left}]


def test_nothing_is_cut_that_is_no_message() -> None:
    assert commands.truncate(state(), "a", end=0, heard=None)[1] == ()


def test_sound_is_sent_to_the_next_connection_too() -> None:
    now, effects = commands.hear(state(), b"\1\2")

    told = {"type": "input_audio_buffer.append", "audio": base64.b64encode(b"\1\2").decode()}
    assert effects == (Send(message=told, lasting=True),)
    assert now.unheard == 2


@pytest.mark.parametrize(("sound", "told"), [(TENTH, 1), (TENTH[:-2], 0)])
def test_a_turn_has_a_tenth_of_a_second(sound: bytes, told: int) -> None:
    now, _ = commands.hear(state(), sound)

    now, effects = commands.commit(now)

    assert kinds(effects) == ["input_audio_buffer.commit"] * told
    assert now.unheard == (0 if told else len(sound))


def test_sound_may_be_forgotten() -> None:
    now, effects = commands.clear(commands.hear(state(), TENTH)[0])

    assert kinds(effects) == ["input_audio_buffer.clear"]
    assert now.unheard == 0


def test_a_new_connection_is_told_everything() -> None:
    now = state(message("a"), message("gone"), message("silent", ""))
    now, _ = commands.rewrite(now, [message("a"), message("silent", ""), message("b")])
    now, _ = commands.ask(replace(now, occupied=True), None)
    now, _ = lost(now)

    now, effects = opened(now)

    assert kinds(effects) == [
        "session.update",
        "conversation.item.create",
        "conversation.item.create",
        "response.create",
    ]
    told = sent(effects)[1:3]
    assert [create["item"]["id"] for create in told] == ["a", "b"]
    assert ["previous_item_id" in create for create in told] == [False, False]
    pending = {change.event_id for change in now.pending}
    # Who waits for "b" still does; what was deleted is not there any more.
    assert "item_2" in pending
    confirmed = [effect for effect in effects if isinstance(effect, Confirmed)]
    assert confirmed == [Confirmed(event_id="item_1")]


def test_a_question_that_was_sent_is_asked_again() -> None:
    now, _ = commands.ask(state(), None)
    now, effects = lost(now)
    assert effects == ()

    now, effects = opened(now)

    assert [told["event_id"] for told in sent(effects)][1:] == ["ask_1"]


def test_a_user_who_spoke_without_a_connection_is_heard_before_the_question() -> None:
    now, _ = commands.ask(state(online=False), None)
    _, kept = commands.clear(now)

    _, effects = opened(now, tuple(each for each in kept if isinstance(each, Send)))

    assert kinds(effects) == ["session.update", "input_audio_buffer.clear", "response.create"]


def test_what_was_being_said_ends_where_it_was() -> None:
    now = state(
        message("said", ""),
        message("begun", ""),
        message("cut"),
        message("unheard"),
        answers={"r": Answer(response_id="r", texts={"said": "Hi th", "begun": ""})},
        cuts=(
            Cut(item_id="cut", heard="Hi", event_id="cut_1"),
            Cut(item_id="unheard", heard=None, event_id="cut_2"),
        ),
        unheard=4,
        taken_back=frozenset({"ask_9"}),
    )

    now, effects = lost(now)

    assert effects == (Hushed(response_id="r", over=True),)
    texts = [(item.text_content, item.interrupted) for item in now.items]  # type: ignore[union-attr]
    assert texts == [("Hi th", True), ("", False), ("Hi", True), ("Hi there.", False)]
    assert (now.answers, now.cuts, now.unheard, now.taken_back) == ({}, (), 0, frozenset())
    assert now.quiet


def test_a_user_who_was_speaking_is_not_heard_any_more() -> None:
    now, effects = lost(state(speaking=True))

    stopped = InputSpeechStopped(user_transcription_enabled=False)
    assert effects == (Told(event="input_speech_stopped", value=stopped),)
    assert not now.speaking


def test_an_item_without_a_place_is_told_without_one() -> None:
    creation = Creation(item=message("a"), after="", event_id="item_1")

    assert "previous_item_id" not in commands.format_pending(creation, state())
    assert commands.format_pending(Deletion(item_id="a", event_id="item_2"), state()) == {
        "type": "conversation.item.delete",
        "item_id": "a",
        "event_id": "item_2",
    }
