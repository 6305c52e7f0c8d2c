"""stdout is the result, stderr the story."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TextIO

from monorelease.errors import ReleaseError
from monorelease.model.finding import Finding
from monorelease.model.value import value
from monorelease.reports.printable import printable, printable_lines
from monorelease.reports.terminal import PLAIN, Palette, findings_text, problem_text

ISSUES = "the project's issue tracker"


@value
class Console:
    """Where words go, and whether they are coloured there."""

    palette: Palette = PLAIN
    """For stdout."""
    stderr_palette: Palette = PLAIN

    @property
    def is_terminal(self) -> bool:
        """Whether somebody looks at stdout: into a file or a pipe goes what is exact."""
        return sys.stdout.isatty()

    def show(self, text: str) -> None:
        """Write a result to stdout.

        Raises:
            BrokenPipeError: the reader left.
            ReleaseError: it could not be written.
        """
        with _stdout() as stdout:
            stdout.write(text)
            stdout.flush()

    def show_json(self, value: Mapping[str, object]) -> None:
        """Write a result for a program to stdout: one JSON document."""
        from monorelease.reports.json import json_text

        self.show(json_text(value))

    def show_bytes(self, data: bytes) -> None:
        """Write a result to stdout that somebody's next command takes: not a byte is changed."""
        with _stdout() as stdout:
            stdout.buffer.write(data)
            stdout.flush()

    def show_page(self, text: str) -> None:
        """Write a text from the repository: as it is into a file, harmless on a terminal."""
        if self.is_terminal:
            self.show(printable_lines(text))
        else:
            self.show_bytes(text.encode("utf-8", "surrogateescape"))

    def tell(self, text: str) -> None:
        """Write a line of the story to stderr."""
        _tell(f"{printable(text)}\n")

    def tell_progress(self, text: str) -> None:
        """Write a line of the story to a terminal: nobody waits in front of a file."""
        if sys.stderr.isatty():
            self.tell(text)

    def tell_findings(self, findings: Sequence[Finding]) -> None:
        """Write findings to stderr."""
        _tell(findings_text(findings, self.stderr_palette))

    def tell_problem(self, problem: ReleaseError) -> None:
        """Write a problem, its place and what to do to stderr."""
        _tell(problem_text(problem, self.stderr_palette))

    def tell_bug(self, argv: Sequence[str]) -> None:
        """Write a traceback, and that it is not the user's fault."""
        import shlex
        import traceback

        _tell(printable_lines(traceback.format_exc()))
        self.tell(f"this is a bug in monorelease, met by: monorelease {shlex.join(argv)}")
        self.tell(f"please report it, with the lines above, to {ISSUES}")

    def abandon_stdout(self) -> None:
        """Forget stdout after its reader left, so that the interpreter does not complain."""
        _abandon(sys.stdout)


@contextmanager
def _stdout() -> Iterator[TextIO]:
    try:
        yield sys.stdout
    except BrokenPipeError:
        raise
    except OSError as error:
        _abandon(sys.stdout)
        raise ReleaseError(
            f"the output could not be written: {error.strerror}",
            hint="make room where it goes; `git status` shows whether files were changed",
        ) from error


def _tell(text: str) -> None:
    """Write to stderr; where even that fails, the exit status has to say it all."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _abandon(sys.stderr)


def _abandon(stream: TextIO) -> None:
    """Send what the stream still holds, and all to come, to nowhere."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
