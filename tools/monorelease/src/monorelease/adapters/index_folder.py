"""The folder of an index of our own: pages and packages, each of them whole at any moment."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from packaging.utils import NormalizedName

from monorelease.adapters.boundary import Boundary
from monorelease.adapters.content import Content, data_of, put, read, refusal
from monorelease.errors import IndexUnavailable, UnreadableFile, UnsafePath
from monorelease.formats.simple_index import HTML_TYPE, parse_project
from monorelease.formats.simple_pages import format_html, format_json, format_root
from monorelease.model.index import IndexedFile, Project
from monorelease.model.value import replace

_TOP = PurePosixPath()
_PAGE = "index.html"
"""What pip and uv read in a folder; what it lists is what the index has."""

_IGNORED = PurePosixPath(".gitignore")
_EVERYTHING = b"*\n"


class IndexFolder:
    """A folder below the repository's root in the layout of a simple index.

    Files get their names when they are whole, and what lists a file is written after it: the
    package, the project's JSON page, its HTML page. So a run that is killed leaves pages that
    tell the truth, and a file that no page lists is as good as not there. No link is followed.
    """

    def __init__(self, root: Path, folder: PurePosixPath) -> None:
        self._root = root
        self._folder = folder

    @property
    def url(self) -> str:
        """Its address, with a slash at the end.

        Raises:
            IndexUnavailable, UnsafePath: as in `project`.
        """
        return self._place(_TOP).as_uri() + "/"

    def project(self, name: NormalizedName) -> Project:
        """The files under `name` that are listed, and are there.

        Raises:
            IndexUnavailable: the page is none, or may not be read.
            UnsafePath: a link lies in the way, or the path leaves the repository.
        """
        path = PurePosixPath(name, _PAGE)
        page = self._read(path)
        if page is None:
            return Project(name=name, is_known=False)
        try:
            project = parse_project(name, HTML_TYPE, page)
        except ValueError as error:
            raise IndexUnavailable(
                f"the index {error}",
                where=str(self._folder / path),
                hint=f"remove the folder {self._folder} to begin a new index",
            ) from error
        there = (file for file in project.files if self._holds(name, file.filename))
        return replace(project, files=tuple(there))

    def add(self, project: Project, file: IndexedFile, data: bytes) -> None:
        """Take in a file that `project`, as it was read here, does not have.

        The name is registered before there is a file, so that whatever a killed run left out
        is made good when the same file comes again.

        Raises:
            IndexUnavailable: what lies in the folder is no index.
            TreeNotWritable: the disk refuses.
            UnsafePath: as in `project`.
        """
        self._prepare()
        if not project.is_known:
            self.show(project)
        self._show_root()
        self._write(PurePosixPath(project.name, file.filename), data)
        self.show(replace(project, files=(*project.files, file)))

    def show(self, project: Project) -> None:
        """Let the pages say of a project what `project` says.

        Raises:
            TreeNotWritable, UnsafePath: as in `add`.
        """
        self._write(PurePosixPath(project.name, "index.json"), format_json(project).encode())
        self._write(PurePosixPath(project.name, _PAGE), format_html(project).encode())

    def _prepare(self) -> None:
        """Make the folder, and keep it out of commits; never a folder that is something else."""
        names = self._names()
        if _PAGE in names or self._read(_IGNORED) == _EVERYTHING:
            return
        if any(not name.startswith(".") for name in names):
            raise IndexUnavailable(
                "is no index, and holds other files",
                where=str(self._folder),
                hint="name a folder that is empty, or not there yet, as the index's folder",
            )
        self._write(_IGNORED, _EVERYTHING)

    def _names(self) -> list[str]:
        try:
            return sorted(path.name for path in self._place(_TOP).iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise refusal(error, self._folder) from error

    def _show_root(self) -> None:
        names = (NormalizedName(name) for name in self._names() if self._holds(name, _PAGE))
        page = format_root(names).encode()
        if self._read(PurePosixPath(_PAGE)) != page:
            self._write(PurePosixPath(_PAGE), page)

    def _holds(self, name: str, filename: str) -> bool:
        return self._place(PurePosixPath(name, filename)).is_file()

    def _read(self, path: PurePosixPath) -> bytes | None:
        try:
            return data_of(read(self._place(path), self._folder / path))
        except UnreadableFile as error:
            raise IndexUnavailable(error.problem, where=error.where, hint=error.hint) from error

    def _write(self, path: PurePosixPath, data: bytes) -> None:
        place = self._place(path)
        try:
            put(place, Content(data=data, mode=None))
        except OSError as error:
            raise refusal(error, self._folder / path) from error

    def _place(self, path: PurePosixPath) -> Path:
        boundary = Boundary(self._root)
        whole = self._folder / path
        try:
            place = boundary.locate(whole)
        except UnreadableFile as error:
            raise IndexUnavailable(error.problem, where=error.where, hint=error.hint) from error
        if place != boundary.root / whole:
            raise UnsafePath(
                "a link lies in the way",
                where=str(whole),
                hint="remove the link: an index keeps its files in its own folder",
            )
        return place
