"""The command lines that are compared where members are built and published."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestants.port import Command
from benchmarks.loopback import TOKEN, Address
from benchmarks.measure import RunFailed

INDEX = "bench"
"""What the generated repository calls the server on loopback."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """monorelease, with the uv that it is to call."""

    script: Path
    uv: Path
    name: str = "monorelease"

    def version(self) -> Command:
        """Prints the tool's version."""
        return (str(self.script), "--version")

    def release(self, root: Path) -> Command:
        """Releases what is pending, in a commit."""
        return self._command("release", "--commit", "--date", "2026-11-22", "--cwd", str(root))

    def build(self, root: Path, out: Path) -> Command:
        """Builds every member from a clean checkout, and compares what came out with its tree."""
        return self._command("build", "*", "--out", str(out), "--cwd", str(root))

    def publish(self, root: Path) -> Command:
        """Builds, verifies, uploads, waits, tags and pushes; prints receipts."""
        command = self._command("publish", "--to", INDEX, "--yes", "--json", "--cwd", str(root))
        return ("env", f"MONORELEASE_INDEX_{INDEX.upper()}_TOKEN={TOKEN}", *command)

    def _command(self, *words: str) -> Command:
        return ("env", f"HATCH_UV={self.uv}", str(self.script), *words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hatch:
    """hatch, which keeps its environments in `data`."""

    script: Path
    data: Path
    name: str = "hatch"

    def version(self) -> Command:
        """Prints the tool's version."""
        return (str(self.script), "--version")

    def build(self, out: Path) -> Command:
        """Builds every member of the default environment's workspace."""
        return ("env", f"HATCH_DATA_DIR={self.data}", str(self.script), "build", "--all", str(out))


@dataclass(frozen=True, slots=True, kw_only=True)
class Uv:
    """uv alone: it uploads files one after the other, and knows nothing of who requires whom."""

    script: Path
    name: str = "uv"

    def version(self) -> Command:
        """Prints the tool's version."""
        return (str(self.script), "--version")

    def publish(self, files: Sequence[Path], address: Address, *, check: bool) -> Command:
        """Uploads the files; with `check`, after asking for each whether it is there."""
        look = ("--check-url", address.simple_url) if check else ()
        options = ("--publish-url", address.upload_url, *look)
        account = ("env", f"UV_PUBLISH_TOKEN={TOKEN}")
        return (*account, str(self.script), "publish", *options, *map(str, files))


def upload_seconds(receipts: str) -> float:
    """How long the uploads took, from the first until the index served what it had to.

    Args:
        receipts: what `Ours.publish` printed.

    Raises:
        RunFailed: not all went well, or nothing was uploaded.
    """
    document = json.loads(receipts)
    seconds = float(document["seconds"])
    if not document["complete"] or seconds <= 0:
        raise RunFailed(f"monorelease did not publish everything:\n{receipts[-2000:]}")
    return seconds
