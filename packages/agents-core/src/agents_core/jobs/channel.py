"""The line between a worker and one of its job processes: a socket pair, an end for each."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator

from agents_core.jobs.descriptors import readable
from agents_core.jobs.messages import LogLine, Message
from agents_core.jobs.steps import say
from agents_core.jobs.wire import ChannelError, Frames, encode

_CHUNK = 64 * 1024
_LOG_BACKLOG = 4 * 1024 * 1024
"""Bytes that may wait to be sent before log lines are left out, so that the rest has room."""
_BACKLOG = 8 * 1024 * 1024
"""Bytes that may wait to be sent at all: beyond, the other end has stopped reading."""


class Outbox:
    """The sending side of a job process: from any thread, at any time, without waiting.

    A thread of its own writes what is sent, in its order. A worker that is gone, or that has
    stopped reading, changes nothing for who sends: `send` says False, and that is all.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._frames: deque[bytes] = deque()
        self._waiting = 0
        self._left_out = 0
        self._broken = False
        self._changed = threading.Condition()
        threading.Thread(target=self._write, name="job channel", daemon=True).start()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    @property
    def broken(self) -> bool:
        """Whether nothing will be sent any more: the worker is gone."""
        return self._broken

    def send(self, message: Message) -> bool:
        """Have `message` sent after those before it; False where it never will be."""
        try:
            frame = encode(message)
        except ChannelError as error:
            say(logging.WARNING, "a message to the worker is left out", error=error)
            return False
        with self._changed:
            limit = _LOG_BACKLOG if isinstance(message, LogLine) else _BACKLOG
            if self._broken or self._waiting + len(frame) > limit:
                self._left_out += isinstance(message, LogLine)
                return False
            self._append(frame)
            return True

    def flush(self, timeout: float) -> bool:
        """Wait until all is written, at most `timeout` seconds; whether it is."""
        with self._changed:
            self._changed.wait_for(lambda: self._broken or not self._waiting, timeout)
            return not (self._broken or self._waiting)

    def _append(self, frame: bytes) -> None:
        self._frames.append(frame)
        self._waiting += len(frame)
        self._changed.notify_all()

    def _write(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._frames)
                frame = self._frames.popleft()
            try:
                self._connection.sendall(frame)
            except OSError:
                self._break()
                return
            with self._changed:
                self._waiting -= len(frame)
                if self._left_out and not self._frames:
                    self._append(encode(_left_out(self._left_out)))
                    self._left_out = 0
                self._changed.notify_all()

    def _forget(self) -> None:
        # In a process that the job itself forked there is no thread that writes; and somebody may
        # have held the lock just then, who would hold it there for ever.
        self._changed = threading.Condition()
        self._break()

    def _break(self) -> None:
        with self._changed:
            self._broken = True
            self._frames.clear()
            self._changed.notify_all()


def listen(connection: socket.socket, every: float) -> Iterator[Message | None]:
    """What the worker says to a job process, as it comes, and None at least each `every` seconds.

    Ends when the worker has closed its end, or is gone.

    Raises:
        ChannelError: what came is no message.
    """
    frames = Frames()
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        while True:
            if selector.select(every):
                try:
                    data = connection.recv(_CHUNK)
                except ConnectionError:  # gone, with something of ours unread
                    return
                if not data:
                    frames.end()
                    return
                yield from frames.feed(data)
            yield None


class ParentEnd:
    """The worker's end, for its event loop.

    Not a transport of asyncio: that drops what it has not read yet as soon as it cannot write, and
    a process that dies leaves its last words unread, while somebody pings it.
    """

    def __init__(self, connection: socket.socket) -> None:
        """Take `connection` over, in the running event loop; `close` closes it."""
        connection.settimeout(0)
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._frames = Frames()
        self._arrived: deque[Message] = deque()
        self._garbage: ChannelError | None = None
        self._outgoing = bytearray()
        self._broken = False
        """Whether nothing can be sent any more; there may be something to receive."""

    async def receive(self) -> Message | None:
        """The next message, or None once the process has closed its end, or is gone.

        May be cancelled, and nothing is lost.

        Raises:
            ChannelError: what came is no message, and nothing more will be understood.
        """
        while not self._arrived:
            if self._garbage is not None:
                raise self._garbage
            try:
                data = await self._read()
            except ConnectionError:
                return None
            if not data:
                self._frames.end()
                return None
            self._take(data)
        return self._arrived.popleft()

    def send(self, message: Message) -> bool:
        """Send from the event loop, without waiting; False where it does not get there.

        Raises:
            ChannelError: `message` is too long for a frame.
        """
        frame = encode(message)
        if self._broken or len(self._outgoing) + len(frame) > _BACKLOG:
            return False
        self._outgoing += frame
        self._write()
        return not self._broken

    def close(self) -> None:
        """Hang up, which a process that still listens takes for its worker's end."""
        if self._connection.fileno() >= 0:
            self._break()
            self._connection.close()

    async def _read(self) -> bytes:
        while True:
            with contextlib.suppress(BlockingIOError):
                return self._connection.recv(_CHUNK)
            await readable(self._connection.fileno())

    def _write(self) -> None:
        """As much as goes at once; the rest when there is room for it."""
        try:
            while self._outgoing:
                del self._outgoing[: self._connection.send(self._outgoing)]
        except BlockingIOError:
            self._loop.add_writer(self._connection.fileno(), self._write)
        except OSError:
            self._break()
        else:
            self._loop.remove_writer(self._connection.fileno())

    def _break(self) -> None:
        self._broken = True
        self._outgoing.clear()
        self._loop.remove_writer(self._connection.fileno())

    def _take(self, data: bytes) -> None:
        try:
            self._arrived.extend(self._frames.feed(data))
        except ChannelError as error:
            self._garbage = error


def _left_out(number: int) -> LogLine:
    return LogLine(
        name="agents_core.jobs",
        level=logging.WARNING,
        message=f"{number} log lines were left out: the worker did not take them in time",
        created=time.time(),
        thread=threading.current_thread().name,
        path=__file__,
        line=0,
    )
