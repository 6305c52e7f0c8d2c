"""Calls between participants: one method, one text, one answer."""

from __future__ import annotations

import asyncio
import inspect
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from livekit.protocol import models

from agents_core.errors import AgentsError

logger = logging.getLogger("agents_core.testing")

Send: TypeAlias = Callable[[models.DataPacket, str], object]
"""Sends a packet to one participant."""
Method: TypeAlias = Callable[[str, str], str | Awaitable[str]]
"""Answers a payload of a caller: ``method(payload, identity)``."""

_VERSION = 1
_UNSUPPORTED = 1400
_APPLICATION_ERROR = 1500
_TIMED_OUT = 1502


class RpcFailed(AgentsError):
    """The other side answered with an error, or not at all; or it is this side's answer.

    Attributes:
        code: of the protocol: 1400 there is no such method, 1500 it raised, 1502 no answer came;
            and whatever else applications agree on.
        data: of the application.
    """

    def __init__(self, message: str, *, code: int = _APPLICATION_ERROR, data: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.data = data


class Calls:
    """One participant's calls, both ways."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._methods: dict[str, Method] = {}
        self._asked: dict[str, asyncio.Future[str]] = {}
        self._answering: set[asyncio.Task[None]] = set()

    def register(self, name: str, method: Method) -> None:
        """Answer calls of `name` from now on."""
        self._methods[name] = method

    async def call(self, identity: str, method: str, payload: str, *, within: float) -> str:
        """Ask a participant, and wait for the answer.

        Raises:
            RpcFailed: it answered with an error, or not in time.
        """
        name = secrets.token_hex(8)
        request = models.RpcRequest(
            id=name,
            method=method,
            payload=payload,
            response_timeout_ms=round(within * 1000),
            version=_VERSION,
        )
        answer = self._asked[name] = asyncio.get_running_loop().create_future()
        self._send(models.DataPacket(rpc_request=request), identity)
        try:
            return await asyncio.wait_for(answer, within)
        except TimeoutError:
            raise RpcFailed(
                f"{identity!r} did not answer {method!r} in {within} s", code=_TIMED_OUT
            ) from None
        finally:
            del self._asked[name]

    def take(self, packet: models.DataPacket) -> None:
        """Take a request of somebody, or an answer to one of ours."""
        if packet.WhichOneof("value") == "rpc_request":
            answering = asyncio.create_task(
                self._answer(packet.rpc_request, packet.participant_identity),
                name=f"answer to {packet.rpc_request.method}",
            )
            self._answering.add(answering)
            answering.add_done_callback(self._answering.discard)
        elif packet.WhichOneof("value") == "rpc_response":
            self._hear(packet.rpc_response)

    async def aclose(self) -> None:
        """Answer nothing any more."""
        for answering in self._answering:
            answering.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)

    def _hear(self, response: models.RpcResponse) -> None:
        answer = self._asked.get(response.request_id)
        if answer is None or answer.done():
            return
        if response.WhichOneof("value") == "error":
            error = response.error
            answer.set_exception(RpcFailed(error.message, code=error.code, data=error.data))
        else:
            answer.set_result(response.payload)

    async def _answer(self, request: models.RpcRequest, identity: str) -> None:
        self._send(models.DataPacket(rpc_ack=models.RpcAck(request_id=request.id)), identity)
        response = models.RpcResponse(request_id=request.id)
        try:
            response.payload = await self._result(request, identity)
        except RpcFailed as error:
            response.error.code, response.error.data = error.code, error.data
            response.error.message = str(error)
        except Exception:
            logger.exception("the method %r raised", request.method)
            response.error.code = _APPLICATION_ERROR
            response.error.message = "Application error in method handler"
        self._send(models.DataPacket(rpc_response=response), identity)

    async def _result(self, request: models.RpcRequest, identity: str) -> str:
        if (method := self._methods.get(request.method)) is None:
            raise RpcFailed("Method not supported at destination", code=_UNSUPPORTED)
        result = method(request.payload, identity)
        return await result if inspect.isawaitable(result) else result
