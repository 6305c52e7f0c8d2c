"""Baseten: chat completions, and two deployed models, one that listens and one that speaks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from agents_core.audio import AudioFrame, wav_bytes
from agents_core.testing.tones import SECONDS_PER_BYTE, Heard, ToneReader, speak
from agents_plugins_test.answers import Answer, LineCut
from agents_plugins_test.local import pieces
from agents_plugins_test.vendors.openai.chat import ChatRoom

if TYPE_CHECKING:
    from aiohttp import web

_RATE = 24_000
_ENDPOINT = "/{path:.*}"
_FIELDS: Mapping[str, frozenset[str]] = {
    "streaming_vad_config": frozenset(("threshold", "min_silence_duration_ms", "speech_pad_ms")),
    "streaming_params": frozenset(
        (
            "encoding",
            "sample_rate",
            "enable_partial_transcripts",
            "partial_transcript_interval_s",
            "final_transcript_max_duration_s",
        )
    ),
    "whisper_params": frozenset(
        ("audio_language", "show_word_timestamps", "language_options", "prompt")
    ),
}
"""Of the first message; whatever else is in it is refused."""


class BasetenServer(ChatRoom):
    """``POST /chat/completions``; any other path is an endpoint, of a voice and of a listener.

    Attributes:
        wraps: whether the voice answers with a WAV.
        tells_language: whether transcripts say of which language they are.
        lingers: whether the listener leaves the socket open when all was told.
        goodbyes: how many more times the listener takes its leave at the first sound.
    """

    def __init__(self, *, api_key: str | None = None) -> None:
        """See `LocalVendor`."""
        super().__init__(api_key=api_key)
        self.wraps = False
        self.tells_language = True
        self.lingers = False
        self.goodbyes = 0

    def routes(self) -> Iterable[web.RouteDef]:
        """See `LocalVendor`."""
        return [
            *self.chat_routes(),
            self.answer("POST", _ENDPOINT, self._speak),
            self.converse(_ENDPOINT, self._listen),
        ]

    def key_of(self, request: web.Request) -> str | None:
        """See `LocalVendor`: endpoints want another scheme than the chat."""
        if request.path == "/chat/completions":
            return super().key_of(request)
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        return key if scheme == "Api-Key" and key else None

    async def _speak(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        body = await request.json()
        self.asked_for = body
        self.texts.append(body["prompt"])
        unknown = body.keys() - {"prompt", "voice", "language", "temperature", "max_tokens"}
        if answer.complains or unknown:
            return web.json_response({"error": f"bad request: {unknown}"}, status=400)
        if bad := answer.bad(broken="<html>", lacking='{"audio": null}'):
            kind = "text/html" if bad.startswith("<") else "application/json"
            return web.Response(text=bad, content_type=kind)

        response = web.StreamResponse(headers={"X-Baseten-Request-Id": "b10c-speak"})
        response.content_type = "application/octet-stream"
        spoken = speak(body["prompt"], sample_rate=_RATE)
        for piece in pieces(wav_bytes(spoken) if self.wraps else spoken.data):
            await answer.part()
            if not response.prepared:
                await response.prepare(request)
            await response.write(piece)
            self.sent += piece
        await answer.finish()
        return response

    async def _listen(self, socket: web.WebSocketResponse, answer: Answer) -> None:
        metadata = json.loads(await socket.receive_str())
        if problem := _problem(metadata):
            await socket.send_json({"type": "error", "body": problem})
            return
        spoken = {**metadata["whisper_params"], **metadata["streaming_params"]}
        vad = {f"vad_{name}": value for name, value in metadata["streaming_vad_config"].items()}
        self.asked_for = {**spoken, **vad, "language": spoken["audio_language"]}
        listener = _Listener(spoken)
        async for message in socket:
            if self.goodbyes:
                self.goodbyes -= 1
                return
            if isinstance(message.data, bytes):
                self.heard += message.data
                told = listener.hear(message.data)
            else:
                told = listener.obey(json.loads(message.data))
            for each in told:
                if not self.tells_language:
                    each.pop("language_code", None)
                await _tell(socket, answer, each)
            if listener.over and not self.lingers:
                return


class _Listener:
    """Makes of each message that comes those that go."""

    def __init__(self, spoken: Mapping[str, Any]) -> None:
        self.over = False
        self._language: str = spoken["audio_language"]
        self._partial: bool = spoken["enable_partial_transcripts"]
        self._words: bool = spoken["show_word_timestamps"]
        self._rate: int = spoken["sample_rate"]
        self._tones = ToneReader(self._rate)
        self._told = ""
        self._count = 0

    def hear(self, sound: bytes) -> Iterable[dict[str, Any]]:
        if len(sound) != 2 * 512 * self._rate // 16_000:
            yield {"type": "error", "body": f"a chunk of {len(sound)} bytes"}
            return
        self._tones.push(AudioFrame(sound, self._rate))
        yield from self._finals(self._tones.take())
        start, words = self._tones.start_time, self._tones.text.rpartition(" ")[0]
        if self._partial and words not in {"", self._told} and start is not None:
            self._told = words
            end = start + len(words.encode()) * SECONDS_PER_BYTE
            yield self._transcript(Heard(text=words, start_time=start, end_time=end), final=False)

    def obey(self, told: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
        if told != {"type": "end_audio"}:
            yield {"type": "error", "body": f"unknown message: {told}"}
            return
        yield {"type": "end_audio", "body": {"status": "acknowledged"}}
        yield from self._finals(self._tones.end())
        yield {"type": "end_audio", "body": {"status": "finished"}}
        self.over = True

    def _finals(self, heard: Iterable[Heard]) -> Iterable[dict[str, Any]]:
        for each in heard:
            self._told = ""
            yield self._transcript(each, final=True)

    def _transcript(self, heard: Heard, *, final: bool) -> dict[str, Any]:
        self._count += 1
        segment: dict[str, Any] = {
            "text": f" {heard.text}",
            "log_prob": -0.1,
            "start_time": heard.start_time,
            "end_time": heard.end_time,
        }
        if self._words:
            segment["word_timestamps"] = list(_timed(heard))
        return {
            "type": "transcription",
            "is_final": final,
            "transcription_num": self._count,
            "language_code": self._language,
            "audio_length_sec": heard.end_time - heard.start_time,
            "segments": [segment],
        }


async def _tell(socket: web.WebSocketResponse, answer: Answer, message: dict[str, Any]) -> None:
    """Send a message, or what a fault puts in its place."""
    if answer.complains:
        await socket.send_json({"type": "error", "body": "out of memory"})
        await _no_more(socket)
    await answer.part()
    if bad := answer.bad(broken='{"type": "trans', lacking='{"type": "transcription"}'):
        await socket.send_str(bad)
        await _no_more(socket)
    await socket.send_json(message)


async def _no_more(socket: web.WebSocketResponse) -> None:
    async for _ in socket:
        continue
    raise LineCut


def _problem(metadata: Mapping[str, Mapping[str, Any]]) -> str | None:
    unknown = [
        f"{group}.{field}"
        for group, fields in metadata.items()
        for field in fields
        if field not in _FIELDS.get(group, ())
    ]
    if unknown:
        return f"extra inputs are not permitted: {unknown}"
    missing = _FIELDS.keys() - metadata.keys()
    if missing or metadata["streaming_params"]["encoding"] != "pcm_s16le":
        return f"missing, or of another encoding: {sorted(missing)}"
    return None


def _timed(heard: Heard) -> Iterable[dict[str, Any]]:
    start = heard.start_time
    for word in heard.text.split(" "):
        end = start + len(word.encode()) * SECONDS_PER_BYTE
        if word:
            yield {"word": f" {word}", "start_time": start, "end_time": end}
        start = end + SECONDS_PER_BYTE
