"""@changesets/cli: npm workspaces, fragments in `.changeset/`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestants.changesets_markdown import format_changelog, format_changesets
from benchmarks.contestants.port import Command, Layout, Manifest, Move, Plan
from benchmarks.generator import Member, Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Changesets:
    """The command's entry file and the node that runs it."""

    node: Path
    entry: Path
    name: str = "changesets"

    def version_command(self) -> Command:
        """Prints the tool's version."""
        return (*self._start(), "--version")

    def lay_out(self, repository: Repository) -> Layout:
        """The repository as this tool's user would have written it."""
        root = {"name": "root", "private": True, "workspaces": ["packages/*"]}
        base = {
            "package.json": _json(root),
            "package-lock.json": _json({"name": "root", "lockfileVersion": 3, "packages": {}}),
            ".changeset/config.json": _json({"baseBranch": "main"}),
        }
        for member in repository.members:
            base |= _member(member)
        return Layout(base=base, fragments=format_changesets(repository))

    def status_command(self, root: Path) -> Command:
        """Prints the plan for programs, on stdout or into `plan_file`."""
        return (*self._start(), "status", "--output", str(self.plan_file(root)))

    def release_command(self, root: Path) -> Command:  # noqa: ARG002 (it runs in the root)
        """Applies the plan to the work tree."""
        return (*self._start(), "version")

    def plan_file(self, root: Path) -> Path | None:
        """Where `status_command` leaves the plan; None for stdout."""
        return root / ".git" / "plan.json"

    def read_plan(self, text: str) -> Plan:
        """Every member whose version moves."""
        releases = json.loads(text)["releases"]
        return {
            r["name"]: Move(r["type"], r["newVersion"]) for r in releases if r["type"] != "none"
        }

    def read_manifest(self, folder: Path) -> Manifest:
        """The manifest in a member's folder."""
        package = json.loads((folder / "package.json").read_text("utf-8"))
        ranges = package["dependencies"].items()
        return Manifest(
            version=package["version"],
            lower_bounds={name: text.removeprefix(">=").partition(" ")[0] for name, text in ranges},
        )

    def _start(self) -> Command:
        return (str(self.node), str(self.entry))


def _member(member: Member) -> Iterator[tuple[str, str]]:
    folder = f"packages/{member.name}"
    package = {
        "name": member.name,
        "version": member.version,
        "description": "A member of a generated repository",
        "main": "index.js",
        "dependencies": {
            required.on: f">={required.lower} <{required.below}" for required in member.requires
        },
    }
    yield f"{folder}/package.json", _json(package)
    yield f"{folder}/CHANGELOG.md", format_changelog(member)
    yield f"{folder}/index.js", f"// The package {member.name}.\n"


def _json(value: object) -> str:
    return json.dumps(value, indent=2) + "\n"
