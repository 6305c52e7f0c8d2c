"""Uploads: ``uv publish`` sends the files, and is heard until it has said what came of each."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from monorelease.adapters.credentials import (
    Credentials,
    exchanged_secrets,
    trusted_part,
    without_secrets,
)
from monorelease.errors import MissingTool
from monorelease.formats.upload_answers import (
    begins_error,
    file_begun,
    never_sent,
    parse_refusal,
    says_there,
)
from monorelease.model.publication import Refusal, RefusalKind, Sent
from monorelease.model.value import value

if TYPE_CHECKING:
    from monorelease.adapters.listening import Listener

PATIENCE = 60.0
"""Seconds that uv may take to begin, and for a file of no size."""

_SLOWEST = 50_000
"""Bytes in a second: what is slower for a whole file is taken for hung."""

_AT_ONCE = 100
"""Files for one process: a command line has its limits."""

_UNWELCOME = {"RUST_LOG", "UV_CONFIG_FILE", "UV_OFFLINE"}
"""A log would tell more than we hide; a file may name another index; and who keeps uv from
downloading does not keep from uploading what is to be uploaded."""


@value
class _Chapter:
    """What uv said from one file to the next."""

    filename: str
    """Empty for what it said before the first."""
    said: str
    seconds: float
    is_last: bool
    status: int | None = None
    """Of uv, in the last one; None where it had to be stopped."""

    @property
    def refusal_is_told(self) -> bool:
        """Whether uv stopped at this file."""
        return self.is_last and self.status != 0


class UvUploader:
    """Sends files to one address through ``uv publish``."""

    def __init__(
        self,
        uv: Sequence[str],
        upload_url: str,
        credentials: Credentials | None,
        environment: Mapping[str, str],
        *,
        is_trusted: bool = False,
    ) -> None:
        """Without credentials uv gets them by trusted publishing, if `is_trusted`."""
        self._uv = tuple(uv)
        self._url = upload_url
        self._is_trusted = is_trusted
        self._environment = _for_uploads(environment, credentials, is_trusted=is_trusted)
        own = credentials.spellings() if credentials else ()
        self._secrets = (*own, *exchanged_secrets(environment))

    def upload(self, files: Sequence[Path]) -> Iterator[Sent]:
        """Send these files in their order, each whether or not an earlier one was taken.

        One `Sent` a file, in their order, as soon as it is known. Nothing is sent twice by
        itself, and uv is stopped when nobody asks on.

        Raises:
            MissingTool: there is no uv.
        """
        for run in _runs(files):
            untold, answers = deque(run), dict[str, Sent]()
            while unsent := [file for file in untold if file.name not in answers]:
                for sent in self._send(unsent):
                    answers[sent.filename] = sent
                    while untold and untold[0].name in answers:
                        yield answers[untold.popleft().name]

    def _send(self, files: Sequence[Path]) -> Iterator[Sent]:
        """What one uv says, in its own order: of all files, or until it stops at one of them."""
        from monorelease.adapters.listening import listening

        with ExitStack() as stack:
            try:
                # At GitHub uv prints the token that it was given to stdout, which nobody hears.
                hearing = listening(
                    self._command(files), environment=self._environment, to="stderr"
                )
                uv = stack.enter_context(hearing)
            except OSError as error:
                raise MissingTool(
                    f"{self._uv[0]} cannot be started: {error.strerror or error}",
                    hint="run the command through hatch, which brings uv, or `pip install uv`",
                ) from error
            yield from self._answers([file.name for file in files], _chapters(uv, files))

    def _answers(self, names: Sequence[str], chapters: Iterator[_Chapter]) -> Iterator[Sent]:
        waiting, said = [*names], ""
        for chapter in chapters:
            said += chapter.said
            refusal = self._refusal(chapter)
            if chapter.filename in waiting:
                waiting.remove(chapter.filename)
                yield Sent(filename=chapter.filename, seconds=chapter.seconds, refusal=refusal)
            elif chapter.is_last and refusal:  # it came to no file: that is about all of them
                yield from (Sent(filename=n, seconds=0.0, refusal=refusal) for n in waiting)
                return
            if chapter.is_last and chapter.status == 0:
                for name in waiting:
                    refusal = never_sent(name, said, self._secrets)
                    yield Sent(filename=name, seconds=0.0, refusal=refusal)

    def _refusal(self, chapter: _Chapter) -> Refusal | None:
        if chapter.refusal_is_told:
            return parse_refusal(chapter.said, self._secrets)
        if any(says_there(line) for line in chapter.said.splitlines()):
            return Refusal(kind=RefusalKind.EXISTS, words="the index has a file by this name")
        return None

    def _command(self, files: Sequence[Path]) -> tuple[str, ...]:
        """All that decides where files go is said here: nothing is left to a configuration."""
        from glob import escape  # uv takes names of files for patterns

        return (
            *self._uv,
            "publish",
            "--no-config",
            "--color=never",
            "--keyring-provider=disabled",
            f"--trusted-publishing={'always' if self._is_trusted else 'never'}",
            f"--publish-url={self._url}",
            "--",
            *(escape(str(file.absolute())) for file in files),
        )


_UNWRAPPED = "10000"
"""Columns: uv breaks lines where a shell has exported how many it has, and these are read."""


def _for_uploads(
    environment: Mapping[str, str], credentials: Credentials | None, *, is_trusted: bool
) -> dict[str, str]:
    """The environment of uv: with these credentials and no others."""
    clean = without_secrets(environment)
    kept = {name: text for name, text in clean.items() if name not in _UNWELCOME}
    # Whether something is tried again is decided by who asks for it, after a look at the index.
    kept["UV_HTTP_RETRIES"] = "0"
    kept["COLUMNS"] = _UNWRAPPED
    if credentials is not None:
        kept["UV_PUBLISH_USERNAME"] = credentials.username
        kept["UV_PUBLISH_PASSWORD"] = credentials.password
    return kept | (trusted_part(environment) if is_trusted else {})


def _runs(files: Sequence[Path]) -> Iterator[list[Path]]:
    """The files in groups, each in the order in which uv sends what it is given.

    It sorts them: wheels before source distributions, and by name. A group is sent before the
    next one begins, so all come in their order; what release tools send makes few groups.
    """
    run: list[Path] = []
    for file in files:
        if run and (_place(file) <= _place(run[-1]) or len(run) == _AT_ONCE):
            yield run
            run = []
        run.append(file)
    if run:
        yield run


def _place(file: Path) -> tuple[bool, str]:
    return file.suffix != ".whl", file.name


def _chapters(uv: Listener, files: Sequence[Path]) -> Iterator[_Chapter]:
    """What uv says, file by file; each as soon as it is over."""
    limits = {file.name: PATIENCE + _size(file) / _SLOWEST for file in files}
    filename, said, begin, limit = "", "", time.monotonic(), PATIENCE
    is_error = False
    try:
        while (line := uv.hear(begin + limit)) is not None:
            # What follows an error may be the words of the index, and they may be anything.
            is_error = is_error or begins_error(line)
            begun = None if is_error else file_begun(line)
            if begun not in limits or begun == filename:
                said += line
                continue
            now = time.monotonic()
            yield _Chapter(filename=filename, said=said, seconds=now - begin, is_last=False)
            filename, said, begin, limit = begun, "", now, limits[begun]
        status = uv.end(PATIENCE)
    except TimeoutError:
        uv.end(0)
        said, status = f"error: stopped: there was no answer for {limit:.0f} s", None
    seconds = time.monotonic() - begin
    yield _Chapter(filename=filename, said=said, seconds=seconds, is_last=True, status=status)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # uv will not find it either, and says so
        return 0
