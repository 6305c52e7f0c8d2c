"""A build in waves, for a CI's matrix and for people."""

from __future__ import annotations

from monorelease.model.matrix import Job, Matrix
from monorelease.model.words import counted
from monorelease.reports.json import SCHEMA, Value
from monorelease.reports.printable import printable
from monorelease.reports.terminal import PLAIN, Palette, aligned

_KINDS = {
    True: "a wheel for every platform",
    False: "one wheel",
    None: "only a build can tell which wheels",
}


def matrix_value(matrix: Matrix) -> Value:
    """What ``matrix --json`` prints."""
    waves = [[_job_value(job) for job in wave] for wave in matrix.waves]
    return {"schema": SCHEMA, "commit": matrix.commit, "waves": waves}


def matrix_text(matrix: Matrix, palette: Palette = PLAIN) -> str:
    """The waves one after the other, a line for each member."""
    if not matrix.waves:
        return "Nothing to build.\n"
    lines = []
    for number, wave in enumerate(matrix.waves, 1):
        head = f"Wave {number} of {len(matrix.waves)}: {counted(len(wave), 'package')}"
        lines += [f"{palette.bold}{head}{palette.off}", "", *aligned([*map(_row, wave)]), ""]
    return "\n".join(lines[:-1]) + "\n"


def _row(job: Job) -> tuple[str, ...]:
    member = job.member
    path = printable(str(member.path))
    kind = _KINDS[job.needs_platform]
    return member.name, str(member.version), path, member.commit[:7], kind


def _job_value(job: Job) -> Value:
    return {
        "name": job.member.name,
        "version": str(job.member.version),
        "path": str(job.member.path),
        "commit": job.member.commit,
        "platform": job.needs_platform,
    }
