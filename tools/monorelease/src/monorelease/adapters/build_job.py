"""One member to be built, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.adapters.commands import Ended
from monorelease.formats.build_manifest import kind_of
from monorelease.model.artifact import ArtifactKind
from monorelease.model.value import value


@value
class Job:
    """One member to be built."""

    name: NormalizedName
    version: Version
    """As which it has to come out."""
    folder: Path
    """In a clean checkout, which the build may write into."""
    epoch: int
    """What its archives say of their time: SOURCE_DATE_EPOCH, in seconds since 1970."""
    needs: tuple[NormalizedName, ...] = ()
    """What has to be installed to build it, of the other jobs."""
    pins: Mapping[NormalizedName, Version] = MappingProxyType({})
    """Siblings that its build may install, each in the one version that is ours: of a namesake on
    some index there may be a higher one."""
    wheel_only: bool = False

    @property
    def targets(self) -> tuple[ArtifactKind, ...]:
        """What is to be made of it."""
        return (ArtifactKind.WHEEL,) if self.wheel_only else tuple(ArtifactKind)


@value
class Made:
    """The files of one job."""

    job: Job
    files: tuple[Path, ...]
    """The wheel before the source distribution."""


@value
class NotMade:
    """Why a job has none."""

    job: Job
    last_words: str
    """The end of what its build said; several lines."""


def dated(environment: Mapping[str, str], job: Job) -> dict[str, str]:
    """The environment in which the job's archives get its time."""
    return {**environment, "SOURCE_DATE_EPOCH": str(job.epoch)}


def complaint_of(ended: Ended) -> str:
    """The last words of a build that failed; nothing of one that did not."""
    if ended.status == 0:
        return ""
    return ended.last_words or f"it ended with status {ended.status}, without a word"


def finished(job: Job, out: Path, complaint: str) -> Made | NotMade:
    """What became of a job that ended: exactly its files, and in its version."""
    if complaint:
        return NotMade(job=job, last_words=complaint)
    files = [path for path in (out / job.name).iterdir() if not path.name.startswith(".")]
    try:
        kinds = {path: kind_of(path.name, job.name, job.version) for path in sorted(files)}
    except ValueError as error:
        return NotMade(job=job, last_words=f"what it made is not what was planned: {error}")
    missing = [target.value for target in job.targets if target not in kinds.values()]
    if missing:
        return NotMade(job=job, last_words=f"its build succeeded, and made no {missing[0]}")
    wheels_first = sorted(kinds, key=lambda path: kinds[path] is ArtifactKind.SDIST)
    return Made(job=job, files=tuple(wheels_first))
