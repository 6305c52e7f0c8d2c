"""molt-release: Python members of a uv workspace, fragments in `.changeset/`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestants.changesets_markdown import format_changelog, format_changesets
from benchmarks.contestants.port import Command, Layout, Manifest, Move, Plan
from benchmarks.contestants.python_member import format_member, read_pyproject
from benchmarks.generator import Repository

_ROOT = """\
[tool.uv.workspace]
members = ["packages/*"]

[tool.molt]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Molt:
    """The console script of an environment that holds the tool."""

    script: Path
    name: str = "molt"

    def version_command(self) -> Command:
        """Prints the tool's version."""
        return (str(self.script), "--version")

    def lay_out(self, repository: Repository) -> Layout:
        """The repository as this tool's user would have written it."""
        base = {"pyproject.toml": _ROOT}
        for member in repository.members:
            base |= format_member(member, format_changelog(member))
        return Layout(base=base, fragments=format_changesets(repository))

    def status_command(self, root: Path) -> Command:
        """Prints the plan for programs, on stdout or into `plan_file`."""
        return (str(self.script), "status", "--output", "json", "--cwd", str(root))

    def release_command(self, root: Path) -> Command:
        """Applies the plan to the work tree."""
        return (str(self.script), "version", "--non-interactive", "--cwd", str(root))

    def plan_file(self, root: Path) -> Path | None:  # noqa: ARG002 (the port asks for it)
        """Where `status_command` leaves the plan; None for stdout."""
        return None

    def read_plan(self, text: str) -> Plan:
        """Every member whose version moves."""
        releases = json.loads(text)["releases"]
        return {
            r["name"]: Move(r["type"], r["new_version"]) for r in releases if r["type"] != "none"
        }

    def read_manifest(self, folder: Path) -> Manifest:
        """The manifest in a member's folder."""
        return read_pyproject(folder)
