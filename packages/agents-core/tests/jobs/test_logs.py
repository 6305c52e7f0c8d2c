"""What a process logs, as its worker is sent it."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Iterator

import pytest

from agents_core.jobs.channel import Outbox
from agents_core.jobs.logs import ChannelHandler, to_line
from agents_core.jobs.messages import LogLine
from agents_core.jobs.wire import Frames


class Unprintable:
    """Something that does not want to be seen."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


def record(message: object, *arguments: object, **extra: object) -> logging.LogRecord:
    return logging.getLogger("of a test").makeRecord(
        "of a test", logging.WARNING, "agent.py", 12, message, arguments, None, extra=extra
    )


def test_a_record_becomes_text_with_its_place_and_its_plain_extras() -> None:
    line = to_line(record("%s of %d", "one", 2, caller="+49", seconds=1.5, items=[1, None]), {})

    assert (line.name, line.level, line.message) == ("of a test", logging.WARNING, "one of 2")
    assert (line.path, line.line, line.thread) == ("agent.py", 12, "MainThread")
    assert json.loads(line.extra) == {"caller": "+49", "seconds": 1.5, "items": [1, None]}
    assert line.exception is None


def test_fields_of_the_job_are_added_and_overwrite_nothing() -> None:
    line = to_line(record("hello", room="mine"), {"job_id": "AJ_1", "room": "the job's"})

    assert json.loads(line.extra) == {"job_id": "AJ_1", "room": "mine"}


def test_an_exception_and_a_stack_travel_as_text() -> None:
    logged = record("no")
    error = OSError("disk full")
    error.__cause__ = KeyError("why")
    logged.exc_info = (OSError, error, None)
    logged.stack_info = "Stack (most recent call last): ..."

    line = to_line(logged, {})

    assert line.exception is not None
    assert "KeyError: 'why'" in line.exception
    assert "OSError: disk full" in line.exception
    assert line.exception.endswith("Stack (most recent call last): ...")


@pytest.mark.parametrize(
    ("logged", "words"),
    [
        (record("%s of %d", "one"), "'%s of %d' (not formatted: TypeError)"),
        (record("%s", Unprintable()), "'%s' (not formatted: RuntimeError)"),
        (record(Unprintable()), "a Unprintable that cannot be shown (RuntimeError)"),
    ],
    ids=["too few arguments", "an argument that raises", "a message that raises"],
)
def test_a_record_that_cannot_be_formatted_is_sent_and_says_so(
    logged: logging.LogRecord, words: str
) -> None:
    assert to_line(logged, {}).message.startswith(words)


def test_extras_that_are_no_json_are_described_or_left_out() -> None:
    assert json.loads(to_line(record("m", kind=ValueError), {}).extra) == {
        "kind": "<class 'ValueError'>"
    }
    assert "not sent" in to_line(record("m", what=Unprintable()), {}).extra
    assert "not sent: 7" in to_line(record("m", what="x" * 70_000), {}).extra


def test_a_text_beyond_all_measure_is_cut() -> None:
    line = to_line(record("x" * 70_000), {})

    assert line.message.endswith("... (4464 more characters)")


def test_without_a_worker_what_went_wrong_is_on_standard_error(
    handler: tuple[ChannelHandler, socket.socket], capsys: pytest.CaptureFixture[str]
) -> None:
    sender, end = handler
    end.close()
    give_up = time.monotonic() + 20
    while not sender._outbox.broken and time.monotonic() < give_up:
        sender.handle(logging.makeLogRecord({"msg": "to nobody", "levelno": logging.INFO}))
        time.sleep(0.01)
    sender.handle(record("room disconnect: timed out"))

    assert capsys.readouterr().err == "room disconnect: timed out\n"


@pytest.fixture
def handler() -> Iterator[tuple[ChannelHandler, socket.socket]]:
    ours, its = socket.socketpair()
    with ours, its:
        yield ChannelHandler(Outbox(its), 20.0), ours


def test_all_that_was_logged_is_sent_when_flush_returns(
    handler: tuple[ChannelHandler, socket.socket],
) -> None:
    sender, end = handler
    for number in range(100):
        sender.handle(record("line %d", number))

    sender.flush()

    end.settimeout(0)
    lines = list(Frames().feed(end.recv(1_000_000)))
    assert [line.message for line in lines if isinstance(line, LogLine)] == [
        f"line {number}" for number in range(100)
    ]
