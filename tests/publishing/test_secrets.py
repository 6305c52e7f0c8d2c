"""Who may upload is known to the index alone: no word, file, argument or package tells of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

from buildable import skip_where_offline
from index_server import ALWAYS, Fault, IndexServer
from monorelease.adapters.credentials import Credentials
from monorelease.reports.publication_json import publish_value
from monorelease.reports.receipts import receipts_text
from publishing import (
    EVERYTHING,
    FILES,
    FRAGMENT,
    OFFLINE,
    package,
    publish,
    released,
)
from pypi_server import UV, needs_uv
from sandbox import Ran, Sandbox, surroundings

pytestmark = needs_uv

SECRET = "pypi-AgEI/correct+horse=battery"  # noqa: S105 - what nobody may find anywhere
"""With letters that are spelt otherwise in an address."""

PREFIX = "MONORELEASE_INDEX_TEST_"
TRUSTED = {
    "ACTIONS_ID_TOKEN_REQUEST_URL": "https://tokens.example/",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": SECRET,
}


class Way(NamedTuple):
    """One way in which credentials come in."""

    environment: Mapping[str, str]
    username: str
    programs: Mapping[str, str] = {}
    """Scripts on the PATH."""


WAYS = {
    "a token": Way({f"{PREFIX}TOKEN": SECRET}, "__token__"),
    "a name and a password": Way(
        {f"{PREFIX}USERNAME": "bot", f"{PREFIX}PASSWORD": SECRET}, username="bot"
    ),
    "a keyring": Way({}, "__token__", {"keyring": f"echo '{SECRET}'"}),
}

RECORD = """\
#!/bin/sh
printf '%s\\n' "$@" >> {log}.arguments
env | sed "s|=.*||; s|^|{program} $1 |" >> {log}.names
{work}
"""
"""A program that writes down what it is told, and then does its work."""


@dataclass(frozen=True)
class Place:
    """A repository and its index, and the programs that are started there."""

    index: IndexServer
    sandbox: Sandbox
    log: Path

    def programs(self, way: Way) -> Mapping[str, str]:
        """Let git, uv and more write down what they are told; the environment for that."""
        folder = self.log.parent / "bin"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        started = {"git": f'exec {shutil.which("git")} "$@"', "uv": f'exec {UV} "$@"'}
        for program, work in {**started, **way.programs}.items():
            script = folder / program
            script.write_text(RECORD.format(log=self.log, program=program, work=work))
            script.chmod(0o755)
        path = f"{folder}:{surroundings()['PATH']}"
        return {**OFFLINE, "HATCH_UV": str(folder / "uv"), "PATH": path, **way.environment}

    def assert_unseen(self, ran: Ran, username: str) -> None:
        """The secret is neither in what was said, nor in any file, nor in any argument."""
        assert_hidden(ran.stdout + ran.stderr, username)
        folders = (self.sandbox.root, self.log.parent / "origin.git")
        paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        assert len(paths) > 50
        for path in paths:
            assert_hidden(path.read_bytes().decode("latin-1"), username)
        assert_hidden(self.sandbox.git("log", "--all", "--patch"), username)
        assert_hidden(self.sandbox.git("for-each-ref", "--format=%(contents)"), username)
        assert_hidden(self.log.with_suffix(".arguments").read_text(), username)

    def assert_only_uploads_are_told(self) -> None:
        """No other program, and no other run of uv, could know who may upload."""
        names = self.log.with_suffix(".names").read_text().splitlines()
        assert "uv pip PATH" in names
        told = {line for line in names if "UV_PUBLISH" in line}
        assert told == {f"uv publish UV_PUBLISH_{what}" for what in ("PASSWORD", "USERNAME")}
        assert not [line for line in names if line.startswith("uv") and "MONORELEASE" in line]


def assert_hidden(text: str, username: str) -> None:
    """The text has the secret in no spelling."""
    for spelling in Credentials(username=username, password=SECRET).spellings():
        assert spelling not in text


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("place")
    with IndexServer() as index:
        sandbox = released(folder, index.simple_url, index.upload_url)
        yield Place(index, sandbox, folder / "log")


@pytest.mark.parametrize("name", WAYS)
def test_the_secret_shows_nowhere(name: str, place: Place) -> None:
    """Neither when the index refuses it and repeats it in its answer, nor when it takes it."""
    way, index = WAYS[name], place.index
    flags = ("--yes", "--json") if way.programs else ("--yes",)
    index.forget()
    index.credentials = (way.username, SECRET)
    basic = Credentials(username=way.username, password=SECRET).spellings()[1]
    index.heed([Fault(on="upload", status=403, words=f"No {SECRET} here: {basic}", times=ALWAYS)])
    environment = place.programs(way)

    refused = place.sandbox.monorelease("publish", *flags, **environment)
    assert refused.status == 1
    assert "No *** here" in refused.stdout
    place.assert_unseen(refused, way.username)

    index.heed(())
    taken = place.sandbox.monorelease("publish", *flags, **environment)
    assert taken.status == 0, taken.stderr
    assert index.stored == EVERYTHING
    place.assert_unseen(taken, way.username)
    place.assert_only_uploads_are_told()


def test_a_connection_that_is_cut_for_good_tells_nothing(place: Place) -> None:
    place.index.forget()
    place.index.credentials = ("__token__", SECRET)
    place.index.heed([Fault(on="upload", file=FILES["core"][0], cut=True, times=ALWAYS)])

    publication = publish(place.sandbox, {f"{PREFIX}TOKEN": SECRET})

    assert publication is not None
    assert not publication.is_complete
    assert_hidden(repr(publication), "__token__")
    assert_hidden(receipts_text(publication), "__token__")
    assert_hidden(json.dumps(publish_value(publication, ())), "__token__")


def test_a_workflow_that_the_index_trusts_needs_no_secret(place: Place) -> None:
    place.index.forget()
    words = ("--dry-run", "--json", "--only", "core")

    ran = place.sandbox.monorelease("publish", *words, **OFFLINE, **TRUSTED)

    assert ran.status == 0, ran.stdout
    codes = [each["code"] for each in json.loads(ran.stdout)["findings"]]
    assert codes == ["new-names"]
    assert place.index.uploads == []
    assert_hidden(ran.stdout + ran.stderr, "__token__")


SPY = """\
import os, sys
from pathlib import Path

Path({path!r}).write_text(repr((sys.orig_argv, dict(os.environ))))
"""

HOOK = """\
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):
    def initialize(self, version, build_data):
        pass
"""


def test_foreign_code_sees_no_secret(tmp_path: Path) -> None:
    """What a package does when it is built, or imported, is its own affair; secrets are not."""
    built, imported = tmp_path / "built", tmp_path / "imported"
    files = package("core")
    manifest = "packages/core/pyproject.toml"
    sandbox = Sandbox(tmp_path / "repository")
    sandbox.write({"pyproject.toml": "[tool.monorelease]\n", "changes/1.fix.md": FRAGMENT})
    sandbox.write(
        {
            **files,
            manifest: f"{files[manifest]}\n[tool.hatch.build.hooks.custom]\n",
            "packages/core/hatch_build.py": SPY.format(path=str(built)) + HOOK,
            "packages/core/src/core/__init__.py": SPY.format(path=str(imported)),
        }
    )
    sandbox.commit("Begin")
    assert sandbox.monorelease("release", "--commit").status == 0
    secrets = TRUSTED | {f"{PREFIX}TOKEN": SECRET, "TWINE_PASSWORD": SECRET, "GH_TOKEN": SECRET}

    ran = sandbox.monorelease("publish", HATCH_UV=UV, UV_NO_CONFIG="1", **secrets)

    skip_where_offline(ran.stderr)
    assert ran.status == 0, ran.stderr
    for seen in (built, imported):
        assert "'PATH'" in seen.read_text()
        assert_hidden(seen.read_text(), "__token__")
        assert not [name for name in secrets if name in seen.read_text()]
