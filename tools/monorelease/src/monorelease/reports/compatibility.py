"""What has to work together, for a CI's matrix and for people."""

from __future__ import annotations

from collections.abc import Sequence

from monorelease.model.compatibility import Trial, TrialKind
from monorelease.model.index import IndexTarget
from monorelease.model.words import counted
from monorelease.reports.json import SCHEMA, Value
from monorelease.reports.printable import printable
from monorelease.reports.terminal import PLAIN, Palette, aligned

_HEADS = {
    TrialKind.PUBLISHED_DEPENDENTS: "What is published, with what is new",
    TrialKind.LOWEST_FLOORS: "What is new, with the lowest it lets in",
}


def trials_value(trials: Sequence[Trial]) -> Value:
    """What ``matrix --compatibility --json`` prints; ``include`` is what GitHub's matrix takes."""
    include = [
        {
            "kind": trial.kind.value,
            "member": trial.member,
            "install": [*trial.install],
            "against": [*trial.against],
        }
        for trial in trials
    ]
    return {"schema": SCHEMA, "include": include}


def trials_text(trials: Sequence[Trial], target: IndexTarget, palette: Palette = PLAIN) -> str:
    """One table for each kind: what is installed, then what it is tried with.

    Args:
        trials: any number of them.
        target: the index that was asked what is published.
        palette: for whom it is shown.
    """
    if not trials:
        index = printable(target.name)
        return f"Nothing new that has to work with what is published on {index}.\n"
    lines = []
    for kind, head in _HEADS.items():
        rows = [_row(trial) for trial in trials if trial.kind is kind]
        if rows:
            title = f"{head}: {counted(len(rows), 'job')}"
            lines += [f"{palette.bold}{title}{palette.off}", "", *aligned(rows), ""]
    return "\n".join(lines[:-1]) + "\n"


def _row(trial: Trial) -> tuple[str, ...]:
    rest = [requirement for requirement in trial.install if requirement not in trial.against]
    return " ".join(rest), "with", " ".join(trial.against)
