"""What a comparison needs to know of a tool: its files, its commands, its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from benchmarks.generator import Repository

Command = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A repository in one tool's words: relative path to text."""

    base: Mapping[str, str]
    fragments: Mapping[str, str]
    """Committed after the base, as a pull request would add them."""


class Move(NamedTuple):
    """How one member moves in a plan."""

    bump: str
    to: str


Plan = Mapping[str, Move]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a release may have changed in one member's manifest."""

    version: str
    lower_bounds: Mapping[str, str]
    """Required member to the version its range begins with."""


class Contestant(Protocol):
    """One tool, installed somewhere."""

    @property
    def name(self) -> str:
        """As tables show it."""

    def version_command(self) -> Command:
        """Prints the tool's version."""

    def lay_out(self, repository: Repository) -> Layout:
        """The repository as this tool's user would have written it."""

    def status_command(self, root: Path) -> Command:
        """Prints the plan for programs, on stdout or into `plan_file`."""

    def release_command(self, root: Path) -> Command:
        """Applies the plan to the work tree."""

    def plan_file(self, root: Path) -> Path | None:
        """Where `status_command` leaves the plan; None for stdout."""

    def read_plan(self, text: str) -> Plan:
        """Every member whose version moves."""

    def read_manifest(self, folder: Path) -> Manifest:
        """The manifest in a member's folder."""
