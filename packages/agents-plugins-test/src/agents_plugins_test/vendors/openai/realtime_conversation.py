"""One realtime conversation, as the service holds it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agents_core.audio import AudioFrame
from agents_core.testing.vendor import Reply
from agents_plugins_test.vendors.openai.realtime_answer import answer
from agents_plugins_test.vendors.openai.realtime_hearing import Ear
from agents_plugins_test.vendors.openai.realtime_session import (
    Wrong,
    checked_item,
    checked_session,
    heard_last,
    request_of,
)

if TYPE_CHECKING:
    from aiohttp import web

    from agents_plugins_test.vendors.openai.realtime import RealtimeRoom

RATE = 24_000
_SHORTEST_TURN = RATE * 2 // 10
_ECHO = "Repeat exactly, and nothing else: "


class Conversation:
    """Reads what its client sends, answers when it is asked to, or when the user is done."""

    xai = False
    """Whether items come back without places, and stopped answers have no end, as with xAI."""

    def __init__(
        self,
        room: RealtimeRoom,
        socket: web.WebSocketResponse,
        request: web.Request,
        *,
        beta: bool,
    ) -> None:
        """Describe it.

        Args:
            room: of which the faults and the replies are.
            socket: the connection.
            request: that opened it.
            beta: whether events have the names from before general availability.
        """
        self.room = room
        self.request = request
        self.beta = beta
        self.session: dict[str, Any] = {}
        self.items: list[dict[str, Any]] = []
        self.numbers = itertools.count(1)
        self.events: list[Mapping[str, Any]] = []
        """All that the client sent."""
        self.ear = Ear(RATE)
        self._socket = socket
        self._answering: asyncio.Task[None] | None = None
        self._response: str | None = None
        self._event_id: str | None = None

    async def hold(self) -> None:
        """Talk until the client goes."""
        await self.tell("session.created", session={"type": "realtime", "id": "sess_1"})
        try:
            async for message in self._socket:
                event = json.loads(message.data)
                self.events.append(event)
                self._event_id = event.get("event_id")
                try:
                    await getattr(self, "_on_" + event["type"].replace(".", "_"))(event)
                except Wrong as wrong:
                    await self.complain(str(wrong), code=wrong.code)
        finally:
            await self._stop()

    async def leave(self) -> None:
        """Close the line."""
        await self._socket.close(code=1001)

    async def tell(self, kind: str, **fields: object) -> None:
        """Send an event."""
        event = {"event_id": f"event_{next(self.numbers)}", "type": kind, **fields}
        await self.send(json.dumps(event))

    async def send(self, text: str) -> None:
        """Send any text, while there is somebody to get it."""
        with contextlib.suppress(ConnectionError):
            await self._socket.send_str(text)

    async def complain(
        self, message: str, *, code: str | None, kind: str = "invalid_request_error"
    ) -> None:
        """Say that what was sent last is not done."""
        error = {"type": kind, "code": code, "message": message, "param": None}
        await self.tell("error", error={**error, "event_id": self._event_id})

    async def add(self, item: dict[str, Any], *, after: str | None = None) -> None:
        """One more item of the conversation, at the end or where it is said."""
        names = [each["id"] for each in self.items]
        at = len(names) if after is None else 0 if after == "root" else names.index(after) + 1
        previous = names[at - 1] if at and not self.xai else None
        self.items.insert(at, item)
        self.room.latest = request_of(self)
        told = {"previous_item_id": previous, "item": {"object": "realtime.item", **item}}
        if self.beta:
            await self.tell("conversation.item.created", **told)
            return
        await self.tell("conversation.item.added", **told)
        if item.get("status") != "in_progress":
            await self.tell("conversation.item.done", **told)

    # What a client sends.

    async def _on_session_update(self, event: Mapping[str, Any]) -> None:
        self.session = checked_session(self.session, event["session"], beta=self.beta, xai=self.xai)
        self.room.asked_for = self.session
        self.room.latest = request_of(self)
        await self.tell("session.updated", session=self.session)

    async def _on_input_audio_buffer_append(self, event: Mapping[str, Any]) -> None:
        sound = base64.b64decode(event["audio"], validate=True)
        if len(sound) % 2:
            raise Wrong("half a sample", code="invalid_value")
        self.room.heard += sound
        self.ear.hear(AudioFrame(sound, RATE))
        if not self._detection:
            return
        if self.ear.begins():
            await self._interrupted()
            told = {"audio_start_ms": 0, "item_id": self.ear.item_id}
            await self.tell("input_audio_buffer.speech_started", **told)
        for text in self.ear.ended():
            told = {"audio_end_ms": 0, "item_id": self.ear.item_id}
            await self.tell("input_audio_buffer.speech_stopped", **told)
            await self._turn(text)
            if self._detection.get("create_response", True) and self._answering is None:
                self._begin({})

    async def _on_input_audio_buffer_commit(self, _event: Mapping[str, Any]) -> None:
        if self.ear.unheard < _SHORTEST_TURN:
            raise Wrong("buffer too small", code="input_audio_buffer_commit_empty")
        await self._turn(self.ear.all())

    async def _on_input_audio_buffer_clear(self, _event: Mapping[str, Any]) -> None:
        self.ear.forget()
        await self.tell("input_audio_buffer.cleared")

    async def _on_conversation_item_create(self, event: Mapping[str, Any]) -> None:
        after = event.get("previous_item_id")
        item = checked_item(event["item"], after, self)
        item.setdefault("id", f"item_{next(self.numbers)}")
        await self.add(item, after=after)

    async def _on_conversation_item_delete(self, event: Mapping[str, Any]) -> None:
        self._item(event["item_id"])
        self.items = [item for item in self.items if item["id"] != event["item_id"]]
        self.room.latest = request_of(self)
        gone = "" if self.xai else event["item_id"]
        await self.tell("conversation.item.deleted", item_id=gone)

    async def _on_conversation_item_truncate(self, event: Mapping[str, Any]) -> None:
        item = self._item(event["item_id"])
        if item.get("role") != "assistant" or event["content_index"] != 0:
            raise Wrong("only assistants' first contents are cut", code="invalid_value")
        if event["audio_end_ms"] > item.get("sounded", 0):
            raise Wrong("the audio is already shorter", code="invalid_value")
        item["content"] = [{"type": part["type"]} for part in item["content"]]
        told = {name: event[name] for name in ("item_id", "content_index", "audio_end_ms")}
        await self.tell("conversation.item.truncated", **told)

    async def _on_response_create(self, event: Mapping[str, Any]) -> None:
        if self._answering is not None:
            code = "conversation_already_has_active_response"
            raise Wrong("a response is being made", code=code)
        self._begin(event.get("response") or {})

    async def _on_response_cancel(self, event: Mapping[str, Any]) -> None:
        if self._answering is None or event.get("response_id", self._response) != self._response:
            raise Wrong("nothing to cancel", code="response_cancel_not_active")
        await self._stop()

    @property
    def _detection(self) -> Mapping[str, Any]:
        flat = self.session.get("turn_detection")
        nested = self.session.get("audio", {}).get("input", {}).get("turn_detection")
        return flat or nested or {}

    @property
    def _writes(self) -> bool:
        nested = self.session.get("audio", {}).get("input", {}).get("transcription")
        return bool(self.session.get("input_audio_transcription") or nested is not None)

    async def _turn(self, text: str) -> None:
        item_id = self.ear.take()
        await self.tell("input_audio_buffer.committed", item_id=item_id, previous_item_id=None)
        part: dict[str, Any] = {"type": "input_audio", "transcript": None}
        item = {"id": item_id, "type": "message", "role": "user", "status": "completed"}
        await self.add({**item, "content": [part], "heard": text})
        if not self._writes:
            return
        told = {"item_id": item_id, "content_index": 0}
        name = "conversation.item.input_audio_transcription"
        if self.xai:
            await self.tell(f"{name}.updated", **told, transcript=text[:2])
            await self.tell(f"{name}.completed", **told, transcript=text[:4], status="in_progress")
        for piece in () if self.xai else (text[:4], text[4:]):
            await self.tell(f"{name}.delta", **told, delta=piece)
        await self.tell(f"{name}.completed", **told, transcript=text)

    def _begin(self, wanted: Mapping[str, Any]) -> None:
        self._response = f"resp_{id(self)}_{next(self.numbers)}"
        reply = self.room.replies.popleft() if self.room.replies else self._echo(wanted)
        self.room.latest = request_of(self)
        self._answering = asyncio.create_task(self._answer(reply, wanted))

    def _echo(self, wanted: Mapping[str, Any]) -> Reply:
        _, asked, words = str(wanted.get("instructions", "")).partition(_ECHO)
        return Reply(text=words if asked else heard_last(self.items).removeprefix(_ECHO))

    async def _answer(self, reply: Reply, wanted: Mapping[str, Any]) -> None:
        try:
            async with self.room.answering(self.request) as made:
                await answer(self, made, reply, str(self._response), wanted)
        finally:
            self._answering = None

    async def _interrupted(self) -> None:
        if self._detection.get("interrupt_response", True):
            await self._stop()

    async def _stop(self) -> None:
        if self._answering is not None:
            self._answering.cancel()
            await asyncio.wait({self._answering})

    def _item(self, item_id: str) -> dict[str, Any]:
        for item in self.items:
            if item["id"] == item_id:
                return item
        raise Wrong(f"there is no item {item_id}", code="item_not_found")
