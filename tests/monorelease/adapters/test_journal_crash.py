"""The process is killed before every single change to the disk; no code of ours is replaced.

Each run dies one change later than the one before (see `killing`), until one survives. What a power
cut may do beyond that, files that are torn although they were renamed, is drawn by the property at
the end.
"""

from __future__ import annotations

import os
import signal
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path, PurePosixPath
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from killing import survives
from monorelease.adapters.journal import transaction
from monorelease.adapters.recovery import Recovery, recover
from monorelease.adapters.undo import forget, last_patch, undo
from monorelease.model.patch import FileEdit, Patch

Picture = dict[str, tuple[bytes, int] | None]


def edit(path: str, before: bytes | None, after: bytes | None) -> FileEdit:
    return FileEdit(path=PurePosixPath(path), before=before, after=after)


PATCH = Patch.of(
    (
        edit("changes/1.md", b"fragment\r\n", None),
        edit("changes/2.md", b"fragment", None),
        edit("new/deep/file", None, b"made"),
        edit("a/pyproject.toml", b"version = '1'\r\n", b"version = '2'\r\n"),
        edit("a/run", b"#!1", b"#!2"),
    )
)


class Place:
    """A small repository, its state folder, and what it should look like."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.state = folder / "state"
        self.root.mkdir(parents=True)
        for change in PATCH.edits:
            if change.before is not None:
                self.write(str(change.path), change.before)
        (self.root / "a/run").chmod(0o751)
        self.write("uv.lock", b"old lock")
        self.write("bystander", b"not ours")

    def write(self, path: str, data: bytes) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_bytes(data)

    def picture(self) -> Picture:
        """Every file with its bytes and permissions, every folder as None."""
        return {
            str(path.relative_to(self.root)): None
            if path.is_dir()
            else (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
            for path in self.root.rglob("*")
        }

    def apply(self, patch: Patch = PATCH) -> None:
        with transaction(self.root, self.state, patch, label="release"):
            pass

    def apply_with_commands(self) -> None:
        """As a release does that updates the lock file and runs a formatter."""
        with transaction(self.root, self.state, PATCH, label="release") as run:
            run.guard(PurePosixPath("uv.lock"), PurePosixPath("by/command"))
            self.write("uv.lock", b"new")
            self.write("uv.lock", b"new lock")
            self.write("by/command", b"made by a command")
            run.include(edit("a/run", b"#!2", b"#!2"))

    def recover(self) -> Recovery | None:
        return recover(self.root, self.state)

    def undo(self) -> None:
        undo(self.root, self.state)

    def undo_with_force(self) -> None:
        undo(self.root, self.state, force=True)

    def forget(self) -> None:
        forget(self.state)


@pytest.fixture(scope="module")
def disk() -> Iterator[Path]:
    """In memory where that can be had: a thousand runs that all sync would wear a disk out."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


@pytest.fixture
def places(disk: Path) -> Iterator[Place]:
    """Fresh places, as many as are asked for; the one before is removed."""

    def fresh() -> Iterator[Place]:
        while True:
            with tempfile.TemporaryDirectory(dir=disk) as name:
                yield Place(Path(name))

    return fresh()


def outcomes(
    places: Iterator[Place],
    act: Callable[[Place], object],
    prepare: Callable[[Place], object] = lambda _: None,
) -> Iterator[tuple[Place, Picture, bool]]:
    """One killed run after another: the place, how it looked before, and whether it survived."""
    for step in count():
        place = next(places)
        prepare(place)
        before = place.picture()
        survived = survives(step, lambda: act(place))  # noqa: B023 - done at once
        yield place, before, survived
        if survived:
            assert step > 3, "nothing was counted"
            return


@pytest.mark.parametrize("act", [Place.apply, Place.apply_with_commands])
def test_a_release_that_is_killed_at_any_step_has_happened_or_not(
    act: Callable[[Place], None], places: Iterator[Place]
) -> None:
    model = next(places)
    act(model)
    new = model.picture()
    seen = []
    for place, old, survived in outcomes(places, act):
        place.recover()

        is_new = last_patch(place.state) is not None
        assert place.picture() == (new if is_new else old)
        assert is_new or not survived
        assert place.recover() is None
        seen.append(is_new)

    assert len(seen) > 20
    assert sorted(seen) == seen, "once the release has happened, no later step takes it back"


def test_a_release_that_is_interrupted_at_any_step_is_taken_back_at_once(
    places: Iterator[Place],
) -> None:
    """``Ctrl-C`` is an exception that may come from any call at all."""
    model = next(places)
    model.apply_with_commands()
    new = model.picture()
    for step in count():
        place = next(places)
        old = place.picture()
        survived = survives_interruption(step, place.apply_with_commands)

        is_new = last_patch(place.state) is not None
        assert place.picture() == (new if is_new else old)
        assert place.recover() is None
        if survived:
            assert is_new
            assert step > 100
            break


def survives_interruption(step: int, act: Callable[[], object]) -> bool:
    steps = count()

    def profile(_frame: FrameType, event: str, function: object) -> None:
        if (
            event == "c_call"
            and getattr(function, "__module__", "") == "posix"
            and next(steps) == step
        ):
            raise KeyboardInterrupt

    sys.setprofile(profile)
    try:
        act()
    except KeyboardInterrupt:
        return False
    finally:
        sys.setprofile(None)
    return True


def test_whatever_is_killed_the_next_release_works(places: Iterator[Place]) -> None:
    for place, old, _ in outcomes(places, Place.apply):
        place.recover()
        if place.picture() == old:
            place.apply()

        assert not (place.root / "changes/1.md").exists()
        place.undo()
        assert place.picture() == old


def test_an_undo_that_is_killed_at_any_step_has_happened_or_not(places: Iterator[Place]) -> None:
    old = next(places).picture()
    seen = []
    for place, new, survived in outcomes(places, Place.undo, Place.apply):
        place.recover()

        is_old = last_patch(place.state) is None
        assert place.picture() == (old if is_old else new)
        assert is_old or not survived
        seen.append(is_old)

    assert len(seen) > 20
    assert sorted(seen) == seen


def release_and_edit(place: Place) -> None:
    place.apply_with_commands()
    place.write("a/pyproject.toml", b"hours of work")
    place.write("new/deep/file", b"more work")


def test_a_forced_undo_that_is_killed_at_any_step_loses_no_edit(places: Iterator[Place]) -> None:
    old = next(places).picture()
    for place, edited, _ in outcomes(places, Place.undo_with_force, release_and_edit):
        place.recover()

        is_old = last_patch(place.state) is None
        assert place.picture() == (old if is_old else edited)
        if is_old:
            kept = {path.read_bytes() for path in (place.state / "saved").rglob("file*")}
            assert kept == {b"more work"}


def test_a_recovery_that_is_killed_at_any_step_is_finished_by_the_next(
    places: Iterator[Place],
) -> None:
    def die_late(place: Place) -> None:
        """Killed with all files replaced; then one is edited and one torn."""
        die_in_the_body(place)
        place.write("a/run", b"hours of work")
        place.write("new/deep/file", b"")

    old = next(places).picture()
    for place, _, _ in outcomes(places, Place.recover, die_late):
        place.recover()

        assert place.picture() == old
        assert last_patch(place.state) is None
        kept = {path.read_bytes() for path in (place.state / "saved").rglob("*") if path.is_file()}
        assert kept == {b"hours of work", b""}


def test_the_last_recovery_tells_of_what_the_killed_ones_kept(places: Iterator[Place]) -> None:
    place = next(places)
    die_in_the_body(place)
    place.write("a/run", b"hours of work")
    for step in count():
        assert not survives(step, place.recover), "no step lies between that file and the end"
        if (place.root / "a/run").read_bytes() == b"#!1":
            break

    recovery = place.recover()
    assert recovery is not None
    assert [str(saved.path) for saved in recovery.saved] == ["a/run"]
    assert recovery.saved[0].copy.read_bytes() == b"hours of work"


def die_in_the_body(place: Place) -> None:
    def act() -> None:
        with transaction(place.root, place.state, PATCH, label="release"):
            os.kill(os.getpid(), signal.SIGKILL)

    assert not survives(-1, act)


def test_forgetting_that_is_killed_has_happened_or_not(places: Iterator[Place]) -> None:
    place = next(places)
    place.apply()
    new = place.picture()
    steps = 0
    while not survives(steps, place.forget):
        steps += 1
        place.recover()
        assert place.picture() == new

    assert steps > 0
    assert last_patch(place.state) is None


NAMES = ("x", "y", "z/x", "z/y", "deep/er/x")
sides = st.none() | st.binary(max_size=4)
modes = st.sampled_from([0o600, 0o644, 0o755])
Edits = tuple[tuple[bytes | None, bytes | None, int], ...]
edits = st.tuples(*(st.tuples(sides, sides, modes) for _ in NAMES))


@pytest.mark.property
@given(
    edits=edits,
    step=st.integers(0, 45),
    recovery_steps=st.lists(st.integers(0, 25), max_size=2),
    torn=st.sets(st.sampled_from(NAMES), max_size=2),
)
def test_any_patch_killed_anywhere_is_all_there_or_not_at_all(
    edits: Edits, step: int, recovery_steps: list[int], torn: set[str], disk: Path
) -> None:
    """Killed in the release, then in one or two recoveries; power has torn files in between."""
    place = Place(Path(tempfile.mkdtemp(dir=disk)))
    patch = plant(place, edits)
    old = place.picture()

    survives(step, lambda: place.apply(patch))
    if (place.state / "journal").exists():
        tear(place, patch, torn)
    for each in recovery_steps:
        survives(each, place.recover)
    place.recover()

    if last_patch(place.state) is not None:
        assert all(holds(place, change) for change in patch.edits)
        place.undo()
    assert place.picture() == old


def plant(place: Place, edits: Edits) -> Patch:
    for name, (before, _, mode) in zip(NAMES, edits, strict=True):
        if before is not None:
            place.write(name, before)
            (place.root / name).chmod(mode)
    sides = zip(NAMES, edits, strict=True)
    return Patch.of(tuple(edit(name, before, after) for name, (before, after, _) in sides))


def tear(place: Place, patch: Patch, torn: set[str]) -> None:
    for change in patch.edits:
        file = place.root / change.path
        if str(change.path) in torn and change.after is not None and file.exists():
            file.write_bytes(b"")


def holds(place: Place, change: FileEdit) -> bool:
    file = place.root / change.path
    return (file.read_bytes() if file.exists() else None) == change.after
