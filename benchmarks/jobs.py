"""Job processes of agents-core beside those of livekit-agents, on one server, in one run."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
DEFAULT_PEERS = HERE.parent / ".benchmarks" / "peers"
PEER = "livekit-agents==1.8.9"

IDLE = 2
"""Warm processes of each worker: as many as the machine that was measured has cores."""
AT_ONCE = 4
"""Jobs that are under way at the same time where many are counted."""
PATIENCE = 60.0
"""Seconds for anything that a worker is waited for."""

UNITS = {
    "start": "ms, from the dispatch to the entry point",
    "connect": "ms, from the entry point to the room being joined",
    "end": "ms, from the server's termination to the process being gone, a room joined",
    "rate": "jobs a second, each dispatched, run and gone, four at once",
    "idle": "MB of memory (PSS) of a warm process",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """A framework, in an environment of its own."""

    name: str
    python: Path
    script: Path


class Marks:
    """What the processes of one worker have told so far."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def all(self, what: str) -> list[dict[str, Any]]:
        """Each mark of this kind, in order."""
        with contextlib.suppress(FileNotFoundError):
            lines = self._file.read_text("utf-8").splitlines()
            return [told for told in map(json.loads, lines) if told["mark"] == what]
        return []

    async def wait(self, what: str, *, count: int = 1, job: str | None = None) -> dict[str, Any]:
        """The mark of this kind that makes them `count`, of one job where it is given.

        Raises:
            TimeoutError: it did not come.
        """
        async with asyncio.timeout(PATIENCE):
            while True:
                told = [each for each in self.all(what) if job in (None, each.get("job"))]
                if len(told) >= count:
                    return told[count - 1]
                await asyncio.sleep(0.001)


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--peers", type=Path, default=DEFAULT_PEERS, help="where the peer is installed"
    )
    parser.add_argument("--install", action="store_true", help=f"install {PEER} there first")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=10, help="one after another, in each round")
    parser.add_argument("--many", type=int, default=40, help="for the rate, in each round")
    told = parser.parse_args()
    home = told.peers / "livekit-agents"
    if told.install:
        _install(home)
    contestants = (
        Contestant(
            name="agents-core",
            python=Path(sys.executable),
            script=HERE / "job_workers/agents_core_worker.py",
        ),
        Contestant(
            name="livekit-agents",
            python=home / "bin/python",
            script=HERE / "job_workers/livekit_agents_worker.py",
        ),
    )
    asyncio.run(_compare(contestants, told))
    return 0


def _install(home: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", home], check=True, timeout=PATIENCE)
    install: list[str | Path] = [home / "bin/python", "-m", "pip", "install", "--quiet", PEER]
    subprocess.run(install, check=True, timeout=600)


async def _compare(contestants: tuple[Contestant, ...], told: argparse.Namespace) -> None:
    measured: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    steps: dict[str, tuple[float, float]] = {}
    for number in range(told.rounds):
        # Each round begins with another one, so that nobody is always the first on a quiet machine.
        for contestant in contestants[number % 2 :] + contestants[: number % 2]:
            print(f"round {number + 1}: {contestant.name}", file=sys.stderr)
            async with _at_work(contestant) as (server, marks, worker):
                await _measure_one_by_one(server, marks, measured[contestant.name], told.jobs)
                await _measure_rate(server, marks, measured[contestant.name], told.many)
                for step, (seconds, count) in _steps_of(marks).items():
                    before = steps.get(step, (0.0, 0.0))
                    steps[step] = (before[0] + seconds, before[1] + count)
                if worker.poll() is not None:
                    sys.exit(f"the worker of {contestant.name} has ended: {worker.returncode}")
    _print_table(contestants, measured)
    _print_steps(steps)


@contextlib.asynccontextmanager
async def _at_work(
    contestant: Contestant,
) -> AsyncIterator[tuple[Any, Marks, subprocess.Popen[bytes]]]:
    from agents_core.testing.room import RoomServer

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "marks"
        async with RoomServer() as server:
            arguments: list[str | Path] = [
                file,
                server.url,
                server.api_key,
                server.api_secret,
                str(IDLE),
            ]
            with (
                (Path(folder) / "log").open("wb") as log,
                _running([contestant.python, contestant.script, *arguments], log) as worker,
            ):
                marks = Marks(file)
                try:
                    await marks.wait("registered")
                    await marks.wait("idle", count=IDLE)
                except TimeoutError:
                    sys.exit((Path(folder) / "log").read_text("utf-8", "replace")[-3000:])
                yield server, marks, worker


@contextlib.contextmanager
def _running(command: list[str | Path], log: Any) -> Iterator[subprocess.Popen[bytes]]:  # noqa: ANN401 - any binary file
    process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)


async def _measure_one_by_one(
    server: Any,  # noqa: ANN401 - a RoomServer, which is imported late
    marks: Marks,
    found: dict[str, list[float]],
    jobs: int,
) -> None:
    for number in range(jobs):
        await marks.wait("idle", count=number + IDLE)
        await asyncio.sleep(0.5)  # for what is warm to settle
        if number == 0:
            found["idle"] += [_memory(told["pid"]) for told in marks.all("idle")]
        began = time.monotonic()
        dispatch = await server.dispatch(room=f"room {number}", metadata="stay")
        entry = await marks.wait("entry", job=dispatch.job_id)
        connected = await marks.wait("connected", job=dispatch.job_id)
        found["start"].append(1000 * (entry["at"] - began))
        found["connect"].append(1000 * (connected["at"] - entry["at"]))
        await asyncio.sleep(0.3)
        asked = time.monotonic()
        await dispatch.terminate()
        await _gone(entry["pid"])
        found["end"].append(1000 * (time.monotonic() - asked))


async def _measure_rate(
    server: Any,  # noqa: ANN401 - likewise
    marks: Marks,
    found: dict[str, list[float]],
    jobs: int,
) -> None:
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with slots:
            dispatch = await server.dispatch(
                room=f"short {number}", metadata="be done", within=PATIENCE
            )
            entry = await marks.wait("entry", job=dispatch.job_id)
            await _gone(entry["pid"])

    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for number in range(jobs):
            group.create_task(one(number))
    found["rate"].append(jobs / (time.monotonic() - began))


async def _gone(pid: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while _alive(pid):  # noqa: ASYNC110 - nobody tells who is not the parent
            await asyncio.sleep(0.002)


def _alive(pid: int) -> bool:
    # A zombie has ended: who reaps it is another matter.
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def _memory(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
    return int(re.findall(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)[0]) / 1000


def _steps_of(marks: Marks) -> dict[str, tuple[float, float]]:
    """Seconds and number of each step of our jobs' endings, from the worker's own metrics."""
    port = marks.all("registered")[0]["port"]
    if not port:
        return {}
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        page = answer.read().decode()
    found: dict[str, dict[str, float]] = defaultdict(lambda: {"sum": 0.0, "count": 0.0})
    pattern = r'^agents_shutdown_step_seconds_(sum|count)\{step="([^"]*)"\} (\S+)$'
    for part, step, value in re.findall(pattern, page, re.MULTILINE):
        found[step][part] += float(value)
    return {step: (each["sum"], each["count"]) for step, each in found.items()}


def _print_table(
    contestants: tuple[Contestant, ...], measured: dict[str, dict[str, list[float]]]
) -> None:
    ours, theirs = (measured[contestant.name] for contestant in contestants)
    names = " | ".join(f"{contestant.name}, median (least)" for contestant in contestants)
    print(f"\n| what | unit | {names} | theirs / ours |\n|---|---|---|---|---|")
    for what, unit in UNITS.items():
        cells = [f"{median(each[what]):.1f} ({min(each[what]):.1f})" for each in (ours, theirs)]
        ratio = median(theirs[what]) / median(ours[what])
        print(f"| {what} | {unit} | {' | '.join(cells)} | {ratio:.2f} |")


def _print_steps(steps: dict[str, tuple[float, float]]) -> None:
    print("\n| step of agents-core's ending | mean, ms | times |\n|---|---|---|")
    for step, (seconds, count) in steps.items():
        if count:
            print(f"| {step} | {1000 * seconds / count:.1f} | {count:.0f} |")


if __name__ == "__main__":
    sys.exit(main())
