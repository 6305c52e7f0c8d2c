"""The provider behind a fake: it counts what reaches it, and fails as it is told to."""

# ruff: noqa: D102 - what the methods of a port promise is written there

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from agents_core.errors import APIConnectionError, APIError, APIStatusError, APITimeoutError
from agents_core.testing.vendor import Asked, Reply, Vendor

When: TypeAlias = Literal["connecting", "answering", "answered"]
"""Before there is a connection; before the first part of the answer; before the second one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """How one request fails."""

    error: Exception | None
    """None: there is no answer until the time is up."""
    when: When


class FakeVendor(Vendor):
    """Answers well, but for the faults that were asked for; each of them meets one request."""

    def __init__(self) -> None:
        self._faults: deque[Fault] = deque()
        self._urls: list[str] = []
        self._open = 0
        self._released: asyncio.Event | None = None
        self._settings: Mapping[str, object] = {}
        self.replies: deque[Reply] = deque()
        """What a model answers next, before it looks at its script."""
        self.last_asked = Asked()
        self.last_invitation = ("", "")
        self._texts: list[str] = []
        self._sent = bytearray()
        self._received = bytearray()

    def fail(self, error: Exception, *, times: int = 1, when: When = "connecting") -> None:
        """Have the next `times` requests raise `error`."""
        self._faults.extend([Fault(error=error, when=when)] * times)

    @contextlib.asynccontextmanager
    async def connect(
        self,
        to: str,
        *,
        timeout: float,
        settings: Mapping[str, object] | None = None,
        meets: Collection[When] = ("connecting", "answering", "answered"),
    ) -> AsyncIterator[Connection]:
        """One request, open until the block is left.

        Args:
            to: what is asked for, as the path of a URL.
            timeout: seconds for which silence is borne.
            settings: what `Vendor.settings` tells of it.
            meets: the faults that may meet it; any other goes on waiting.

        Raises:
            APIError: as it was told to.
        """
        self._urls.append(f"fake://vendor/{to}")
        self._settings = settings or {}
        due = bool(self._faults) and self._faults[0].when in meets
        fault = self._faults.popleft() if due else None
        self._open += 1
        try:
            connection = Connection(self, fault)
            await self._meet(fault, timeout)
            yield connection
            connection.finish()
        finally:
            self._open -= 1

    def spoke(self, text: str = "", sound: bytes = b"") -> None:
        """Remember what was asked to be spoken, and the sound that was sent for it."""
        self._texts.append(text)
        self._sent += sound

    def heard(self, sound: bytes) -> None:
        """Remember the sound that came."""
        self._received += sound

    async def _meet(self, fault: Fault | None, timeout: float) -> None:
        await asyncio.sleep(0)  # as every network does
        if fault is None or fault.when != "connecting":
            return
        if fault.error is not None:
            raise fault.error
        await asyncio.sleep(timeout)
        raise APITimeoutError

    def shut(self) -> None:
        """The test is over: let go of what it made."""

    # What a suite asks for.

    def requests(self) -> int:
        return len(self._urls)

    def open_connections(self) -> int:
        return self._open

    def urls(self) -> tuple[str, ...]:
        return tuple(self._urls)

    def settings(self) -> Mapping[str, object]:
        return self._settings

    def refuse(self, status: int, *, times: int = 1, retry_after: float | None = None) -> None:
        error = APIStatusError("refused", status_code=status, retry_after=retry_after)
        self.fail(error, times=times)

    def cut(self, *, answered: bool, times: int = 1) -> None:
        error = APIConnectionError("the connection was cut")
        self.fail(error, times=times, when="answered" if answered else "answering")

    def garble(self, *, lacking: bool = False, times: int = 1) -> None:
        words = "the answer lacks what it needs" if lacking else "the answer is malformed"
        self.fail(APIError(words), times=times, when="answering")

    def complain(self, *, times: int = 1) -> None:
        error = APIStatusError("the vendor told of an error", status_code=400)
        self.fail(error, times=times, when="answering")

    def stall(self, *, times: int = 1) -> None:
        self._faults.extend([Fault(error=None, when="connecting")] * times)

    def hold(self) -> None:
        self._released = asyncio.Event()

    def release(self) -> None:
        if self._released is not None:
            self._released.set()
        self._released = None

    async def unheld(self) -> None:
        """Wait while answers are held."""
        if self._released is not None:
            await self._released.wait()

    def text_received(self) -> str:
        return "".join(self._texts)

    def sound_sent(self) -> bytes:
        return bytes(self._sent)

    def sound_received(self) -> bytes:
        return bytes(self._received)

    def will_answer(self, reply: Reply) -> None:
        self.replies.append(reply)

    def asked(self) -> Asked:
        return self.last_asked

    def invitation(self) -> tuple[str, str]:
        return self.last_invitation


class Connection:
    """One request, while it is answered."""

    def __init__(self, vendor: FakeVendor, fault: Fault | None) -> None:
        self._vendor = vendor
        self._fault = fault
        self._parts = 0

    async def part(self) -> None:
        """One more part of the answer is about to come.

        Raises:
            APIError: it does not.
        """
        self._parts += 1
        if self._parts > 1:
            await self._vendor.unheld()
        fault = self._fault
        if fault is None or fault.error is None:
            return
        if fault.when == "answering" or (fault.when == "answered" and self._parts > 1):
            raise fault.error

    def finish(self) -> None:
        """The answer is whole.

        Raises:
            APIError: it was to fail, and had too few parts to do so before.
        """
        if self._fault is not None and self._fault.error is not None:
            raise self._fault.error
