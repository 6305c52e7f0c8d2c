"""A bad release, in a folder and on an index that people have to go to by themselves."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest

from buildable import uv
from index_server import IndexServer
from monorelease.adapters.directory_index import DirectoryIndex
from monorelease.model.config import LOCAL_INDEX
from sandbox import PATIENCE, TOOL, Ran, Sandbox, files_in, surroundings
from values import named
from wheels import record_of

if TYPE_CHECKING:
    import pexpect

needs_terminal = pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")

DONE, PROBLEM, USAGE, NOT_YET = 0, 1, 2, 3

ROOT = """\
[tool.monorelease]
fixed = [["core", "plugin", "kit"]]
"""
REQUIRES_CORE = 'dependencies = ["core>=1.1.0,<2"]\n'
PRIVATE = 'classifiers = ["Private :: Do Not Upload"]\n'
PUBLISHED = {
    "core": ("1.0.0", "1.1.0"),
    "plugin": ("1.0.0", "1.1.0"),
    "tool": ("0.2.0", "0.3.0"),
}


def wheel(name: str, version: str, requires: str = "") -> tuple[str, bytes]:
    """A wheel with nothing but metadata in it, and what it is called."""
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    if requires:
        metadata += f"Requires-Dist: {requires}\n"
    tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = {f"{info}/METADATA": metadata.encode(), f"{info}/WHEEL": tags.encode()}
    files[f"{info}/RECORD"] = record_of(files, f"{info}/RECORD")
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return f"{name}-{version}-py3-none-any.whl", packed.getvalue()


def wheels() -> Iterator[tuple[str, str, bytes]]:
    """Every published file: of whom, its name, and its bytes."""
    for name, versions in PUBLISHED.items():
        for version in versions:
            requires = f"core>={version},<2" if name == "plugin" else ""
            yield name, *wheel(name, version, requires)


def manifest(name: str, version: str, more: str = "") -> dict[str, str]:
    text = f'[project]\nname = "{name}"\nversion = "{version}"\n{more}'
    return {f"packages/{name}/pyproject.toml": text}


@pytest.fixture
def repository(tmp_path: Path) -> Sandbox:
    """A core, a plugin that needs no less, a tool of its own, and a kit that stays here."""
    sandbox = Sandbox(tmp_path / "repository")
    sandbox.write({"pyproject.toml": ROOT, ".gitignore": "dist/\n"})
    sandbox.write(manifest("core", "1.1.0"))
    sandbox.write(manifest("plugin", "1.1.0", REQUIRES_CORE))
    sandbox.write(manifest("tool", "0.3.0"))
    sandbox.write(manifest("kit", "1.1.0", PRIVATE))
    sandbox.write(manifest("draft", "0.1.0"))
    sandbox.commit("Release 1.1.0")
    return sandbox


@pytest.fixture
def local(repository: Sandbox, tmp_path: Path) -> DirectoryIndex:
    """The local index, with two versions of everything but the draft."""
    index = DirectoryIndex(LOCAL_INDEX, repository.root)
    made = tmp_path / "made"
    made.mkdir()
    paths = []
    for _, filename, data in wheels():
        paths.append(made / filename)
        paths[-1].write_bytes(data)
    assert all(sent.refusal is None for sent in index.upload(paths))
    return index


def yanked(index: DirectoryIndex) -> dict[str, str]:
    """The reason, by file."""
    found = index.projects([named(name) for name in PUBLISHED])
    return {
        file.filename: file.yanked
        for project in found.values()
        for file in project.files
        if file.yanked is not None
    }


# ── in a folder ───────────────────────────────────────────────────────────────────────────


def test_a_version_in_the_local_index_is_yanked_at_once(
    repository: Sandbox, local: DirectoryIndex
) -> None:
    ran = repository.monorelease("yank", "tool==0.3.0", "--reason", "Bad\n  luck.", "--yes")

    assert ran.status == DONE, ran.stderr
    assert ran.stderr == ""
    assert ran.stdout.startswith(
        "1 version to yank on local\n\n  tool  0.3.0  offered  installers will choose 0.2.0\n"
    )
    assert ran.stdout.endswith("yanked tool==0.3.0 (1 file)\n")
    assert yanked(local) == {"tool-0.3.0-py3-none-any.whl": "Bad luck."}


@pytest.mark.usefixtures("local")
def test_what_is_yanked_already_is_done(repository: Sandbox) -> None:
    repository.monorelease("yank", "tool==0.3.0", "--yes")

    again = repository.monorelease("yank", "tool")

    assert (again.status, again.stderr) == (DONE, "")
    assert again.stdout.startswith(
        "Nothing left to do: yanked on local\n\n  tool  0.3.0  yanked  installers choose 0.2.0\n"
    )


def test_a_yank_is_taken_back(repository: Sandbox, local: DirectoryIndex) -> None:
    repository.monorelease("yank", "tool", "core", "plugin", "--yes")

    back = repository.monorelease("yank", "core==1.1.0", "plugin==1.1.0", "--undo", "--yes")

    assert back.status == DONE, back.stderr
    assert back.stdout.endswith(
        "given back core==1.1.0 (1 file)\ngiven back plugin==1.1.0 (1 file)\n"
    )
    assert list(yanked(local)) == ["tool-0.3.0-py3-none-any.whl"]


def test_a_glob_means_several_members_and_passes_over_private_ones(
    repository: Sandbox, local: DirectoryIndex
) -> None:
    ran = repository.monorelease("yank", "*,!draft,!tool", "--yes")

    assert (ran.status, ran.stderr) == (DONE, "")
    assert ran.stdout.endswith("yanked plugin==1.1.0 (1 file)\nyanked core==1.1.0 (1 file)\n")
    assert len(yanked(local)) == 2


@pytest.mark.usefixtures("local")
def test_who_would_be_left_behind_is_told_before_anything_is_done(repository: Sandbox) -> None:
    ran = repository.monorelease("yank", "core", "--dry-run")

    assert ran.status == NOT_YET
    assert (
        "  plugin  1.1.0  cannot be installed  requires core >=1.1.0,<2 (project.dependencies)\n"
    ) in ran.stdout
    assert "  monorelease yank plugin==1.1.0 core==1.1.0 --to local\n" in ran.stdout
    assert "warning: released members require what is yanked" in ran.stderr


@pytest.mark.usefixtures("local")
def test_an_installer_does_what_was_told(repository: Sandbox) -> None:
    """After the core alone, after both, and for one who pins."""
    assert "core==1.1.0" in resolved(repository, "plugin").stdout

    repository.monorelease("yank", "core", "--yes")
    alone, stuck = resolved(repository, "plugin"), resolved(repository, "plugin>=1.1.0")
    pinned = resolved(repository, "plugin>=1.1.0", "core==1.1.0")
    assert "plugin==1.0.0" in alone.stdout
    assert stuck.status != 0
    assert "yanked" in stuck.stderr
    assert "core==1.1.0" in pinned.stdout

    repository.monorelease("yank", "plugin", "--yes")
    assert "plugin==1.0.0" in resolved(repository, "plugin").stdout


def resolved(repository: Sandbox, *requirements: str) -> Ran:
    """What uv would install from the local index."""
    index = (repository.root / "dist/index").as_uri()
    return repository.run(
        uv(),
        *("pip", "compile", "--no-header", "--no-annotate", "--no-cache", "--no-config"),
        *("--python-version", "3.11", "--default-index", index, "-"),
        stdin="\n".join(requirements),
    )


# ── who agrees ────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("local")
def test_where_nobody_can_be_asked_nothing_is_done(repository: Sandbox) -> None:
    before = files_in(repository.root / "dist")

    ran = repository.monorelease("yank", "tool")

    assert ran.status == USAGE
    assert ran.stdout.startswith("1 version to yank on local\n")
    assert ran.stderr == (
        "error: there is nobody to ask here, and nothing was changed\n"
        "  hint: add --yes to do it, or --dry-run to look and no more\n"
    )
    assert files_in(repository.root / "dist") == before


@pytest.mark.parametrize("words", [["--dry-run"], ["--dry-run", "--yes"], ["--dry-run", "--json"]])
@pytest.mark.usefixtures("local")
def test_a_dry_run_changes_nothing(repository: Sandbox, words: list[str]) -> None:
    before = files_in(repository.root)

    ran = repository.monorelease("yank", "tool", *words)

    assert ran.status == NOT_YET
    assert files_in(repository.root) == before


@needs_terminal
@pytest.mark.parametrize(
    ("words", "status", "is_yanked"), [("yes", DONE, True), ("no", NOT_YET, False), ("", 3, False)]
)
def test_a_person_is_asked(
    repository: Sandbox, local: DirectoryIndex, words: str, status: int, *, is_yanked: bool
) -> None:
    child = spawn(repository, "yank", "tool")
    child.expect(re.escape("Yank 1 version on local (yes, no) [no]: "))
    child.sendline(words)

    assert end_of(child) == status
    assert bool(yanked(local)) == is_yanked


@needs_terminal
@pytest.mark.usefixtures("local")
def test_nobody_is_asked_about_nothing(repository: Sandbox) -> None:
    repository.monorelease("yank", "tool", "--yes")

    assert end_of(spawn(repository, "yank", "tool")) == DONE


def spawn(repository: Sandbox, *words: str) -> pexpect.spawn[Any]:
    import pexpect

    return pexpect.spawn(
        TOOL[0],
        [*TOOL[1:], *words],
        cwd=str(repository.root),
        env=surroundings(TERM="dumb"),
        timeout=PATIENCE,
        encoding="utf-8",
        echo=False,
    )


def end_of(child: pexpect.spawn[Any]) -> int:
    import pexpect

    child.expect_exact(pexpect.EOF)
    child.close()
    return child.exitstatus or 0


# ── for programs ──────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("local")
def test_a_program_reads_what_was_done_and_how_things_stand_now(repository: Sandbox) -> None:
    ran = repository.monorelease("yank", "tool==0.3", "--reason", "Bad.", "--yes", "--json")

    value = json.loads(ran.stdout)
    assert (ran.status, ran.stderr) == (DONE, "")
    assert value["changed"] == ["tool-0.3.0-py3-none-any.whl"]
    assert (value["complete"], value["undo"], value["reason"]) == (True, False, "Bad.")
    assert value["index"] == {"name": "local", "rehearsal": True}
    assert value["steps"] == [
        {
            "name": "tool",
            "version": "0.3",
            "standing": "yanked",
            "files": [],
            "instead": "0.2.0",
            "mending": "missing",
            "mended_by": None,
        }
    ]


@pytest.mark.usefixtures("local")
def test_a_program_reads_findings_where_a_version_is_not_there(repository: Sandbox) -> None:
    ran = repository.monorelease("yank", "tool==0.33.0", "draft", "--yes", "--json")

    value = json.loads(ran.stdout)
    assert ran.status == NOT_YET
    assert [(f["code"], f["severity"]) for f in value["findings"]] == [
        ("no-such-version", "error"),
        ("nothing-to-yank", "error"),
    ]


# ── words that do not fit ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["tol"], "there is no member 'tol' here\n  hint: did you mean 'tool'?"),
        (["tool=0.3.0"], "'tool=0.3.0' is no NAME==VERSION\n"),
        (["tool==one"], "'one' is no version\n"),
        (["tool=="], "'' is no version\n"),
        ([f"tool=={'9' * 5_000}"], f"'{'9' * 5_000}' is no version\n"),
        (["kit"], "kit is private: it is published nowhere\n"),
        (["tool", "--to", "lokal"], "there is no index 'lokal'\n  hint: did you mean 'local'?"),
        (["tool", "--undo", "--reason", "Bad."], "a yank that is taken back needs no reason\n"),
    ],
)
def test_words_that_mean_nothing_are_usage(
    repository: Sandbox, words: list[str], told: str
) -> None:
    ran = repository.monorelease("yank", *words)

    assert (ran.status, ran.stdout) == (USAGE, "")
    assert ran.stderr.startswith(f"error: {told}")


def test_a_member_without_a_version_needs_one_said(repository: Sandbox) -> None:
    repository.write({"packages/odd/pyproject.toml": '[project]\nname = "odd"\n'})

    ran = repository.monorelease("yank", "odd")

    assert ran.status == USAGE
    assert "hint: say which one you mean: odd==VERSION\n" in ran.stderr


@pytest.mark.usefixtures("local")
def test_an_unknown_version_is_found_with_the_near_one(repository: Sandbox) -> None:
    ran = repository.monorelease("yank", "tool==0.33.0", "core", "--yes")

    assert (ran.status, ran.stdout) == (NOT_YET, "")
    assert ran.stderr.startswith(
        "error: the index has no tool 0.33.0 [no-such-version]\n  hint: did you mean '0.3.0'?\n"
    )


# ── on an index that has addresses ────────────────────────────────────────────────────────


@pytest.fixture
def server() -> Iterator[IndexServer]:
    with IndexServer() as index:
        for name, filename, data in wheels():
            index.add(name, {filename: data})
        yield index


@pytest.fixture
def remote(repository: Sandbox, server: IndexServer) -> Sandbox:
    """The repository, published to the server."""
    table = f'url = "{server.simple_url}"\nupload-url = "{server.upload_url}"\n'
    repository.write({"pyproject.toml": f"{ROOT}\n[tool.monorelease.index.test]\n{table}"})
    return repository


def test_on_a_real_index_a_person_is_told_what_to_do_and_then_whether_it_is_done(
    remote: Sandbox, server: IndexServer
) -> None:
    words = ("yank", "core", "plugin", "--to", "test", "--reason", "Crashes.")

    first = remote.monorelease(*words, "--yes")
    server.yanked["plugin-1.1.0-py3-none-any.whl"] = "Crashes."
    half = remote.monorelease(*words)
    server.yanked["core-1.1.0-py3-none-any.whl"] = "Crashes."
    done = remote.monorelease(*words)

    assert [first.status, half.status, done.status] == [NOT_YET, NOT_YET, DONE], first.stderr
    assert (
        "  1. on the page of plugin: Manage → Releases → 1.1.0 → Options → Yank\n"
        "  2. on the page of core: Manage → Releases → 1.1.0 → Options → Yank\n"
        "  reason: Crashes.\n"
    ) in first.stdout
    assert "  1. on the page of core: Manage" in half.stdout
    assert done.stdout.startswith("Nothing left to do: yanked on test\n")
    assert {request.method for request in server.requests} == {"GET"}


def test_only_who_may_be_concerned_is_asked_for(remote: Sandbox, server: IndexServer) -> None:
    remote.monorelease("yank", "tool", "--to", "test")

    assert {request.path for request in server.requests} == {"/simple/tool/"}


def test_an_index_that_cannot_be_asked_is_a_problem(remote: Sandbox, server: IndexServer) -> None:
    root = (remote.root / "pyproject.toml").read_text("utf-8")
    nowhere = "http://127.0.0.1:1"  # a port that nobody may listen at
    remote.write({"pyproject.toml": root.replace(server.url, nowhere)})

    ran = remote.monorelease("yank", "tool", "--to", "test")

    assert (ran.status, ran.stdout) == (PROBLEM, "")
    assert ran.stderr.startswith("error: ")
    assert "127.0.0.1:1" in ran.stderr
