"""What a job process logs, sent to its worker."""

from __future__ import annotations

import json
import logging
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from agents_core.jobs.channel import Outbox
from agents_core.jobs.messages import LogLine

_LONGEST = 64 * 1024
"""Characters of one text; a record beyond that is a dump of something, not a message."""
_OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class ChannelHandler(logging.Handler):
    """Sends every record to the worker, and never waits for it but in `flush`.

    Without a worker, warnings and errors go to standard error: how an orphan ended may matter.

    Attributes:
        fields: added to each record that has no such field of its own; may be changed any time.
    """

    def __init__(self, outbox: Outbox, patience: float) -> None:
        """`patience`: how many seconds `flush` may wait."""
        super().__init__()
        self._outbox = outbox
        self._patience = patience
        self.fields: Mapping[str, object] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Hand `record` to the channel, as text: what it refers to stays in this process."""
        if self._outbox.send(to_line(record, self.fields)) or not self._outbox.broken:
            return
        last_resort = logging.lastResort
        if last_resort is not None and record.levelno >= last_resort.level:
            last_resort.handle(record)

    def flush(self) -> None:
        """Wait until the worker has been sent everything that was logged."""
        self._outbox.flush(self._patience)


def send_logs(handler: ChannelHandler) -> None:
    """Send what this process logs by way of `handler`, and by no other handler of the root logger.

    Those that a forked process inherits write where its worker writes, without knowing of it.
    """
    root = logging.getLogger()
    for inherited in tuple(root.handlers):
        root.removeHandler(inherited)
    root.addHandler(handler)
    root.setLevel(logging.INFO)  # until the worker says which
    logging.captureWarnings(capture=True)
    threading.excepthook = _log_thread


def to_line(record: logging.LogRecord, fields: Mapping[str, object]) -> LogLine:
    """The record as the channel carries it; one that cannot be formatted says so, and is sent."""
    return LogLine(
        name=str(record.name),
        level=int(record.levelno),
        message=_cut(_message(record)),
        created=float(record.created),
        thread=str(record.threadName),
        path=str(record.pathname),
        line=int(record.lineno or 0),
        exception=_exception(record),
        extra=_extra(record, fields),
    )


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception as error:  # noqa: BLE001 - the arguments are anybody's, and so are their errors
        return f"{_safely(repr, record.msg)} (not formatted: {type(error).__name__})"


def _exception(record: logging.LogRecord) -> str | None:
    parts = []
    if record.exc_info and record.exc_info[1] is not None:
        parts.append(_safely(_traceback, record.exc_info[1]).rstrip())
    elif record.exc_text:
        parts.append(record.exc_text)
    if record.stack_info:
        parts.append(record.stack_info)
    return _cut("\n".join(parts)) if parts else None


def _traceback(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def _extra(record: logging.LogRecord, fields: Mapping[str, object]) -> str:
    own = {name: value for name, value in vars(record).items() if name not in _OWN_FIELDS}
    try:
        extra = json.dumps({**fields, **own}, default=str)
    except Exception:  # noqa: BLE001 - as above
        return json.dumps({"extra": "not sent: it cannot be written as JSON"})
    if len(extra) > _LONGEST:
        return json.dumps({"extra": f"not sent: {len(extra)} characters"})
    return extra


def _safely(describe: Callable[[Any], str], what: object) -> str:
    try:
        return describe(what)
    except Exception as error:  # noqa: BLE001 - as above
        return f"a {type(what).__name__} that cannot be shown ({type(error).__name__})"


def _cut(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]}... ({len(text) - _LONGEST} more characters)"


def _log_thread(died: threading.ExceptHookArgs) -> None:
    if died.exc_value is None or isinstance(died.exc_value, SystemExit):
        return
    name = died.thread.name if died.thread is not None else "unknown"
    logging.getLogger("agents_core.jobs").error(
        "thread %s died of an error", name, exc_info=died.exc_value
    )
