"""Killed at any moment, the same command again ends right: nothing twice, nothing lost."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fault_table import FaultTable
from index_server import IndexServer
from publishing import EVERYTHING, TAGS, TOKEN, released, tags_here, tags_there
from pypi_server import UV
from sandbox import PATIENCE, TOOL, Sandbox, surroundings

PUBLISH = (*TOOL, "publish", "--yes", "--json")
ENVIRONMENT = TOKEN | {"HATCH_UV": UV}


class Victim:
    """A publishing process that something kills."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.mark = sandbox.root.parent / "pid"
        self.status: int | None = None

    def run(self) -> None:
        """From the beginning to the bitter end."""
        with subprocess.Popen(
            PUBLISH,
            cwd=self.sandbox.root,
            env=surroundings(**ENVIRONMENT),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            self.mark.write_text(str(process.pid))
            self.status = process.wait(PATIENCE)

    def kill(self) -> None:
        """At once, and without a word."""
        os.kill(int(self.mark.read_text()), signal.SIGKILL)


def at_number(number: int, act: Callable[[], None]) -> Callable[[str], None]:
    """`act`, once, when the n-th file comes."""
    seen: list[str] = []

    def come(filename: str) -> None:
        seen.append(filename)
        if len(seen) == number:
            act()

    return come


KILLED = "gone without a word"
COMPLETES = "completes; nothing was sent twice"


def assert_completes(sandbox: Sandbox, index: IndexServer) -> None:
    """The same command does what is left, and once more has nothing to do."""
    for _ in range(2):
        ran = sandbox.run(*PUBLISH, **ENVIRONMENT)
        assert ran.status == 0, ran.stderr
    taken = sorted(arrival.file for arrival in index.uploads if arrival.result == "stored")

    assert index.stored == taken == EVERYTHING
    assert tags_here(sandbox) == tags_there(sandbox) == TAGS


@pytest.mark.parametrize("moment", ["on_upload", "after_upload"])
@pytest.mark.parametrize("number", range(1, len(EVERYTHING) + 1))
def test_killed_around_an_upload(
    number: int, moment: str, tmp_path: Path, table: FaultTable
) -> None:
    """Before the n-th file is kept, or after that and before anybody knows."""
    with IndexServer() as index:
        sandbox = released(tmp_path, index.simple_url, index.upload_url)
        victim = Victim(sandbox)
        setattr(index, moment, at_number(number, victim.kill))
        victim.run()
        assert victim.status == -signal.SIGKILL
        assert tags_here(sandbox) == []

        assert_completes(sandbox, index)
    where = "before it is stored" if moment == "on_upload" else "after it is stored"
    table.tell("killed", f"upload {number}, {where}", KILLED, COMPLETES)


HOOKS = {
    "before the first tag": ("reference-transaction", "prepared"),
    "after the first tag": ("reference-transaction", "committed"),
    "between tags and push": ("pre-push", "origin"),
}


@pytest.mark.parametrize("moment", HOOKS)
def test_killed_around_tags(moment: str, tmp_path: Path, table: FaultTable) -> None:
    name, argument = HOOKS[moment]
    with IndexServer() as index:
        sandbox = released(tmp_path, index.simple_url, index.upload_url)
        victim = Victim(sandbox)
        hook = sandbox.root / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        kill = f"kill -9 $(cat {victim.mark}); exit 1"
        hook.write_text(f'#!/bin/sh\nif test "$1" = {argument}; then {kill}; fi\n')
        hook.chmod(0o755)
        victim.run()
        hook.unlink()
        assert victim.status == -signal.SIGKILL
        assert index.stored == EVERYTHING
        assert tags_there(sandbox) == []

        assert_completes(sandbox, index)
    table.tell("killed", moment, KILLED, COMPLETES)


def test_interrupted_by_a_person(tmp_path: Path, table: FaultTable) -> None:
    """Ctrl-C while a file is on its way: that one may arrive, and no further wave begins."""
    with IndexServer() as index:
        sandbox = released(tmp_path, index.simple_url, index.upload_url)
        victim = Victim(sandbox)
        interrupt = lambda: os.kill(int(victim.mark.read_text()), signal.SIGINT)  # noqa: E731
        index.on_upload = at_number(1, interrupt)
        victim.run()
        assert victim.status == 130
        assert not {name for name in index.stored if name.startswith("plugin")}

        assert_completes(sandbox, index)
    table.tell("Ctrl-C", "upload 1", "ends with status 130; no further wave begins", COMPLETES)
