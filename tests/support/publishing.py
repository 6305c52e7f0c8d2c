"""A monorepo whose release is committed and pushed, and waits to be published."""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, mkdtemp

from monorelease.adapters.credentials import without_secrets
from monorelease.adapters.package_index import PackageIndex
from monorelease.model.publication import Publication
from monorelease.workflows.artifacts import Workshop
from monorelease.workflows.carry_out import carry_out
from monorelease.workflows.outstanding import Outstanding, look_outside, released_of
from monorelease.workflows.publish import prepare
from monorelease.workflows.read import read
from monorelease.workflows.sending import Pace
from monorelease.workflows.target import target_of
from pypi_server import UV
from sandbox import Sandbox, surroundings

OFFLINE = {"UV_OFFLINE": "1", "UV_NO_CONFIG": "1", "HATCH_UV": UV}
"""What keeps uv to what is on this machine: the packages below require only one another."""

FILES = {
    "core": ("core-1.0.1-py3-none-any.whl", "core-1.0.1.tar.gz"),
    "plugin-a": ("plugin_a-1.0.1-py3-none-any.whl", "plugin_a-1.0.1.tar.gz"),
    "plugin-b": ("plugin_b-1.0.1-py3-none-any.whl", "plugin_b-1.0.1.tar.gz"),
}
"""What the release comes to on an index: the kit is private."""

EVERYTHING = sorted(name for files in FILES.values() for name in files)
TAGS = sorted(f"{name}-v1.0.1" for name in FILES)

ROOT = """\
[tool.monorelease]
fixed = [["core", "plugin-*", "kit"]]

[tool.monorelease.publish]
to = "test"
branch = "main"

[tool.monorelease.index.test]
url = "{url}"
upload-url = "{upload_url}"
patience = 2
"""


def released(folder: Path, url: str = "", upload_url: str = "", config: str = "") -> Sandbox:
    """Three packages and a private one at 1.0.1, committed, and pushed to a remote on disk.

    Args:
        folder: holds ``repository`` and ``origin.git``.
        url: of the index ``test``; without one the local folder is published to.
        upload_url: of the same.
        config: more of the root's ``pyproject.toml``.
    """
    sandbox = Sandbox.copied(_released_once(), folder / "repository")
    table = ROOT.format(url=url, upload_url=upload_url) if url else PLAIN
    sandbox.write({"pyproject.toml": f"{table}{config}"})
    sandbox.git("commit", "--quiet", "--all", "--amend", "--no-edit", "--allow-empty")
    add_remote(sandbox, folder / "origin.git")
    return sandbox


PLAIN = '[tool.monorelease]\nfixed = [["core", "plugin-*", "kit"]]\n'


@cache
def _released_once() -> Path:
    """The repository without an index and a remote; every test has a copy."""
    folder = mkdtemp()
    atexit.register(rmtree, folder, ignore_errors=True)
    sandbox = Sandbox(Path(folder, "repository"))
    sandbox.write({"pyproject.toml": PLAIN, "changes/1.fix.md": FRAGMENT})
    sandbox.write(package("core"))
    sandbox.write(package("plugin-a", "core>=1.0.0,<2"))
    sandbox.write(package("plugin-b", "core>=1.0.0,<2"))
    sandbox.write(package("kit", "core>=1.0.0,<2", private=True))
    sandbox.commit("Begin")
    ran = sandbox.monorelease("release", "--commit")
    assert ran.status == 0, ran.stderr
    return sandbox.root


FRAGMENT = "---\ncore: patch\n---\n\nNative resources are freed.\n"


def forget(sandbox: Sandbox) -> None:
    """Take the tags away again, here and on the remote."""
    for tag in tags_there(sandbox):
        sandbox.git("push", "--quiet", "--delete", "origin", tag)
    for tag in tags_here(sandbox):
        sandbox.git("tag", "--delete", tag)


def add_remote(sandbox: Sandbox, origin: Path) -> None:
    """A bare repository as ``origin``, with the main branch in it."""
    sandbox.run("git", "init", "--quiet", "--bare", "--initial-branch=main", str(origin))
    sandbox.git("remote", "add", "origin", str(origin))
    sandbox.git("push", "--quiet", "--set-upstream", "origin", "main")


def package(name: str, *requirements: str, private: bool = False) -> dict[str, str]:
    """The files of a member at 1.0.0 that builds with hatchling, and imports what it requires."""
    module = name.replace("-", "_")
    classifiers = '"Private :: Do Not Upload"' if private else ""
    listed = ", ".join(f'"{requirement}"' for requirement in requirements)
    imports = "import core  # noqa\n" if requirements else ""
    return {
        f"packages/{name}/pyproject.toml": f"""\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "1.0.0"
description = "A package of the tests"
readme = "README.md"
requires-python = ">=3.11"
classifiers = [{classifiers}]
dependencies = [{listed}]

[project.entry-points."toy.plugins"]
{module} = "{module}"
""",
        f"packages/{name}/README.md": f"# {name}\n\nA package of the tests.\n",
        f"packages/{name}/src/{module}/__init__.py": f'"""A package of the tests."""\n{imports}',
    }


TOKEN = {"MONORELEASE_INDEX_TEST_TOKEN": "pypi-AgEIcHlwaS5vcmc-nobody-may-read-this"}
"""Who may upload to the index ``test``."""

QUICK = Pace(before_retries=(0.05, 0.05), first_look=0.05, longest_look=0.2)


def publish(sandbox: Sandbox, environment: Mapping[str, str] = TOKEN) -> Publication | None:
    """What `monorelease publish --yes` does, without its longer pauses; None for nothing to do."""
    index, outstanding = look(sandbox, environment)
    if not outstanding.pending:
        return None
    with TemporaryDirectory() as out:
        prepared = prepare(outstanding, index, workshop(), Path(out))
        return carry_out(prepared, index, hear=lambda *_: None, pace=QUICK)


def look(
    sandbox: Sandbox, environment: Mapping[str, str] = TOKEN
) -> tuple[PackageIndex, Outstanding]:
    """The index ``test``, and what it and the remote do not have."""
    snapshot = read(sandbox.root)
    target = target_of(snapshot.config, "test")
    index = PackageIndex(target, (UV,), surroundings(**environment))
    return index, look_outside(snapshot, released_of(snapshot), index)


def workshop() -> Workshop:
    """uv, and nothing that opens an index."""
    return Workshop(uv=(UV,), environment=without_secrets(surroundings()), tell=lambda _: None)


def tags_here(sandbox: Sandbox) -> list[str]:
    """The names of the tags in the work tree."""
    return sandbox.git("tag", "--list").split()


def tags_there(sandbox: Sandbox) -> list[str]:
    """The names of the tags that the remote has."""
    listed = sandbox.git("ls-remote", "--tags", "--refs", "origin").split()
    return [ref.removeprefix("refs/tags/") for ref in listed[1::2]]
