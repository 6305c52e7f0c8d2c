"""What Gemini is asked, and what it answers to one request."""

from __future__ import annotations

import base64
import json

import pytest

from agents_core import APIError, APIStatusError, ChatContext
from agents_core.chat import FunctionCall, FunctionCallOutput, ImageContent
from agents_core.llm import ChatChunk, ChatRequest, CompletionUsage, NamedToolChoice, ToolChoice
from agents_core.testing.dialogue import tools
from agents_plugin_google import models
from agents_plugin_google._wire.answers import Answer, retry_delay, usage
from agents_plugin_google._wire.chat import Chat, format_request
from agents_plugin_google._wire.naming import camel, given
from agents_plugin_google._wire.places import Gemini, Vertex, vertex_url
from agents_plugin_google._wire.speech import Voice, format_speech, sound_in

USAGE = {
    "promptTokenCount": 100,
    "cachedContentTokenCount": 80,
    "candidatesTokenCount": 10,
    "toolUsePromptTokenCount": 5,
    "thoughtsTokenCount": 20,
    "totalTokenCount": 135,
}


def test_names_are_those_of_google_but_within_what_is_the_user_s() -> None:
    fields = {
        "function_call": {"args": {"a_b": 1}},
        "inline_data": {"data": b"\x00\xff", "mime_type": "image/png"},
        "parametersJsonSchema": {"properties": {"a_b": {}}},
        "thinking_config": ({"include_thoughts": True},),
    }

    assert camel(fields) == {
        "functionCall": {"args": {"a_b": 1}},
        "inlineData": {"data": "AP8=", "mimeType": "image/png"},
        "parametersJsonSchema": {"properties": {"a_b": {}}},
        "thinkingConfig": [{"includeThoughts": True}],
    }
    assert given({"top_k": 0, "top_p": None}) == {"topK": 0}


def test_the_gemini_api_has_its_places() -> None:
    place = Gemini()

    assert place.generation("m") == "/v1beta/models/m:streamGenerateContent?alt=sse"
    assert place.name("tunedModels/m") == "tunedModels/m"
    assert Gemini(version="v1alpha").conversation() == (
        "/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent"
    )


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("m", "projects/p/locations/l/publishers/google/models/m"),
        ("meta/m", "projects/p/locations/l/publishers/meta/models/m"),
        ("publishers/google/models/m", "projects/p/locations/l/publishers/google/models/m"),
        ("projects/o/locations/k/endpoints/1", "projects/o/locations/k/endpoints/1"),
    ],
)
def test_vertex_ai_calls_models_by_who_pays(model: str, name: str) -> None:
    place = Vertex(project="p", location="l")

    assert place.name(model) == name
    assert place.generation(model) == f"/v1/{name}:streamGenerateContent?alt=sse"


def test_vertex_ai_has_its_places() -> None:
    assert Vertex(project="p").conversation() == (
        "/ws/google.cloud.aiplatform.v1.LlmBidiService/BidiGenerateContent"
    )
    assert vertex_url("europe-west4").startswith("https://europe-west4-")
    assert vertex_url("global") == models.DEFAULT_VERTEX_GLOBAL_BASE_URL


def test_what_is_not_given_is_left_to_gemini() -> None:
    assert format_request(_asked(), Chat()) == {
        "contents": [{"role": "user", "parts": [{"text": "Hello."}]}]
    }


def test_every_option_has_the_name_that_gemini_gives_it() -> None:
    chat = Chat(
        temperature=0.5,
        max_output_tokens=100,
        top_p=0.9,
        top_k=40,
        presence_penalty=0.1,
        frequency_penalty=0.2,
        seed=7,
        stop_sequences=("END",),
        media_resolution="MEDIA_RESOLUTION_LOW",
        thinking_config={"thinking_budget": 0},
        safety_settings=({"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"},),
        retrieval_config={"lat_lng": {"latitude": 47.4, "longitude": 8.5}},
        gemini_tools=({"google_search": {}},),
    )

    body = format_request(_asked(), chat)

    assert body["generationConfig"] == {
        "temperature": 0.5,
        "maxOutputTokens": 100,
        "topP": 0.9,
        "topK": 40,
        "presencePenalty": 0.1,
        "frequencyPenalty": 0.2,
        "seed": 7,
        "stopSequences": ["END"],
        "mediaResolution": "MEDIA_RESOLUTION_LOW",
        "thinkingConfig": {"thinkingBudget": 0},
    }
    assert body["safetySettings"] == [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"}]
    assert body["tools"] == [{"googleSearch": {}}]
    assert body["toolConfig"] == {
        "retrievalConfig": {"latLng": {"latitude": 47.4, "longitude": 8.5}}
    }


def test_pictures_calls_and_instructions_are_written_as_gemini_has_them() -> None:
    chat_ctx = ChatContext()
    chat_ctx.add_message(role="system", content="Be brief.")
    picture = ImageContent(image=b"\x00", mime_type="image/png")
    chat_ctx.add_message(role="user", content=["Look.", picture])
    signed = {"google": {"thought_signature": "c2lnbmVk"}}
    arguments = '{"some_days": 3}'
    made = {"call_id": "1", "name": "look_up"}
    chat_ctx.items.append(FunctionCall(arguments=arguments, extra=signed, **made))
    chat_ctx.items.append(FunctionCallOutput(output="clear", is_error=False, **made))

    body = format_request(ChatRequest(chat_ctx=chat_ctx), Chat())

    assert body["systemInstruction"] == {"parts": [{"text": "Be brief."}]}
    inline = {"inlineData": {"data": "AA==", "mimeType": "image/png"}}
    call = {"id": "1", "name": "look_up", "args": {"some_days": 3}}
    response = {"id": "1", "name": "look_up", "response": {"output": "clear"}}
    assert body["contents"] == [
        {"role": "user", "parts": [{"text": "Look."}, inline]},
        {"role": "model", "parts": [{"thoughtSignature": "c2lnbmVk", "functionCall": call}]},
        {"role": "user", "parts": [{"functionResponse": response}]},
    ]


@pytest.mark.parametrize(
    ("asked", "usual", "config"),
    [
        ("auto", None, {"mode": "AUTO"}),
        ("required", None, {"mode": "ANY"}),
        ("none", "required", {"mode": "NONE"}),
        ("auto", "required", {"mode": "ANY"}),
        (NamedToolChoice("stop"), None, {"mode": "ANY", "allowedFunctionNames": ["stop"]}),
    ],
)
def test_a_choice_of_tools_is_a_mode(
    asked: ToolChoice, usual: ToolChoice | None, config: dict[str, object]
) -> None:
    body = format_request(_asked(tools=tools(), tool_choice=asked), Chat(tool_choice=usual))

    assert body["toolConfig"] == {"functionCallingConfig": config}
    [declared] = body["tools"]
    weather, _ = declared["functionDeclarations"]
    assert list(weather["parametersJsonSchema"]["properties"]) == ["city", "days"]


def test_an_answer_has_to_fit_a_schema_as_it_is() -> None:
    schema = {"type": "object", "properties": {"in_degrees": {"type": "integer"}}}

    body = format_request(_asked(response_format=schema), Chat())

    assert body["generationConfig"] == {
        "responseMimeType": "application/json",
        "responseJsonSchema": schema,
    }


def test_what_a_cache_has_is_not_sent_again() -> None:
    asked = _asked(tools=tools(), extra_kwargs={"labels": {"team": "a"}})

    body = format_request(asked, Chat(cached_content="cachedContents/1", temperature=0.5))

    assert sorted(body) == ["cachedContent", "contents", "generationConfig", "labels"]


def test_extra_fields_are_added_to_what_is_there() -> None:
    asked = _asked(extra_kwargs={"generationConfig": {"topK": 1}, "contents": []})

    body = format_request(asked, Chat(temperature=0.5))

    assert body == {"contents": [], "generationConfig": {"temperature": 0.5, "topK": 1}}


def test_an_answer_is_read_piece_by_piece() -> None:
    answer = Answer("Gemini", name="made up")
    pieces = [
        {"candidates": [{"content": {"parts": [{"text": "Let me see", "thought": True}]}}]},
        {"candidates": [{"content": {"role": "model", "parts": [{"text": "Hel"}]}}]},
        {"candidates": [{"content": {"parts": [{"text": "lo."}, _call("look_up", {"a": "ü"})]}}]},
        {"candidates": [{"content": {"parts": [_call("stop")]}, "finishReason": "STOP"}]},
    ]

    chunks = [chunk for piece in pieces for chunk in answer.read({**piece, "responseId": "r1"})]

    said = [chunk.delta.content for chunk in chunks if chunk.delta is not None]
    calls = [call for chunk in chunks if chunk.delta for call in chunk.delta.tool_calls]
    assert said == ["Hel", "lo.", None]
    assert [(call.call_id, call.name, call.arguments) for call in calls] == [
        ("r1_1", "look_up", '{"a": "ü"}'),
        ("r1_2", "stop", "{}"),
    ]
    assert {chunk.id for chunk in chunks} == {"r1"}


def test_a_call_keeps_its_own_id_and_signature() -> None:
    answer = Answer("Gemini", name="made up")
    part = {"functionCall": {"id": "7", "name": "stop"}, "thoughtSignature": "c2lnbmVk"}

    [chunk] = answer.read(_candidate(part))

    assert chunk.delta is not None
    [call] = chunk.delta.tool_calls
    assert (call.call_id, call.extra) == ("7", {"google": {"thought_signature": "c2lnbmVk"}})
    assert chunk.id == "made up"


def test_the_cost_is_told_at_the_end() -> None:
    answer = Answer("Gemini", name="a")
    assert list(answer.read(_candidate({"text": "x"}) | {"usageMetadata": {}})) != []
    assert list(answer.read({"usageMetadata": USAGE} | _candidate(finishReason="STOP"))) == []

    spent = CompletionUsage(
        completion_tokens=30, prompt_tokens=105, prompt_cached_tokens=80, total_tokens=135
    )
    assert answer.end() == ChatChunk(id="a", usage=spent)
    assert usage({}) == CompletionUsage(completion_tokens=0, prompt_tokens=0)


def test_an_answer_that_reached_its_limit_is_one(caplog: pytest.LogCaptureFixture) -> None:
    answer = Answer("Gemini", name="a")
    assert list(answer.read(_candidate({"text": "x"}, finishReason="MAX_TOKENS"))) != []

    assert answer.end().usage is not None
    assert "limit of tokens" in caplog.text


@pytest.mark.parametrize(
    ("piece", "words"),
    [(None, "broke off"), ({"candidates": [{"finishReason": "STOP"}]}, "answered nothing")],
)
def test_an_answer_that_is_none_may_be_asked_for_again(
    piece: dict[str, object] | None, words: str
) -> None:
    answer = Answer("Gemini", name="a")
    if piece is not None:
        assert list(answer.read(piece)) == []

    with pytest.raises(APIError, match=words) as raised:
        answer.end()
    assert raised.value.retryable


@pytest.mark.parametrize(
    ("reason", "retryable"),
    [("SAFETY", False), ("RECITATION", False), ("MALFORMED_FUNCTION_CALL", True), ("OTHER", True)],
)
def test_other_reasons_to_stop_are_errors(reason: str, *, retryable: bool) -> None:
    piece = {"candidates": [{"finishReason": reason, "finishMessage": "because"}]}

    with pytest.raises(APIError, match=f"stopped: {reason}: because") as raised:
        list(Answer("Gemini", name="a").read(piece))
    assert raised.value.retryable == retryable


def test_a_question_that_is_blocked_is_not_asked_again() -> None:
    harmless = {"promptFeedback": {"safetyRatings": []}}
    assert list(Answer("Gemini", name="a").read(harmless)) == []

    with pytest.raises(APIStatusError, match="PROHIBITED_CONTENT") as raised:
        list(
            Answer("Gemini", name="a").read(
                {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}
            )
        )
    assert not raised.value.retryable


@pytest.mark.parametrize(
    ("error", "status", "wait", "retryable"),
    [
        ({"code": 503, "message": "overloaded"}, 503, None, True),
        ({"code": 400, "message": "no such field"}, 400, None, False),
        ({"code": 429, "details": [{"@type": "x"}, {"retryDelay": "39s"}]}, 429, 39.0, True),
    ],
)
def test_an_error_within_an_answer_is_one(
    error: dict[str, object], status: int, wait: float | None, *, retryable: bool
) -> None:
    with pytest.raises(APIStatusError) as raised:
        list(Answer("Gemini", name="a").read({"error": error}))

    told = raised.value
    assert (told.status_code, told.retry_after, told.retryable) == (status, wait, retryable)


@pytest.mark.parametrize(
    ("body", "wait"),
    [
        (json.dumps({"error": {"details": [{"retryDelay": "1.5s"}]}}), 1.5),
        (json.dumps({"error": {"code": 500}}), None),
        ('{"error": "cut o', None),
        (None, None),
        ("[]", None),
    ],
)
def test_a_refusal_may_say_how_long_to_wait(body: object, wait: float | None) -> None:
    assert retry_delay(body) == wait


def test_speech_is_asked_for_with_what_is_given() -> None:
    prebuilt = {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": "Kore"}}}

    assert format_speech("Hello.", Voice()) == {
        "contents": [
            {"role": "user", "parts": [{"text": "Read this aloud, word for word:\nHello."}]}
        ],
        "generationConfig": {"responseModalities": ["AUDIO"], "speechConfig": prebuilt},
    }
    body = format_speech(
        "Hello.", Voice(instructions=None, language="de-DE", temperature=1, seed=7)
    )
    assert body["contents"][0]["parts"] == [{"text": "Hello."}]
    assert body["generationConfig"] == {
        "responseModalities": ["AUDIO"],
        "speechConfig": {**prebuilt, "languageCode": "de-DE"},
        "temperature": 1,
        "seed": 7,
    }


def test_sound_is_read_at_its_rate() -> None:
    data = base64.b64encode(b"\x01\x02\x03").decode()
    parts = [
        {"text": "not a sound"},
        {"inlineData": {"mimeType": "audio/L16;codec=pcm;rate=24000", "data": data}},
        {"inlineData": {"mimeType": "audio/pcm", "data": data}},
    ]

    assert list(sound_in(parts, sample_rate=24_000)) == [b"\x01\x02\x03"] * 2


@pytest.mark.parametrize("kind", ["audio/L16;rate=16000", "audio/wav;rate=24000", ""])
def test_another_kind_of_sound_is_not_played(kind: str) -> None:
    with pytest.raises(APIError, match="instead of sound") as raised:
        list(sound_in([{"inlineData": {"mimeType": kind, "data": ""}}], sample_rate=24_000))
    assert not raised.value.retryable


def _asked(**options: object) -> ChatRequest:
    chat_ctx = ChatContext()
    chat_ctx.add_message(role="user", content="Hello.")
    return ChatRequest(chat_ctx=chat_ctx, **options)


def _call(name: str, args: dict[str, object] | None = None) -> dict[str, object]:
    return {"functionCall": {"name": name} if args is None else {"name": name, "args": args}}


def _candidate(*parts: object, **more: str) -> dict[str, object]:
    return {"candidates": [{"content": {"parts": list(parts)}, **more}]}
