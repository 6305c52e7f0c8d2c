"""The tables on the pages for people are those of the code."""

from __future__ import annotations

import inspect
import math
import re
from dataclasses import asdict, fields
from pathlib import Path
from typing import get_args

import pytest
from agent_pages import rows_of
from lived_worker import STEPS
from worker_life import stays

from agents_core import AgentSession, APIConnectOptions, APIStatusError, Deadlines
from agents_core.cli import command
from agents_core.jobs import deadlines as deadlines_room
from agents_core.jobs.counters import Counters
from agents_core.jobs.options import ProcessOptions
from agents_core.jobs.shutdown import GRACE
from agents_core.session import SessionDeadlines
from agents_core.session.events import CloseReason, SessionEvent
from agents_core.worker.options import DEVELOPMENT, PRODUCTION, Mode, WorkerOptions
from agents_core.worker.state import Limits, State
from agents_core.worker.tally import Tally
from agents_core.worker.timings import Timings

OPTIONS = WorkerOptions(entrypoint_fnc=stays)
DOCS = Path(__file__).parents[4] / "docs" / "agents"
ENDINGS, WORKERS = DOCS / "how-a-job-ends.md", DOCS / "workers.md"
CONVERSATIONS, PLUGINS = DOCS / "conversations.md", DOCS / "plugins.md"


def test_the_deadlines_are_those_of_the_code() -> None:
    rows = rows_of(ENDINGS, "deadline")

    assert [(name, float(seconds)) for name, seconds, _ in rows] == [*asdict(Deadlines()).items()]
    workers = [name for name, _, what in rows if what.startswith("the worker's: ")]
    assert [name for name, _, _ in rows if name not in workers] == [*deadlines_room.STEPS]


def test_the_steps_are_those_of_a_run() -> None:
    found = re.findall(r"^\d\. \*\*([a-z ]+)\*\*: ", text(ENDINGS), re.MULTILINE)

    assert tuple(found) == STEPS


def test_the_sums_of_the_deadlines_are_right() -> None:
    total, longest = Deadlines().total, ProcessOptions().longest_ending

    assert f"add up to `Deadlines.total`: {total:g} s" in text(ENDINGS)
    assert f"takes {longest:g} s at most" in text(ENDINGS)
    assert f"and {ProcessOptions().shutdown_margin:g} s more" in text(ENDINGS)
    assert GRACE == 1, "one second after the sum of all deadlines"


def test_the_deadlines_of_a_session_are_those_of_the_code() -> None:
    rows = rows_of(CONVERSATIONS, "deadline")

    told = [(name, float(seconds)) for name, seconds, _ in rows]
    assert told == [*asdict(SessionDeadlines()).items()]


def test_the_options_of_a_session_are_those_of_the_code() -> None:
    rows = rows_of(CONVERSATIONS, "option")
    parameters = inspect.signature(AgentSession).parameters.values()
    defaults = {each.name: repr(each.default) for each in parameters}
    parts = {name for name, _, _ in rows_of(CONVERSATIONS, "part")}
    others = {"tools", "userdata", "conn_options", "deadlines"}

    assert {name: default for name, default, _ in rows} == {
        name: default for name, default in defaults.items() if name not in parts | others
    }
    assert parts | others <= {*defaults}


def test_the_events_of_a_session_are_those_of_the_code() -> None:
    rows = rows_of(CONVERSATIONS, "event")

    assert [name for name, _ in rows] == [*get_args(SessionEvent)]
    assert set(re.findall(r"`(\w+)`", rows[-1][1])) == {*CloseReason}


def test_the_metrics_are_those_of_the_code() -> None:
    state = State(limits=Limits(load_threshold=0.7, job_load=0.1), url="ws://example.org")
    families = Tally().families(state, Counters().metrics(idle=0, initializing=0, running=0))

    assert rows_of(WORKERS, "metric") == tuple((one.name, one.kind, one.help) for one in families)


def test_the_modes_are_those_of_the_code() -> None:
    rows = {name: (start, dev) for name, start, dev in rows_of(WORKERS, "option")}

    assert [*rows] == [each.name for each in fields(Mode)]
    assert rows["load_threshold"] == (f"{PRODUCTION.load_threshold:g}", "never full")
    assert DEVELOPMENT.load_threshold == math.inf
    assert rows["port"] == (f"{PRODUCTION.port}", "any that is free")
    assert rows["num_idle_processes"][1] == f"{DEVELOPMENT.num_idle_processes}"
    timeouts = (f"{mode.drain_timeout:g} s" for mode in (PRODUCTION, DEVELOPMENT))
    assert rows["drain_timeout"] == tuple(timeouts)


def test_the_exit_statuses_are_those_of_the_command_line() -> None:
    told = [status for status, _ in rows_of(WORKERS, "status")]

    assert told == [f"{command.DONE}", f"{command.FAILED}", f"{command.USAGE}", "128 + n"]
    assert command.SIGNALLED == 128


NUMBERS = {
    "has {:g} s to `accept()`": Timings().request,
    "within {:g} s of being told yes": Timings().assignment,
    "Every {:g} s the worker tells": Timings().status,
    "doubles from {:g} s to 10 s": Timings().first_retry,
    "from 0.5 s to {:g} s and is drawn": Timings().longest_retry,
    "a ping every {:g} s": ProcessOptions().ping_interval,
    "more than {:g} s is warned of": ProcessOptions().slow_ping,
    "Without one for {:g} s": ProcessOptions().ping_timeout,
    "its memory every {:g} s": ProcessOptions().memory_interval,
    "doubles from {:g} s to 30 s": ProcessOptions().restart_wait,
    "from 0.5 s to {:g} s with": ProcessOptions().restart_wait_longest,
    "`max_retry` ({:g})": OPTIONS.max_retry,
    "`job_memory_warn_mb` ({:g})": OPTIONS.job_memory_warn_mb,
    "`job_memory_limit_mb` ({:g}: none)": OPTIONS.job_memory_limit_mb,
    "`initialize_process_timeout` ({:g} s)": OPTIONS.initialize_process_timeout,
}


@pytest.mark.parametrize("said", NUMBERS)
def test_a_number_on_the_page_about_workers_is_the_code_s(said: str) -> None:
    assert said.format(NUMBERS[said]) in text(WORKERS)


def test_the_retry_rule_is_that_of_the_code() -> None:
    assert repr(APIConnectOptions()) in text(PLUGINS)
    kept = [
        status for status in range(400, 500) if APIStatusError("", status_code=status).retryable
    ]
    assert f"but for {', '.join(map(str, kept[:-1]))} and {kept[-1]}" in text(PLUGINS)


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")
