"""A monorepo with sources, whose members were released before: each release has its tags."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sandbox import Sandbox

CORE = "packages/core/src/core/__init__.py"
APP = "packages/app/src/app/__init__.py"


class Shelf:
    """`core`, and `app` that requires it."""

    def __init__(self, root: Path, config: str = "") -> None:
        self.sandbox = Sandbox(root)
        self.sandbox.write({"pyproject.toml": f"[tool.monorelease]\n{config}"})
        self.write({CORE: "", APP: ""})

    @property
    def root(self) -> Path:
        """Of the repository."""
        return self.sandbox.root

    def write(self, files: Mapping[str, str]) -> None:
        """Write files."""
        self.sandbox.write(dict(files))

    def state(self, core: str = "1.0.0", app: str = "1.0.0", needs: str = ">=1.0.0,<2") -> None:
        """Both members' versions, and which versions of the core the app lets in."""
        self.write(
            {
                "packages/core/pyproject.toml": _manifest("core", core),
                "packages/app/pyproject.toml": _manifest("app", app, f"core{needs}"),
            }
        )

    def release(self, core: str, text: str, app: str = "") -> None:
        """A commit in which the core, with `text` for its module, has that version and its tag."""
        self.state(core=core, app=app or "1.0.0")
        self.write({CORE: text})
        self.sandbox.commit(f"Release core {core}")
        self.sandbox.git("tag", f"core-v{core}")
        if app:
            self.sandbox.git("tag", f"app-v{app}")

    def intend(self, text: str, name: str = "1.fix.md") -> None:
        """A fragment with that front matter."""
        self.write({f"changes/{name}": f"---\n{text}\n---\n\nWords.\n"})


def _manifest(name: str, version: str, *requirements: str) -> str:
    listed = ", ".join(f'"{requirement}"' for requirement in requirements)
    return f"""\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "{version}"
dependencies = [{listed}]
"""
