"""Apply a patch so that a crash, at any moment, leaves the old tree or the new one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from monorelease.adapters import content, logbook
from monorelease.adapters.boundary import Boundary
from monorelease.adapters.content import Content
from monorelease.adapters.preflight import missing_folders, survey, writable_places
from monorelease.adapters.record import Entry, Journal
from monorelease.adapters.recovery import check_finished, put_back, remove_empty
from monorelease.adapters.saved import next_number
from monorelease.adapters.state import exclusive
from monorelease.errors import ReleaseError, StaleTree, TreeNotWritable
from monorelease.model.patch import FileEdit, Patch
from monorelease.model.value import replace


class Transaction:
    """A patch that stands in the tree, and goes again unless everything after it succeeds."""

    def __init__(self, root: Path, state: Path, journal: Journal) -> None:
        self._root = root
        self._state = state
        self._journal = journal
        self._entries = {entry.path: entry for entry in journal.entries}
        self._guarded: set[PurePosixPath] = set()

    @contextmanager
    def carried_out(self) -> Iterator[None]:
        """Apply it all; when the body ends keep it all, or take it all back.

        The caller holds the lock (`state.exclusive`), and does this once.

        Raises:
            UnsafePath, TreeNotWritable: as in `transaction`.
        """
        places = writable_places(self._root, self._journal.entries)
        try:
            logbook.save(self._state, self._journal)
            self._apply(places)
            yield
            self._complete()
        except BaseException as problem:
            self._take_back(problem)
            raise

    def guard(self, *paths: PurePosixPath) -> None:
        """Remember, for good, what the files are that a command is about to change.

        Call it *before* the command: that makes them safe even from ``kill -9``. There may be
        no file yet; files of the patch may be named too. What the command made of them is
        looked up at the end.

        Raises:
            UnsafePath: when a path leaves the repository.
            UnreadableFile: when a file may not be read.
            TreeNotWritable: when the journal cannot be written.
        """
        boundary = Boundary(self._root)
        for path in paths:
            if path not in self._entries:
                now = content.read(boundary.locate(path), path)
                self._entries[path] = Entry(path=path, before=now, after=now)
        new = [path for path in paths if self._entries[path].before is None]
        self._guarded.update(paths)
        self._save(missing_folders(self._root, new))

    def include(
        self, *edits: FileEdit, modes: Mapping[PurePosixPath, int | None] | None = None
    ) -> None:
        """Take in files that a command turned out to have changed, made or removed.

        Of a file that is known already only the new bytes are taken. From here on the files
        are put back with the rest; a crash between the command and this call is not covered.
        `modes` are the permissions that they had before, where they are not the ones they have.

        Raises:
            StaleTree: names every file that does not hold its edit's `after`.
            UnsafePath, UnreadableFile, TreeNotWritable: as in `guard`.
        """
        boundary = Boundary(self._root)
        now = {e.path: content.read(boundary.locate(e.path), e.path) for e in edits}
        stale = [e.path for e in edits if e.after != content.data_of(now[e.path])]
        if stale:
            raise StaleTree(
                "changed while the release was applied: " + ", ".join(str(p) for p in stale),
                hint="run the command again when nothing else writes to the tree",
            )
        made: set[PurePosixPath] = set()
        for edit in edits:
            known = self._entries.get(edit.path) or _included(edit, now[edit.path], modes or {})
            self._entries[edit.path] = replace(known, after=now[edit.path])
            if known.before is None:  # its folders may be the command's too; only empty ones go
                made.update(edit.path.parents[:-1])
        self._save(made)

    def patch_so_far(self) -> Patch:
        """All that has been changed, included files and what commands made of guarded ones.

        Raises:
            UnsafePath, UnreadableFile: when a command has put something else in their place.
        """
        self._look_again()
        return self._as_it_stands().patch

    def _as_it_stands(self, made: Iterable[PurePosixPath] = ()) -> Journal:
        return replace(
            self._journal,
            entries=tuple(sorted(self._entries.values(), key=lambda entry: entry.path)),
            made=tuple(sorted({*self._journal.made, *made})),
        )

    def _save(self, made: Iterable[PurePosixPath] = ()) -> None:
        journal = self._as_it_stands(made)
        if journal != self._journal:
            self._journal = journal
            logbook.save(self._state, journal)

    def _apply(self, places: dict[PurePosixPath, Path]) -> None:
        """All drafts first: a full disk is met before the first file is touched."""
        for do in (_stage, _adopt):
            for entry in self._journal.entries:
                try:
                    do(places[entry.path], entry.after)
                except OSError as error:
                    raise content.refusal(error, entry.path) from error
        remove_empty(Boundary(self._root), self._journal.emptied)

    def _complete(self) -> None:
        self._look_again()
        for path, entry in tuple(self._entries.items()):
            if content.same(entry.before, entry.after):  # guarded, and the command left it alone
                del self._entries[path]
        self._guarded &= self._entries.keys()
        self._save()
        content.settle()
        logbook.complete(self._state)

    def _look_again(self) -> None:
        boundary = Boundary(self._root)
        for path in self._guarded:
            now = content.read(boundary.locate(path), path)
            self._entries[path] = replace(self._entries[path], after=now)

    def _take_back(self, problem: BaseException) -> None:
        if logbook.is_complete(self._state):  # interrupted right after the last step
            return
        with suppress(ReleaseError):  # what a guarded command wrote is nobody's work to save
            self._look_again()
        try:
            recovery = put_back(self._root, self._state, self._as_it_stands())
        except ReleaseError as stuck:
            raise TreeNotWritable(
                f"{str(problem) or type(problem).__name__}; after that, {stuck.problem}",
                where=stuck.where,
                hint=stuck.hint,
            ) from problem
        for saved in recovery.saved:
            problem.add_note(f"{saved.path} had been changed meanwhile: kept as {saved.copy}")


@contextmanager
def transaction(root: Path, state: Path, patch: Patch, *, label: str) -> Iterator[Transaction]:
    """Apply `patch`; keep it when the body succeeds, take it back when the body raises.

    Everything that could refuse is asked first, and nothing is written where anything does.
    Then one journal is synced to the disk, the files are replaced one by one, the disk is
    synced once, and one rename turns the journal into the record for `undo`. After ``kill -9``
    or a power cut `recovery.recover` puts the old tree back; after that rename, the new tree
    stays.

    Raises:
        AnotherRelease: at once, when another process is at work here.
        UnsafePath, StaleTree, TreeNotWritable: each names all files concerned; the tree is
            as it was, but for files that the error says could not be put back.
    """
    with exclusive(state, command=label):
        check_finished(state)
        journal = Journal(
            label=label,
            kept=next_number(state),
            entries=survey(root, patch),
            made=missing_folders(root, (e.path for e in patch.edits if e.after is not None)),
        )
        run = Transaction(root, state, journal)
        with run.carried_out():
            yield run


def _stage(place: Path, after: Content | None) -> None:
    if after is not None:
        content.stage(place, after)


def _adopt(place: Path, after: Content | None) -> None:
    if after is None:
        place.unlink()
    else:
        content.adopt(place)


def _included(
    edit: FileEdit, now: Content | None, modes: Mapping[PurePosixPath, int | None]
) -> Entry:
    mode = modes.get(edit.path, now.mode if now else None)
    before = None if edit.before is None else Content(data=edit.before, mode=mode)
    return Entry(path=edit.path, before=before, after=now)
