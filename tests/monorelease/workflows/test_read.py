from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.git import Repository
from monorelease.errors import NoWorkspace, UnreadableFile
from monorelease.workflows.read import Snapshot, find_root, origins_of, read
from sandbox import Sandbox

OWN = "[tool.monorelease]\n"
UV = '[tool.uv.workspace]\nmembers = ["libs/*"]\n'
HATCH = '[tool.hatch.envs.default]\nworkspace.members = ["libs/*"]\n'
HATCH_TABLE = '[tool.hatch.envs.default.workspace]\nmembers = ["libs/*"]\n'
PDM = '[tool.pdm.workspace]\nmembers = ["libs/*"]\n'


def project(name: str, version: str = "1.0.0") -> str:
    return f'[project]\nname = "{name}"\nversion = "{version}"\n'


def tagged(name: str) -> str:
    """A project whose version is its newest tag."""
    return f"""\
[project]
name = "{name}"
dynamic = ["version"]

[build-system]
requires = ["hatchling", "hatch-vcs"]
build-backend = "hatchling.build"

[tool.hatch.version]
source = "vcs"
"""


def names(snapshot: Snapshot) -> str:
    return " ".join(snapshot.workspace.names)


# ── the root ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("table", [OWN, UV, HATCH, HATCH_TABLE, PDM])
def test_the_root_is_found_from_a_folder_below_it(table: str, sandbox: Sandbox) -> None:
    sandbox.write({"pyproject.toml": table, "libs/a/pyproject.toml": project("a")})

    assert find_root(sandbox.root / "libs" / "a") == sandbox.root
    assert find_root(sandbox.root) == sandbox.root


def test_a_folder_of_packages_marks_a_root_without_tables(sandbox: Sandbox) -> None:
    sandbox.write({"pyproject.toml": "# a root\n", "packages/a/pyproject.toml": project("a")})

    assert find_root(sandbox.root / "packages" / "a") == sandbox.root


def test_our_own_table_counts_before_a_nearer_workspace(sandbox: Sandbox) -> None:
    sandbox.write({"pyproject.toml": OWN, "libs/pyproject.toml": UV})

    assert find_root(sandbox.root / "libs") == sandbox.root


def test_of_two_with_our_table_the_nearer_counts(sandbox: Sandbox) -> None:
    sandbox.write({"pyproject.toml": OWN, "inner/pyproject.toml": OWN, "inner/a/b": ""})

    assert find_root(sandbox.root / "inner" / "a") == sandbox.root / "inner"


def test_words_about_a_table_are_no_table(sandbox: Sandbox) -> None:
    about = (
        f'# see [tool.monorelease] of the root\n{project("a")}description = "[tool.uv.workspace]"\n'
    )
    sandbox.write({"pyproject.toml": OWN, "libs/a/pyproject.toml": about})

    assert find_root(sandbox.root / "libs" / "a") == sandbox.root


def test_where_there_is_no_workspace_it_is_said_what_to_do(sandbox: Sandbox) -> None:
    sandbox.write({"pyproject.toml": project("alone")})

    with pytest.raises(NoWorkspace) as caught:
        find_root(sandbox.root)

    assert caught.value.where == str(sandbox.root)
    assert "monorelease init" in caught.value.hint


# ── members ─────────────────────────────────────────────────────────────────────────────


def test_a_good_monorepo_is_read_without_a_finding(repository: Sandbox) -> None:
    snapshot = read(repository.root)

    assert names(snapshot) == "client core server"
    assert [str(f.path) for f in snapshot.fragments] == ["changes/1042.fix.md"]
    assert snapshot.findings == ()
    assert snapshot.root == repository.root.resolve()
    client = snapshot.workspace[snapshot.workspace.names[0]]
    assert [(d.on, d.table) for d in client.dependencies] == [("core", "project.dependencies")]


@pytest.mark.parametrize("table", [UV, HATCH, HATCH_TABLE, PDM])
def test_members_are_those_of_the_workspace_tables(table: str, sandbox: Sandbox) -> None:
    sandbox.write(
        {
            "pyproject.toml": table,
            "libs/b/pyproject.toml": project("b"),
            "libs/a/pyproject.toml": project("a"),
            "libs/notes/README.md": "no project",
            "packages/c/pyproject.toml": project("c"),
        }
    )

    assert names(read(sandbox.root)) == "a b"


def test_members_keep_the_order_of_the_globs_and_come_once(repository: Sandbox) -> None:
    globs = '["packages/server", "packages/*", "packages/c*"]'
    repository.write({"pyproject.toml": f"[tool.monorelease]\nmembers = {globs}\n"})

    assert names(read(repository.root)) == "server client core"


def test_what_is_excluded_is_not_read_at_all(repository: Sandbox) -> None:
    repository.write(
        {
            "pyproject.toml": '[tool.monorelease]\nexclude = ["packages/s*"]\n',
            "packages/server/pyproject.toml": b"\xff",
        }
    )
    (repository.root / "packages" / "stolen").symlink_to("/usr")

    snapshot = read(repository.root)

    assert (names(snapshot), snapshot.findings) == ("client core", ())


def test_a_folder_that_is_a_link_inside_is_a_member(repository: Sandbox) -> None:
    repository.write({"elsewhere/pyproject.toml": project("linked")})
    (repository.root / "packages" / "linked").symlink_to("../elsewhere")

    assert names(read(repository.root)) == "client core linked server"


def test_a_version_that_is_a_tag_is_the_newest_one(repository: Sandbox) -> None:
    repository.write({"packages/core/pyproject.toml": tagged("core")})
    core = read(repository.root).workspace.names[1]
    untagged = read(repository.root).workspace[core].version
    for tag in ("core-v1.9.0", "core-v1.10.0", "client-v9.0"):
        repository.git("tag", tag)

    assert str(untagged) == "0"
    assert str(read(repository.root).workspace[core].version) == "1.10.0"


def test_without_git_a_version_that_is_a_tag_begins_at_zero(tmp_path: Path) -> None:
    (tmp_path / "packages" / "a").mkdir(parents=True)
    (tmp_path / "packages" / "a" / "pyproject.toml").write_text(tagged("a"))

    (member,) = read(tmp_path).workspace

    assert str(member.version) == "0"


# ── what cannot be read ─────────────────────────────────────────────────────────────────


def test_a_repository_without_a_root_manifest_has_the_usual_members(sandbox: Sandbox) -> None:
    sandbox.write({"packages/a/pyproject.toml": project("a")})

    assert names(read(sandbox.root)) == "a"


def test_a_root_that_is_no_text_is_refused(repository: Sandbox) -> None:
    repository.write({"pyproject.toml": b"\xff"})

    with pytest.raises(UnreadableFile) as caught:
        read(repository.root)

    assert caught.value.where == "pyproject.toml:1"


@pytest.mark.parametrize(
    ("files", "code", "left"),
    [
        pytest.param({"packages/core/pyproject.toml": b"\xff"}, "unreadable-file", "client server"),
        pytest.param({"packages/core/pyproject.toml": "= 1"}, "bad-toml", "client server"),
        pytest.param(
            {"packages/server/pyproject.toml": project("Core")}, "duplicate-member", "client core"
        ),
        pytest.param({"packages/core/pyproject.toml": project("c o")}, "bad-name", "client server"),
        pytest.param({"pyproject.toml": "= 1"}, "bad-toml", "client core server"),
        pytest.param({"towncrier.toml": "= 1"}, "bad-toml", "client core server"),
        pytest.param({"towncrier.toml": b"\xff"}, "unreadable-file", "client core server"),
    ],
)
def test_one_bad_file_is_a_finding_and_hides_nothing_else(
    files: dict[str, str | bytes], code: str, left: str, repository: Sandbox
) -> None:
    repository.write(files)

    snapshot = read(repository.root)

    assert [(f.code, str(f.path)) for f in snapshot.findings] == [(code, next(iter(files)))]
    assert names(snapshot) == left
    assert len(snapshot.fragments) == 1


LINKS = [
    ("changes/1042.fix.md", "client core server", 0),
    ("packages/core/pyproject.toml", "client server", 1),
    ("packages/core", "client server", 1),
    ("towncrier.toml", "client core server", 1),
]


@pytest.mark.parametrize(("link", "members", "fragments"), LINKS)
def test_a_link_that_leads_out_of_the_repository_is_a_finding(
    link: str, members: str, fragments: int, repository: Sandbox, tmp_path: Path
) -> None:
    place = repository.root / link
    if place.exists():
        repository.git("rm", "-rq", link)
    place.parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "outside.md").write_text("not ours")
    place.symlink_to(tmp_path / "outside.md" if place.suffix else tmp_path)

    snapshot = read(repository.root)

    (finding,) = snapshot.findings
    assert (finding.code, str(finding.path)[: len(link)]) == ("unreadable-file", link)
    assert (names(snapshot), len(snapshot.fragments)) == (members, fragments)


@pytest.mark.parametrize("content", [b"\xff", None], ids=["no-text", "a-link-out"])
def test_a_copy_of_a_version_that_cannot_be_read_is_a_finding(
    content: bytes | None, repository: Sandbox, tmp_path: Path
) -> None:
    files = '[tool.monorelease.version-files]\ncore = ["about.py"]\n'
    repository.write({"pyproject.toml": files})
    if content is None:
        (tmp_path / "outside.py").write_text('__version__ = "1.0.0"\n')
        (repository.root / "packages" / "core" / "about.py").symlink_to(tmp_path / "outside.py")
    else:
        repository.write({"packages/core/about.py": content})

    snapshot = read(repository.root)

    assert [str(f.path) for f in snapshot.findings] == ["packages/core/about.py"]
    assert names(snapshot) == "client core server"


# ── where fragments come from ───────────────────────────────────────────────────────────


def test_origins_are_told_of_the_fragments_that_are_there(repository: Sandbox) -> None:
    repository.write({"changes/7.fix.md": "---\ncore: patch\n---\n\nx\n"})
    repository.commit("Gone again (#7)")
    (repository.root / "changes" / "7.fix.md").unlink()
    snapshot = read(repository.root)

    origins = origins_of(snapshot, Repository.at(repository.root))

    assert {str(path): origin.pull_request for path, origin in origins.items()} == {
        "changes/1042.fix.md": 1042
    }


def test_where_history_cannot_tell_there_are_no_origins(
    repository: Sandbox, tmp_path: Path
) -> None:
    repository.commit("Second")
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.root}", str(clone))

    assert origins_of(read(repository.root), None) == {}
    assert origins_of(read(clone), Repository.at(clone)) == {}
    assert PurePosixPath("changes/1042.fix.md") in {f.path for f in read(clone).fragments}
