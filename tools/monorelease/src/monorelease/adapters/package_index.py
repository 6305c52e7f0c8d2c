"""An index with two addresses: one that installers read, and one that takes uploads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock

from packaging.utils import NormalizedName

from monorelease.adapters.credentials import TRUSTED_PUBLISHING, Credentials, find_credentials
from monorelease.adapters.simple_index import SimpleIndex
from monorelease.adapters.uploader import UvUploader
from monorelease.model.index import IndexTarget, Project
from monorelease.model.publication import RefusalKind, Sent
from monorelease.model.value import replace


class PackageIndex:
    """PyPI, or any index that is like it; see `monorelease.workflows.ports.Index`."""

    def __init__(
        self, target: IndexTarget, uv: Sequence[str], environment: Mapping[str, str]
    ) -> None:
        self._target = target
        self._uv = tuple(uv)
        self._environment = environment
        self._found: tuple[Credentials | None, str] | None = None
        self._finding = Lock()
        self._simple = SimpleIndex(target.url, self._reader)

    @property
    def target(self) -> IndexTarget:
        """How it is configured."""
        return self._target

    @property
    def simple_url(self) -> str:
        """What installers take as ``--index-url``."""
        return self._target.url

    def projects(self, names: Sequence[NormalizedName]) -> Mapping[NormalizedName, Project]:
        """What it has now under each of these names.

        Raises:
            IndexUnavailable: it cannot be asked, or its answer is no simple API.
        """
        return self._simple.projects(names)

    def find_credentials(self) -> str:
        """Where the credentials for uploads come from; empty where there are none.

        Half of a pair is none: `credentials_problem` tells of it.
        """
        credentials, source = self._find()
        return source if credentials or source == TRUSTED_PUBLISHING else ""

    @property
    def credentials_problem(self) -> str:
        """What is half there, where there are no credentials; empty where nothing is."""
        return "" if self.find_credentials() else self._find()[1]

    def upload(self, files: Sequence[Path]) -> Iterator[Sent]:
        """Send these files in their order, each whether or not an earlier one was taken.

        Raises:
            MissingTool: there is no uv.
        """
        credentials, source = self._find()
        uploader = UvUploader(
            self._uv,
            self._target.upload_url,
            credentials,
            self._environment,
            is_trusted=source == TRUSTED_PUBLISHING,
        )
        for sent in uploader.upload(files):
            yield _with_source(sent, source)

    def _find(self) -> tuple[Credentials | None, str]:
        """The credentials, looked for once: a keyring may ask somebody each time."""
        with self._finding:
            if self._found is None:
                self._found = find_credentials(self._target, self._environment)
            return self._found

    def _reader(self) -> tuple[str, str] | None:
        """What the simple API may be told: never what is meant for another host."""
        from urllib.parse import urlsplit

        if urlsplit(self._target.url).netloc != urlsplit(self._target.upload_url).netloc:
            return None
        credentials, _ = self._find()
        return (credentials.username, credentials.password) if credentials else None


def _with_source(sent: Sent, source: str) -> Sent:
    """Who is sent away should know with whose credentials they came."""
    refusal = sent.refusal
    if refusal is None or refusal.kind is not RefusalKind.FORBIDDEN or not source:
        return sent
    return replace(sent, refusal=replace(refusal, words=f"{refusal.words} (sent with {source})"))
