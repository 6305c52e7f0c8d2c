"""A layout as a git repository: laid once, copied fresh for every run."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from benchmarks.contestants.port import Layout


def lay(layout: Layout, root: Path) -> None:
    """Write `layout` into the new folder `root`: base and fragments, a commit each, packed.

    Packed because that is how a clone arrives; thousands of loose objects would slow every tool
    that asks git for history.
    """
    root.mkdir(parents=True)
    _git(root, "init", "--quiet", "--initial-branch=main")
    _git(root, "config", "user.name", "Benchmark")
    _git(root, "config", "user.email", "benchmark@example.com")
    _git(root, "config", "commit.gpgsign", "false")
    _commit(root, layout.base, "Lay the members")
    _commit(root, layout.fragments, "Add the fragments")
    _git(root, "repack", "-a", "-d", "--quiet")


def copy(template: Path, root: Path) -> None:
    """Put a fresh copy of `template` at `root`, in place of what was there.

    The copy's index is refreshed, or the first git of the first tool would read every file again.
    """
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(template, root)
    _git(root, "update-index", "--refresh", "-q")


def _commit(root: Path, files: Mapping[str, str], message: str) -> None:
    for relative, text in files.items():
        path = root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", "--message", message)


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, timeout=300)
