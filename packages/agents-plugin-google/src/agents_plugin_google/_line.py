"""One connection, on which both sides talk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from agents_core.errors import APIConnectionError, APIError
from agents_core.http import Socket, malformed
from agents_plugin_google._conversation import Conversation
from agents_plugin_google._outbox import Outbox
from agents_plugin_google._wire.heard import parse_message
from agents_plugin_google._wire.places import Place


class Line:
    """Brings letters to Google, and what Google says to the conversation."""

    def __init__(
        self,
        socket: Socket,
        conversation: Conversation,
        outbox: Outbox,
        *,
        place: Place,
        provider: str,
    ) -> None:
        self._socket = socket
        self._conversation = conversation
        self._outbox = outbox
        self._place = place
        self._provider = provider

    async def set_up(self, message: Mapping[str, Any]) -> None:
        """Say how to talk.

        Raises:
            APIError: Google will not talk so.
        """
        self._socket.expect()
        await self._socket.send(message)
        answer = await self._socket.receive()
        with malformed(self._provider):
            ready = answer is not None and parse_message(answer).ready
        if not ready:
            raise APIError(f"{self._provider} did not begin the conversation")
        self._socket.rest()

    async def send(self, message: Mapping[str, Any]) -> None:
        """Say this, before all letters.

        Raises:
            APIError: the connection is gone.
        """
        await self._socket.send(self._place.taken(message))

    async def hold(
        self, *, until: asyncio.Event, heard: Callable[[], None], spoilt: Callable[[APIError], None]
    ) -> None:
        """Talk.

        Args:
            until: the connection is not wanted any more.
            heard: is called after each message.
            spoilt: is called for one that cannot be read.

        Raises:
            APIError: the connection is gone.
        """
        tasks = (
            asyncio.create_task(self._send_all(), name=f"what {self._provider} is told"),
            asyncio.create_task(self._hear_all(heard, spoilt), name=f"what {self._provider} says"),
            asyncio.create_task(_wait(until), name=f"the end of a line to {self._provider}"),
        )
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _send_all(self) -> None:
        while True:
            letter = await self._outbox.first()
            await self.send(letter.message)
            self._outbox.tick_off(letter)
            self._watch()

    async def _hear_all(
        self, heard: Callable[[], None], spoilt: Callable[[APIError], None]
    ) -> None:
        while (data := await self._socket.receive()) is not None:
            try:
                with malformed(self._provider):
                    message = parse_message(data)
            except APIError as error:  # one answer is spoilt, not the conversation
                spoilt(error)
                self._conversation.spoil(error)
            else:
                self._conversation.hear(message)
            self._watch()
            heard()
        if not self._conversation.going_away:
            raise APIConnectionError(f"{self._provider} ended the conversation")

    def _watch(self) -> None:
        """Be patient for as long as Google owes nothing."""
        if self._conversation.turns.owed:
            self._socket.expect()
        else:
            self._socket.rest()


async def _wait(event: asyncio.Event) -> None:
    await event.wait()
