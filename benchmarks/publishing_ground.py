"""The repositories of the publishing benchmark: a copy of this one, and nineteen small members."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import ground
from benchmarks.contestants.port import Layout
from benchmarks.loopback import Address
from benchmarks.measure import run
from benchmarks.publishers import INDEX, Ours
from benchmarks.setup_peers import CHECKOUT

SIZE = 19
MODULES = 8
"""In each generated member: what a small package has."""

_PRIVATE = '  "Private :: Do Not Upload",\n'
_OWN_WORKSPACE = 'workspace.members = ["tools/monorelease"]'
_ALL_MEMBERS = 'workspace.members = ["packages/*"]'


def copy_of_this(root: Path, ours: Ours) -> int:
    """A clone of this repository's last commit at `root`, released; how many members it has.

    Two things are changed so that both tools build the same: nobody is private, and hatch's
    default environment, of which it builds the members, is that of all packages.
    """
    command = ("git", "clone", "--quiet", "--no-hardlinks", str(CHECKOUT), str(root))
    subprocess.run(command, check=True, timeout=300)
    manifests = sorted(root.glob("packages/*/pyproject.toml"))
    for manifest in manifests:
        _replace(manifest, _PRIVATE, "")
    _replace(root / "pyproject.toml", _OWN_WORKSPACE, _ALL_MEMBERS)
    _git(root, "config", "user.name", "Benchmark")
    _git(root, "config", "user.email", "benchmark@example.com")
    _git(root, "config", "commit.gpgsign", "false")
    _git(root, "commit", "--quiet", "--all", "--message", "Let all be built")
    run(ours.release(root), root)
    return len(manifests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishable:
    """Generated members whose release is committed and pushed, below the folder `work`."""

    work: Path

    @property
    def root(self) -> Path:
        """The work tree of this round."""
        return self.work / "repository"

    def copy(self) -> Path:
        """A fresh tree, and a fresh remote without tags, for one round."""
        for name in ("repository", "origin.git"):
            shutil.rmtree(self.work / name, ignore_errors=True)
            shutil.copytree(self.work / "templates" / name, self.work / name)
        _git(self.root, "update-index", "--refresh", "-q")
        return self.root


def generate_publishable(work: Path, address: Address, ours: Ours) -> Publishable:
    """One core and members that require it, released to a bare repository, in `work`."""
    made = Publishable(work=work)
    ground.lay(Layout(base=_files(address), fragments=_FRAGMENTS), made.root)
    run(ours.release(made.root), made.root)
    origin = work / "origin.git"
    _git(work, "init", "--quiet", "--bare", "--initial-branch=main", str(origin))
    _git(made.root, "remote", "add", "origin", str(origin))
    _git(made.root, "push", "--quiet", "--set-upstream", "origin", "main")
    _git(made.root, "remote", "set-head", "origin", "main")
    (work / "templates").mkdir()
    for path in (made.root, origin):
        path.rename(work / "templates" / path.name)
    return made


def hashes_of(folder: Path) -> Mapping[str, str]:
    """The packages in `folder`: file name to SHA-256."""
    files = (path for pattern in ("*.whl", "*.tar.gz") for path in folder.glob(pattern))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


_FRAGMENTS = {"changes/1.fix.md": "---\ncore: patch\n---\n\nNative resources are freed.\n"}


def _files(address: Address) -> dict[str, str]:
    files = {"pyproject.toml": _root(address)}
    for number in range(SIZE):
        name = f"member-{number:02d}" if number else "core"
        module = name.replace("-", "_")
        folder = f"packages/{name}"
        files[f"{folder}/pyproject.toml"] = _manifest(name, '"core>=1.0.0,<2"' if number else "")
        files[f"{folder}/README.md"] = f"# {name}\n\nA member of a generated repository.\n"
        files[f"{folder}/src/{module}/__init__.py"] = f'"""The package {name}."""\n'
        for each in range(MODULES):
            text = f'"""Room {each} of {name}."""\n\nVALUES = {list(range(200))}\n'
            files[f"{folder}/src/{module}/room_{each}.py"] = text
    return files


def _root(address: Address) -> str:
    return f"""\
[tool.monorelease]
fixed = [["core", "member-*"]]

[tool.monorelease.publish]
to = "{INDEX}"
branch = "main"

[tool.monorelease.index.{INDEX}]
url = "{address.simple_url}"
upload-url = "{address.upload_url}"
"""


def _manifest(name: str, dependencies: str) -> str:
    return f"""\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "1.0.0"
description = "A member of a generated repository"
readme = "README.md"
requires-python = ">=3.11"
dependencies = [{dependencies}]
"""


def _replace(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, timeout=300)
