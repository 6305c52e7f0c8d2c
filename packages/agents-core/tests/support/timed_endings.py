"""Jobs that end in a real worker and a real room, and when each of their steps was over."""

from __future__ import annotations

import asyncio
import logging
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from timed_agent import entrypoint
from worker_life import QUICK

from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.reports import ProcessReport
from agents_core.jobs.supervisor import SupervisedJob
from agents_core.testing.room import Event, RoomServer
from agents_core.worker.options import WorkerOptions
from agents_core.worker.worker import Worker

DEADLINES = Deadlines(callbacks=2.0)
"""So that a callback that never returns is waited for two seconds, and not a minute."""
STORIES = ("well", "at fault")
_SETTLED = 1.0
"""Seconds of its speech that an agent has said when its job is ended."""
_REPORT = re.compile(r"(?P<step>[a-z ]+): (?P<outcome>.*?) \((?P<seconds>[0-9.]+) s\)(?:; |$)")
_SUMMARY = "the job process ends ("
_FORMAT = "%(asctime)s %(levelname)-7s %(name)s %(message)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One step of an ending; seconds from its beginning."""

    name: str
    begin: float
    end: float
    outcome: str
    """In the words of the log: ``done``, or ``timed out, waiting for ...``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that others saw of it."""

    name: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedEnding:
    """One ending, with all that is known of it."""

    steps: tuple[Stretch, ...]
    moments: tuple[Moment, ...]
    log: tuple[str, ...]
    """Of the worker, as it stands on a terminal, from the beginning of the ending."""


async def time_endings() -> dict[str, TimedEnding]:
    """Each of the stories, in its order."""
    log = _Log()
    logging.basicConfig(level=logging.DEBUG, handlers=[log], force=True)
    async with RoomServer() as server:
        worker = Worker(_options(server))
        registered = asyncio.Event()
        worker.on("worker_registered", lambda _: registered.set())
        running = asyncio.create_task(worker.run(), name="worker")
        try:
            async with asyncio.timeout(30):
                await registered.wait()
            return {story: await _tell(story, server, worker, log) for story in STORIES}
        except BaseException:
            sys.stderr.write("\n".join(log.lines()) + "\n")  # why, it knows
            raise
        finally:
            await worker.aclose()
            await running


def _options(server: RoomServer) -> WorkerOptions:
    return WorkerOptions(
        entrypoint_fnc=entrypoint,
        ws_url=server.url,
        api_key=server.api_key,
        api_secret=server.api_secret,
        host="127.0.0.1",
        port=0,
        num_idle_processes=1,
        load_threshold=float("inf"),
        deadlines=DEADLINES,
        timings=replace(QUICK, request=5, assignment=5),
    )


async def _tell(story: str, server: RoomServer, worker: Worker, log: _Log) -> TimedEnding:
    async with await server.join(story, "caller") as caller:
        job = await server.dispatch(room=story, metadata=story, within=30)
        await caller.heard(job.identity).sound(within=30)
        await asyncio.sleep(_SETTLED)
        process = _process_of(worker, job.job_id)
        await job.terminate()
        async with asyncio.timeout(60):
            report = await process.gone()
        left = await server.wait_for("leave", job.identity, within=30)
    return _timed(log.of(job.job_id, report), report, left)


def _process_of(worker: Worker, job_id: str) -> SupervisedJob:
    assert worker._shift is not None
    return next(each for each in worker._shift.pool.processes if each.job_id == job_id)


def _timed(
    records: tuple[logging.LogRecord, ...], report: ProcessReport, left: Event
) -> TimedEnding:
    begun = next(one for one in records if one.getMessage().startswith("the job shuts down: "))
    gone = records[-1].created - begun.created
    heard = left.at + time.time() - time.monotonic() - begun.created
    return TimedEnding(
        steps=tuple(_stretches(report, _outcomes(records))),
        moments=(
            Moment(name="the server hears the leave", at=heard),
            Moment(name="the process is gone", at=gone),
        ),
        log=_lines(records[records.index(begun) :], logging.INFO),
    )


def _stretches(report: ProcessReport, outcomes: Mapping[str, str]) -> Iterator[Stretch]:
    at = 0.0  # one begins when the one before it is over
    for step in report.steps:
        outcome = outcomes.get(step.step, step.outcome)
        yield Stretch(name=step.step, begin=at, end=at + step.seconds, outcome=outcome)
        at += step.seconds


def _outcomes(records: tuple[logging.LogRecord, ...]) -> dict[str, str]:
    """In full, as the log tells them."""
    said = next(map(logging.LogRecord.getMessage, filter(_tells_outcomes, records)))
    inside = said.removeprefix(_SUMMARY).removesuffix(")")
    return {found["step"]: found["outcome"] for found in _REPORT.finditer(inside)}


def _tells_outcomes(record: logging.LogRecord) -> bool:
    return record.getMessage().startswith(_SUMMARY)


def _lines(records: Iterable[logging.LogRecord], level: int) -> tuple[str, ...]:
    formatter = logging.Formatter(_FORMAT)
    return tuple(formatter.format(one) for one in records if one.levelno >= level)


class _Log(logging.Handler):
    """What the worker logs, its job processes included."""

    def __init__(self) -> None:
        super().__init__()
        self._records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """See `logging.Handler`; called in the worker's loop."""
        self._records.append(record)

    def lines(self) -> tuple[str, ...]:
        """All of it."""
        return _lines(self._records, logging.DEBUG)

    def of(self, job: str, report: ProcessReport) -> tuple[logging.LogRecord, ...]:
        """What the process of the job logged, and last what the worker says of it."""
        own = (one for one in self._records if getattr(one, "job_id", None) == job)
        last = next(one for one in self._records if one.getMessage() == str(report))
        return (*own, last)
