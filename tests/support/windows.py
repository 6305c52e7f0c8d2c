"""An index in memory that misbehaves on request: a port of the workflows, without a socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock

from packaging.utils import NormalizedName, parse_sdist_filename, parse_wheel_filename

from monorelease.model.index import IndexedFile, IndexTarget, Project
from monorelease.model.publication import Refusal, RefusalKind, Sent

Behaviour = Callable[["MemoryIndex", str], Refusal | None]
"""What happens when a file arrives: it may be stored, and it may be refused."""


def take(index: MemoryIndex, filename: str) -> None:
    """As a good index does."""
    index.store(filename)


def refuse(kind: RefusalKind) -> Behaviour:
    """Refuse the file, and do not keep it."""
    return lambda _index, _filename: Refusal(kind=kind, words=f"said {kind.value}")


def lose_the_answer(index: MemoryIndex, filename: str) -> Refusal:
    """Keep the file, and let nobody know."""
    index.store(filename)
    return Refusal(kind=RefusalKind.UNREACHABLE, words="the connection was cut")


class MemoryIndex:
    """It has hashes by file name; `behave` says what it does with each attempt."""

    simple_url = "https://pypi.example/simple/"
    credentials_problem = ""

    def __init__(
        self,
        hashes: Mapping[str, str],
        behave: Mapping[str, Sequence[Behaviour]] | None = None,
        **target: object,
    ) -> None:
        self.target = IndexTarget(name="memory", patience=1, **target)  # type: ignore[arg-type]
        self.hashes = dict(hashes)
        """Of every file that may come, as it was built."""
        self.files: dict[str, str] = {}
        """What it has."""
        self.late: dict[str, int] = {}
        """At how many more looks it does not list what it has."""
        self.attempts: list[str] = []
        self._behave = {name: iter(each) for name, each in (behave or {}).items()}
        self._lock = Lock()

    def store(self, filename: str, sha256: str | None = None) -> None:
        """Have a file."""
        self.files[filename] = sha256 or self.hashes[filename]

    def projects(self, names: Sequence[NormalizedName]) -> Mapping[NormalizedName, Project]:
        """See `Index`."""
        listed = {name: digest for name, digest in self.files.items() if not self.late.get(name)}
        self.late = {name: looks - 1 for name, looks in self.late.items() if looks}
        return {
            name: Project(
                name=name,
                files=tuple(
                    IndexedFile(filename=filename, sha256=digest)
                    for filename, digest in listed.items()
                    if _project(filename) == name
                ),
            )
            for name in names
        }

    def find_credentials(self) -> str:
        """See `Index`."""
        return "none needed"

    def upload(self, files: Sequence[Path]) -> Iterator[Sent]:
        """See `Index`."""
        for path in files:
            with self._lock:
                self.attempts.append(path.name)
                behave = next(self._behave.get(path.name, iter(())), take)
                refusal = behave(self, path.name)
            yield Sent(filename=path.name, seconds=0.0, refusal=refusal)


def _project(filename: str) -> NormalizedName:
    if filename.endswith(".whl"):
        return parse_wheel_filename(filename)[0]
    return parse_sdist_filename(filename)[0]
