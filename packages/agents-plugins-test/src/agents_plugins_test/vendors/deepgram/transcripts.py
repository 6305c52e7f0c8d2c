"""Deepgram listening as its first version does: transcripts of what is said."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING, Any

from agents_core.audio import AudioFrame, WavReader
from agents_core.testing.tones import SECONDS_PER_BYTE, Heard, ToneReader, read
from agents_plugins_test.answers import Answer, LineCut
from agents_plugins_test.vendors.deepgram.queries import asked_for, flag

if TYPE_CHECKING:
    from aiohttp import web

    from agents_plugins_test.vendors.deepgram.server import DeepgramServer

_REQUEST = "f8a1c8f2-listen"
_LACKING = json.dumps({"type": "Results", "is_final": True})


async def answer_recording(
    server: DeepgramServer, request: web.Request, answer: Answer
) -> web.StreamResponse:
    """What is said in a recording, which comes as a WAV."""
    from aiohttp import web

    wav = WavReader()
    sound = wav.push(await request.read())
    server.asked_for = asked_for(request.query)
    if answer.complains or wav.sample_rate is None:
        body = {"err_code": "Bad Request", "err_msg": "unsupported data", "request_id": _REQUEST}
        return web.json_response(body, status=400)
    await answer.part()
    server.heard += sound
    if bad := answer.bad(broken='{"results": {"chan', lacking='{"metadata": {}, "results": {}}'):
        return web.Response(text=bad, content_type="application/json")

    heard = read([AudioFrame(sound, wav.sample_rate)])
    text = " ".join(each.text for each in heard)
    words = [word for each in heard for word in _words(each)]
    channel: dict[str, Any] = {
        "alternatives": [{"transcript": text, "confidence": 0.98, "words": words}]
    }
    if flag(request.query, "detect_language"):
        channel |= {"detected_language": "es", "language_confidence": 0.9}
    metadata = {"request_id": _REQUEST, "channels": 1}
    return web.json_response({"metadata": metadata, "results": {"channels": [channel]}})


async def listen(server: DeepgramServer, socket: web.WebSocketResponse, answer: Answer) -> None:
    """A conversation: sound comes, transcripts go; see `_Transcriber`."""
    query = answer.request.query
    server.asked_for = asked_for(query)
    transcriber = _Transcriber(
        int(query["sample_rate"]),
        interim=flag(query, "interim_results"),
        vad=flag(query, "vad_events"),
        speakers=flag(query, "diarize"),
    )
    if server.summarizes:
        await socket.send_json(transcriber.summary())
    async for data in messages(server, socket):
        if server.deaf:
            await socket.close(code=1008, message=b"DATA-0000: cannot decode")
            return
        if isinstance(data, bytes):
            server.heard += data
        for told in transcriber.hear(data):
            await tell(socket, answer, told, lacking=_LACKING)
        if transcriber.over:
            return
        if server.goodbyes and transcriber.begun:
            server.goodbyes -= 1
            return


async def messages(
    server: DeepgramServer, socket: web.WebSocketResponse
) -> AsyncIterator[bytes | dict[str, Any]]:
    """What comes, JSON read; who says nothing for too long is hung up on."""
    from aiohttp import WSMsgType

    while True:
        try:
            async with asyncio.timeout(server.patience):
                message = await socket.receive()
        except TimeoutError:
            await socket.close(code=1011, message=b"NET-0001: nothing came")
            return
        if message.type is WSMsgType.BINARY:
            server.longest = max(server.longest, len(message.data))
            yield bytes(message.data)
        elif message.type is WSMsgType.TEXT:
            told = json.loads(message.data)
            server.told.append(told["type"])
            yield told
        else:
            return


async def tell(
    socket: web.WebSocketResponse, answer: Answer, message: dict[str, Any], *, lacking: str
) -> None:
    """Send a message, or what a fault puts in its place."""
    if answer.complains:
        await socket.send_json({"type": "Error", "variant": "DATA", "description": "bad sound"})
        await no_more(socket)
    await answer.part()
    if bad := answer.bad(broken='{"type": "Resu', lacking=lacking):
        await socket.send_str(bad)
        await no_more(socket)
    await socket.send_json(message)


async def no_more(socket: web.WebSocketResponse) -> None:
    """Say nothing more, until who asks has gone."""
    async for _ in socket:
        continue
    raise LineCut


class _Transcriber:
    """Makes of each message that comes those that go."""

    def __init__(self, sample_rate: int, *, interim: bool, vad: bool, speakers: bool) -> None:
        self.over = False
        self._rate = sample_rate
        self._interim = interim
        self._vad = vad
        self._speakers = speakers
        self._tones = ToneReader(sample_rate)
        self._told = ""
        self.begun = False

    def hear(self, data: bytes | dict[str, Any]) -> Iterable[dict[str, Any]]:
        if isinstance(data, bytes):
            self._tones.push(AudioFrame(data, self._rate))
            yield from self._finals(self._tones.take())
            yield from self._going_on()
            return
        if data["type"] in {"Finalize", "CloseStream"}:
            yield from self._finals(self._tones.end())
        if data["type"] == "CloseStream":
            self.over = True
            yield self.summary()
        elif data["type"] not in {"Finalize", "KeepAlive"}:
            yield {"type": "Error", "variant": "SCHEMA", "description": "unknown message"}

    def summary(self) -> dict[str, Any]:
        return {"type": "Metadata", "request_id": _REQUEST, "duration": self._tones.duration}

    def _going_on(self) -> Iterable[dict[str, Any]]:
        start, words = self._tones.start_time, self._tones.text.rpartition(" ")[0]
        if self._tones.text and not self.begun:
            self.begun = True
            if self._vad:
                yield {"type": "SpeechStarted", "channel": [0, 1], "timestamp": start}
        if self._interim and words not in {"", self._told} and start is not None:
            self._told = words
            end = start + len(words.encode()) * SECONDS_PER_BYTE
            yield self._result(Heard(text=words, start_time=start, end_time=end), final=False)

    def _finals(self, heard: Iterable[Heard]) -> Iterable[dict[str, Any]]:
        for each in heard:
            self._told, self.begun = "", False
            yield self._result(each, final=True)

    def _result(self, heard: Heard, *, final: bool) -> dict[str, Any]:
        words = _words(heard)
        if self._speakers:
            words = [{**word, "speaker": 1} for word in words]
        return {
            "type": "Results",
            "channel_index": [0, 1],
            "start": heard.start_time,
            "duration": heard.end_time - heard.start_time,
            "is_final": final,
            "speech_final": final,
            "metadata": {"request_id": _REQUEST},
            "channel": {
                "alternatives": [{"transcript": heard.text, "confidence": 0.98, "words": words}]
            },
        }


def _words(heard: Heard) -> list[dict[str, Any]]:
    return [
        {
            "word": word.lower().strip(".,!?"),
            "punctuated_word": word,
            "start": start,
            "end": end,
            "confidence": 0.98,
        }
        for word, start, end in timed(heard)
    ]


def timed(heard: Heard) -> Iterable[tuple[str, float, float]]:
    """Each word, and when it begins and ends."""
    start = heard.start_time
    for word in heard.text.split(" "):
        end = start + len(word.encode()) * SECONDS_PER_BYTE
        if word:
            yield word, start, end
        start = end + SECONDS_PER_BYTE
