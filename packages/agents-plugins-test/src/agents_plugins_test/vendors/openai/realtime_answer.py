"""One answer of a realtime service, event by event."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agents_core.testing.tones import speak
from agents_core.testing.vendor import Call, Reply
from agents_plugins_test.answers import Answer

if TYPE_CHECKING:
    from agents_plugins_test.vendors.openai.realtime_conversation import Conversation

_PIECE = 4
_RATE = 24_000


async def answer(
    talk: Conversation, made: Answer, reply: Reply, name: str, wanted: Mapping[str, Any]
) -> None:
    """Send all of it, unless it is to go wrong."""
    if made.complains:
        await talk.complain("The server had an error", code=None, kind="server_error")
        return
    broken = '{"type": "response.created", "respon'
    if bad := made.bad(broken=broken, lacking='{"type": "response.created"}'):
        await talk.send(bad)
        return
    await made.part()
    response = {"id": name, "object": "realtime.response", "metadata": wanted.get("metadata")}
    await talk.tell("response.created", response={**response, "status": "in_progress"})
    said = _Message(talk, made, name)
    status = "cancelled"
    try:
        if reply.text:
            await said.say(reply.text)
        for number, call in enumerate(reply.calls):
            await _call(talk, name, number, call)
        await made.finish()
        status = "completed"
    except asyncio.CancelledError:
        if not talk.xai:
            await said.end("incomplete")
        raise
    finally:
        if not (talk.xai and status == "cancelled"):
            done = {**response, "status": status, "usage": _usage(reply)}
            await talk.tell("response.done", response=done)


class _Message:
    def __init__(self, talk: Conversation, made: Answer, response: str) -> None:
        self._talk = talk
        self._made = made
        self._response = response
        self._item: dict[str, Any] = {}
        self._spoken = talk.session.get("output_modalities") != ["text"] and (
            talk.session.get("modalities") != ["text"]
        )

    async def say(self, text: str) -> None:
        """All of it; the first piece goes with what announces it."""
        await self._begin()
        sound = speak(text, sample_rate=_RATE).data
        size = len(sound) // -(-len(text) // _PIECE) + 1
        for number, start in enumerate(range(0, len(text), _PIECE)):
            if number:
                await self._made.part()
            await self._piece(text[start : start + _PIECE], sound[number * size :][:size])
        await self.end("completed")

    async def end(self, status: str) -> None:
        """The last word on it; once."""
        item, self._item = self._item, {}
        if not item:
            return
        item["status"] = status
        told = {name: value for name, value in item.items() if name != "sounded"}
        place = {"response_id": self._response, "output_index": 0}
        if self._spoken:
            await self._talk.tell(self._name("audio") + ".done", item_id=item["id"], **place)
        await self._talk.tell("response.output_item.done", item=told, **place)
        if not self._talk.beta:
            await self._talk.tell("conversation.item.done", previous_item_id=None, item=told)

    async def _begin(self) -> None:
        talk = self._talk
        kind = {"id": f"item_{id(talk) % 10**9}_{next(talk.numbers)}", "type": "message"}
        part: dict[str, Any] = {"type": "audio", "transcript": ""}
        if not self._spoken:
            part = {"type": "text", "text": ""}
        item = {**kind, "role": "assistant", "status": "in_progress", "content": []}
        place = {"response_id": self._response, "output_index": 0}
        await talk.tell("response.output_item.added", item=item, **place)
        self._item = {**item, "sounded": 0}
        await talk.add(self._item)
        told = {"item_id": kind["id"], "content_index": 0, "part": part}
        await talk.tell("response.content_part.added", **place, **told)
        prefix = "" if talk.beta else "output_"
        self._item["content"] = [{**part, "type": prefix + part["type"]}]

    async def _piece(self, text: str, sound: bytes) -> None:
        place = {"response_id": self._response, "item_id": self._item["id"], "content_index": 0}
        [part] = self._item["content"]
        part["transcript" if self._spoken else "text"] += text
        if not self._spoken:
            await self._talk.tell(self._name("text") + ".delta", **place, delta=text)
            return
        await self._talk.tell(self._name("audio_transcript") + ".delta", **place, delta=text)
        await self._talk.tell(
            self._name("audio") + ".delta", **place, delta=base64.b64encode(sound).decode()
        )
        self._item["sounded"] += len(sound) // 2 * 1000 // _RATE
        self._talk.room.sent += sound

    def _name(self, kind: str) -> str:
        return f"response.{kind}" if self._talk.beta else f"response.output_{kind}"


async def _call(talk: Conversation, response: str, number: int, call: Call) -> None:
    arguments = json.dumps(dict(call.arguments), ensure_ascii=False)
    name = f"item_{id(talk) % 10**9}_{next(talk.numbers)}"
    item: dict[str, Any] = {
        "id": name,
        "type": "function_call",
        "status": "in_progress",
        "name": call.name,
        "call_id": f"call_{next(talk.numbers)}",
        "arguments": "",
    }
    place = {"response_id": response, "output_index": number}
    await talk.tell("response.output_item.added", item=dict(item), **place)
    await talk.add(item)
    told = {"item_id": name, "call_id": item["call_id"]}
    for start in range(0, len(arguments), _PIECE):
        piece = arguments[start : start + _PIECE]
        await talk.tell("response.function_call_arguments.delta", **place, **told, delta=piece)
    item |= {"arguments": arguments, "status": "completed"}
    await talk.tell("response.function_call_arguments.done", **place, **told, arguments=arguments)
    await talk.tell("response.output_item.done", item=dict(item), **place)
    if not talk.beta:
        await talk.tell("conversation.item.done", previous_item_id=None, item=dict(item))


def _usage(reply: Reply) -> dict[str, Any]:
    said = len(reply.text) + sum(len(call.name) for call in reply.calls)
    return {
        "total_tokens": 100 + said,
        "input_tokens": 100,
        "output_tokens": said,
        "input_token_details": {"text_tokens": 60, "audio_tokens": 40, "cached_tokens": 20},
        "output_token_details": {"text_tokens": said // 2, "audio_tokens": said - said // 2},
    }
