"""What is said in a conversation with Google, in its words, and whose turn that makes it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from agents_core import APIError
from agents_core.chat import ChatContext, ChatMessage, ChatRole, FunctionCall, FunctionCallOutput
from agents_core.http import malformed
from agents_core.testing.dialogue import tools
from agents_plugin_google._calls import Calls
from agents_plugin_google._wire import talk, turns
from agents_plugin_google._wire.events import (
    Began,
    Called,
    CalledOff,
    Ended,
    Event,
    GoingAway,
    Rejected,
    Resumable,
    Said,
    SpeechStarted,
    SpeechStopped,
    Spent,
    Transcribed,
)
from agents_plugin_google._wire.heard import Heard, parse_message
from agents_plugin_google._wire.places import Gemini, Vertex
from agents_plugin_google._wire.schemas import to_schema
from agents_plugin_google._wire.setup import Beginning, Talk, format_setup
from agents_plugin_google._wire.turns import Turns

CALL = FunctionCall(call_id="1", name="stop", arguments="{}")
SAID = Heard(spoken="Hi.")


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "format": "uuid", "default": ""}, {"type": "STRING"}),
        ({"type": "string", "format": "date-time"}, {"type": "STRING", "format": "date-time"}),
        ({"const": "a", "type": "string"}, {"type": "STRING", "enum": ["a"]}),
        ({"enum": [1, 2], "type": "integer"}, {"type": "INTEGER"}),
        (
            {"anyOf": [{"type": "integer"}, {"type": "null"}], "title": "Days"},
            {"type": "INTEGER", "nullable": True, "title": "Days"},
        ),
        (
            {"oneOf": [{"type": "integer"}, {"type": "string"}]},
            {"anyOf": [{"type": "INTEGER"}, {"type": "STRING"}]},
        ),
        ({"type": ["string", "null"]}, {"type": "STRING", "nullable": True}),
        ({"allOf": [{"type": "number"}], "minimum": 0}, {"type": "NUMBER", "minimum": 0}),
        (
            {
                "type": "object",
                "properties": {"a_b": {"type": "array", "items": {"type": "string"}}},
                "required": ["a_b"],
                "additionalProperties": False,
            },
            {
                "type": "OBJECT",
                "properties": {"a_b": {"type": "ARRAY", "items": {"type": "STRING"}}},
                "required": ["a_b"],
            },
        ),
    ],
)
def test_a_schema_is_written_in_google_s_words(
    schema: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert to_schema(schema) == expected


def test_what_is_not_given_is_left_to_google() -> None:
    voice = {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": "Puck"}}}

    assert format_setup(Beginning(), name="models/m", handle=None) == {
        "setup": {
            "model": "models/m",
            "generationConfig": {"responseModalities": ["AUDIO"], "speechConfig": voice},
            "inputAudioTranscription": {},
            "outputAudioTranscription": {},
            "sessionResumption": {},
        }
    }


def test_every_option_has_the_name_that_google_gives_it() -> None:
    options = Talk(
        voice="Aoede",
        language="de-DE",
        candidate_count=1,
        temperature=0.5,
        max_output_tokens=100,
        top_p=0.9,
        top_k=40,
        presence_penalty=0.1,
        frequency_penalty=0.2,
        media_resolution="MEDIA_RESOLUTION_LOW",
        thinking_config={"thinking_budget": 0},
        enable_affective_dialog=True,
        proactivity=True,
        input_audio_transcription=None,
        realtime_input_config={"automatic_activity_detection": {"disabled": True}},
        context_window_compression={"sliding_window": {"target_tokens": 1000}},
        session_resumption={"transparent": True},
        tool_behavior="NON_BLOCKING",
        gemini_tools=({"google_search": {}},),
    )
    beginning = Beginning(instructions="Be brief.", tools=tools(), talk=options)

    setup = format_setup(beginning, name="models/m", handle="h")["setup"]

    assert setup["generationConfig"] == {
        "responseModalities": ["AUDIO"],
        "speechConfig": {
            "voiceConfig": {"prebuiltVoiceConfig": {"voiceName": "Aoede"}},
            "languageCode": "de-DE",
        },
        "candidateCount": 1,
        "temperature": 0.5,
        "maxOutputTokens": 100,
        "topP": 0.9,
        "topK": 40,
        "presencePenalty": 0.1,
        "frequencyPenalty": 0.2,
        "mediaResolution": "MEDIA_RESOLUTION_LOW",
        "thinkingConfig": {"thinkingBudget": 0},
        "enableAffectiveDialog": True,
    }
    assert setup["systemInstruction"] == {"parts": [{"text": "Be brief."}]}
    assert setup["proactivity"] == {"proactiveAudio": True}
    assert setup["realtimeInputConfig"] == {"automaticActivityDetection": {"disabled": True}}
    assert setup["contextWindowCompression"] == {"slidingWindow": {"targetTokens": 1000}}
    assert setup["sessionResumption"] == {"transparent": True, "handle": "h"}
    assert "inputAudioTranscription" not in setup
    search, functions = setup["tools"]
    weather, stop = functions["functionDeclarations"]
    assert search == {"googleSearch": {}}
    assert weather["parameters"]["properties"]["days"]["type"] == "INTEGER"
    assert stop == {"name": "stop", "description": "Stop talking.", "behavior": "NON_BLOCKING"}


def test_who_writes_has_no_voice() -> None:
    options = Talk(modalities=("TEXT",), session_resumption=None)
    beginning = Beginning(tools=tools()[1:], talk=options)

    setup = format_setup(beginning, name="m", handle="h")["setup"]

    assert setup["generationConfig"] == {"responseModalities": ["TEXT"]}
    assert not setup.keys() & {"outputAudioTranscription", "sessionResumption"}
    assert setup["tools"][0]["functionDeclarations"] == [
        {"name": "stop", "description": "Stop talking."}
    ]
    assert (options.writes, options.decides_turns) == (True, True)
    assert Talk(output_audio_transcription=None).writes
    assert not Talk().writes


def test_what_the_user_does_is_told() -> None:
    sound = {"data": "AQI=", "mimeType": "audio/pcm;rate=16000"}
    picture = {"data": "AQI=", "mimeType": "image/png"}

    assert talk.format_sound(b"\x01\x02") == {"realtimeInput": {"audio": sound}}
    assert talk.format_image(b"\x01\x02", "image/png") == {"realtimeInput": {"video": picture}}
    assert talk.format_question(None) == {"clientContent": {"turnComplete": True}}
    assert talk.format_question("Greet.") == {
        "clientContent": {
            "turns": [{"role": "user", "parts": [{"text": "Greet."}]}],
            "turnComplete": True,
        }
    }


def test_what_was_said_is_told_and_nothing_else() -> None:
    model = {"role": "model", "parts": [{"text": "Hi."}]}
    user = {"role": "user", "parts": [{"text": "Hello."}]}

    assert talk.format_items([]) is None
    assert _turns_of(_message("assistant", "Hi.")) == [model]
    assert _turns_of(_message("user", "Hello."), _message("assistant", "Hi.")) == [user, model]
    assert _turns_of(_message("user", "Hello.")) == [user]


def test_what_tools_said_is_told() -> None:
    outputs = [_output("1", "clear"), _output("2", "no such city", is_error=True)]

    [response] = talk.format_outputs(outputs[:1])["toolResponse"]["functionResponses"]
    told = talk.format_outputs(outputs, scheduling="SILENT")["toolResponse"]["functionResponses"]

    assert response == {"id": "1", "name": "stop", "response": {"output": "clear"}}
    assert [each["response"] for each in told] == [{"output": "clear"}, {"error": "no such city"}]
    assert {each["scheduling"] for each in told} == {"SILENT"}
    [down] = talk.turn_down([CALL])["toolResponse"]["functionResponses"]
    assert (down["id"], list(down["response"])) == ("1", ["error"])


def test_outputs_go_to_who_waits_for_them() -> None:
    message, first, second, third = _message("user", "x"), *(_output(i, "") for i in "123")

    sorted_out = talk.sort_outputs([message, first, second, third], awaited={"1"}, called_off={"2"})

    assert sorted_out == ([first], [message, third])


def test_an_output_brings_its_call_where_that_is_not_there() -> None:
    other = FunctionCall(call_id="2", name="stop", arguments="{}")
    first, second, third = (_output(i, "") for i in "123")

    assert talk.with_calls([first, other, second, third], [CALL, other]) == [
        CALL,
        first,
        other,
        second,
        third,
    ]
    assert talk.with_calls([other], []) == [other]


@pytest.mark.parametrize(
    ("waiting", "in_turn", "opens"),
    [
        ([talk.STREAM_END], True, True),
        ([talk.STREAM_END], False, False),
        ([talk.format_sound(b""), talk.ACTIVITY_END], False, True),
        ([talk.ACTIVITY_START], True, False),
        ([talk.ACTIVITY_END, talk.ACTIVITY_START], True, True),
    ],
)
def test_a_turn_that_goes_on_is_told_to_a_new_connection(
    waiting: list[dict[str, object]], *, in_turn: bool, opens: bool
) -> None:
    assert talk.opens_turn(waiting, in_turn=in_turn) == opens


def test_a_conversation_grows_or_is_another_one() -> None:
    first, second = _message("user", "a"), _message("assistant", "b")

    assert talk.only_added(ChatContext([first]), ChatContext([first, second])) == (second,)
    assert talk.only_added(ChatContext([first, second]), ChatContext([second])) is None
    assert (
        talk.only_added(ChatContext([second]), ChatContext([replace(second, content=("c",))]))
        is None
    )
    assert talk.instructions_in([_message("system", "Be brief."), first]) == ("Be brief.",)
    assert talk.instructions_in([ChatMessage(role="developer", content=())]) == ("",)


@pytest.mark.parametrize(
    ("message", "heard"),
    [
        ({"setupComplete": {}}, Heard(ready=True)),
        ({"setupComplete": {"sessionId": "1"}}, Heard(ready=True)),
        ({"serverContent": {"inputTranscription": {"text": "Hel"}}}, Heard(said="Hel")),
        (
            {"serverContent": {"inputTranscription": {"text": "lo", "finished": True}}},
            Heard(said="lo", said_all=True),
        ),
        ({"serverContent": {"outputTranscription": {"text": "Hi"}}}, Heard(spoken="Hi")),
        (
            {
                "serverContent": {
                    "modelTurn": {
                        "parts": [
                            {"inlineData": {"mimeType": "audio/pcm;rate=24000", "data": "AQI="}},
                            {"text": "The user greets.", "thought": True},
                            {"text": "Hi"},
                        ]
                    }
                }
            },
            Heard(sound=b"\x01\x02", written="Hi"),
        ),
        ({"serverContent": {"interrupted": True}}, Heard(interrupted=True)),
        ({"serverContent": {"generationComplete": True}}, Heard(answer_made=True)),
        (
            {
                "serverContent": {"turnComplete": True},
                "usageMetadata": {
                    "promptTokenCount": 9,
                    "responseTokenCount": 6,
                    "thoughtsTokenCount": 1,
                    "cachedContentTokenCount": 2,
                    "toolUsePromptTokenCount": 1,
                    "totalTokenCount": 17,
                    "promptTokensDetails": [
                        {"modality": "AUDIO", "tokenCount": 7},
                        {"modality": "TEXT", "tokenCount": 2},
                    ],
                    "responseTokensDetails": [{"modality": "AUDIO", "tokenCount": 6}],
                },
            },
            Heard(
                turn_over=True,
                usage={
                    "input_tokens": 10,
                    "output_tokens": 7,
                    "total_tokens": 17,
                    "input_cached_tokens": 2,
                    "input_audio_tokens": 7,
                    "input_text_tokens": 2,
                    "output_audio_tokens": 6,
                    "output_text_tokens": 0,
                },
            ),
        ),
        ({"toolCallCancellation": {"ids": ["1", "2"]}}, Heard(calls_off=("1", "2"))),
        ({"sessionResumptionUpdate": {"newHandle": "h", "resumable": True}}, Heard(handle="h")),
        ({"sessionResumptionUpdate": {"resumable": False}}, Heard()),
        ({"goAway": {"timeLeft": "10s"}}, Heard(going_away=True)),
        ({"voiceActivity": {"voiceActivityType": "ACTIVITY_START"}}, Heard(activity=True)),
        ({"voiceActivity": {"voiceActivityType": "ACTIVITY_END"}}, Heard(activity=False)),
        ({"somethingOfTomorrow": {}}, Heard()),
    ],
)
def test_each_message_is_understood(message: dict[str, Any], heard: Heard) -> None:
    assert parse_message(json.dumps(message)) == heard
    assert parse_message(json.dumps(message).encode()) == heard


def test_calls_are_read_whole() -> None:
    calls = [
        {"id": "7", "name": "look_up", "args": {"city": "Zürich"}, "thoughtSignature": "c2ln"},
        {"name": "stop"},
    ]

    first, second = parse_message(json.dumps({"toolCall": {"functionCalls": calls}})).calls

    assert (first.call_id, first.name, first.arguments) == ("7", "look_up", '{"city": "Zürich"}')
    assert first.extra == {"google": {"thought_signature": "c2ln"}}
    assert (second.name, second.arguments, bool(second.call_id)) == ("stop", "{}", True)


def test_vertex_ai_counts_candidates() -> None:
    usage = {"candidatesTokenCount": 6, "candidatesTokensDetails": [{"modality": "TEXT"}]}

    told = parse_message(json.dumps({"usageMetadata": usage})).usage

    assert told is not None
    assert (told["output_tokens"], told["output_text_tokens"]) == (6, 0)


@pytest.mark.parametrize(
    "message",
    ['{"server', "[]", '{"toolCall": {}}', '{"serverContent": {"modelTurn": {"parts": [1]}}}'],
)
def test_what_cannot_be_read_is_google_s_fault(message: str) -> None:
    with pytest.raises(APIError), malformed("Gemini"):
        parse_message(message)


def test_the_user_speaks_and_is_answered() -> None:
    state, events = _hear(
        Turns(),
        Heard(said="How "),
        Heard(said="are you?"),
        Heard(spoken="Fine.", sound=b""),
        Heard(sound=b"\x01\x02"),
        Heard(said=" Friend."),  # late
        Heard(answer_made=True),
        Heard(turn_over=True, usage={"input_tokens": 1}),
    )

    assert events == [
        SpeechStarted(),
        Transcribed("How", final=False),
        Transcribed("How are you?", final=False),
        SpeechStopped(),
        Began(asked=False),
        Said("Fine.", b""),
        Said("", b"\x01\x02"),
        Transcribed("How are you? Friend.", final=False),
        Transcribed("How are you? Friend.", final=True),
        Ended(interrupted=False),
        Spent({"input_tokens": 1}),
    ]
    assert state == Turns()


def test_the_end_of_what_the_user_said_may_be_told() -> None:
    _, events = _hear(
        Turns(),
        Heard(activity=True),
        Heard(said="Hello."),
        Heard(said_all=True),
        Heard(activity=False),
        Heard(activity=False),
    )

    assert events == [
        SpeechStarted(),
        Transcribed("Hello.", final=False),
        Transcribed("Hello.", final=True),
        SpeechStopped(),
    ]


def test_a_question_is_answered() -> None:
    state = turns.ask(Turns())
    assert state.owed

    state, events = _hear(state, SAID, Heard(answer_made=True))

    assert events == [Began(asked=True), Said("Hi.", b""), Ended(interrupted=False)]
    assert (state.owed, state.open) == (False, True)


def test_a_question_may_be_answered_by_nothing() -> None:
    state, events = _hear(turns.ask(Turns()), Heard(turn_over=True))

    assert events == [Began(asked=True), Ended(interrupted=False)]
    assert state == Turns()


def test_the_end_of_a_turn_before_a_question_is_not_its_answer() -> None:
    state, _ = _hear(Turns(), SAID, Heard(answer_made=True))

    state, events = _hear(turns.ask(state), Heard(interrupted=True), Heard(turn_over=True))

    assert events == []
    assert state.asked


def test_who_writes_is_read_and_who_speaks_is_heard() -> None:
    both = Heard(written="written", spoken="spoken")

    assert Said("written", b"") in _hear(Turns(writes=True), both)[1]
    assert Said("spoken", b"") in _hear(Turns(), both)[1]
    assert _hear(Turns(), Heard(written="a thought"))[1] == []


def test_the_user_interrupts() -> None:
    _, events = _hear(Turns(), SAID, Heard(interrupted=True), Heard(turn_over=True))

    assert events[2:] == [SpeechStarted(), Ended(interrupted=True)]


def test_the_user_interrupts_what_is_still_listened_to() -> None:
    _, events = _hear(Turns(), SAID, Heard(answer_made=True), Heard(interrupted=True))

    assert events[3:] == [SpeechStarted()]


def test_we_interrupt_and_it_is_not_the_user() -> None:
    state, _ = _hear(Turns(), SAID)
    state, events = turns.stop(state)
    assert events == (Ended(interrupted=True),)
    assert state.owed

    state, events = _hear(
        state, SAID, Heard(calls=(CALL,)), Heard(interrupted=True), Heard(turn_over=True), SAID
    )

    assert events == [Began(asked=False), Said("Hi.", b"")]


def test_to_interrupt_nobody_is_nothing() -> None:
    assert turns.stop(Turns()) == (Turns(), ())


def test_what_we_add_interrupts_as_well() -> None:
    state, _ = _hear(Turns(), SAID)

    _, events = _hear(turns.tell(state), Heard(interrupted=True))

    assert events == [Ended(interrupted=True)]
    assert turns.tell(Turns()) == Turns()


def test_a_call_ends_the_answer_and_google_waits() -> None:
    state, events = _hear(turns.ask(Turns()), SAID, Heard(calls=(CALL, CALL)))

    assert events[2:] == [Called(CALL), Called(CALL), Ended(interrupted=False)]
    assert not state.owed
    assert not state.open


def test_calls_that_may_not_be_are_turned_down_for_a_while() -> None:
    asked = turns.ask(Turns(calls_allowed=False))
    calls = Heard(calls=(CALL,))

    state, events = _hear(asked, calls, calls, calls)
    assert events == [Rejected((CALL,))] * 3
    assert state.asked

    state, events = _hear(state, calls)
    assert events == [Began(asked=True), Ended(interrupted=False)]
    assert state.rejected == 0


def test_a_spoilt_message_spoils_the_answer() -> None:
    state, _ = _hear(Turns(), SAID)

    spoilt, events = turns.spoil(state)

    assert events == (Ended(interrupted=True),)
    assert _hear(spoilt, SAID, Heard(answer_made=True))[1] == []
    assert turns.spoil(turns.ask(Turns())) == (Turns(), ())


def test_a_lost_connection_ends_all_that_went_on() -> None:
    hearing, _ = _hear(Turns(writes=True), Heard(said="Hel"))
    answering, _ = _hear(Turns(), SAID)

    assert turns.lose(hearing) == (
        Turns(writes=True),
        (SpeechStopped(), Transcribed("Hel", final=True)),
    )
    assert turns.lose(answering) == (Turns(), (Ended(interrupted=True),))


def test_what_is_told_beside_the_turns() -> None:
    _, events = _hear(Turns(), Heard(calls_off=("1",), handle="h", going_away=True))

    assert events == [CalledOff(("1",)), Resumable("h"), GoingAway()]


def _hear(state: Turns, *messages: Heard) -> tuple[Turns, list[Event]]:
    events: list[Event] = []
    for heard in messages:
        state, more = turns.hear(state, heard)
        events += more
    return state, events


def _turns_of(*items: ChatMessage) -> object:
    message = talk.format_items(items)
    assert message is not None
    assert message["clientContent"]["turnComplete"] is False
    return message["clientContent"]["turns"]


def _message(role: ChatRole, text: str) -> ChatMessage:
    return ChatMessage(role=role, content=(text,))


def _output(call_id: str, output: str, *, is_error: bool = False) -> FunctionCallOutput:
    return FunctionCallOutput(call_id=call_id, name="stop", output=output, is_error=is_error)


def test_a_call_is_forgotten_once_its_tool_has_answered() -> None:
    calls = Calls()
    output = FunctionCallOutput(call_id="1", name="stop", output="", is_error=False)
    for _ in range(2):
        calls.add("1")
        calls.lose()
        assert calls.answer([output])
        assert not calls.answer([output])
        calls.add("1")
        calls.call_off(("1",))
        assert (calls.awaited, calls.called_off) == (set(), {"1"})
        assert not calls.answer([output])
    assert vars(calls) == vars(Calls())


def test_vertex_ai_knows_no_ids_of_calls() -> None:
    call = {"id": "1", "name": "stop", "args": {"functionCall": {"id": 7}}}
    parts = [{"functionCall": call}, {"functionResponse": {"id": "1", "name": "stop"}}]
    message = {
        "clientContent": {"turns": [{"role": "model", "parts": parts}]},
        "toolResponse": {"functionResponses": [{"id": "1", "name": "stop"}]},
    }
    bare = {"name": "stop", "args": {"functionCall": {"id": 7}}}
    parts = [{"functionCall": bare}, {"functionResponse": {"name": "stop"}}]

    assert Gemini().taken(message) == message
    assert Vertex(project="p").taken(message) == {
        "clientContent": {"turns": [{"role": "model", "parts": parts}]},
        "toolResponse": {"functionResponses": [{"name": "stop"}]},
    }


@pytest.mark.parametrize("of", ["asked", "answering", "muted", "open", "hearing"])
def test_a_conversation_is_engaged_while_somebody_speaks(of: str) -> None:
    assert replace(Turns(), **{of: True}).engaged
    assert not Turns().engaged
