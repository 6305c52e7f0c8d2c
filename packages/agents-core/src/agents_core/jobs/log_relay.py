"""What a job process logged, said again by the worker's own loggers."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping

from agents_core.jobs.messages import LogLine

_OWN_LOGGER = "agents_core.jobs.process"
"""For lines whose logger the worker will not make."""
_MOST_LOGGERS = 1000
"""Loggers made for children; the logging module keeps each of them for ever."""
_LONGEST_NAME = 200
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters; those that break lines, or turn the direction of writing; and halves of
characters, which no file takes."""
_SEAM = "| "
"""Before each line of a text of several, so that none of them can pass for a record of its own."""
_PLAIN_NAME = re.compile(r"[\w.-]+")
_TAKEN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "pid", "job_id"}

_made = {"root"}


def relay(line: LogLine, *, pid: int, job_id: str | None) -> None:
    """Hand `line` to the logger of the same name, with `pid` and `job_id` as extra fields.

    What is in it is data: it is not a format, control characters come out escaped, and extra
    fields cannot replace those that logging sets itself.
    """
    logger = _logger(line.name)
    if not logger.isEnabledFor(line.level):
        return
    record = logging.LogRecord(
        name=logger.name,
        level=line.level,
        pathname=escape(line.path),
        lineno=line.line,
        msg=escape(line.message),
        args=(),  # without any, the message is taken as it is
        exc_info=None,
    )
    vars(record).update(_extra(line.extra))
    record.created = line.created
    record.msecs = line.created % 1 * 1000
    record.process, record.threadName = pid, escape(line.thread)
    vars(record).update(pid=pid, job_id=job_id)
    if line.exception is not None:
        record.exc_text = quote(line.exception)
    logger.handle(record)


def escape(text: str) -> str:
    r"""`text` on one line, with control characters spelled out.

    >>> escape("in\x1b[2J\nERROR forged")
    'in\\x1b[2J\\nERROR forged'
    """
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def quote(text: str) -> str:
    """A text of several lines, each escaped, and marked as belonging to what stands before it."""
    return "\n".join(_SEAM + escape(line) for line in text.split("\n"))


def _logger(name: str) -> logging.Logger:
    if name in _made or name in logging.root.manager.loggerDict:
        return logging.getLogger(name)
    plain = len(name) <= _LONGEST_NAME and _PLAIN_NAME.fullmatch(name)
    if not plain or len(_made) >= _MOST_LOGGERS:
        return logging.getLogger(_OWN_LOGGER)
    _made.add(name)
    return logging.getLogger(name)


def _extra(text: str) -> Mapping[str, object]:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(fields, dict):
        return {}
    return {
        escape(name): escape(value) if isinstance(value, str) else value
        for name, value in fields.items()
        if name not in _TAKEN
    }
