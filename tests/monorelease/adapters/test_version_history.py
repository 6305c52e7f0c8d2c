from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import Version

from monorelease.adapters import version_history
from monorelease.adapters.version_history import Wanted, commits_of_versions, versions_at
from sandbox import PATIENCE, Sandbox, surroundings
from values import named

CORE = "packages/core/pyproject.toml"


def read(data: bytes) -> Version | None:
    found = re.search(rb"version = (\S+)", data)
    return Version(found[1].decode()) if found else None


def wanted(version: str, path: str = CORE, name: str = "core") -> Wanted:
    return Wanted(name=named(name), path=PurePosixPath(path), version=Version(version), read=read)


def commit(sandbox: Sandbox, version: str, path: str = CORE, words: str = "") -> str:
    """Commit the file with that version, and other words; the commit's name."""
    sandbox.write({path: f"version = {version}\n{words}"})
    sandbox.commit(f"{path} {version} {words}")
    return head(sandbox)


def head(sandbox: Sandbox) -> str:
    return sandbox.git("rev-parse", "HEAD").strip()


def found(root: Path, *asked: Wanted) -> dict[str, str]:
    return {str(name): commit for name, commit in commits_of_versions(root, asked).items()}


# ── along a line ────────────────────────────────────────────────────────────────────────


def test_the_commit_is_the_one_that_changed_the_version(sandbox: Sandbox) -> None:
    commit(sandbox, "1.0.0")
    release = commit(sandbox, "1.0.1")
    commit(sandbox, "1.0.1", words="a dependency")
    commit(sandbox, "1.0.1", words="another one")
    sandbox.write({"other": "1"})
    sandbox.commit("Something else")

    assert found(sandbox.root, wanted("1.0.1")) == {"core": release}


def test_members_have_commits_of_their_own(sandbox: Sandbox) -> None:
    core = commit(sandbox, "1.0.0")
    app = commit(sandbox, "2.3", "app/version.py")

    asked = (wanted("1"), wanted("2.3.0", "app/version.py", "app"))

    assert found(sandbox.root, *asked) == {"core": core, "app": app}


def test_the_first_commit_can_be_the_release(sandbox: Sandbox) -> None:
    first = commit(sandbox, "1.0.0")

    assert found(sandbox.root, wanted("1.0.0")) == {"core": first}


def test_of_a_version_that_was_taken_back_and_given_again_the_last_time_counts(
    sandbox: Sandbox,
) -> None:
    commit(sandbox, "1.0.0")
    commit(sandbox, "1.0.1")
    sandbox.git("revert", "--no-edit", "HEAD")
    again = commit(sandbox, "1.0.1", words="this time in earnest")

    assert found(sandbox.root, wanted("1.0.1")) == {"core": again}


def test_a_version_that_went_back_is_as_old_as_its_return(sandbox: Sandbox) -> None:
    commit(sandbox, "1.0.0")
    commit(sandbox, "1.0.1")
    sandbox.git("revert", "--no-edit", "HEAD")

    assert found(sandbox.root, wanted("1.0.0")) == {"core": head(sandbox)}


def test_a_file_that_could_not_be_read_had_another_version(sandbox: Sandbox) -> None:
    sandbox.write({CORE: "no version here"})
    sandbox.commit("Begin")
    release = commit(sandbox, "1.0.0")

    assert found(sandbox.root, wanted("1.0.0")) == {"core": release}


def test_a_file_that_was_gone_in_between_begins_anew(sandbox: Sandbox) -> None:
    commit(sandbox, "1.0.0")
    (sandbox.root / CORE).unlink()
    sandbox.commit("Drop it")
    again = commit(sandbox, "1.0.0")

    assert found(sandbox.root, wanted("1.0.0")) == {"core": again}


def test_what_is_not_committed_is_left_out(sandbox: Sandbox) -> None:
    commit(sandbox, "1.0.0")
    sandbox.write({CORE: "version = 1.0.1"})
    unknown = wanted("1.0.0", "packages/new/pyproject.toml", "new")

    assert found(sandbox.root, wanted("1.0.1"), unknown) == {}


def test_what_was_removed_is_left_out(sandbox: Sandbox) -> None:
    commit(sandbox, "1.0.0")
    (sandbox.root / CORE).unlink()
    sandbox.commit("Drop it")

    assert found(sandbox.root, wanted("1.0.0")) == {}


def test_without_a_commit_or_a_question_there_is_no_answer(sandbox: Sandbox) -> None:
    assert found(sandbox.root, wanted("1.0.0")) == {}

    commit(sandbox, "1.0.0")

    assert found(sandbox.root) == {}


# ── branches ────────────────────────────────────────────────────────────────────────────


def branch_with_release(sandbox: Sandbox) -> str:
    """A branch on which the version changed, and a main line that went on; the release."""
    commit(sandbox, "1.0.0")
    sandbox.git("checkout", "--quiet", "-b", "release")
    release = commit(sandbox, "1.0.1")
    commit(sandbox, "1.0.1", words="typo")
    sandbox.git("checkout", "--quiet", "main")
    sandbox.write({"other": "1"})
    sandbox.commit("Meanwhile")
    return release


def test_a_version_that_came_with_a_branch_came_with_its_merge(sandbox: Sandbox) -> None:
    branch_with_release(sandbox)
    sandbox.git("merge", "--quiet", "--no-ff", "-m", "Merge the release", "release")
    merge = head(sandbox)
    commit(sandbox, "1.0.1", words="later")

    assert found(sandbox.root, wanted("1.0.1")) == {"core": merge}


def test_a_version_that_was_squashed_came_with_that_commit(sandbox: Sandbox) -> None:
    branch_with_release(sandbox)
    sandbox.git("merge", "--quiet", "--squash", "release")
    sandbox.commit("Release (#12)")

    assert found(sandbox.root, wanted("1.0.1")) == {"core": head(sandbox)}


def test_a_merge_that_brought_other_changes_is_no_release(sandbox: Sandbox) -> None:
    commit(sandbox, "1.0.0")
    release = commit(sandbox, "1.0.1")
    sandbox.git("checkout", "--quiet", "-b", "work")
    commit(sandbox, "1.0.1", words="a dependency")
    sandbox.git("checkout", "--quiet", "main")
    sandbox.git("merge", "--quiet", "--no-ff", "-m", "Merge work", "work")

    assert found(sandbox.root, wanted("1.0.1")) == {"core": release}


def test_what_an_old_branch_says_of_the_version_does_not_count(sandbox: Sandbox) -> None:
    """It parted before the release, touched the file, and was merged after it."""
    words = "".join(f"# {number}\n" for number in range(9))
    commit(sandbox, "1.0.0", words=words)
    sandbox.git("branch", "old")
    release = commit(sandbox, "1.0.1", words=words)
    sandbox.git("checkout", "--quiet", "old")
    sandbox.write({CORE: f"version = 1.0.0\n{words}# a dependency\n"})
    later = "2026-11-02T09:00:00+00:00"
    sandbox.run("git", "commit", "--quiet", "--all", "-m", "Later", GIT_COMMITTER_DATE=later)
    sandbox.git("checkout", "--quiet", "main")
    sandbox.git("merge", "--quiet", "--no-ff", "-m", "Merge old", "old")

    assert found(sandbox.root, wanted("1.0.1")) == {"core": release}


def test_what_main_was_merged_into_counts_its_own_line(sandbox: Sandbox) -> None:
    """On a maintenance branch, a release of main arrives with the merge of main."""
    branch_with_release(sandbox)
    sandbox.git("checkout", "--quiet", "release")
    sandbox.git("merge", "--quiet", "--no-ff", "-m", "Catch up", "main")

    (name,) = found(sandbox.root, wanted("1.0.1")).values()

    assert sandbox.git("show", "--no-patch", "--format=%s", name).startswith(f"{CORE} 1.0.1")


# ── names and places ────────────────────────────────────────────────────────────────────


def test_the_history_of_a_moved_member_begins_where_it_was_moved(sandbox: Sandbox) -> None:
    commit(sandbox, "1.0.0", "libs/core/pyproject.toml")
    (sandbox.root / "packages").mkdir()
    sandbox.git("mv", "libs/core", "packages/core")
    sandbox.commit("Move it")
    moved = head(sandbox)
    commit(sandbox, "1.0.0", words="later")

    assert found(sandbox.root, wanted("1.0.0")) == {"core": moved}


@pytest.mark.parametrize("name", ["a*c", "[ab]", "b\\c", "two words", "é 漢", "-x", ":(top)x"])
def test_names_are_no_patterns(name: str, sandbox: Sandbox) -> None:
    commit(sandbox, "1.0.0", f"odd {name}/{name}")
    release = commit(sandbox, "1.0.1", f"odd {name}/{name}")
    commit(sandbox, "2.0.0", "odd abc/abc")

    assert found(sandbox.root, wanted("1.0.1", f"odd {name}/{name}")) == {"core": release}


def test_a_root_below_the_top_sees_its_own_files_alone(sandbox: Sandbox) -> None:
    commit(sandbox, "1.0.0", f"mono/{CORE}")
    release = commit(sandbox, "1.0.1", f"mono/{CORE}")
    commit(sandbox, "9.0.0", CORE)

    assert found(sandbox.root / "mono", wanted("1.0.1")) == {"core": release}


def test_a_file_at_the_root_has_a_history_too(sandbox: Sandbox) -> None:
    release = commit(sandbox, "1.0.0", "VERSION")

    assert found(sandbox.root, wanted("1.0.0", "VERSION")) == {"core": release}


def test_what_lies_behind_a_link_is_found_where_it_is(sandbox: Sandbox) -> None:
    (sandbox.root / "packages").symlink_to("libs")
    commit(sandbox, "1.0.0", "libs/core/pyproject.toml")
    release = commit(sandbox, "1.0.1", "libs/core/pyproject.toml")

    assert found(sandbox.root, wanted("1.0.1")) == {"core": release}
    assert versions_at(sandbox.root, "HEAD~1", [wanted("1.0.1")]) == {named("core"): Version("1")}


TASTES = (
    "log.follow true",
    "log.showSignature true",
    "log.showRoot false",
    "log.diffMerges separate",
    "diff.renames copies",
    "color.ui always",
    "core.abbrev 4",
    "diff.noprefix true",
)


@pytest.mark.parametrize("taste", TASTES)
def test_the_users_taste_changes_nothing(taste: str, sandbox: Sandbox, tmp_path: Path) -> None:
    sign_with_stand_in(sandbox, tmp_path / "gpg")
    first = commit(sandbox, "1.0.0", "first/pyproject.toml")
    commit(sandbox, "1.0.0", "old/pyproject.toml")
    sandbox.git("mv", "old", "moved")
    sandbox.commit("Move it")
    moved = head(sandbox)
    branch_with_release(sandbox)
    sandbox.git("merge", "--quiet", "--no-ff", "-m", "Merge the release", "release")
    sandbox.git("config", *taste.split())
    asked = [
        wanted("1.0.0", "first/pyproject.toml", "first"),
        wanted("1.0.0", "moved/pyproject.toml", "moved"),
        wanted("1.0.1"),
    ]

    assert found(sandbox.root, *asked) == {"first": first, "moved": moved, "core": head(sandbox)}
    assert found(sandbox.root, asked[1]) == {"moved": moved}


def sign_with_stand_in(sandbox: Sandbox, program: Path) -> None:
    """Sign every commit, with a stand-in for gpg that believes every signature."""
    program.write_text(
        "#!/bin/sh\ncat >/dev/null\n"
        "case \"$*\" in *--verify*) echo 'gpg: Good signature' >&2; exit 0;; esac\n"
        "echo '[GNUPG:] SIG_CREATED ' >&2\necho '-----BEGIN PGP SIGNATURE-----'\n"
    )
    program.chmod(0o755)
    sandbox.git("config", "commit.gpgSign", "true")
    sandbox.git("config", "gpg.program", str(program))


# ── what a commit says ──────────────────────────────────────────────────────────────────


def test_what_any_commit_says_can_be_asked(sandbox: Sandbox) -> None:
    first = commit(sandbox, "1.0.0")
    commit(sandbox, "1.0.1")
    sandbox.write({"odd": "nothing", CORE: "version = 1.0.2"})
    sandbox.commit("More")
    asked = [wanted("9"), wanted("9", "odd", "odd"), wanted("9", "gone", "gone")]

    assert versions_at(sandbox.root, first, asked) == {named("core"): Version("1.0.0")}
    assert versions_at(sandbox.root, "HEAD", asked) == {named("core"): Version("1.0.2")}


# ── many of everything ──────────────────────────────────────────────────────────────────


def grow(sandbox: Sandbox, commits: int, members: int, versions: list[str]) -> list[str]:
    """A history of `commits` that all touch every member's file; the commits' names.

    The first commits give these `versions` in turn, and the others keep the last of them.
    """
    marks = sandbox.root / ".git" / "marks"
    program = ["git", "fast-import", "--quiet", f"--export-marks={marks}"]
    stream = "".join(_stream(commits, members, versions))
    subprocess.run(
        program,
        input=stream.encode(),
        cwd=sandbox.root,
        env=surroundings(),
        check=True,
        timeout=PATIENCE,
    )
    named_marks = (line.split() for line in marks.read_text().splitlines())
    return [name for _, name in sorted((int(mark[1:]), name) for mark, name in named_marks)]


def _stream(commits: int, members: int, versions: list[str]) -> Iterator[str]:
    for number in range(commits):
        yield f"commit refs/heads/main\nmark :{number + 1}\n"
        yield f"committer A <a@example.org> {1_700_000_000 + number} +0000\ndata 1\nx\n"
        version = versions[min(number, len(versions) - 1)]
        text = f"version = {version}\n# {number}\n"
        for member in range(members):
            yield f"M 100644 inline packages/m{member}/pyproject.toml\n"
            yield f"data {len(text)}\n{text}\n"


def test_a_long_history_is_walked_by_a_handful_of_processes(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = grow(sandbox, 2000, 2, ["1.0.0", "1.0.1", "1.0.2"])
    trace = tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE", str(trace))
    asked = [wanted("1.0.2", f"packages/m{n}/pyproject.toml", f"m{n}") for n in range(2)]

    assert found(sandbox.root, *asked) == {"m0": names[2], "m1": names[2]}

    assert trace.read_text().count("built-in: git") <= 16


def test_a_release_that_was_the_last_commit_takes_three_processes(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = [f"1.0.{number}" for number in range(200)]
    names = grow(sandbox, 200, 19, versions)
    trace = tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE", str(trace))
    asked = [wanted("1.0.199", f"packages/m{n}/pyproject.toml", f"m{n}") for n in range(19)]

    assert set(found(sandbox.root, *asked).values()) == {names[-1]}

    assert trace.read_text().count("built-in: git") == 3


def test_more_commits_than_are_listed_at_once_are_all_looked_at(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(version_history, "_A_PAGE", 3)
    names = grow(sandbox, 30, 2, ["1.0.0", "1.0.1"])
    asked = [wanted("1.0.1", f"packages/m{n}/pyproject.toml", f"m{n}") for n in range(2)]

    assert found(sandbox.root, *asked) == {"m0": names[1], "m1": names[1]}
    assert found(sandbox.root, wanted("1.0.0", "packages/m0/pyproject.toml")) == {}


@pytest.mark.property
@settings(max_examples=15)
@given(
    versions=st.lists(st.sampled_from(["1.0", "1.1", "1.2"]), min_size=1, max_size=24),
    page=st.integers(1, 30),
)
def test_it_is_where_the_last_run_of_the_version_began(
    versions: list[str], page: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(version_history, "_A_PAGE", page)
        sandbox = Sandbox(tmp_path_factory.mktemp("history") / "repository")
        names = grow(sandbox, len(versions), 1, versions)
        begin = len(versions) - 1
        while begin and versions[begin - 1] == versions[-1]:
            begin -= 1

        asked = wanted(versions[-1], "packages/m0/pyproject.toml")

        assert found(sandbox.root, asked) == {"core": names[begin]}
