"""Wheels and source distributions of members, by hatchling in one process or by ``uv build``."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self

from packaging.utils import NormalizedName
from packaging.version import InvalidVersion, Version

from monorelease.adapters.build_job import Job, Made, NotMade, complaint_of, dated, finished
from monorelease.adapters.commands import run, running
from monorelease.adapters.timestamps import date
from monorelease.errors import MissingTool
from monorelease.formats.build_backend import why_not_plain
from monorelease.formats.toml import parse

if TYPE_CHECKING:
    from monorelease.adapters.commands import Running

SECONDS = 30 * 60.0
"""After which the build of a member is taken for hung."""

_AT_ONCE = 3
"""How many builds run beside one another: most of each is one process that waits for another."""

_ELSEWHERE = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_WORK_TREE",
    }
)
"""What a hook inherits, and what would lead a backend that asks git away from the checkout."""


class Builder:
    """What turns folders into files; wheel and source distribution are both made of the folder.

    Args:
        uv: the command.
        environment: what build backends get to see: it has to be without secrets.
        links: folders with wheels of earlier builds, for what builds require.
    """

    def __init__(
        self, uv: Sequence[str], environment: Mapping[str, str], links: Sequence[Path] = ()
    ) -> None:
        self._uv = tuple(uv)
        self._links = tuple(links)
        self._environment = {k: v for k, v in environment.items() if k not in _ELSEWHERE}

    def build(self, jobs: Sequence[Job], out: Path) -> Iterator[Made | NotMade]:
        """Build these jobs into folders below `out`; each is told of as soon as it is known.

        Plain members (see `why_not_plain`) come first and cost milliseconds. The others get an
        environment each, a few at a time; the repository's own settings of uv are in force, and
        what a member needs of this run is found where it was built.

        Args:
            jobs: each behind those that it needs; in a circle, wherever.
            out: an empty folder.

        Raises:
            MissingTool: there is no uv, and a member needs it.
        """
        version = hatchling_version()
        plain = [job for job in jobs if version and not _why_not_plain(job, version)]
        names = {job.name for job in plain}
        others = [job for job in jobs if job.name not in names]
        if others:
            self._demand_uv(others[0])
        for job in jobs:
            (out / job.name).mkdir()
        failed: set[NormalizedName] = set()
        for epoch in dict.fromkeys(job.epoch for job in plain):
            contemporary = [job for job in plain if job.epoch == epoch]
            yield from _noting(failed, self._build_plain(contemporary, out))
        yield from _noting(failed, self._build_with_uv(others, out, failed))

    def _build_plain(self, jobs: Sequence[Job], out: Path) -> Iterator[Made | NotMade]:
        import json
        import sys
        from itertools import zip_longest

        request, report = out / "request.json", out / "report.json"
        tables = [
            {"folder": str(job.folder), "out": str(out / job.name), "targets": job.targets}
            for job in jobs
        ]
        request.write_text(json.dumps(tables), "utf-8")
        report.write_bytes(b"")
        python = (sys.executable, "-P", "-X", "utf8", "-m", "monorelease.adapters.hatchling_worker")
        # Hatch's variables can keep it from building, and switch on what a plain member has not.
        own = {k: v for k, v in self._environment.items() if not k.startswith("HATCH_")}
        command = (*python, str(request), str(report))
        ended = run(command, out, seconds=SECONDS, environment=dated(own, jobs[0]))
        told = report.read_text("utf-8").split("\n")[:-1]  # the last line may be half of one
        lines = [json.loads(line) or "" for line in told]
        for job, complaint in zip_longest(jobs, lines):
            yield finished(job, out, complaint_of(ended) if complaint is None else complaint)

    def _build_with_uv(
        self, jobs: Sequence[Job], out: Path, failed: Collection[NormalizedName]
    ) -> Iterator[Made | NotMade]:
        with _Window() as window:
            for job in jobs:
                while window.is_full or any(j.name in job.needs for j in window.jobs):
                    yield _ended(window, out)
                if missing := [name for name in job.needs if name in failed]:
                    words = f"to be built it needs {', '.join(missing)}, which did not build"
                    yield NotMade(job=job, last_words=words)
                else:
                    window.begin(job, self._command(job, out), dated(self._environment, job))
            while window.jobs:
                yield _ended(window, out)

    def _command(self, job: Job, out: Path) -> Sequence[str]:
        """Options replace what the environment says of the same, so that is repeated."""
        targets = (f"--{target.value}" for target in job.targets)
        links = [*(out / needed for needed in job.needs), *self._links]
        pins = [_write_pins(job, out)] if job.pins else []
        own = self._environment
        given = own.get("UV_FIND_LINKS", "").split(",") if links else []
        bounds = own.get("UV_BUILD_CONSTRAINT", "").split() if pins else []
        return (
            *(*self._uv, "build", *targets, f"--out-dir={out / job.name}"),
            *(f"--find-links={place}" for place in (*links, *filter(None, given))),
            *(f"--build-constraints={file}" for file in (*pins, *bounds)),
        )

    def _demand_uv(self, job: Job) -> None:
        from shutil import which

        if which(self._uv[0], path=self._environment.get("PATH")) is None:
            raise MissingTool(
                f"{job.name} is built with uv, and there is no {self._uv[0]}",
                hint="install uv, or run this by `hatch run`, which brings it",
            )


def hatchling_version() -> Version | None:
    """The hatchling that is installed beside us; None where there is none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return Version(version("hatchling"))
    except (PackageNotFoundError, InvalidVersion):
        return None


class _Window:
    """The builds that are at work; none of them outlives it."""

    def __init__(self) -> None:
        self._at_work: deque[tuple[Job, Running, ExitStack]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        for _, _, stack in self._at_work:
            stack.close()

    @property
    def jobs(self) -> tuple[Job, ...]:
        """What is at work."""
        return tuple(job for job, _, _ in self._at_work)

    @property
    def is_full(self) -> bool:
        """Whether one has to end before another begins."""
        return len(self._at_work) == _AT_ONCE

    def begin(self, job: Job, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start another."""
        with ExitStack() as stack:
            process = running(command, job.folder, environment=environment)
            self._at_work.append((job, stack.enter_context(process), stack.pop_all()))

    def end_first(self) -> tuple[Job, str]:
        """Wait for the one that was started first; its job, and what speaks against it."""
        job, process, stack = self._at_work.popleft()
        with stack:
            return job, complaint_of(process.wait(SECONDS))


def _ended(window: _Window, out: Path) -> Made | NotMade:
    """What became of the job that was started first."""
    job, complaint = window.end_first()
    result = finished(job, out, complaint)
    if isinstance(result, Made):
        for file in result.files:
            date(file, job.epoch)
    return result


def _write_pins(job: Job, out: Path) -> Path:
    """Requirements that allow its siblings in one version each."""
    file = out / f"{job.name}.txt"
    file.write_text("".join(f"{name}=={version}\n" for name, version in job.pins.items()), "utf-8")
    return file


def _noting(
    failed: set[NormalizedName], results: Iterator[Made | NotMade]
) -> Iterator[Made | NotMade]:
    for result in results:
        if isinstance(result, NotMade):
            failed.add(result.job.name)
        yield result


def _why_not_plain(job: Job, version: Version) -> str:
    try:
        data = parse((job.folder / "pyproject.toml").read_text("utf-8"))
    except (OSError, ValueError):
        return "its pyproject.toml cannot be read"  # uv says it better
    has_hatch_toml = (job.folder / "hatch.toml").exists()
    return why_not_plain(data, version, has_hatch_toml=has_hatch_toml)
