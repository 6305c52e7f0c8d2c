from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.git import Repository
from monorelease.errors import UsageProblem
from monorelease.model.config import ChangelogConfig, Config
from monorelease.model.finding import Finding
from monorelease.workflows.check import check, touched_members
from monorelease.workflows.read import read
from releasing import release_and_commit
from sandbox import Sandbox
from values import member, workspace

Files = Mapping[str, str | bytes]


def found(root: Path, since: str | None = None) -> tuple[Finding, ...]:
    return check(read(root), Repository.at(root), since)


def places(findings: tuple[Finding, ...]) -> list[tuple[str, str, int | None]]:
    return [(f.code, str(f.path), f.line) for f in findings]


def project(name: str, version: str = "1.0.0", *more: str) -> str:
    return "\n".join([f'[project]\nname = "{name}"\nversion = "{version}"', *more, ""])


def fragment(front: str, text: str = "Words.\n") -> str:
    return f"---\n{front}---\n\n{text}"


def test_in_a_good_monorepo_everything_is_in_order(repository: Sandbox) -> None:
    assert found(repository.root) == ()


# ── bad input ───────────────────────────────────────────────────────────────────────────

CONFIG = "[tool.monorelease]\n"
BAD: dict[str, tuple[Files, list[tuple[str, str, int | None]]]] = {
    "a member that is misspelt": (
        {"changes/1.fix.md": fragment("core: patch\nserve: minor\n")},
        [("unknown-member", "changes/1.fix.md", 3)],
    ),
    "a bump that is misspelt": (
        {"changes/1.fix.md": fragment("core: pacth\n")},
        [("unknown-bump", "changes/1.fix.md", 2)],
    ),
    "a category that is misspelt": (
        {"changes/1.fxi.md": fragment("core: patch\n")},
        [("unknown-category", "changes/1.fxi.md", None)],
    ),
    "no front matter": (
        {"changes/1.fix.md": "Words.\n"},
        [("front-matter-missing", "changes/1.fix.md", 1)],
    ),
    "broken front matter": (
        {"changes/1.fix.md": fragment("core: patch\n  - : ]\n")},
        [("front-matter-broken", "changes/1.fix.md", 3)],
    ),
    "an empty text": (
        {"changes/1.fix.md": fragment("core: patch\n", "\n")},
        [("text-missing", "changes/1.fix.md", 3)],
    ),
    "a member named twice": (
        {"changes/1.fix.md": fragment("core: patch\nCore: minor\n")},
        [("duplicate-entry", "changes/1.fix.md", 3)],
    ),
    "a binary file": (
        {"changes/1.fix.md": b"---\ncore: patch\n---\n\n\x89PNG\xff"},
        [("fragment-not-utf8", "changes/1.fix.md", 5)],
    ),
    "a merge conflict": (
        {"changes/1.fix.md": "<<<<<<< ours\n---\ncore: patch\n---\n=======\n>>>>>>> theirs\n"},
        [("conflict-marker", "changes/1.fix.md", 1)],
    ),
    "a member without a version": (
        {"packages/core/pyproject.toml": '[project]\nname = "core"\n'},
        [("no-version", "packages/core/pyproject.toml", 1)],
    ),
    "two members with one name": (
        {
            "packages/zore/pyproject.toml": project("C_O.re"),
            "packages/z/pyproject.toml": project("c-o-re"),
        },
        [("duplicate-member", "packages/zore/pyproject.toml", 2)],
    ),
    "a member that is no text": (
        {"packages/new/pyproject.toml": b"# \xff\n"},
        [("unreadable-file", "packages/new/pyproject.toml", None)],
    ),
    "a member that is no TOML": (
        {"packages/new/pyproject.toml": "[project]\nname = \n"},
        [("bad-toml", "packages/new/pyproject.toml", 2)],
    ),
    "a root that is no TOML": (
        {"pyproject.toml": "[tool.monorelease]\nfixed = [\n"},
        [("bad-toml", "pyproject.toml", None)],
    ),
    "groups that overlap": (
        {"pyproject.toml": CONFIG + 'fixed = [["core", "client"]]\nlinked = [["c*"]]\n'},
        [("group-overlap", "pyproject.toml", 3), ("group-overlap", "pyproject.toml", 3)],
    ),
    "a key that is misspelt": (
        {"pyproject.toml": CONFIG + 'fixd = [["core"]]\n'},
        [("config-unknown-key", "pyproject.toml", 2)],
    ),
    "a circle of build requirements": (
        {
            "packages/a/pyproject.toml": project("a", "1", '[build-system]\nrequires = ["b"]'),
            "packages/b/pyproject.toml": project("b", "1", '[build-system]\nrequires = ["a"]'),
        },
        [("build-cycle", "packages/a/pyproject.toml", 5)],
    ),
    "a constraint that excludes the current version": (
        {
            "packages/client/pyproject.toml": project(
                "client", "1.2.0", 'dependencies = ["core>=2"]'
            )
        },
        [("excludes-current", "packages/client/pyproject.toml", 4)],
    ),
    "a release that could not be installed together": (
        {"packages/a/pyproject.toml": project("a", "1", 'dependencies = [\n  "core!=1.0.1",\n]')},
        [("not-installable", "packages/a/pyproject.toml", 5)],
    ),
    "a requirement that is none": (
        {"packages/a/pyproject.toml": project("a", "1", 'dependencies = ["core>>1"]')},
        [("bad-requirement", "packages/a/pyproject.toml", 4)],
    ),
    "a changelog that git ignores": (
        {".gitignore": "packages/core/*.md\n"},
        [("changelog-ignored", "packages/core/CHANGELOG.md", None)],
    ),
}
"""What somebody has written, and what is found: code, file, line."""


@pytest.mark.parametrize("what", BAD)
def test_what_is_bad_is_found_with_file_and_line(what: str, repository: Sandbox) -> None:
    files, expected = BAD[what]
    repository.write(files)

    findings = found(repository.root)

    assert places(findings) == expected
    assert all(f.problem and f.hint for f in findings)


def test_one_bad_file_never_hides_the_others(repository: Sandbox) -> None:
    """All of them in one repository: each is found, in the order of the places."""
    named = {
        f"changes/{n}.{name.split('.', 1)[1]}": (name, n)
        for n, name in enumerate(["1.fix.md"] * 8 + ["1.fxi.md"], 100)
    }
    fragments = [
        what for what, (files, _) in BAD.items() if next(iter(files)).startswith("changes/")
    ]
    expected = []
    for (path, _), what in zip(
        named.items(), sorted(fragments, key=lambda w: "category" in w), strict=True
    ):
        files, findings = BAD[what]
        repository.write({path: next(iter(files.values()))})
        expected += [(code, path, line) for code, _, line in findings]

    assert places(found(repository.root)) == sorted(
        expected, key=lambda place: (PurePosixPath(place[1]), place[2] or 0)
    )


def test_near_names_are_guessed(repository: Sandbox) -> None:
    repository.write({"changes/1.fix.md": fragment("serve: patch\ncore: pacth\n")})

    name, bump = found(repository.root)

    assert (name.hint, bump.hint) == ("did you mean 'server'?", "did you mean 'patch'?")


# ── without git, with little of it ──────────────────────────────────────────────────────


def test_without_git_everything_else_is_found(repository: Sandbox) -> None:
    repository.write({"changes/1.fix.md": fragment("serve: patch\n")})

    findings = check(read(repository.root), None)

    assert [f.code for f in findings] == ["unknown-member"]
    with pytest.raises(UsageProblem, match="--since needs git"):
        check(read(repository.root), None, "main")


@pytest.mark.parametrize(
    ("tags", "told"),
    [([], []), (["v1.2.3"], ["version-without-tag"]), (["v1.2.3", "core-v1.2.3"], []), (["x"], [])],
)
def test_a_version_whose_tag_has_another_name_is_told(
    repository: Sandbox, tags: list[str], told: list[str]
) -> None:
    """It would count as 0, and go out as 0.0.1."""
    manifest = "[project]\nname = 'core'\ndynamic = ['version']\n"
    build = "[build-system]\nrequires = ['hatchling', 'hatch-vcs']\n"
    source = "build-backend = 'hatchling.build'\n[tool.hatch.version]\nsource = 'vcs'\n"
    repository.write({"packages/core/pyproject.toml": manifest + build + source})
    for tag in tags:
        repository.git("tag", tag)

    findings = [f for f in found(repository.root) if f.code == "version-without-tag"]
    assert [f.code for f in findings] == told
    assert all("v1.2.3" in f.hint and "core-v" in f.problem for f in findings)


def test_a_shallow_clone_is_said(repository: Sandbox, tmp_path: Path) -> None:
    repository.commit("Second")
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.root}", str(clone))

    (finding,) = found(clone)

    assert (finding.code, finding.is_error) == ("shallow-clone", False)
    assert "fetch-depth: 0" in finding.hint


def test_a_repository_without_a_commit_can_be_checked(sandbox: Sandbox) -> None:
    sandbox.write({"packages/a/pyproject.toml": project("a"), ".gitignore": "CHANGELOG.md\n"})

    assert [f.code for f in found(sandbox.root)] == ["changelog-ignored"]


def test_a_changelog_behind_a_link_inside_is_judged_too(repository: Sandbox) -> None:
    repository.git("mv", "packages/core", "elsewhere")
    (repository.root / "packages" / "core").symlink_to("../elsewhere")

    assert found(repository.root) == ()


# ── what a change touches ───────────────────────────────────────────────────────────────


@pytest.fixture
def branch(repository: Sandbox) -> Sandbox:
    repository.git("checkout", "--quiet", "-b", "work")
    return repository


def missing(root: Path) -> list[str]:
    findings = found(root, "main")
    assert {f.code for f in findings} <= {"missing-fragment"}
    return [str(f.path) for f in findings]


def test_a_member_that_a_change_touches_wants_a_fragment_of_that_change(branch: Sandbox) -> None:
    branch.write({"packages/core/a.py": "1", "packages/client/b.py": "1", "README.md": "1"})
    branch.commit("Work")
    branch.write({"packages/server/c.py": "not committed yet"})
    assert missing(branch.root) == [
        "packages/client/b.py",
        "packages/core/a.py",
        "packages/server/c.py",
    ]

    branch.write({"changes/8.fix.md": fragment("core: patch\nclient: none\n")})
    assert missing(branch.root) == ["packages/server/c.py"]

    branch.write({"changes/9.misc.md": "---\n---\n"})
    assert missing(branch.root) == []


def test_a_fragment_that_was_there_before_says_nothing_of_this_change(branch: Sandbox) -> None:
    """changes/1042.fix.md names core, and is on main already."""
    branch.write({"packages/core/a.py": "1"})

    assert missing(branch.root) == ["packages/core/a.py"]


def test_a_fragment_of_this_change_may_be_an_older_one_with_more_in_it(branch: Sandbox) -> None:
    branch.write({"packages/client/a.py": "1"})
    branch.write({"changes/1042.fix.md": fragment("core: patch\nclient: patch\n")})

    assert missing(branch.root) == []


def test_a_fragment_that_is_taken_away_is_told(branch: Sandbox) -> None:
    branch.git("rm", "-q", "changes/1042.fix.md")
    branch.commit("Without it")

    (told,) = found(branch.root, "main")
    assert (told.code, told.is_error, told.path) == ("fragment-taken-back", False, None)
    assert told.problem.startswith("changes/1042.fix.md is taken away")


def test_a_fragment_under_another_name_says_what_it_said(branch: Sandbox) -> None:
    branch.git("mv", "changes/1042.fix.md", "changes/1043.fix.md")

    assert missing(branch.root) == []


def test_a_member_that_is_gone_wants_no_fragment(branch: Sandbox) -> None:
    branch.git("rm", "-rq", "packages/server")

    assert missing(branch.root) == []


def test_a_root_that_is_a_member_is_not_touched_by_fragments(branch: Sandbox) -> None:
    top = project("top", "1.0", "[build-system]\nrequires = []")
    branch.write({"pyproject.toml": f'{top}[tool.uv.workspace]\nmembers = ["packages/*"]\n'})
    branch.commit("The root is a package")
    branch.git("branch", "--force", "main", "work")
    branch.write({"packages/core/a.py": "1", "changes/8.fix.md": fragment("core: patch\n")})
    assert missing(branch.root) == []

    branch.write({"src/top.py": "1"})
    assert missing(branch.root) == ["src/top.py"]


def test_a_ref_that_is_unknown_is_said(repository: Sandbox) -> None:
    with pytest.raises(UsageProblem, match="'nowhere'"):
        found(repository.root, "nowhere")


def test_a_file_belongs_to_the_deepest_member_around_it() -> None:
    outer = member("outer")
    inner = member("outer/inner")
    space = workspace(outer, inner, member("other"))
    paths = [
        PurePosixPath("packages/outer/inner/b.py"),
        PurePosixPath("packages/outer/a.py"),
        PurePosixPath("packages/outer/inner/a.py"),
        PurePosixPath("packages/otherwise/a.py"),
        PurePosixPath("packages/other"),
    ]

    assert touched_members(paths, space, Config()) == {
        outer.name: paths[1],
        inner.name: paths[2],
    }


@pytest.mark.parametrize("file", ["NEWS.md", "docs/NEWS.md"])
def test_the_changelog_is_written_by_releases_and_touches_nobody(file: str) -> None:
    paths = [PurePosixPath("packages/a", file), PurePosixPath("packages/b/vendored/NEWS.md")]
    config = Config(changelog=ChangelogConfig(file=file))

    assert list(touched_members(paths, workspace(member("a"), member("b")), config)) == ["b"]


@pytest.mark.parametrize("path", [".github/workflows/ci.yml", "src/.coveragerc", ".gitignore"])
def test_hidden_files_touch_nobody(path: str) -> None:
    paths = [PurePosixPath("packages/a", path), PurePosixPath("packages/b/src/x.py")]

    assert list(touched_members(paths, workspace(member("a"), member("b")), Config())) == ["b"]


def test_fragments_and_the_changelog_of_all_touch_nobody(tmp_path: Path) -> None:
    """Not even a member whose folder is the root, around everything."""
    (tmp_path / "pyproject.toml").write_text(
        project("top", "1", "[build-system]\nrequires = []")
        + "[tool.uv.workspace]\nmembers = ['packages/*']\n"
        + "[tool.monorelease.changelog]\naggregate = 'NEWS.md'\n"
    )
    snapshot = read(tmp_path)
    paths = [PurePosixPath("changes/1.fix.md"), PurePosixPath("NEWS.md"), PurePosixPath("a.py")]

    assert touched_members(paths, snapshot.workspace, snapshot.config) == {"top": paths[2]}


def test_a_change_that_is_a_release_needs_no_fragment(repository: Sandbox) -> None:
    repository.git("checkout", "--quiet", "-b", "release-wave")

    release_and_commit(repository.root)

    assert found(repository.root, since="main") == ()


def test_a_changelog_edited_by_hand_is_no_release(repository: Sandbox) -> None:
    repository.git("checkout", "--quiet", "-b", "work")
    repository.write({"packages/core/CHANGELOG.md": "# Edited\n", "packages/core/a.py": "1\n"})
    repository.commit("Work")

    assert [f.code for f in found(repository.root, since="main")] == ["missing-fragment"]


def test_a_follower_of_a_release_needs_no_fragment(repository: Sandbox) -> None:
    server = (repository.root / "packages/server/pyproject.toml").read_text("utf-8")
    repository.write({"packages/server/pyproject.toml": server.replace("core>=1", "core==1.0.0")})
    repository.commit("Pin")
    repository.git("checkout", "--quiet", "-b", "release-wave")

    release_and_commit(repository.root)

    assert "core==1.0.1" in (repository.root / "packages/server/pyproject.toml").read_text("utf-8")
    assert found(repository.root, since="main") == ()


def test_what_only_looks_like_a_fragment_or_a_member_is_told(repository: Sandbox) -> None:
    repository.write(
        {
            "changes/13.fix.rst": "Words.\n",
            "changes/14.fix": "Words.\n",
            "changes/notes.txt": "No fragment.\n",
            "packages/old/setup.py": "setup()\n",
        }
    )

    assert places(found(repository.root)) == [
        ("not-a-fragment", "changes/13.fix.rst", None),
        ("not-a-fragment", "changes/14.fix", None),
        ("unread-member", "packages/old/setup.py", None),
    ]
