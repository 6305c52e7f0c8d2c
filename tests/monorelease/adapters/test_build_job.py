from __future__ import annotations

from pathlib import Path

import pytest

from buildable import EPOCH, job
from monorelease.adapters.build_job import Made, NotMade, complaint_of, dated, finished
from monorelease.adapters.commands import Ended
from monorelease.model.artifact import ArtifactKind

WHEEL, SDIST = "core-1.0.0-py3-none-any.whl", "core-1.0.0.tar.gz"


def left(tmp_path: Path, *names: str) -> Path:
    """A folder in which the build of core left these files."""
    (tmp_path / "core").mkdir()
    for name in names:
        (tmp_path / "core" / name).touch()
    return tmp_path


def test_wheels_come_first_and_what_git_should_ignore_is_no_artifact(tmp_path: Path) -> None:
    core = job(tmp_path, "core")
    other = "core-1.0.0-cp311-cp311-win32.whl"

    assert finished(core, left(tmp_path, SDIST, WHEEL, ".gitignore", other), "") == Made(
        job=core, files=tuple(tmp_path / "core" / name for name in (other, WHEEL, SDIST))
    )


def test_both_kinds_are_asked_for_or_the_wheel_alone(tmp_path: Path) -> None:
    assert set(job(tmp_path, "core").targets) == {ArtifactKind.WHEEL, ArtifactKind.SDIST}
    assert job(tmp_path, "core", wheel_only=True).targets == (ArtifactKind.WHEEL,)


@pytest.mark.parametrize(
    ("names", "complaint", "told"),
    [
        ([WHEEL, SDIST], "Killed", "Killed"),
        ([WHEEL], "", "its build succeeded, and made no sdist"),
        ([SDIST], "", "its build succeeded, and made no wheel"),
        ([WHEEL, "notes.txt"], "", "'notes.txt' is neither a wheel nor a source distribution"),
        (["core-1.0.1.tar.gz"], "", "'core-1.0.1.tar.gz' is not of core 1.0.0"),
    ],
)
def test_anything_else_is_a_failure(
    tmp_path: Path, names: list[str], complaint: str, told: str
) -> None:
    core = job(tmp_path, "core")

    result = finished(core, left(tmp_path, *names), complaint)

    assert isinstance(result, NotMade)
    assert result.last_words.endswith(told)


@pytest.mark.parametrize(
    ("ended", "complaint"),
    [
        (Ended(status=0, last_words="warning: old"), ""),
        (Ended(status=2, last_words="error: no"), "error: no"),
        (Ended(status=2, last_words=""), "it ended with status 2, without a word"),
        (Ended(status=None, last_words="stopped after 1 s\n"), "stopped after 1 s\n"),
    ],
)
def test_only_what_fails_has_something_to_say(ended: Ended, complaint: str) -> None:
    assert complaint_of(ended) == complaint


def test_the_time_of_the_commit_counts_before_any_other(tmp_path: Path) -> None:
    environment = {"PATH": "x", "SOURCE_DATE_EPOCH": "1"}

    assert dated(environment, job(tmp_path, "core")) == {
        "PATH": "x",
        "SOURCE_DATE_EPOCH": str(EPOCH),
    }
