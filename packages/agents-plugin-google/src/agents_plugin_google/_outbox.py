"""What is to be said to Google, in order, across connections."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agents_core.errors import APIError


@dataclass(slots=True, eq=False)
class Letter:
    """A message, until it was sent."""

    message: Mapping[str, Any]
    lasting: bool
    """Whether a new connection has to be told of it as well: of what the user says and shows."""
    sent: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Outbox:
    """Takes letters at any time; one task at a time sends them."""

    def __init__(self) -> None:
        self._letters: deque[Letter] = deque()
        self._filled = asyncio.Event()
        self._closed: APIError | None = None

    def put(self, message: Mapping[str, Any], *, lasting: bool = False) -> Letter:
        """Add a message; its future is done when it was sent, or need not be sent any more."""
        letter = Letter(message, lasting)
        if self._closed is not None:
            _fail(letter, self._closed)
            return letter
        self._letters.append(letter)
        self._filled.set()
        return letter

    @property
    def messages(self) -> tuple[Mapping[str, Any], ...]:
        """What has not been sent."""
        return tuple(letter.message for letter in self._letters)

    async def first(self) -> Letter:
        """The oldest letter, which stays; once there is one."""
        while not self._letters:
            self._filled.clear()
            await self._filled.wait()
        return self._letters[0]

    def tick_off(self, letter: Letter) -> None:
        """It was sent."""
        if letter in self._letters:
            self._letters.remove(letter)
        _fulfil(letter)

    def begin_anew(self) -> None:
        """Keep what lasts: a new connection is told of the rest in other words."""
        for letter in self._letters:
            if not letter.lasting:
                _fulfil(letter)
        self._letters = deque(letter for letter in self._letters if letter.lasting)

    def close(self, error: APIError) -> None:
        """Nothing is sent any more, because of `error`."""
        self._closed = error
        for letter in self._letters:
            _fail(letter, error)
        self._letters.clear()


def _fulfil(letter: Letter) -> None:
    if not letter.sent.done():
        letter.sent.set_result(None)


def _fail(letter: Letter, error: APIError) -> None:
    if not letter.sent.done():
        letter.sent.set_exception(error)
        letter.sent.exception()  # who does not wait has the event
