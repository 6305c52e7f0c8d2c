"""Whole runs as folders: a repository before, commands, what they print, the repository after.

``in/``         the repository before, committed as it is
``command.txt`` commands, one a line: ``monorelease …``, ``git …``, or ``copy FOLDER``, which
                copies a folder beside ``in/`` over the repository
``stdout.txt``  what they print; with several commands, each below a line that begins with ``$``
``stderr.txt``  the story, likewise; no file where there is none
``status.txt``  exit statuses, one a line; no file where all are 0
``out/``        the repository after, whole; no folder where nothing changed
``dry_run.txt`` what the rehearsal prints, in case a release can only fail for real

Every ``release`` runs twice: with ``--dry-run``, which must print the same, end the same and
write nothing; then for real. ``pytest --update`` writes what came out: read the diff.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox import Ran, Sandbox, files_in

SCENARIOS = sorted(path.parent for path in Path(__file__).parent.glob("*/command.txt"))

Texts = dict[str, str]
"""What is in the text files beside ``in/``, by their names; an empty one is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """What came out of a scenario."""

    texts: Texts
    tree: dict[str, bytes]


@pytest.fixture(scope="module")
def plays(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Path, Future[Play]]]:
    """The scenarios of this run, played side by side: most of their time they wait."""
    asked_for = {item.name for item in request.session.items}
    wanted = [each for each in SCENARIOS if f"{test_scenario.__name__}[{each.name}]" in asked_for]
    pool = ThreadPoolExecutor(max_workers=os.cpu_count())
    try:
        yield {each: pool.submit(_play, each, tmp_path_factory.mktemp("play")) for each in wanted}
    finally:
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.name)
def test_scenario(
    scenario: Path, plays: dict[Path, Future[Play]], request: pytest.FixtureRequest
) -> None:
    play = plays[scenario].result()

    if request.config.getoption("--update"):
        _rewrite(scenario, play)
    assert play.texts == _expected_texts(scenario)
    assert play.tree == files_in(_after(scenario))


def test_git_leaves_no_file_of_a_scenario_out() -> None:
    here = Path(__file__).parent
    listing = "git ls-files --others --ignored --exclude-standard -- . :(exclude)*.pyc"
    ended = subprocess.run(
        listing.split(), cwd=here, capture_output=True, text=True, timeout=60, check=False
    )
    if ended.returncode:
        pytest.skip("needs the git repository")

    assert ended.stdout == ""


def _play(scenario: Path, folder: Path) -> Play:
    sandbox = Sandbox(folder / "repository")
    sandbox.copy(scenario / "in")
    sandbox.commit("Begin")
    commands = _read(scenario / "command.txt").splitlines()
    rehearsed = _read(scenario / "dry_run.txt")
    runs = [_run(line, scenario, sandbox, rehearsed) for line in commands]
    statuses = [str(ran.status) for ran in runs]
    texts = {
        "stdout.txt": _transcript(commands, [ran.stdout for ran in runs]),
        "stderr.txt": _transcript(commands, [ran.stderr for ran in runs]),
        "status.txt": "\n".join(statuses) + "\n" if set(statuses) != {"0"} else "",
    }
    return Play(texts=texts, tree=sandbox.tree())


def _run(line: str, scenario: Path, sandbox: Sandbox, rehearsed: str) -> Ran:
    match shlex.split(line):
        case ["monorelease", "release", *words] if not {"--dry-run", "--diff"} & set(words):
            rehearsal = _rehearse(sandbox, words)
            ran = sandbox.monorelease("release", *words)
            expected = (0, rehearsed) if rehearsed else (ran.status, ran.stdout)
            assert (rehearsal.status, rehearsal.stdout) == expected
            return ran
        case ["monorelease", *words]:
            return sandbox.monorelease(*words)
        case ["git", *words]:
            return sandbox.run("git", *words)
        case ["copy", folder]:
            sandbox.copy(scenario / folder)
            return Ran(0, "", "")
        case _:
            pass
    raise ValueError(f"no command for a scenario: {line}")


def _rehearse(sandbox: Sandbox, words: list[str]) -> Ran:
    before = sandbox.tree(), sandbox.git("status", "--porcelain")
    rehearsal = sandbox.monorelease("release", *words, "--dry-run")
    assert (sandbox.tree(), sandbox.git("status", "--porcelain")) == before
    return rehearsal


def _transcript(commands: list[str], said: list[str]) -> str:
    """What one command said; or what several said, each below its own line."""
    if len(commands) == 1:
        return said[0]
    told = zip(commands, said, strict=True)
    return "\n".join(f"$ {line}\n{text}" for line, text in told if text)


def _after(scenario: Path) -> Path:
    return next(folder for name in ("out", "in") if (folder := scenario / name).is_dir())


def _expected_texts(scenario: Path) -> Texts:
    return {name: _read(scenario / name) for name in ("stdout.txt", "stderr.txt", "status.txt")}


def _read(path: Path) -> str:
    return path.read_bytes().decode() if path.exists() else ""


def _rewrite(scenario: Path, play: Play) -> None:
    for name, text in play.texts.items():
        (scenario / name).unlink(missing_ok=True)
        if text:
            (scenario / name).write_bytes(text.encode())
    shutil.rmtree(scenario / "out", ignore_errors=True)
    if play.tree != files_in(scenario / "in"):
        for name, content in play.tree.items():
            path = scenario / "out" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
