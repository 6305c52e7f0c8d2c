"""A package index on loopback: it takes uploads, serves simple pages, and fails as it is told to.

Faults are data, so that a test reads as a story:

    with IndexServer(faults=[Fault(on="upload", number=3, status=429)]) as index:
        ... publish to index.upload_url, read index.simple_url, look at index.uploads
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Event, RLock, Thread
from typing import Self

from packaging.utils import NormalizedName, canonicalize_name

from faults import ALWAYS, LOGIN_PAGE, Fault, Faults
from index_connection import PATIENCE, Arrival, Refused, Request, Server
from monorelease.model.index import IndexedFile, Project
from monorelease.model.value import replace

__all__ = ["ALWAYS", "LOGIN_PAGE", "Arrival", "Fault", "IndexServer", "Request"]


@dataclass(kw_only=True)
class IndexServer:
    """The index, from the beginning to the end of a ``with`` block; all it has is in memory."""

    faults: Sequence[Fault] = ()
    credentials: tuple[str, str] | None = None
    """User and password that uploads need."""
    private: bool = False
    """Whether pages and files need them too."""
    serves_json: bool = True
    """To those who ask for it; else every page is HTML."""
    takes_again: bool = False
    """Whether the same bytes may come twice, as with devpi."""
    new_projects: int | None = None
    """How many names may be registered by uploads, as PyPI limits them."""
    on_upload: Callable[[str], object] = lambda _: None
    """Called with the file's name when it has come, before anything is made of it."""
    after_upload: Callable[[str], object] = lambda _: None
    """Called when it is stored and not answered yet."""

    uploads: list[Arrival] = field(default_factory=list)
    """In the order in which they were dealt with."""
    requests: list[Request] = field(default_factory=list)
    files: dict[NormalizedName, dict[str, bytes]] = field(default_factory=dict)
    """By project; one without files is registered."""
    yanked: dict[str, str] = field(default_factory=dict)
    """The reason, by file name."""

    def __post_init__(self) -> None:
        self.lock = RLock()
        self.closing = Event()
        self._faults = Faults(self.faults)
        self._new: set[NormalizedName] = set()
        self._shown: dict[NormalizedName, Project | None] = {}
        self._are_pages_held = True

    def __enter__(self) -> Self:
        self._server = Server(self)
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PATIENCE)

    @property
    def url(self) -> str:
        """Of the server itself, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def simple_url(self) -> str:
        """Where installers read."""
        return f"{self.url}/simple/"

    @property
    def upload_url(self) -> str:
        """Where files are sent."""
        return f"{self.url}/legacy/"

    @property
    def stored(self) -> list[str]:
        """The names of all files that it has, sorted."""
        return sorted(name for files in self.files.values() for name in files)

    def add(self, name: str, files: Mapping[str, bytes]) -> None:
        """Let it have had these files before the story begins."""
        project = canonicalize_name(name)
        self.files.setdefault(project, {}).update(files)
        self._shown[project] = self._project(project)

    def forget(self) -> None:
        """Begin again, with nothing in it and nothing going wrong."""
        with self.lock:
            for what in (self.uploads, self.requests, self.files, self.yanked, self._shown):
                what.clear()
            self._new.clear()
            self._faults = Faults(())
            self._are_pages_held = True

    def heed(self, faults: Sequence[Fault]) -> None:
        """From here on let these things go wrong, and no others."""
        with self.lock:
            self._faults = Faults(faults)

    def release_pages(self) -> None:
        """End every staleness: pages are what they should be from here on."""
        self._are_pages_held = False

    def meet_upload(self, file: str) -> Fault:
        """What befalls the next upload."""
        with self.lock:
            return self._faults.meet("upload", file)

    def take(self, file: str, data: bytes, form: Mapping[str, str]) -> None:
        """Store an upload, or refuse it as PyPI would."""
        name = canonicalize_name(form.get("name", ""))
        if form.get(":action") != "file_upload" or not name or not form.get("version"):
            raise Refused(400, "Not a file upload")
        if form.get("sha256_digest") != sha256(data).hexdigest():
            raise Refused(400, "The digest supplied does not match the uploaded file.")
        with self.lock:
            theirs = self.files.get(name, {}).get(file)
            if theirs is not None and not (self.takes_again and theirs == data):
                raise Refused(400, f"File already exists ('{file}').")
            if name not in self.files:
                if self.new_projects is not None and len(self._new) >= self.new_projects:
                    raise Refused(429, "Too many new projects created")
                self._new.add(name)
            self.files.setdefault(name, {})[file] = data

    def page(self, name: NormalizedName) -> tuple[Project | None, Fault]:
        """What the page of a project says, and what else befalls it."""
        with self.lock:
            project, shown = self._project(name), self._shown.get(name)
            has_news = self._are_pages_held and project != shown
            fault = self._faults.meet("page", name, has_news=has_news)
            if fault.stale:
                return shown, fault
            self._shown[name] = project
        if project and fault.wrong_hash:
            wrong = tuple(replace(file, sha256="0" * 64) for file in project.files)
            project = replace(project, files=wrong)
        return project, fault

    def _project(self, name: NormalizedName) -> Project | None:
        if name not in self.files:
            return None
        files = (
            IndexedFile(filename=f, sha256=sha256(data).hexdigest(), yanked=self.yanked.get(f))
            for f, data in self.files[name].items()
        )
        return Project(name=name, files=tuple(files))
