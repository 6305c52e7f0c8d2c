"""Git as a process: started through GitPython, bounded in time, its answer kept in bytes."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from monorelease.adapters.commands import stop
from monorelease.errors import GitFailed
from monorelease.model.value import value

if TYPE_CHECKING:
    from subprocess import Popen

    from git.cmd import Git

PATIENCE = 60.0
"""Seconds after which a git command is taken for hung."""

_STOPPED = -9
"""The status of what did not end by itself."""

_GRACE = 2.0
"""Seconds in which git puts its lock files away when it is told to stop."""

_READING = (
    "--no-pager",
    "--no-optional-locks",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "diff.autoRefreshIndex=true",
)
"""What makes answers the same whatever the user has configured, beside each command's options."""

_CREDENTIALS = re.compile(r"(?<=://)[^\s'\"]*@")
"""Greedy: a password may hold an ``@``, or a ``/`` that should have been escaped."""

_AS_IT_IS: Mapping[str, str] = MappingProxyType({})


@value
class Answer:
    """How a git command ended, and what it printed."""

    status: int
    out: bytes
    complaint: str
    """What it printed to stderr."""

    @property
    def text(self) -> str:
        """What it printed to stdout; bytes that are no text are spelled as in file names."""
        return os.fsdecode(self.out)


class GitProcess:
    """Git, run in one folder, with this process's environment and what is added to it."""

    def __init__(self, folder: Path, environment: Mapping[str, str] = _AS_IT_IS) -> None:
        self._git = _git_in(folder)
        self._git.update_environment(**environment)

    def read(self, *words: str, stdin: str = "") -> Answer:
        """Ask for something; nothing is written, not even what would only be a little faster."""
        return self.run(*_READING, *words, stdin=stdin)

    def run(
        self, *words: str, stdin: str = "", seconds: float = PATIENCE, is_alone: bool = False
    ) -> Answer:
        """Run a command as the user has configured it; hooks inherit no option of ours.

        After `seconds` it is stopped, with all that it started. Only where there is a terminal,
        and it may ask somebody there, as one that `is_alone` may not, is it stopped by itself.

        Raises:
            GitFailed: there is no git.
        """
        from tempfile import TemporaryFile

        from git.exc import GitCommandNotFound

        with TemporaryFile() as source:
            source.write(os.fsencode(stdin))
            source.seek(0)
            try:
                interrupt = self._git.execute(
                    [self._git.GIT_PYTHON_GIT_EXECUTABLE or "git", *words],
                    istream=source,
                    as_process=True,
                    start_new_session=is_alone or not _has_terminal(),
                )
            except GitCommandNotFound as error:
                raise _missing() from error
            return _heard(interrupt, seconds)


def refused(command: str, answer: Answer) -> GitFailed:
    """What to tell a person when git has refused `command`."""
    return GitFailed(f"git {command} failed: {words_of(answer)}", hint="see what git says")


def words_of(answer: Answer) -> str:
    """What git says against it; addresses without the user and the password in them."""
    complaint = answer.complaint.strip().removeprefix("stderr: ").strip("'\n ")
    return without_credentials(complaint or answer.text.strip() or "it did not say why")


def without_credentials(text: str) -> str:
    """`text` with a mark in place of whatever stands before the ``@`` of an address.

    >>> without_credentials("fatal: unable to access 'https://ada:s3cret@git.example/r/'")
    "fatal: unable to access 'https://…@git.example/r/'"
    """
    return _CREDENTIALS.sub("…@", text)


def _has_terminal() -> bool:
    """Whether somebody could be asked, or interrupt us: who has a session of their own cannot."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR))
    except OSError:
        return False
    return True


def _heard(interrupt: Git.AutoInterrupt, seconds: float) -> Answer:
    """What it says until it ends.

    Not left to GitPython, whose patience needs ``ps``, and outlasts an interruption.
    """
    from subprocess import TimeoutExpired

    process = cast("Popen[bytes]", interrupt.proc)
    try:
        out, complaint = process.communicate(timeout=seconds)
    except TimeoutExpired:
        stop(process, grace=_GRACE)
        words = f"it did not end within {seconds:g} s, and was stopped"
        return Answer(status=_STOPPED, out=b"", complaint=words)
    except BaseException:
        stop(process, grace=_GRACE)
        raise
    return Answer(
        status=process.returncode, out=out, complaint=complaint.decode("utf-8", "replace")
    )


def _git_in(folder: Path) -> Git:
    try:
        from git.cmd import Git
    except ImportError as error:  # GitPython refuses to be imported where there is no git
        raise _missing() from error
    return Git(str(folder))


def _missing() -> GitFailed:
    return GitFailed("git is not installed", hint="install git; this folder is under git")
