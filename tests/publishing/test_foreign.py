"""Repositories of every other shape: from their adoption to an installation out of their index."""

from __future__ import annotations

import json
import shutil
import sysconfig
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from buildable import FLIT, SETUPTOOLS, skip_where_offline
from publishing import OFFLINE
from pypi_server import UV
from sandbox import Ran, Sandbox

HATCHLING = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
UV_BUILD = '[build-system]\nrequires = ["uv_build>=0.8,<1"]\nbuild-backend = "uv_build"\n'
PDM = '[build-system]\nrequires = ["pdm-backend"]\nbuild-backend = "pdm.backend"\n'
POETRY = '[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n'
ONLINE = {"HATCH_UV": UV}


def member(
    name: str,
    *requires: str,
    version: str = "1.0.0",
    system: str = HATCHLING,
    more: str = "",
) -> dict[str, str | bytes]:
    """The files of a package in ``packages/``; `more` are keys of ``[project]``, then tables.

    It imports all that it requires.
    """
    folder = f"packages/{name}"
    imports = [f"import {required.partition('>')[0].replace('-', '_')}" for required in requires]
    return {
        f"{folder}/pyproject.toml": f"""\
{system}
[project]
name = "{name}"
version = "{version}"
description = "A package of the tests"
readme = "README.md"
requires-python = ">=3.11"
dependencies = {json.dumps(requires)}
{more}
""",
        f"{folder}/README.md": f"# {name}\n",
        f"{folder}/src/{name.replace('-', '_')}/__init__.py": "\n".join(imports),
    }


def adopt(root: Path, files: Mapping[str, str | bytes], *bumps: str) -> Workspace:
    """A repository with these files that adopts monorelease and commits its first release."""
    sandbox = Sandbox(root)
    sandbox.write({**files, ".gitignore": "dist/\n"})
    sandbox.commit("Before")
    return release(root, *bumps)


def release(root: Path, *bumps: str) -> Workspace:
    """What is there already, adopted and released."""
    workspace = Workspace(root)
    workspace.do("init")
    front = "\n".join(bumps)
    workspace.write({"changes/1.fix.md": f"---\n{front}\n---\n\nBetter.\n"})
    workspace.commit("Change")
    workspace.do("release", "--commit")
    return workspace


class Workspace(Sandbox):
    """A folder in a repository that is there already."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def do(self, *words: str, **environment: str) -> str:
        """Run the tool, which has to succeed; its stdout."""
        ran = self.monorelease(*words, **(environment or OFFLINE))
        skip_where_unreachable(ran)
        assert ran.status == 0, ran.stdout + ran.stderr
        return ran.stdout

    def refused(self, *words: str, **environment: str) -> dict[str, str]:
        """Run the tool, which finds something; the codes of the errors, and each one's problem."""
        ran = self.monorelease(*words, "--json", **(environment or OFFLINE))
        skip_where_unreachable(ran)
        assert ran.status == 3, ran.stdout + ran.stderr
        found = json.loads(ran.stdout)["findings"]
        return {each["code"]: each["problem"] for each in found if each["severity"] == "error"}

    def publish(self, **environment: str) -> None:
        """Publish into the folder of the repository; again, there is nothing to do."""
        self.do("publish", "--yes", **environment)
        assert "Nothing to do" in self.do("publish", "--yes", **environment)

    def install(self, *names: str) -> Path:
        """A new environment in which these were installed from there; its Python."""
        place = self.root / "dist/environment"
        python = place / Path(sysconfig.get_path("scripts")).name / "python"
        index = (self.root / "dist/index").as_uri()
        for words in (
            ("venv", "--quiet", str(place)),
            ("pip", "install", "--python", str(python), "--index", index, *names),
        ):
            ran = self.run(UV, *words, **OFFLINE)
            assert ran.status == 0, ran.stderr
        return python

    def imports(self, python: Path, *modules: str) -> None:
        """They can be imported there."""
        ran = self.run(str(python), "-I", "-c", f"import {', '.join(modules)}")
        assert ran.status == 0, ran.stderr

    def wheel(self, name: str) -> dict[str, bytes]:
        """The files of the published wheel whose name begins so."""
        (place,) = (self.root / "dist/index").glob(f"*/{name}-*.whl")
        with zipfile.ZipFile(place) as archive:
            return {each: archive.read(each) for each in archive.namelist()}


def skip_where_unreachable(ran: Ran) -> None:
    """Skip the test if it failed for want of an index."""
    skip_where_offline(ran.stdout + ran.stderr)


OLD_NAMESPACE = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"


def test_a_family_of_packages(tmp_path: Path) -> None:
    """Namespaces new and old, all plugins as an extra, a command for those with an extra, …"""
    inside = '[tool.hatch.build.targets.wheel]\npackages = ["src/acme"]\n'
    nothing = "[tool.hatch.build.targets.wheel]\nbypass-selection = true\n"
    old = '[tool.hatch.build.targets.wheel]\npackages = ["src/old"]\n'
    every = '[project.optional-dependencies]\nb = ["acme-b>=1"]\nall = ["acme-hub[b]"]\n'
    command = '[project.optional-dependencies]\ncli = ["qz-not-there"]\n'
    command += '[project.scripts]\nacme = "acme_command.cli:main"\n'
    files = {
        **member("acme-a", more=inside),
        **member("acme-b", "acme-a>=1", more=inside),
        **member("acme", "acme-a", "acme-b", "acme-when", "acme-epoch", more=nothing),
        **member("acme-command", more=command),
        **member("acme-when", version="2026.11.1"),
        **member("acme-epoch", "acme-post", version="1!2.0"),
        **member("acme-post", version="1.0.post1"),
        **member("acme-future", "acme-a"),
        **member("acme-hub", more=every),
        **member("old-a", more=old),
        **member("old-b", more=old),
    }
    for name in "ab":
        del files[f"packages/acme-{name}/src/acme_{name}/__init__.py"]
        files[f"packages/acme-{name}/src/acme/{name}/__init__.py"] = ""
        del files[f"packages/old-{name}/src/old_{name}/__init__.py"]
        files[f"packages/old-{name}/src/old/__init__.py"] = OLD_NAMESPACE
        files[f"packages/old-{name}/src/old/{name}.py"] = ""
    del files["packages/acme/src/acme/__init__.py"]
    future = "packages/acme-future/pyproject.toml"
    files[future] = str(files[future]).replace(">=3.11", ">=3.99")
    files["packages/acme-command/src/acme_command/cli.py"] = "import qz_not_there"

    workspace = adopt(tmp_path / "repository", files, "acme-a: minor", "acme-epoch: patch")

    workspace.do("build")
    told = json.loads(workspace.do("verify", "--rebuild", "--json"))["findings"]
    assert sorted(each["code"] for each in told) == ["entry-point-does-not-load", "not-tried"]
    workspace.publish()
    python = workspace.install("acme", "acme-hub[all]", "old-a", "old-b")
    workspace.imports(python, "acme.b", "acme_epoch", "acme_when", "acme_hub", "old.a", "old.b")


def test_a_root_that_is_a_member_below_the_top_of_a_linked_worktree(tmp_path: Path) -> None:
    """With files that git filters, leaves out of archives, or ends in CR LF."""
    members = '[tool.monorelease]\nmembers = [".", "packages/*"]\n'
    lead = member("lead", "sub>=1", more=members)
    files = {path.removeprefix("packages/lead/"): content for path, content in lead.items()}
    files |= member("sub")
    files |= {
        ".gitattributes": "*.big filter=big\n*.bat eol=crlf\n*.txt export-ignore\n",
        "src/lead/data.big": "pointer",
        "src/lead/run.bat": "echo\r\n",
        "src/lead/notes.txt": "kept",
    }
    main = Sandbox(tmp_path / "main")
    main.git("config", "filter.big.clean", "tr A-Z a-z")
    main.git("config", "filter.big.smudge", "tr a-z A-Z")
    main.write({f"python/{path}": content for path, content in files.items()})
    main.write({"python/.gitignore": "dist/\n"})
    main.commit("Before")
    main.git("worktree", "add", "--quiet", "-b", "release", str(tmp_path / "linked"))

    workspace = release(tmp_path / "linked" / "python", "sub: minor")

    workspace.publish()
    workspace.imports(workspace.install("lead"), "lead")
    wheel = workspace.wheel("lead")
    assert wheel["lead/data.big"] == b"POINTER"
    assert wheel["lead/run.bat"] == b"echo\r\n"
    assert "lead/notes.txt" in wheel


def test_what_only_the_repository_has_is_not_published_as_a_link(tmp_path: Path) -> None:
    """Hatchling packs a link as what it is, and nobody could unpack the source distribution."""
    files = {**member("core", more='license-files = ["LICENSE"]\n'), "LICENSE": "Free.\n"}
    workspace = adopt(tmp_path / "repository", files, "core: minor")
    licence = workspace.root / "packages/core/LICENSE"
    licence.symlink_to("../../LICENSE")
    workspace.commit("Link")

    found = workspace.refused("publish", "--yes", "--at", "HEAD")

    assert found == {
        "link-outside": "core-1.1.0.tar.gz: core-1.1.0/LICENSE is a link to ../../LICENSE, "
        "which is not in it"
    }
    assert not (workspace.root / "dist/index").exists()
    licence.unlink()
    shutil.copy(workspace.root / "LICENSE", licence)
    workspace.commit("Copy")
    workspace.do("publish", "--yes", "--at", "HEAD")


def test_submodules_get_into_what_is_built_around_them(tmp_path: Path) -> None:
    words = ("-c", "protocol.file.allow=always", "submodule", "--quiet")
    vendored = Sandbox(tmp_path / "vendored")
    vendored.write({"tables.py": "X = 1\n"})
    vendored.commit("Vendored")
    sandbox = Sandbox(tmp_path / "repository")
    sandbox.write({**member("core"), ".gitignore": "dist/\n"})
    place = "packages/core/src/core/vendored"
    sandbox.git(*words, "add", str(vendored.root), place)
    sandbox.commit("Before")
    workspace = release(sandbox.root, "core: minor")
    workspace.git("submodule", "--quiet", "deinit", "--force", place)

    assert [*workspace.refused("publish", "--yes")] == ["empty-submodule"]

    workspace.git(*words, "update", "--init", place)
    workspace.publish()
    assert "core/vendored/tables.py" in workspace.wheel("core")


EXTENSION = """\
#include <Python.h>
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "_fast", 0, -1, 0};
PyMODINIT_FUNC PyInit__fast(void) { return PyModule_Create(&module); }
"""
SETUP = """\
from setuptools import Extension, setup
setup(ext_modules=[Extension("native._fast", ["src/native/_fast.c"])])
"""
POETRYS = """\
[tool.poetry]
name = "verse"
version = "1.0.0"
description = "A package of the tests"
authors = ["Ada <ada@example.org>"]
readme = "README.md"
packages = [{ include = "verse", from = "src" }]

[tool.poetry.dependencies]
python = "^3.11"
native = %s
"""
HOOK = """\
import helper
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Hook(BuildHookInterface):
    pass
"""


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_backends_of_every_kind_in_one_repository(tmp_path: Path) -> None:
    """One is built with a sibling that was published before; one leads to a folder of its own."""
    system = HATCHLING.replace('"hatchling"]', '"hatchling", "helper>=1"]')
    hooked = "[tool.hatch.build.hooks.custom]\n"
    files = {
        "pyproject.toml": "[tool.monorelease]\n",
        **member("native", system=SETUPTOOLS),
        "packages/native/setup.py": SETUP,
        "packages/native/src/native/__init__.py": "import native._fast",
        "packages/native/src/native/_fast.c": EXTENSION,
        **member("pure", "native>=1", system=SETUPTOOLS),
        **member("light", "pure>=1", system=FLIT),
        **member("dense", "light>=1", system=PDM),
        **member("quick", "dense>=1", "verse", system=UV_BUILD),
        **member("verse", system=POETRY),
        "packages/verse/pyproject.toml": POETRY + POETRYS % '{ path = "../native" }',
        **member("helper"),
        **member("hooked", system=system, more=hooked),
        "packages/hooked/hatch_build.py": HOOK,
    }
    workspace = adopt(tmp_path / "repository", files, "native: minor", "helper: minor")
    workspace.do("publish", "--yes", "--only", "helper", **ONLINE)

    found = workspace.refused("publish", "--yes", **ONLINE)
    assert [*found] == ["leaves-workspace"]
    assert found["leaves-workspace"].startswith("verse-1.0.0-py3-none-any.whl requires native @ ")

    workspace.write({"packages/verse/pyproject.toml": POETRY + POETRYS % '"^1.0"'})
    workspace.commit("Require a version")
    workspace.do("publish", "--yes", "--at", "HEAD", **ONLINE)
    workspace.imports(workspace.install("quick", "hooked"), "quick", "hooked", "native._fast")
    same = ("pure", "light", "dense", "hooked", "verse", "quick")
    workspace.do("build", *same, "--at", "HEAD", **ONLINE)
    told = workspace.do("verify", "--no-install", "--rebuild", "--at", "HEAD", **ONLINE)
    assert "the same bytes when they are built again" in told
