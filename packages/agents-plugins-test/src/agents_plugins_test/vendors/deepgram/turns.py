"""Deepgram listening as Flux does: turns, and what was said in them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from agents_core.audio import AudioFrame
from agents_core.testing.tones import SECONDS_PER_BYTE, Heard, ToneReader
from agents_plugins_test.answers import Answer
from agents_plugins_test.vendors.deepgram.queries import asked_for
from agents_plugins_test.vendors.deepgram.transcripts import messages, tell, timed

if TYPE_CHECKING:
    from aiohttp import web

    from agents_plugins_test.vendors.deepgram.server import DeepgramServer

_REQUEST = "0b7c44a1-flux"
_LACKING = json.dumps({"type": "TurnInfo", "event": "Update", "request_id": _REQUEST})


async def take_turns(server: DeepgramServer, socket: web.WebSocketResponse, answer: Answer) -> None:
    """A conversation: sound comes, news of turns go; closed with the last of them."""
    query = answer.request.query
    hints = query.getall("language_hint", ())
    server.asked_for = {**asked_for(query), "language": next(iter(hints), None)}
    taker = _TurnTaker(
        int(query["sample_rate"]), eager="eager_eot_threshold" in query, languages=list(hints)
    )
    await socket.send_json({"type": "Connected", "request_id": _REQUEST, "sequence_id": 0})
    async for data in messages(server, socket):
        if isinstance(data, bytes):
            server.heard += data
        for told in taker.hear(data):
            await tell(socket, answer, told, lacking=_LACKING)
        if not isinstance(data, bytes):
            await answer.part()
            return


class _TurnTaker:
    """Makes of each message that comes those that go."""

    def __init__(self, sample_rate: int, *, eager: bool, languages: list[str]) -> None:
        self._rate = sample_rate
        self._eager = eager
        self._languages = languages
        self._tones = ToneReader(sample_rate)
        self._told = ""
        self._turn = 0
        self._window = 0.0

    def hear(self, data: bytes | dict[str, Any]) -> Iterable[dict[str, Any]]:
        if isinstance(data, bytes):
            self._tones.push(AudioFrame(data, self._rate))
            yield from self._ended(self._tones.take())
            yield from self._going_on()
        elif data["type"] == "CloseStream":  # which ends no turn
            for each in self._tones.end():
                yield self._info("Update" if self._told else "StartOfTurn", each)
        else:
            code = "UNPARSABLE_CLIENT_MESSAGE"
            yield {"type": "Error", "code": code, "description": data["type"], "sequence_id": 1}

    def _going_on(self) -> Iterable[dict[str, Any]]:
        start, words = self._tones.start_time, self._tones.text.rpartition(" ")[0]
        if words in {"", self._told} or start is None:
            return
        event = "Update" if self._told else "StartOfTurn"
        self._told = words
        end = start + len(words.encode()) * SECONDS_PER_BYTE
        yield self._info(event, Heard(text=words, start_time=start, end_time=end))

    def _ended(self, heard: Iterable[Heard]) -> Iterable[dict[str, Any]]:
        for each in heard:
            if not self._told:
                yield self._info("StartOfTurn", each)
            if self._eager:
                yield self._info("EagerEndOfTurn", each)
            yield self._info("EndOfTurn", each)
            self._told, self._window = "", each.end_time
            self._turn += 1

    def _info(self, event: str, heard: Heard) -> dict[str, Any]:
        words = [
            {"word": word, "confidence": 0.9, "start": start, "end": end}
            for word, start, end in timed(heard)
        ]
        return {
            "type": "TurnInfo",
            "request_id": _REQUEST,
            "sequence_id": 1,
            "event": event,
            "turn_index": self._turn,
            "audio_window_start": self._window,
            "audio_window_end": heard.end_time,
            "transcript": heard.text,
            "words": words,
            "end_of_turn_confidence": 0.9,
            **({"languages": self._languages} if self._languages else {}),
        }
