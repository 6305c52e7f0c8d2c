"""monorelease: Python members, fragments in `changes/` with front matter, towncrier's marker."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestants.port import Command, Layout, Manifest, Move, Plan
from benchmarks.contestants.python_member import format_member, read_pyproject
from benchmarks.generator import Fragment, Member, Repository

_ROOT = """\
[tool.monorelease]
members = ["packages/*"]

[tool.towncrier]
directory = "changes"
filename = "CHANGELOG.md"
title_format = "## {version} - {project_date}"
underlines = ["", "", ""]
ignore = []

[[tool.towncrier.type]]
directory = "feature"
name = "Features"

[[tool.towncrier.type]]
directory = "fix"
name = "Fixes"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Monorelease:
    """The console script of an environment that holds the tool."""

    script: Path
    name: str = "monorelease"

    def version_command(self) -> Command:
        """Prints the tool's version."""
        return (str(self.script), "--version")

    def lay_out(self, repository: Repository) -> Layout:
        """The repository as this tool's user would have written it."""
        base = {"pyproject.toml": _ROOT}
        for member in repository.members:
            base |= format_member(member, _changelog(member))
        fragments = {
            f"changes/{fragment.number}.{fragment.category}.md": _fragment(fragment)
            for fragment in repository.fragments
        }
        return Layout(base=base, fragments=fragments)

    def status_command(self, root: Path) -> Command:
        """Prints the plan for programs, on stdout or into `plan_file`."""
        return (str(self.script), "status", "--json", "--cwd", str(root))

    def release_command(self, root: Path) -> Command:
        """Applies the plan to the work tree."""
        return (str(self.script), "release", "--cwd", str(root), "--date", "2026-11-22")

    def plan_file(self, root: Path) -> Path | None:  # noqa: ARG002 (the port asks for it)
        """Where `status_command` leaves the plan; None for stdout."""
        return None

    def read_plan(self, text: str) -> Plan:
        """Every member whose version moves."""
        releases = json.loads(text)["releases"]
        return {r["name"]: Move(r["bump"], r["to"]) for r in releases if r["bump"] != "none"}

    def read_manifest(self, folder: Path) -> Manifest:
        """The manifest in a member's folder."""
        return read_pyproject(folder)


def _changelog(member: Member) -> str:
    return f"""\
# Changelog

<!-- towncrier release notes start -->

## {member.version} - 2026-10-01

### Fixes

- Something that was broken works. (#900)

## {member.previous} - 2026-09-01

### Fixes

- Something else works. (#800)
"""


def _fragment(fragment: Fragment) -> str:
    bumps = "".join(f"{name}: {bump}\n" for name, bump in fragment.bumps)
    return f"---\n{bumps}---\n\n{fragment.text}"
