"""What a job process logged, as the worker says it again."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.jobs import log_relay
from agents_core.jobs.log_relay import escape, quote, relay
from agents_core.jobs.messages import LogLine

LINE = LogLine(
    name="agent.of.the.user",
    level=logging.WARNING,
    message="100 %s of {them}",
    created=1700000000.25,
    thread="MainThread",
    path="agent.py",
    line=7,
)


def said(line: LogLine, caplog: pytest.LogCaptureFixture) -> logging.LogRecord:
    caplog.clear()
    relay(line, pid=77, job_id="AJ_1")
    return caplog.records[-1]


def test_a_line_is_said_by_the_logger_of_the_same_name(caplog: pytest.LogCaptureFixture) -> None:
    record = said(LINE, caplog)

    assert (record.name, record.levelname, record.lineno) == ("agent.of.the.user", "WARNING", 7)
    assert record.getMessage() == "100 %s of {them}"
    assert (record.process, record.created, record.msecs) == (77, 1700000000.25, 250)
    assert (vars(record)["pid"], vars(record)["job_id"]) == (77, "AJ_1")


def test_extra_fields_come_along_and_replace_none_of_logging_s(
    caplog: pytest.LogCaptureFixture,
) -> None:
    extra = {"room": "r\n1", "count": 3, "levelname": "x", "msg": "x", "message": "x", "pid": 1}
    record = said(replace(LINE, extra=json.dumps(extra)), caplog)

    assert vars(record)["room"] == r"r\n1"
    assert vars(record)["count"] == 3
    assert (record.levelname, record.getMessage(), vars(record)["pid"]) == (
        "WARNING",
        "100 %s of {them}",
        77,
    )


@pytest.mark.parametrize("extra", ["", "[]", "{", "[" * 100_000, '"x"'], ids=len)
def test_extra_fields_that_are_none_cost_nothing(
    caplog: pytest.LogCaptureFixture, extra: str
) -> None:
    assert said(replace(LINE, extra=extra), caplog).getMessage() == "100 %s of {them}"


def test_a_level_that_the_logger_does_not_want_is_not_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.ERROR, "agent.of.the.user")
    relay(LINE, pid=77, job_id=None)

    assert caplog.records == []


def test_an_exception_stands_under_its_message_and_cannot_pass_for_a_record(
    caplog: pytest.LogCaptureFixture,
) -> None:
    record = said(replace(LINE, exception="ValueError: a\nERROR root forged\r\x1b[1m"), caplog)
    text = logging.Formatter("%(levelname)s %(message)s").format(record)

    assert text.splitlines() == [
        "WARNING 100 %s of {them}",
        "| ValueError: a",
        r"| ERROR root forged\r\x1b[1m",
    ]


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 201, "name with spaces"])
def test_a_strange_name_gets_no_logger_of_its_own(
    caplog: pytest.LogCaptureFixture, name: str
) -> None:
    assert said(replace(LINE, name=name), caplog).name == "agents_core.jobs.process"
    assert name not in logging.root.manager.loggerDict


def test_no_process_makes_loggers_without_end(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_relay, "_MOST_LOGGERS", len(log_relay._made) + 1)

    assert said(replace(LINE, name="flood.1"), caplog).name == "flood.1"
    assert said(replace(LINE, name="flood.2"), caplog).name == "agents_core.jobs.process"
    assert said(replace(LINE, name="flood.1"), caplog).name == "flood.1"
    assert said(replace(LINE, name="root"), caplog).name == "root"


@pytest.mark.property
@given(st.text())
def test_what_is_escaped_is_one_line_without_control_characters(text: str) -> None:
    escaped = escape(text)

    assert len(escaped.splitlines()) <= 1
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in escaped)


@pytest.mark.property
@given(st.text(st.characters(exclude_categories=("C", "Zl", "Zp"))))
def test_what_can_be_shown_is_left_as_it_is(text: str) -> None:
    assert escape(text) == text


@pytest.mark.property
@given(st.text())
def test_every_line_of_a_quotation_is_marked(text: str) -> None:
    assert all(line.startswith("| ") for line in quote(text).splitlines())


def test_half_a_character_is_spelled_out_because_no_file_takes_it() -> None:
    assert escape("a\ud800b") == r"a\ud800b"
    assert quote("\udfff").encode()
