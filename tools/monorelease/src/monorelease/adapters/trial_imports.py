"""Imports in another environment, none of which can stop, or hold up, those that follow."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from monorelease.adapters.commands import Ended, run
from monorelease.model.finding import Finding, Severity
from monorelease.model.value import value

IMPORT_SECONDS = 60.0

_START_SECONDS = 60.0
"""For Python itself, before and after its tasks."""

_LAST_LINES = 8
_PROBE = Path(__file__).with_name("trial_probe.py")


@value
class Task:
    """One thing to import."""

    code: str
    """Of the finding, when it cannot be."""
    title: str
    """What it is to people."""
    manifest: PurePosixPath
    module: str
    attribute: str = ""
    """With dots where it is an attribute's; empty for the module itself."""
    has_extras: bool = False
    """Whether an extra may bring what it lacks: that it lacks a module is a warning, then."""


@value
class _Failure:
    """How one task ended badly."""

    task: Task
    words: str
    is_missing: bool = False
    """Whether all that it wanted was a module that is not installed."""


@value
class _Round:
    """What one process came to."""

    failures: tuple[_Failure, ...]
    left: tuple[Task, ...]
    """What it did not get to."""


class Imports:
    """Imports in the environment of `python`, each of which may take so many `seconds`.

    One process does them all. When one kills it, or outlasts its time, another goes on behind.
    """

    def __init__(
        self, python: Path, environment: Mapping[str, str], folder: Path, seconds: float
    ) -> None:
        self._python = python
        self._environment = environment
        self._folder = folder
        self._seconds = seconds

    def check(self, tasks: Sequence[Task]) -> Iterator[Finding]:
        """What cannot be imported, in order; what is below a module that cannot is not told."""
        failed: set[str] = set()
        left = tuple(tasks)
        while left:
            ended = self._round(left)
            for failure in ended.failures:
                task = failure.task
                if not _is_below(task.module, failed):
                    yield _failed(failure)
                if not task.attribute:
                    failed.add(task.module)
            left = tuple(task for task in ended.left if not _is_below(task.module, failed))

    def _round(self, tasks: Sequence[Task]) -> _Round:
        import json
        from tempfile import mkdtemp

        folder = Path(mkdtemp(dir=self._folder))
        files = [folder / name for name in ("tasks", "reports", "trace")]
        files[0].write_text(json.dumps([(task.module, task.attribute) for task in tasks]), "utf-8")
        ended = run(
            # Isolated: nothing of this folder, of the user or of PYTHONPATH is imported.
            [
                str(self._python),
                "-I",
                "-X",
                "utf8",
                str(_PROBE),
                *map(str, files),
                f"{self._seconds}",
            ],
            self._folder,
            seconds=_START_SECONDS + self._seconds * len(tasks),
            environment=self._environment,
        )
        failures, stuck = _read(files[1], tasks)
        if stuck is None:
            return _Round(failures=failures, left=())
        last = _Failure(task=tasks[stuck], words=self._why(ended, files[2]))
        return _Round(failures=(*failures, last), left=tuple(tasks[stuck + 1 :]))

    def _why(self, ended: Ended, trace: Path) -> str:
        """What happened to a process that did not come to its end."""
        lines = trace.read_text("utf-8", "replace").splitlines() if trace.exists() else []
        frames = [line for line in lines if line.startswith("  File ")][:_LAST_LINES]
        if not frames:
            return "\n".join((_ending(ended), *ended.last_words.splitlines()[-_LAST_LINES:]))
        is_late = lines[0].startswith("Timeout")
        what = f"it takes longer than {self._seconds:g} s" if is_late else _ending(ended)
        return "\n".join((f"{what}; innermost first:", *frames))


def _read(file: Path, tasks: Sequence[Task]) -> tuple[tuple[_Failure, ...], int | None]:
    """What failed, and the number of the first task without an end."""
    lines = file.read_text("utf-8", "replace").splitlines() if file.exists() else []
    ends = {line["ended"]: line for line in map(_line, lines) if "ended" in line}
    failures = tuple(
        _Failure(task=task, words=words, is_missing=ends[number]["is_missing"])
        for number, task in enumerate(tasks)
        if number in ends and (words := ends[number]["failure"])
    )
    return failures, next((n for n in range(len(tasks)) if n not in ends), None)


def _line(text: str) -> dict[str, Any]:
    import json

    try:
        found = json.loads(text)
    except ValueError:  # cut off in the middle
        return {}
    return found if isinstance(found, dict) else {}


def _ending(ended: Ended) -> str:
    from signal import Signals

    if ended.status is None:
        return "its process did not end"
    if ended.status >= 0:
        return f"its process ended with status {ended.status}"
    names = {signal.value: signal.name for signal in Signals}
    return f"its process was ended by {names.get(-ended.status, f'signal {-ended.status}')}"


def _is_below(module: str, failed: Collection[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in failed)


def _failed(failure: _Failure) -> Finding:
    task = failure.task
    hint = "its users would meet the same: nothing else was installed but what it requires"
    is_known = task.has_extras and failure.is_missing
    if is_known:
        hint = "who installs it without an extra meets this: let it say which extra to install"
    return Finding(
        code=task.code,
        problem=f"{task.title}: {failure.words}",
        hint=hint,
        severity=Severity.WARNING if is_known else Severity.ERROR,
        path=task.manifest,
    )
