"""A repository of its own in a temporary folder, and the tools run in it as people run them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Self

TOOL = (sys.executable, "-P", "-m", "monorelease")
"""The command; what lies in the current folder is not imported."""

PATIENCE = 60.0
"""Seconds after which a command is taken for hung."""

FIXED = {
    "GIT_AUTHOR_DATE": "2026-11-01T09:00:00+00:00",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_AUTHOR_NAME": "Ada Lovelace",
    "GIT_COMMITTER_DATE": "2026-11-01T09:00:00+00:00",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada Lovelace",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_DEFAULT_HASH": "sha1",
    "NO_COLOR": "1",
    "PYTHONUTF8": "1",
    "SOURCE_DATE_EPOCH": "1795342500",  # 2026-11-22, a quarter past ten (UTC)
}
"""What makes names of commits, dates and output the same on every machine."""

_PERSONAL = (
    *("GIT_", "EDITOR", "VISUAL", "FORCE_COLOR", "CLICOLOR", "COLUMNS", "LINES"),
    *("VIRTUAL_ENV", "CONDA_"),
)


class Ran(NamedTuple):
    """How a command ended, and what it wrote."""

    status: int
    stdout: str
    stderr: str


def surroundings(**changes: str) -> dict[str, str]:
    """This process's environment without what is personal, and with what is fixed."""
    inherited = os.environ.items()  # noqa: TID251 - what starts the tool needs PATH and the like
    own = {name: value for name, value in inherited if not name.startswith(_PERSONAL)}
    scripts = str(Path(sys.executable).parent)
    path = os.pathsep.join((scripts, own.get("PATH", os.defpath)))
    return own | FIXED | {"PATH": path} | changes


class Sandbox:
    """A git repository at `root`, with nothing of this machine's configuration."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "core.autocrlf", "false")

    @classmethod
    def copied(cls, original: Path, root: Path) -> Self:
        """The same repository in another place."""
        shutil.copytree(original, root)
        sandbox = cls.__new__(cls)
        sandbox.root = root
        return sandbox

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files, given by path and content."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def copy(self, folder: Path) -> None:
        """Copy all that is in `folder` over what is here."""
        shutil.copytree(folder, self.root, dirs_exist_ok=True)

    def commit(self, message: str) -> None:
        """Commit all there is."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)

    def git(self, *words: str) -> str:
        """Run git, which must succeed; its output."""
        ran = self.run("git", *words)
        assert ran.status == 0, ran.stderr
        return ran.stdout

    def monorelease(self, *words: str, stdin: str = "", **environment: str) -> Ran:
        """Run the tool with these arguments."""
        return self.run(*TOOL, *words, stdin=stdin, **environment)

    def run(self, *words: str, stdin: str = "", **environment: str) -> Ran:
        """Run any command here."""
        ended = subprocess.run(
            words,
            cwd=self.root,
            env=surroundings(**environment),
            input=stdin.encode(),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        return Ran(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    def tree(self) -> dict[str, bytes]:
        """Every file but git's own, by its path."""
        return files_in(self.root)


def toy(root: Path, config: str = "") -> Sandbox:
    """Two members, one of them requiring the other, and a fragment that waits; committed.

    `config` goes into ``[tool.monorelease]``.
    """
    sandbox = Sandbox(root)
    sandbox.write(
        {
            "pyproject.toml": f"[tool.monorelease]\n{config}",
            "packages/core/pyproject.toml": '[project]\nname = "core"\nversion = "1.0.0"\n',
            "packages/app/pyproject.toml": (
                '[project]\nname = "app"\nversion = "2.3.0"\ndependencies = ["core==1.0.0"]\n'
            ),
            "changes/1042.fix.md": "---\ncore: patch\n---\n\nResources are freed.\n",
        }
    )
    sandbox.commit("Begin")
    return sandbox


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` but git's own, by its path with ``/``."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    named = ((path.relative_to(folder), path) for path in paths)
    return {
        relative.as_posix(): path.read_bytes()
        for relative, path in sorted(named)
        if relative.parts[0] != ".git"
    }
