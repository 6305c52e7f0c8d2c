"""OpenAI's transcriptions and its speech."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from agents_core.audio import AudioFrame, wav_bytes
from agents_core.testing.tones import SECONDS_PER_BYTE, Heard, read, speak
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import LocalVendor, pieces

if TYPE_CHECKING:
    from aiohttp import web

_RATE = 24_000
_SPEECH = frozenset(("input", "model", "voice", "response_format", "speed", "instructions"))
_VERBOSE = "verbose_json"


class SpeechRoom(LocalVendor):
    """``POST /audio/transcriptions`` and ``POST /audio/speech``."""

    def speech_routes(self, prefix: str = "") -> Iterable[web.RouteDef]:
        """The routes of this room, for `routes` of a server that has it."""
        return (
            self.answer("POST", f"{prefix}/audio/transcriptions", self._transcribe),
            self.answer("POST", f"{prefix}/audio/speech", self._speak),
        )

    async def _transcribe(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        form = await request.post()
        recording = form["file"]
        if not isinstance(recording, web.FileField) or not recording.filename.endswith(".wav"):
            return _objection("Unrecognized file format")
        if form["response_format"] == _VERBOSE and "whisper" not in str(form["model"]):
            return _objection("response_format 'verbose_json' is not compatible with this model")
        self.asked_for = {
            key: form.getall(key) if key.endswith("[]") else form[key] for key in form
        }
        sound = _samples(recording.file.read())
        self.heard += sound.data
        await answer.part()
        if answer.complains:
            return _objection("audio file is too short")
        if bad := answer.bad(broken='{"text": "Six ge', lacking='{"usage": {}}'):
            return web.Response(text=bad, content_type="application/json")
        await answer.finish()
        told = _transcript(read([sound]), sound, verbose=form["response_format"] == _VERBOSE)
        return web.json_response(told, headers={"x-request-id": f"req_{self.requests()}"})

    async def _speak(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        body = await request.json()
        if body.keys() - _SPEECH or not body["model"]:
            return _objection("Unrecognized request argument supplied")
        self.asked_for = body
        self.texts.append(body["input"])
        if answer.complains:
            return _objection("voice is not one of the known ones")
        if bad := answer.bad(broken="<html>", lacking='{"audio": null}'):
            kind = "application/json" if bad.startswith("{") else "text/html"
            return web.Response(text=bad, content_type=kind)
        kind = body.get("response_format", "mp3")
        headers = {"Content-Type": f"audio/{kind}", "x-request-id": f"req_{self.requests()}"}
        response = web.StreamResponse(headers=headers)
        sound = speak(body["input"], sample_rate=_RATE)
        self.sent += sound.data
        for piece in pieces(wav_bytes(sound) if kind == "wav" else sound.data):
            await answer.part()
            if not response.prepared:
                await response.prepare(request)
            await response.write(piece)
        await answer.finish()
        return response


def _objection(message: str) -> web.Response:
    from aiohttp import web

    error = {"message": message, "type": "invalid_request_error", "param": None, "code": None}
    return web.json_response({"error": error}, status=400)


def _samples(recording: bytes) -> AudioFrame:
    with wave.open(io.BytesIO(recording)) as file:
        data = file.readframes(file.getnframes())
        return AudioFrame(data, file.getframerate(), file.getnchannels())


def _transcript(said: Iterable[Heard], sound: AudioFrame, *, verbose: bool) -> Mapping[str, Any]:
    stretches = tuple(said)
    text = " ".join(each.text for each in stretches)
    if not verbose:
        return {"text": text, "usage": {"type": "duration", "seconds": sound.duration}}
    return {
        "task": "transcribe",
        "language": "english",
        "duration": sound.duration,
        "text": text,
        "segments": [
            {"id": number, "start": each.start_time, "end": each.end_time, "text": each.text}
            for number, each in enumerate(stretches)
        ],
        "words": [word for each in stretches for word in _words(each)],
    }


def _words(said: Heard) -> Iterable[dict[str, Any]]:
    start = said.start_time
    for word in said.text.split(" "):
        end = start + len(word.encode()) * SECONDS_PER_BYTE
        yield {"word": word, "start": start, "end": end}
        start = end + SECONDS_PER_BYTE
