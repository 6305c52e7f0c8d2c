"""Git on its way to a remote: nobody is asked for a password, and no address tells one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from monorelease.adapters.git_process import (
    PATIENCE,
    Answer,
    GitProcess,
    without_credentials,
    words_of,
)
from monorelease.errors import GitFailed

NOTHING_MORE: Mapping[str, str] = MappingProxyType({})
"""What git gets beside this process's environment, where there is nothing to add."""

_NOBODY_IS_ASKED = {"GIT_TERMINAL_PROMPT": "0", "GCM_INTERACTIVE": "never"}
"""For git itself, and for the credential manager that comes with it on Windows."""

_BATCH_MODE = ("-c", "core.sshCommand=ssh -o BatchMode=yes")

_NO_ENTRY = re.compile(
    r"prompts disabled|could not read (?:Username|Password)|Authentication failed|"
    r"Permission denied|Host key verification failed|returned error: 40[13]"
)


class RemoteProcess:
    """Git in a folder, to be run where it has to reach a remote.

    `environment` is added to what this process has: a key to the remote, say.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str] = NOTHING_MORE) -> None:
        self._git = GitProcess(folder, {**environment, **_NOBODY_IS_ASKED})

    def ask(self, remote: str, *words: str, seconds: float = PATIENCE) -> str:
        """What a command answers that only asks `remote` for something.

        Raises:
            GitFailed: the remote is unknown, cannot be reached, or lets nobody in.
        """
        answer = self.run(*words, seconds=seconds, is_alone=True)
        if answer.status != 0:
            raise unreachable(remote, answer)
        return answer.text

    def run(self, *words: str, seconds: float = PATIENCE, is_alone: bool = False) -> Answer:
        """Run a command; whoever has set up nothing that answers for them is not asked.

        A credential helper, an agent for keys, and a command for ssh of the user's own
        (``core.sshCommand``, ``GIT_SSH_COMMAND``, which comes before it) are left as they are;
        ``GIT_SSH`` alone gives way to them, and so to ours. When and how it is stopped is said
        at `GitProcess.run`.
        """
        return self._git.run(*self._ssh, *words, seconds=seconds, is_alone=is_alone)

    @cached_property
    def _ssh(self) -> tuple[str, ...]:
        own = self._git.read("config", "--get", "core.sshCommand").text.strip()
        return () if own else _BATCH_MODE


def unreachable(remote: str, answer: Answer) -> GitFailed:
    """What to tell a person where `remote` did not let git do what it wanted."""
    words, name = words_of(answer), without_credentials(remote)
    if _NO_ENTRY.search(words):
        hint = (
            "let git know the way in beforehand, nobody is asked here: a credential helper or "
            f"a token, an ssh agent with the key; `git ls-remote {name}` shows whether it does"
        )
    else:
        hint = f"look at its address (git remote -v) and the network, then try git ls-remote {name}"
    return GitFailed(f"the remote {name!r} cannot be used: {words}", hint=hint)
