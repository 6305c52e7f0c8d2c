"""OpenAI's chat completions, streamed by server-sent events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from agents_core.testing.vendor import Asked, Reply
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.openai.chat_requests import FIELDS, asked, objection

if TYPE_CHECKING:
    from aiohttp import web

_ECHO = "Repeat exactly, and nothing else: "
_PIECE = 4


class ChatRoom(LocalVendor):
    """``POST /chat/completions``: says again what it is asked to, unless it was told otherwise."""

    latest = Asked()
    """The latest request to a model."""
    fields = FIELDS
    """Of a request, that it knows; others have more."""
    needs_key = True
    """Whether it asks for one; a server of one's own does not."""

    def chat_routes(self, prefix: str = "") -> Iterable[web.RouteDef]:
        """The routes of this room, for `routes` of a server that has it."""
        path = f"{prefix}/chat/completions"
        return (self.answer("POST", path, self._complete, needs_key=self.needs_key),)

    def asked(self) -> Asked:
        """See `Vendor`."""
        return self.latest

    async def _complete(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        body = await request.json()
        if problem := objection(body, fields=self.fields):
            return web.json_response({"error": problem}, status=400)
        self.asked_for = body
        self.latest = asked(body)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        if answer.complains:
            return await self._complain(request, answer, response)
        for number, event in enumerate(self._events(body, answer)):
            if number != 1:  # the first event has no words yet: it goes with the second
                await answer.part()
            if not response.prepared:
                await response.prepare(request)
            await _send(response, event)
        await answer.finish()
        return response

    async def _complain(
        self, request: web.Request, answer: Answer, response: web.StreamResponse
    ) -> web.StreamResponse:
        await response.prepare(request)
        error = {"message": "The server had an error", "type": "server_error", "code": None}
        await _send(response, json.dumps({"error": error}))
        await answer.silence()
        return response

    def _events(self, body: Mapping[str, Any], answer: Answer) -> Iterator[str]:
        """The data of each event."""
        name = f"chatcmpl-{self.requests()}"
        broken = '{"id": "chatcmpl-1", "choices": [{"del'
        lacking = f'{{"id": "{name}", "object": "chat.completion.chunk"}}'
        if bad := answer.bad(broken=broken, lacking=lacking):
            yield bad
            return
        reply = self.replies.popleft() if self.replies else _echo(self.latest)
        told = {"id": name, "object": "chat.completion.chunk", "model": body["model"]}
        for delta, finish in _deltas(reply, name):
            choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
            yield json.dumps({**told, "choices": [choice], "usage": None})
        if (body.get("stream_options") or {}).get("include_usage"):
            yield json.dumps({**told, "choices": [], "usage": _usage(body, reply)})
        yield "[DONE]"


def _echo(request: Asked) -> Reply:
    return Reply(text=request.messages[-1][1].removeprefix(_ECHO))


def _deltas(reply: Reply, name: str) -> Iterator[tuple[dict[str, Any], str | None]]:
    """What is new, piece by piece, and why it ends."""
    yield {"role": "assistant", "content": "", "refusal": None}, None
    for start in range(0, len(reply.text), _PIECE):
        yield {"content": reply.text[start : start + _PIECE]}, None
    for index, call in enumerate(reply.calls):
        function = {"name": call.name, "arguments": ""}
        first = {"index": index, "id": f"call_{name}_{index}", "type": "function"}
        yield {"tool_calls": [{**first, "function": function}]}, None
        arguments = json.dumps(dict(call.arguments)) if call.arguments else ""
        for start in range(0, len(arguments), _PIECE):
            piece = {"arguments": arguments[start : start + _PIECE]}
            yield {"tool_calls": [{"index": index, "function": piece}]}, None
    yield {}, "tool_calls" if reply.calls else "stop"


def _usage(body: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    asked_for, said = len(json.dumps(body["messages"])), len(reply.text) + 1
    return {
        "prompt_tokens": asked_for,
        "completion_tokens": said,
        "total_tokens": asked_for + said,
        "prompt_tokens_details": {"cached_tokens": asked_for // 2, "audio_tokens": 0},
    }


async def _send(response: web.StreamResponse, data: str) -> None:
    """One event, cut in an odd place."""
    event = f"data: {data}\n\n".encode()
    await response.write(event[:7])
    await response.write(event[7:])
