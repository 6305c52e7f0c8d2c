"""A conversation with Google over one websocket, which goes on where an earlier one was."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agents_core.audio import AudioFrame
from agents_core.testing.tones import ToneReader
from agents_core.testing.vendor import Asked, Reply
from agents_plugins_test.vendors.google import reading
from agents_plugins_test.vendors.google.reading import ECHO, Refused
from agents_plugins_test.vendors.google.replying import answer_in_parts, sound_in, usage

if TYPE_CHECKING:
    from aiohttp import web

    from agents_plugins_test.answers import Answer
    from agents_plugins_test.vendors.google import GoogleServer

_RATE = 16_000
_NOT_SO = 1007
_SETUP = {
    "model",
    "generationConfig",
    "systemInstruction",
    "tools",
    "realtimeInputConfig",
    "sessionResumption",
    "contextWindowCompression",
    "inputAudioTranscription",
    "outputAudioTranscription",
    "proactivity",
}

_PERCEPTION = {"automaticActivityDetection", "activityHandling", "turnCoverage"}


@dataclass(slots=True)
class Memory:
    """What was said, which outlives a connection."""

    messages: list[tuple[str, str]] = field(default_factory=list)


class Conversation:
    """Hears and is told things, and answers one thing at a time."""

    def __init__(
        self, server: GoogleServer, socket: web.WebSocketResponse, request: web.Request
    ) -> None:
        self._server = server
        self._socket = socket
        self._request = request
        self._setup: Mapping[str, Any] = {}
        self._memory = Memory()
        self._reader = ToneReader(_RATE)
        self._calls: list[tuple[str | None, str]] = []
        self._vertex = "aiplatform" in request.path
        self._answering: asyncio.Task[None] | None = None
        self._in_turn: list[str] | None = None

    async def hold(self) -> None:
        """Talk until the socket closes, or something comes that Google would not take."""
        try:
            async for message in self._socket:
                await self._hear(json.loads(message.data))
        except Refused as refused:
            await self._socket.close(code=_NOT_SO, message=str(refused).encode())
        finally:
            await self._silence()

    async def leave(self, *, at_once: bool) -> None:
        """Close the line, or say that it will be."""
        if at_once:
            await self._socket.close(code=1001)
        else:
            await self._send({"goAway": {"timeLeft": "10s"}})

    async def _hear(self, message: Mapping[str, Any]) -> None:
        if not self._setup:
            await self._begin(message)
            return
        if self._vertex:
            reading.check_ids(message)
        match message:
            case {"realtimeInput": {"audio": {"data": data, "mimeType": "audio/pcm;rate=16000"}}}:
                await self._listen(base64.b64decode(data))
                return
            case {"realtimeInput": told}:
                await self._perceive(told)
            case {"clientContent": content}:
                await self._add(content)
            case {"toolResponse": {"functionResponses": [*responses]}}:
                self._take_outputs(responses)
            case _:
                raise Refused(f"no message: {message}")
        self._server.said_by_clients.append(message)

    async def _perceive(self, told: Mapping[str, Any]) -> None:
        match told:
            case {"audioStreamEnd": True} if not self._by_hand:
                for heard in self._reader.end():
                    await self._understand(heard.text)
            case {"video": {"data": str(), "mimeType": str()}}:
                pass
            case {"activityStart": {}} if self._by_hand and self._in_turn is None:
                self._in_turn = []
                await self._interrupt()
            case {"activityEnd": {}} if self._in_turn is not None:
                words = [*self._in_turn, *(heard.text for heard in self._reader.end())]
                self._in_turn = None
                await self._understand(" ".join(words))
            case _:
                raise Refused(f"nothing to perceive: {told}")

    async def _begin(self, message: Mapping[str, Any]) -> None:
        setup = message.get("setup", {})
        if not setup.get("model", "").partition("models/")[2] or setup.keys() - _SETUP:
            raise Refused(f"no setup: {message}")
        self._setup = setup
        self._server.setups.append(setup)
        if setup.get("realtimeInputConfig", {}).keys() - _PERCEPTION:
            raise Refused("the realtime input config has what is not known")
        handle = setup.get("sessionResumption", {}).get("handle")
        if handle is not None and handle not in self._server.memories:
            raise Refused("the handle is unknown, or too old")
        self._memory = self._server.memories.get(handle, self._memory)
        self._tell()
        await self._send({"setupComplete": {}})

    async def _listen(self, sound: bytes) -> None:
        self._server.heard += sound
        self._reader.push(AudioFrame(sound, _RATE))
        heard = self._reader.take()
        if self._in_turn is not None:
            self._in_turn += [each.text for each in heard]
            return
        if self._by_hand:
            raise Refused("sound outside of an activity")
        if self._reader.text or heard:
            await self._interrupt()
        for each in heard:
            await self._understand(each.text)

    async def _understand(self, text: str) -> None:
        """The user's turn is over: write it down, in pieces, and answer it."""
        if "inputAudioTranscription" in self._setup:
            for start in range(0, len(text), 5):
                piece = {"text": text[start : start + 5]}
                await self._send({"serverContent": {"inputTranscription": piece}})
        self._memory.messages.append(("user", text))
        self._reply(text)

    async def _add(self, content: Mapping[str, Any]) -> None:
        await self._interrupt()
        messages = list(reading.said(content.get("turns", ())))
        self._memory.messages += messages
        self._tell()
        if content.get("turnComplete"):
            self._reply(self._memory.messages[-1][1])

    def _take_outputs(self, responses: list[Mapping[str, Any]]) -> None:
        for response in responses:
            reading.take_off(self._calls, response)
            self._memory.messages += reading.said(
                [{"role": "user", "parts": [{"functionResponse": response}]}]
            )
        self._tell()
        if not self._calls:
            self._reply(self._memory.messages[-1][1])

    def _reply(self, text: str) -> None:
        self._answering = asyncio.create_task(self._answer(text), name="answer of a local vendor")

    async def _answer(self, text: str) -> None:
        server = self._server
        reply = Reply(text=text.removeprefix(ECHO))
        if server.replies:
            reply = server.replies.popleft()
        async with server.answering(self._request) as answer:
            if bad := answer.bad(broken='{"serverContent": {"mod', lacking='{"toolCall": {}}'):
                await self._socket.send_str(bad)
                return
            if answer.complains:
                await self._socket.close(code=1011, message=b"internal error")
                return
            await self._say(reply, answer)

    async def _say(self, reply: Reply, answer: Answer) -> None:
        async for message in answer_in_parts(reply, self._setup, answer, ids=not self._vertex):
            for call in message.get("toolCall", {}).get("functionCalls", ()):
                self._calls.append((call.get("id"), call["name"]))
            self._server.sent += sound_in(message)
            await self._send(message)
        await answer.finish()
        if reply.text:
            self._memory.messages.append(("assistant", reply.text))
        self._memory.messages += [("call", call.name) for call in reply.calls]
        if reply.calls:
            await self._send(usage())
            return
        await self._send({"serverContent": {"generationComplete": True}})
        await self._send({"serverContent": {"turnComplete": True}, **usage()})
        await self._give_handle()

    async def _give_handle(self) -> None:
        if "sessionResumption" not in self._setup:
            return
        handle = f"handle-{len(self._server.memories)}"
        self._server.memories[handle] = Memory(list(self._memory.messages))
        update = {"newHandle": handle, "resumable": True}
        await self._send({"sessionResumptionUpdate": update})

    async def _interrupt(self) -> None:
        if await self._silence():
            await self._send({"serverContent": {"interrupted": True}})
            await self._send({"serverContent": {"turnComplete": True}})

    async def _silence(self) -> bool:
        """End the answer; whether there was one."""
        answering, self._answering = self._answering, None
        if answering is None or answering.done():
            return False
        answering.cancel()
        await asyncio.wait({answering})
        return True

    async def _send(self, message: Mapping[str, Any]) -> None:
        with contextlib.suppress(ConnectionError):  # whoever talks to us may be gone
            await self._socket.send_bytes(json.dumps(message).encode())

    @property
    def _by_hand(self) -> bool:
        config = self._setup.get("realtimeInputConfig", {})
        return bool(config.get("automaticActivityDetection", {}).get("disabled"))

    def _tell(self) -> None:
        self._server.last_asked = Asked(
            messages=reading.instruction(self._setup) + tuple(self._memory.messages),
            tools=reading.declared(self._setup, "parameters", required=False),
        )
