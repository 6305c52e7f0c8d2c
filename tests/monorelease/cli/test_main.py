"""Arguments in; exit status, result and story out."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from sandbox import PATIENCE, TOOL, Sandbox, surroundings, toy

DONE, PROBLEM, USAGE, FINDINGS, BUG = 0, 1, 2, 3, 70


@pytest.fixture
def repository(tmp_path: Path) -> Sandbox:
    return toy(tmp_path / "repository")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("", id="nothing"),
        pytest.param("stauts", id="unknown command"),
        pytest.param("status --jsno", id="unknown flag"),
        pytest.param("explain", id="name missing"),
        pytest.param("release --date 2026-13-01", id="no date"),
        pytest.param("release --date yesterday", id="no date at all"),
        pytest.param("release --as core", id="version missing"),
        pytest.param("release --as core=one", id="no version"),
        pytest.param("release --pre rc --snapshot", id="two channels"),
        pytest.param("release --pre beta", id="unknown label"),
        pytest.param("release --snapshot --commit", id="snapshot committed"),
        pytest.param("status --only nobody", id="unknown member in --only"),
        pytest.param("status --except nobody", id="unknown member in --except"),
        pytest.param("status --as nobody=2", id="unknown member in --as"),
        pytest.param("explain nobody", id="unknown member explained"),
        pytest.param("changelog nobody", id="unknown member in changelog"),
        pytest.param("add --patch core", id="nobody to ask"),
        pytest.param("check --since nowhere", id="unknown ref"),
        pytest.param("check --since --output=x", id="a flag for a ref"),
    ],
)
def test_words_that_do_not_fit_end_in_2_and_do_nothing(repository: Sandbox, words: str) -> None:
    before = repository.tree()

    ran = repository.monorelease(*words.split())

    assert ran.status == USAGE
    assert ran.stderr or not words
    assert "Traceback" not in ran.stderr
    assert repository.tree() == before


@pytest.mark.parametrize("words", ["status --only cor", "explain cor", "add --patch cor -m Words."])
def test_a_near_name_is_guessed(repository: Sandbox, words: str) -> None:
    ran = repository.monorelease(*words.split())

    assert ran.stderr == "error: there is no member 'cor' here\n  hint: did you mean 'core'?\n"


def test_a_problem_ends_in_1_with_its_hint(tmp_path: Path) -> None:
    ran = Sandbox(tmp_path / "empty").monorelease("status")

    assert (ran.status, ran.stdout) == (PROBLEM, "")
    assert ran.stderr.startswith("error: ")
    assert ran.stderr.splitlines()[-1].startswith("  hint: ")


@pytest.mark.parametrize("command", ["check", "status", "release", "changelog"])
def test_findings_end_in_3(repository: Sandbox, command: str) -> None:
    repository.write({"changes/bad.fix.md": "---\nnobody: patch\n---\n\nWords.\n"})

    assert repository.monorelease(command).status == FINDINGS


def test_a_warning_alone_ends_in_0(tmp_path: Path) -> None:
    ran = toy(tmp_path / "repository", 'ignore = ["nobody"]\n').monorelease("check")

    assert ran.status == DONE
    assert ran.stdout.startswith("warning: pyproject.toml:2: 'nobody' matches no member")


def test_a_bug_ends_in_70_and_says_that_it_is_one(repository: Sandbox, tmp_path: Path) -> None:
    """What nobody foresaw: here a dependency whose installation is broken."""
    broken = tmp_path / "site"
    (broken / "git").mkdir(parents=True)
    (broken / "git/__init__.py").write_text("raise RuntimeError('half installed')\n", "utf-8")

    ran = repository.monorelease("check", "--since", "main", PYTHONPATH=str(broken))

    assert (ran.status, ran.stdout) == (BUG, "")
    assert "Traceback (most recent call last):" in ran.stderr
    assert "RuntimeError: half installed" in ran.stderr
    assert "this is a bug in monorelease, met by: monorelease check --since main" in ran.stderr


@pytest.mark.parametrize(
    "words",
    [
        "init --json",
        "add --patch core -m Words. --json",
        "check --json",
        "status --json",
        "explain core --json",
        "release --dry-run --json",
        "release --commit --json",
        "changelog --json --roll-up",
        "schema",
    ],
)
def test_json_is_one_document_and_the_story_stays_out_of_it(
    repository: Sandbox, words: str
) -> None:
    ran = repository.monorelease(*words.split())

    value = json.loads(ran.stdout)
    assert ran.status == DONE, ran.stderr
    assert value.get("schema", value.get("$schema")) in {
        1,
        "https://json-schema.org/draft/2020-12/schema",
    }
    assert ran.stderr == ""


def test_json_of_undo_names_what_was_put_back(repository: Sandbox) -> None:
    assert repository.monorelease("release").status == DONE

    undone = json.loads(repository.monorelease("undo", "--json").stdout)

    assert undone["restored"][0] == "changes/1042.fix.md"
    assert undone["kept"] == {}


def test_json_findings_are_on_stdout_of_check(repository: Sandbox) -> None:
    repository.write({"changes/bad.fix.md": "---\nnobody: patch\n---\n\nWords.\n"})

    ran = repository.monorelease("check", "--json")

    (finding,) = json.loads(ran.stdout)["findings"]
    assert (ran.status, ran.stderr) == (FINDINGS, "")
    assert (finding["code"], finding["path"], finding["line"]) == (
        "unknown-member",
        "changes/bad.fix.md",
        2,
    )


@pytest.mark.parametrize("words", ["--cwd {0} status", "status --cwd {0}", "--cwd={0} status"])
def test_cwd_leads_to_another_repository(repository: Sandbox, tmp_path: Path, words: str) -> None:
    elsewhere = Sandbox(tmp_path / "elsewhere")
    folder = repository.root / "packages/app"

    ran = elsewhere.monorelease(*words.format(folder).split())

    assert ran == repository.monorelease("status")


def test_from_a_members_folder_the_root_is_found(repository: Sandbox) -> None:
    ran = subprocess.run(
        [*TOOL, "status", "--json"],
        cwd=repository.root / "packages/core",
        env=surroundings(),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )

    assert ran.stdout.decode() == repository.monorelease("status", "--json").stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows reports a broken pipe in another way")
def test_a_reader_that_leaves_is_no_bug(repository: Sandbox) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ran = subprocess.run(
            [*TOOL, "status"],
            cwd=repository.root,
            env=surroundings(),
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
            check=False,
        )
    finally:
        os.close(writing)

    assert (ran.returncode, ran.stderr) == (PROBLEM, b"")


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}, id="ascii"),
        pytest.param({"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}, id="Windows"),
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, id="C"),
    ],
)
def test_an_encoding_without_arrows_is_no_bug(
    repository: Sandbox, environment: dict[str, str]
) -> None:
    ended = subprocess.run(
        [*TOOL, "status"],
        cwd=repository.root,
        env=surroundings(**environment),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (DONE, b"")
    assert b"1.0.1" in ended.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows closes streams in another way")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_stream_that_is_closed_is_no_bug(repository: Sandbox, closed: str) -> None:
    ran = repository.run("sh", "-c", f'exec "$@" {closed}', "sh", *TOOL, "status")

    assert ran.status == DONE
    assert ran.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is full")
@pytest.mark.parametrize("words", ["status", "status --json", "release --diff", "release"])
def test_an_output_that_cannot_be_written_is_a_problem(repository: Sandbox, words: str) -> None:
    command = [*TOOL, *words.split()]

    ran = repository.run("sh", "-c", 'exec "$@" > /dev/full', "sh", *command)

    assert ran.status == PROBLEM
    assert ran.stderr.startswith("error: the output could not be written: No space left on device")
    assert ran.stderr.splitlines()[1].startswith("  hint: ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is full")
def test_a_story_that_cannot_be_written_leaves_the_exit_status(repository: Sandbox) -> None:
    repository.write({"changes/bad.fix.md": "---\nnobody: patch\n---\n\nWords.\n"})

    ran = repository.run("sh", "-c", 'exec "$@" 2> /dev/full', "sh", *TOOL, "status")

    assert ran.status == FINDINGS
    assert ran.stdout.startswith("2 packages to release")


def test_a_diff_in_a_pipe_is_what_git_takes(repository: Sandbox) -> None:
    manifest = (
        '\ufeff[project]\r\nname = "app"\r\nversion = "2.3.0"  # \x85 \u2028 é\r\n'
        'dependencies = ["core==1.0.0"]'
    )
    repository.write({"packages/app/pyproject.toml": manifest})
    repository.commit("Write it on Windows")
    command = '"$@" release --date 2026-11-22 --diff | git apply'

    applied = repository.run("sh", "-c", command, "sh", *TOOL)
    by_hand = repository.tree()
    repository.git("stash", "--include-untracked")
    repository.monorelease("release", "--date", "2026-11-22")

    assert applied.status == DONE, applied.stderr
    assert by_hand == repository.tree()


def test_a_diff_of_nothing_says_so(repository: Sandbox) -> None:
    (repository.root / "changes/1042.fix.md").unlink()

    assert repository.monorelease("release", "--diff") == (
        DONE,
        "",
        "Nothing to release: no pending fragment moves a member.\n",
    )


def test_the_module_and_the_script_are_one_command(repository: Sandbox) -> None:
    script = repository.run("monorelease", "status")

    assert script == repository.monorelease("status")
    assert script.status == DONE


def test_the_version_is_told(repository: Sandbox) -> None:
    from importlib.metadata import version

    ran = repository.monorelease("--version")

    assert (ran.status, ran.stdout) == (DONE, f"monorelease {version('monorelease')}\n")


@pytest.mark.parametrize("epoch", ["yesterday", "9" * 30, ""])
def test_a_source_date_epoch_that_is_none_is_refused(repository: Sandbox, epoch: str) -> None:
    ran = repository.monorelease("release", "--dry-run", SOURCE_DATE_EPOCH=epoch)

    assert ran.status == USAGE
    assert ran.stderr.startswith(f"error: SOURCE_DATE_EPOCH is no number of seconds: '{epoch}'")
