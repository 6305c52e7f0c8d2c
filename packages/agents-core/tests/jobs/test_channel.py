"""Both ends of the line between a worker and a job process."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator

import pytest

from agents_core.jobs.channel import Outbox, ParentEnd, listen
from agents_core.jobs.messages import JobEnded, LogLine, Message, Ping, Pong, RequestShutdown
from agents_core.jobs.wire import MAX_FRAME, ChannelError, Frames, encode

PAIR = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[PAIR]:
    """The worker's end, and the process's."""
    ours, its = socket.socketpair()
    with ours, its:
        yield ours, its


def line(number: int, message: str = "") -> LogLine:
    return LogLine(
        name="n",
        level=20,
        message=message,
        created=0.0,
        thread="t",
        path="p",
        line=number,
    )


def read(end: socket.socket, until: Callable[[list[Message]], bool]) -> list[Message]:
    frames, said = Frames(), list[Message]()
    end.settimeout(20)
    while not until(said):
        data = end.recv(65536)
        assert data, said
        said.extend(frames.feed(data))
    return said


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(20):
            await work()

    asyncio.run(bounded())


def test_what_is_sent_from_many_threads_arrives_whole_and_in_the_order_of_each(pair: PAIR) -> None:
    outbox = Outbox(pair[1])
    senders = [
        threading.Thread(
            target=lambda sender=sender: [
                outbox.send(Pong(last_timestamp=sender, timestamp=number)) for number in range(200)
            ]
        )
        for sender in range(4)
    ]
    for sender in senders:
        sender.start()

    said = read(pair[0], lambda said: len(said) == 800)

    for sender in senders:
        sender.join(20)
    for number in range(4):
        of_one = [m.timestamp for m in said if isinstance(m, Pong) and m.last_timestamp == number]
        assert of_one == list(range(200))


def test_a_worker_that_does_not_read_keeps_nobody_waiting_and_the_rest_is_counted(
    pair: PAIR,
) -> None:
    outbox = Outbox(pair[1])
    text = "x" * 60_000

    started = time.monotonic()
    sent = [outbox.send(line(number, text)) for number in range(200)]
    ended = outbox.send(JobEnded(job_id="AJ_1"))
    took = time.monotonic() - started

    assert took < 10
    assert not outbox.flush(0.05)
    assert sent.count(False) > 100, "no more is kept than a few megabytes"
    assert ended, "what is not a log line still has room"
    said = read(
        pair[0], lambda said: "left out" in getattr(said[-1], "message", "") if said else False
    )
    assert [m.line for m in said if isinstance(m, LogLine)][: sent.count(True)] == [
        number for number, kept in enumerate(sent) if kept
    ]
    [last] = said[-1:]
    assert isinstance(last, LogLine)
    assert last.message.startswith(f"{sent.count(False)} log lines were left out")
    assert outbox.flush(20)


def test_a_worker_that_is_gone_is_no_error(pair: PAIR) -> None:
    outbox = Outbox(pair[1])
    pair[0].close()

    give_up = time.monotonic() + 20
    while outbox.send(Pong(last_timestamp=1.0, timestamp=1.0)) and time.monotonic() < give_up:
        time.sleep(0.01)

    assert not outbox.send(JobEnded(job_id="AJ_1"))
    assert not outbox.flush(20)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_process_that_the_job_forks_neither_sends_nor_waits(pair: PAIR) -> None:
    outbox = Outbox(pair[1])
    with outbox._changed:  # as it may be held by another thread at that moment
        child = os.fork()
        if child == 0:
            sent = threading.Thread(target=outbox.send, args=[Ping(timestamp=1.0)], daemon=True)
            sent.start()
            sent.join(10)
            os._exit(1 if sent.is_alive() or not outbox.broken else 0)

    assert os.waitpid(child, 0)[1] == 0
    assert outbox.send(Ping(timestamp=2.0))
    assert read(pair[0], bool) == [Ping(timestamp=2.0)]


def test_a_message_that_cannot_be_sent_is_left_out_and_the_next_one_is_sent(
    pair: PAIR, caplog: pytest.LogCaptureFixture
) -> None:
    outbox = Outbox(pair[1])

    assert not outbox.send(JobEnded(job_id="AJ_1", error="x" * MAX_FRAME))
    assert outbox.send(JobEnded(job_id="AJ_2"))

    assert read(pair[0], bool) == [JobEnded(job_id="AJ_2")]
    assert "left out" in caplog.text


def test_a_process_hears_and_is_reminded_of_the_time(pair: PAIR) -> None:
    heard = listen(pair[1], 0.02)

    assert next(heard) is None
    pair[0].sendall(encode(Ping(timestamp=1.0)) + encode(Ping(timestamp=2.0)))
    assert [next(heard), next(heard), next(heard)] == [
        Ping(timestamp=1.0),
        Ping(timestamp=2.0),
        None,
    ]
    pair[0].close()
    assert list(heard) == []


def test_a_process_whose_worker_goes_without_having_read_hears_the_end(pair: PAIR) -> None:
    pair[1].sendall(encode(Pong(last_timestamp=1.0, timestamp=1.0)))
    pair[0].close()

    assert [heard for heard in listen(pair[1], 0.02) if heard is not None] == []


def test_a_process_takes_no_garbage(pair: PAIR) -> None:
    pair[0].sendall(b"GET / HTTP/1.1\r\n\r\n")

    with pytest.raises(ChannelError):
        list(listen(pair[1], 0.02))


def test_a_worker_receives_in_order_until_the_process_has_closed_its_end(pair: PAIR) -> None:
    async def work() -> None:
        end = ParentEnd(pair[0])
        outbox = Outbox(pair[1])
        for number in range(5):
            outbox.send(line(number))
        assert [await end.receive() for _ in range(5)] == [line(number) for number in range(5)]
        pair[1].shutdown(socket.SHUT_RDWR)
        assert await end.receive() is None
        end.close()

    run(work)


def test_a_worker_that_stops_waiting_loses_nothing(pair: PAIR) -> None:
    async def work() -> None:
        end = ParentEnd(pair[0])
        frame = encode(line(1))
        pair[1].sendall(frame[:10])
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(end.receive(), 0.05)
        pair[1].sendall(frame[10:])
        assert await end.receive() == line(1)
        end.close()

    run(work)


def test_a_worker_is_given_what_came_before_the_garbage_and_then_the_error_every_time(
    pair: PAIR,
) -> None:
    async def work() -> None:
        end = ParentEnd(pair[0])
        pair[1].sendall(encode(line(1)) + b"garbage!")
        assert await end.receive() == line(1)
        for _ in range(2):
            with pytest.raises(ChannelError):
                await end.receive()
        end.close()

    run(work)


def test_a_worker_is_told_of_a_message_that_was_cut_off(pair: PAIR) -> None:
    async def work() -> None:
        end = ParentEnd(pair[0])
        pair[1].sendall(encode(line(1))[:-1])
        pair[1].shutdown(socket.SHUT_RDWR)
        with pytest.raises(ChannelError, match="in the middle"):
            await end.receive()
        end.close()

    run(work)


def test_a_worker_does_not_wait_for_a_process_that_does_not_read(pair: PAIR) -> None:
    async def work() -> None:
        end = ParentEnd(pair[0])
        sent = [end.send(RequestShutdown(reason="x" * 1_000_000)) for _ in range(12)]
        assert sent[0]
        assert not sent[-1]
        end.close()
        assert not end.send(Ping(timestamp=1.0))
        end.close()

    run(work)


def test_a_worker_hears_of_a_process_that_dies_with_something_unread(pair: PAIR) -> None:
    async def work() -> None:
        end = ParentEnd(pair[0])
        assert end.send(Ping(timestamp=1.0))
        pair[1].close()
        assert await end.receive() is None
        assert not end.send(Ping(timestamp=3.0))
        end.close()

    run(work)


def test_the_last_words_of_a_process_are_heard_although_it_cannot_be_answered(pair: PAIR) -> None:
    async def work() -> None:
        end = ParentEnd(pair[0])
        for number in range(3):
            pair[1].sendall(encode(line(number)))
        assert end.send(Ping(timestamp=1.0))  # and nobody reads it
        pair[1].close()
        assert not end.send(Ping(timestamp=2.0))
        await asyncio.sleep(0.05)
        assert [await end.receive() for _ in range(4)] == [*map(line, range(3)), None]
        end.close()

    run(work)


def test_a_message_of_many_pieces_gets_there_as_it_is_read(pair: PAIR) -> None:
    async def work() -> None:
        end = ParentEnd(pair[0])
        asked = RequestShutdown(reason="x" * 1_000_000)
        assert end.send(asked)
        assert end.send(Ping(timestamp=1.0))
        heard = await asyncio.to_thread(read, pair[1], lambda said: len(said) == 2)
        assert heard == [asked, Ping(timestamp=1.0)]
        end.close()

    run(work)
