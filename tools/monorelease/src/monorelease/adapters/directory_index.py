"""An index that is a folder of the repository: where publishing is rehearsed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from threading import Lock
from time import perf_counter

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.adapters.index_folder import IndexFolder
from monorelease.adapters.state import exclusive, state_folder
from monorelease.errors import TreeNotWritable
from monorelease.model.filenames import parse_filename
from monorelease.model.index import IndexedFile, IndexTarget, Project
from monorelease.model.publication import Refusal, RefusalKind, Sent
from monorelease.model.value import replace
from monorelease.planning.listed import listed_versions


class DirectoryIndex:
    """A folder that takes and refuses files as an index on the network does.

    `target` names a folder. Whoever writes holds the repository's lock, so that no two runs
    write the same page.
    """

    def __init__(self, target: IndexTarget, root: Path) -> None:
        if target.folder is None:
            raise ValueError(f"the index {target.name!r} is no folder")
        self._target = target
        self._folder = IndexFolder(root, target.folder)
        self._state = state_folder(root)
        self._one_at_a_time = Lock()  # the repository's lock is no guard between threads

    @property
    def target(self) -> IndexTarget:
        """How it is configured."""
        return self._target

    @property
    def simple_url(self) -> str:
        """What installers take as ``--index-url``.

        Raises:
            IndexUnavailable, UnsafePath: as in `projects`.
        """
        return self._folder.url

    def find_credentials(self) -> str:
        """Where the credentials for uploads come from: who can write may publish."""
        return "none needed"

    @property
    def credentials_problem(self) -> str:
        """Nothing: a folder needs none."""
        return ""

    def projects(self, names: Sequence[NormalizedName]) -> Mapping[NormalizedName, Project]:
        """What it has under each of these names.

        Raises:
            IndexUnavailable: a page cannot be read, or is none.
            UnsafePath: the folder leaves the repository, or a link lies in the way.
        """
        return {name: self._folder.project(name) for name in names}

    def upload(self, files: Sequence[Path]) -> Iterator[Sent]:
        """Take these files one after the other, none that is there already.

        It may be called from several threads at once.

        Raises:
            AnotherRelease: another process is at work in the repository.
            IndexUnavailable, UnsafePath: as in `projects`; also where the folder is no index.
        """
        for file in files:
            begin = perf_counter()
            with self._one_at_a_time, exclusive(self._state, command="publish"):
                refused = self._take(file)
            yield Sent(filename=file.name, seconds=perf_counter() - begin, refusal=refused)

    def yank(self, name: NormalizedName, version: Version, reason: str = "") -> tuple[str, ...]:
        """Keep installers from a version that is not asked for by its number (PEP 592).

        Returns:
            The files that are yanked now; none where there is no such version.

        Raises:
            AnotherRelease, IndexUnavailable, UnsafePath: as in `upload`.
            TreeNotWritable: the disk refuses.
        """
        return self._mark(name, version, reason)

    def unyank(self, name: NormalizedName, version: Version) -> tuple[str, ...]:
        """Take `yank` back; the same in all else."""
        return self._mark(name, version, None)

    def _take(self, source: Path) -> Refusal | None:
        found = parse_filename(source.name)
        if found is None:
            return _refusal(RefusalKind.INVALID, "not named as a wheel or source distribution is")
        try:
            data = source.read_bytes()
        except OSError as error:
            return _refusal(RefusalKind.INVALID, f"cannot be read: {error.strerror}")
        file = IndexedFile(filename=source.name, sha256=sha256(data).hexdigest())
        project = self._folder.project(found.name)
        theirs = [known.sha256 for known in project.files if known.filename == file.filename]
        if theirs:
            how = "byte for byte" if theirs == [file.sha256] else "with other bytes"
            return _refusal(RefusalKind.EXISTS, f"already there, {how}")
        try:
            self._folder.add(project, file, data)
        except TreeNotWritable as error:
            return _refusal(RefusalKind.INVALID, str(error))  # nor will it be in a moment
        return None

    def _mark(self, name: NormalizedName, version: Version, yanked: str | None) -> tuple[str, ...]:
        with self._one_at_a_time, exclusive(self._state, command="yank"):
            project = self._folder.project(name)
            meant = listed_versions(project).get(version, ())
            files = (replace(f, yanked=yanked) if f in meant else f for f in project.files)
            if meant:
                self._folder.show(replace(project, files=tuple(files)))
        return tuple(file.filename for file in meant)


def _refusal(kind: RefusalKind, words: str) -> Refusal:
    return Refusal(kind=kind, words=words)
