from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.git import Repository
from monorelease.errors import GitFailed, UsageProblem
from monorelease.model.fragment import Origin
from sandbox import PATIENCE, Sandbox, surroundings

CHANGES = PurePosixPath("changes")


def opened(root: Path) -> Repository:
    found = Repository.at(root)
    assert found is not None
    return found


def paths(*names: str) -> tuple[PurePosixPath, ...]:
    return tuple(map(PurePosixPath, names))


def hook(sandbox: Sandbox, name: str, script: str) -> None:
    sandbox.write({f".git/hooks/{name}": f"#!/bin/sh\n{script}\n"})
    (sandbox.root / ".git" / "hooks" / name).chmod(0o755)


@pytest.fixture
def shallow(sandbox: Sandbox, tmp_path: Path) -> Path:
    """A clone of depth one, and a branch `old` whose history it lacks."""
    sandbox.write({"changes/1.fix.md": "1"})
    sandbox.commit("First")
    sandbox.git("branch", "old")
    sandbox.write({"a": "2"})
    sandbox.commit("Second")
    clone = tmp_path / "clone"
    sandbox.git(
        "clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{sandbox.root}", str(clone)
    )
    return clone


# ── where ───────────────────────────────────────────────────────────────────────────────


def test_where_there_is_no_repository_there_is_none(tmp_path: Path) -> None:
    assert Repository.at(tmp_path) is None


def test_a_folder_that_only_looks_like_a_repository_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()

    with pytest.raises(GitFailed, match="not a git repository") as caught:
        Repository.at(tmp_path)

    assert caught.value.hint


def test_the_repository_is_found_from_a_folder_in_it(sandbox: Sandbox) -> None:
    sandbox.write({"a/b/c": "1"})

    assert opened(sandbox.root / "a" / "b").dirty() == paths("c")


def test_a_worktree_is_a_repository(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.write({"a": "1"})
    sandbox.commit("First")
    tree = tmp_path / "tree"
    sandbox.git("worktree", "add", "--quiet", str(tree), "-b", "other")
    (tree / "a").write_text("2")

    assert opened(tree).dirty() == paths("a")
    assert opened(sandbox.root).dirty() == ()


# ── head ────────────────────────────────────────────────────────────────────────────────


def test_the_head_is_the_commit_on_a_branch_or_off_it(sandbox: Sandbox) -> None:
    sandbox.commit("First")
    first = sandbox.git("rev-parse", "HEAD").strip()
    sandbox.commit("Second")
    assert opened(sandbox.root).head not in {first, ""}

    sandbox.git("checkout", "--quiet", "--detach", first)

    assert opened(sandbox.root).head == first


def test_a_repository_without_a_commit_has_no_head_and_no_history(sandbox: Sandbox) -> None:
    sandbox.write({"changes/1.fix.md": "1"})
    repository = opened(sandbox.root)

    assert repository.head == ""
    assert repository.dirty() == paths("changes/1.fix.md")
    assert repository.origins(CHANGES) == {}
    assert repository.base_branch() is None
    assert repository.tags() == ()
    assert repository.content_at_head(PurePosixPath("changes/1.fix.md")) is None
    assert not repository.is_shallow


def test_a_clone_of_depth_one_is_shallow(shallow: Path, sandbox: Sandbox) -> None:
    assert opened(shallow).is_shallow
    assert not opened(sandbox.root).is_shallow


# ── what differs ────────────────────────────────────────────────────────────────────────

ODD_NAMES = ("two words", 'a "quote"', "back\\slash", "new\nline", "tab\t", "é 漢", " edge ", "-x")


def test_dirty_is_what_was_changed_removed_staged_or_is_unknown(sandbox: Sandbox) -> None:
    sandbox.write({"same": "1", "changed": "1", "removed": "1", "staged": "1", "moved": "1"})
    sandbox.write({".gitignore": "*.log\n"})
    sandbox.commit("First")
    sandbox.write({"changed": "2", "staged": "2", "new/deep/file": "1", "a.log": "1"})
    (sandbox.root / "removed").unlink()
    sandbox.git("add", "staged")
    sandbox.git("mv", "moved", "there")

    assert opened(sandbox.root).dirty() == paths(
        "changed", "moved", "removed", "staged", "there", "new/deep/file"
    )


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_come_through_whole(name: str, sandbox: Sandbox) -> None:
    folder = f"changes/{name}"
    sandbox.write({f"{folder}/tracked": "1"})
    sandbox.commit("First (#7)")
    sandbox.write({f"{folder}/tracked": "2", f"{folder}/new": "1"})
    repository = opened(sandbox.root)
    both = set(paths(f"{folder}/new", f"{folder}/tracked"))

    assert set(repository.dirty()) == both
    assert set(repository.changed_since("main")) == both
    assert list(repository.origins(CHANGES)) == [PurePosixPath(folder, "tracked")]
    assert repository.content_at_head(PurePosixPath(folder, "tracked")) == b"1"
    repository.commit(tuple(both), "Second")
    assert repository.dirty() == ()


def test_names_that_are_no_text_come_through_too(sandbox: Sandbox) -> None:
    (sandbox.root / "caf\udce9").write_bytes(b"1")

    (path,) = opened(sandbox.root).dirty()

    assert (sandbox.root / path).read_bytes() == b"1"
    opened(sandbox.root).commit([path], "First")
    assert opened(sandbox.root).dirty() == ()


@pytest.mark.parametrize("name", ["mono", " mono", "mono ", "-mono"])
def test_a_root_below_the_top_sees_its_own_files_alone(name: str, sandbox: Sandbox) -> None:
    inside, beside = f"{name}/changes/1.fix.md", "changes/1.fix.md"
    sandbox.write({inside: "1", beside: "1", f"{name}/.gitignore": "*.log\n"})
    sandbox.commit("First (#7)")
    sandbox.write({inside: "2", beside: "2", f"{name}/new": "1", "other": "1"})
    repository = opened(sandbox.root / name)

    assert repository.dirty() == paths("changes/1.fix.md", "new")
    assert repository.changed_since("main") == paths("changes/1.fix.md", "new")
    assert list(repository.origins(CHANGES)) == list(paths("changes/1.fix.md"))
    assert repository.content_at_head(PurePosixPath("changes/1.fix.md")) == b"1"
    assert repository.ignored(paths("a.log", "b")) == paths("a.log")
    repository.commit(paths("changes/1.fix.md", "new"), "Second")
    assert repository.dirty() == ()
    assert opened(sandbox.root).dirty() == paths(beside, "other")


def test_changes_are_counted_from_where_the_branches_parted(sandbox: Sandbox) -> None:
    sandbox.write({"a": "1", "gone": "1"})
    sandbox.commit("First")
    sandbox.git("checkout", "--quiet", "-b", "work")
    sandbox.write({"committed": "1"})
    (sandbox.root / "gone").unlink()
    sandbox.commit("Work")
    sandbox.git("checkout", "--quiet", "main")
    sandbox.write({"meanwhile": "1"})
    sandbox.commit("Meanwhile")
    sandbox.git("checkout", "--quiet", "work")
    sandbox.write({"a": "2", "new": "1"})

    assert opened(sandbox.root).changed_since("main") == paths("a", "committed", "gone", "new")


def test_a_file_that_was_moved_is_changed_in_both_places(sandbox: Sandbox) -> None:
    sandbox.write({"a/file": "1\n2\n3\n4\n"})
    sandbox.commit("First")
    (sandbox.root / "b").mkdir()
    sandbox.git("mv", "a/file", "b/file")

    assert opened(sandbox.root).changed_since("HEAD") == paths("a/file", "b/file")


def test_histories_that_never_met_differ_from_the_ref_itself(sandbox: Sandbox) -> None:
    sandbox.write({"a": "1", "b": "1"})
    sandbox.commit("First")
    sandbox.git("checkout", "--quiet", "--orphan", "island")
    sandbox.write({"a": "2"})
    sandbox.commit("Island")

    assert opened(sandbox.root).changed_since("main") == paths("a")


REFS = [
    "nope",
    "",
    "--output=x",
    "-x",
    "--all",
    "^main",
    "main..main",
    "main^{tree}",
    "a\0b",
    "a\nb",
]


@pytest.mark.parametrize("ref", REFS)
def test_a_ref_that_is_no_commit_is_refused_and_is_never_an_option(
    ref: str, sandbox: Sandbox
) -> None:
    sandbox.commit("First")

    with pytest.raises(UsageProblem, match="there is no commit") as caught:
        opened(sandbox.root).changed_since(ref)

    assert caught.value.hint
    assert sandbox.tree() == {}


def test_a_tag_and_a_commit_are_refs_too(sandbox: Sandbox) -> None:
    sandbox.commit("First")
    sandbox.git("tag", "--annotate", "--message=One", "v1")
    sandbox.write({"a": "1"})
    sandbox.commit("Second")

    assert opened(sandbox.root).changed_since("v1") == paths("a")
    assert opened(sandbox.root).changed_since("HEAD~1") == paths("a")


def test_a_shallow_clone_cannot_tell_where_branches_parted(shallow: Path) -> None:
    with pytest.raises(UsageProblem, match="shallow") as caught:
        opened(shallow).changed_since("origin/old")

    assert "fetch-depth: 0" in caught.value.hint


def test_a_shallow_clone_of_one_branch_is_told_how_to_get_others(shallow: Path) -> None:
    """The usual `git fetch origin` would bring nothing else."""
    with pytest.raises(UsageProblem, match="there is no commit") as caught:
        opened(shallow).changed_since("origin/nowhere")

    assert "refs/heads/*:refs/remotes/origin/*" in caught.value.hint


# ── the base branch ─────────────────────────────────────────────────────────────────────


def test_the_base_branch_is_the_remotes_then_main_then_master(sandbox: Sandbox) -> None:
    sandbox.commit("First")
    sandbox.git("branch", "--move", "trunk")
    assert opened(sandbox.root).base_branch() is None

    sandbox.git("branch", "master")
    assert opened(sandbox.root).base_branch() == "master"

    sandbox.git("branch", "main")
    assert opened(sandbox.root).base_branch() == "main"

    sandbox.git("update-ref", "refs/remotes/origin/main", "HEAD")
    assert opened(sandbox.root).base_branch() == "origin/main"

    sandbox.git("update-ref", "refs/remotes/origin/trunk", "HEAD")
    sandbox.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    assert opened(sandbox.root).base_branch() == "refs/remotes/origin/trunk"


def test_a_remote_head_that_leads_nowhere_is_passed_over(sandbox: Sandbox) -> None:
    sandbox.commit("First")
    sandbox.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/gone")

    assert opened(sandbox.root).base_branch() == "main"


# ── origins ─────────────────────────────────────────────────────────────────────────────


def origins(sandbox: Sandbox) -> dict[str, tuple[str, int | None]]:
    """For each fragment the subject of the commit that added it, and the pull request."""
    found = opened(sandbox.root).origins(CHANGES)
    return {
        str(path): (
            sandbox.git("show", "--no-patch", "--format=%s", origin.commit).strip(),
            origin.pull_request,
        )
        for path, origin in found.items()
    }


def test_the_commit_that_added_a_fragment_tells_author_and_pull_request(sandbox: Sandbox) -> None:
    sandbox.write({"README.md": "1"})
    sandbox.commit("Begin (#1)")
    sandbox.write({"changes/1.fix.md": "1", "changes/2.fix.md": "1", "other/3.fix.md": "1"})
    sandbox.commit("Fix it (#12)")
    sandbox.write({"changes/1.fix.md": "edited"})
    sandbox.commit("Words (#13)")
    origin = Origin(
        commit=sandbox.git("rev-parse", "HEAD~1").strip(), author="Ada Lovelace", pull_request=12
    )

    assert opened(sandbox.root).origins(CHANGES) == {
        PurePosixPath("changes/1.fix.md"): origin,
        PurePosixPath("changes/2.fix.md"): origin,
    }


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("Fix it (#12)", 12),
        ("Fix it (#12)  ", 12),
        ("Fix #7 (#11) (#12)", 12),
        ("Fix (#12) for good", None),
        ("Fix #12", None),
        ("(#x)", None),
        ("Fix it", None),
    ],
)
def test_the_number_is_read_from_the_end_of_a_squashed_subject(
    subject: str, number: int | None, sandbox: Sandbox
) -> None:
    sandbox.write({"changes/1.fix.md": "1"})
    sandbox.commit(subject)

    assert origins(sandbox)["changes/1.fix.md"][1] == number


def test_a_merge_commit_tells_the_pull_request_of_what_it_merged(sandbox: Sandbox) -> None:
    sandbox.write({"README.md": "1"})
    sandbox.commit("Begin")
    sandbox.git("checkout", "--quiet", "-b", "work")
    sandbox.write({"changes/1.fix.md": "1"})
    sandbox.commit("Fix it")
    sandbox.git("checkout", "--quiet", "main")
    sandbox.git("merge", "--quiet", "--no-ff", "-m", "Merge pull request #12 from ada/work", "work")

    assert origins(sandbox)["changes/1.fix.md"][1] == 12


def test_a_merge_commit_does_not_tell_who_wrote_what_it_merged(sandbox: Sandbox) -> None:
    sandbox.commit("Begin")
    sandbox.git("checkout", "--quiet", "-b", "work")
    sandbox.write({"changes/1.fix.md": "1", "changes/2.fix.md": "1"})
    sandbox.git("add", "--all")
    sandbox.run("git", "commit", "--quiet", "-m", "Fix it", GIT_AUTHOR_NAME="Grace Hopper")
    sandbox.write({"changes/3.fix.md": "1"})
    sandbox.commit("Fix that too (#7)")
    work = sandbox.git("rev-parse", "HEAD~1").strip()
    sandbox.git("checkout", "--quiet", "main")
    sandbox.git("merge", "--quiet", "--no-ff", "-m", "Merge pull request #12 from ada/work", "work")

    found = opened(sandbox.root).origins(CHANGES)

    assert {origin.pull_request for origin in found.values()} == {7, 12}
    assert found[CHANGES / "1.fix.md"] == found[CHANGES / "2.fix.md"]
    assert (found[CHANGES / "1.fix.md"].commit, found[CHANGES / "1.fix.md"].author) == (
        work,
        "Grace Hopper",
    )
    assert found[CHANGES / "3.fix.md"].pull_request == 7


def test_a_merge_that_names_no_pull_request_tells_nothing(sandbox: Sandbox) -> None:
    sandbox.commit("Begin")
    sandbox.git("checkout", "--quiet", "-b", "work")
    sandbox.write({"changes/1.fix.md": "1"})
    sandbox.commit("Fix it")
    sandbox.git("checkout", "--quiet", "main")
    sandbox.git("merge", "--quiet", "--no-ff", "-m", "Merge branch 'work'", "work")

    assert origins(sandbox) == {"changes/1.fix.md": ("Fix it", None)}


def test_fragments_behind_a_link_have_origins_too(sandbox: Sandbox) -> None:
    sandbox.write({"mono/news/1.fix.md": "1"})
    (sandbox.root / "mono" / "changes").symlink_to("news")
    sandbox.commit("First (#12)")

    (path,) = opened(sandbox.root / "mono").origins(CHANGES)

    assert path == CHANGES / "1.fix.md"


def test_of_a_fragment_that_was_added_again_the_latest_addition_counts(sandbox: Sandbox) -> None:
    sandbox.write({"changes/1.fix.md": "1"})
    sandbox.commit("First (#1)")
    (sandbox.root / "changes" / "1.fix.md").unlink()
    sandbox.commit("Release")
    sandbox.write({"changes/1.fix.md": "2"})
    sandbox.commit("Second (#2)")

    assert origins(sandbox) == {"changes/1.fix.md": ("Second (#2)", 2)}


def test_a_fragment_that_was_renamed_was_added_by_that_commit(sandbox: Sandbox) -> None:
    sandbox.write({"changes/1.fix.md": "1\n2\n3\n"})
    sandbox.commit("First (#1)")
    sandbox.git("mv", "changes/1.fix.md", "changes/2.fix.md")
    sandbox.commit("Second (#2)")

    assert origins(sandbox)["changes/2.fix.md"] == ("Second (#2)", 2)


HOSTILE_SUBJECTS = ["a \x01 b (#12)", "a \x02 b (#12)", "a \x03 b (#12)", "\x1b[31m (#12)"]


@pytest.mark.parametrize("subject", HOSTILE_SUBJECTS, ids=ascii)
def test_control_characters_in_a_subject_confuse_nobody(subject: str, sandbox: Sandbox) -> None:
    sandbox.write({"changes/0.fix.md": "1"})
    sandbox.commit("Before (#1)")
    sandbox.write({"changes/1.fix.md": "1"})
    sandbox.commit(subject)

    assert {path: number for path, (_, number) in origins(sandbox).items()} == {
        "changes/0.fix.md": 1,
        "changes/1.fix.md": 12,
    }


@pytest.mark.parametrize("name", ["a\x01b", "a\x02b", "a\x03b"], ids=ascii)
def test_control_characters_in_a_file_name_confuse_nobody(name: str, sandbox: Sandbox) -> None:
    sandbox.write({f"changes/{name}.fix.md": "1"})
    sandbox.commit("First (#12)")

    assert origins(sandbox) == {f"changes/{name}.fix.md": ("First (#12)", 12)}


def test_an_author_is_named_as_the_mailmap_says(sandbox: Sandbox) -> None:
    sandbox.write({"changes/1.fix.md": "1", ".mailmap": "Countess <ada@example.org>\n"})
    sandbox.commit("First")

    (origin,) = opened(sandbox.root).origins(CHANGES).values()

    assert origin.author == "Countess"


def test_an_author_can_be_printed_whatever_the_name(sandbox: Sandbox) -> None:
    sandbox.write({"changes/1.fix.md": "1"})
    sandbox.git("add", "--all")
    ran = sandbox.run("git", "commit", "--quiet", "-m", "First", GIT_AUTHOR_NAME="é \x1b[31m")
    assert ran.status == 0, ran.stderr
    sandbox.git("config", "i18n.logOutputEncoding", "latin1")

    (origin,) = opened(sandbox.root).origins(CHANGES).values()

    assert origin.author == "é \ufffd[31m"


def test_all_origins_are_asked_for_at_once(sandbox: Sandbox, tmp_path: Path) -> None:
    """One process, however many fragments: each costs as much as all together."""
    for number in range(5):
        sandbox.write({f"changes/{number}.fix.md": "1"})
        sandbox.commit(f"Fix (#{number})")
    trace = tmp_path / "trace"
    program = (
        "import sys\nfrom pathlib import Path, PurePosixPath\n"
        "from monorelease.adapters.git import Repository\n"
        "repository = Repository.at(Path.cwd())\n"
        "open(sys.argv[1], 'w').close()\n"
        "assert len(repository.origins(PurePosixPath('changes'))) == 5\n"
    )

    ran = sandbox.run(sys.executable, "-c", program, str(trace), GIT_TRACE=str(trace))

    assert ran.status == 0, ran.stderr
    assert sum("built-in: git log" in line for line in trace.read_text().splitlines()) == 1


# ── whatever the user has configured ────────────────────────────────────────────────────

TASTES = [
    "column.ui always",
    "color.ui always",
    "core.quotePath true",
    "diff.mnemonicPrefix true",
    "diff.noprefix true",
    "diff.relative true",
    "diff.renames copies",
    "log.date relative",
    "log.decorate full",
    "log.diffMerges separate",
    "log.follow true",
    "log.showRoot false",
    "status.branch true",
    "status.relativePaths false",
    "status.renames copies",
    "status.short false",
    "status.showStash true",
    "status.showUntrackedFiles no",
    "tag.sort -version:refname",
    "format.pretty fuller",
    "i18n.logOutputEncoding latin1",
    "core.fsmonitor true",
    "diff.external false",
    "diff.orderFile /dev/null",
]


@pytest.mark.parametrize("taste", TASTES)
def test_the_answers_do_not_depend_on_somebodys_configuration(taste: str, sandbox: Sandbox) -> None:
    sandbox.write({"mono/changes/1.fix.md": "1\n2\n3\n", "mono/a": "1", "mono/b": "1"})
    sandbox.commit("First (#12)")
    sandbox.git("tag", "core-v1.0")
    sandbox.git("tag", "core-v1.1")
    sandbox.git("config", *taste.split())
    sandbox.write({"mono/a": "2", "mono/new": "1\n2\n3\n"})
    sandbox.git("mv", "mono/b", "mono/c")
    sandbox.git("stash", "push", "--quiet", "--keep-index")
    sandbox.git("stash", "pop", "--quiet")
    repository = opened(sandbox.root / "mono")

    assert set(repository.dirty()) == set(paths("a", "b", "c", "new"))
    assert set(repository.changed_since("main")) == set(paths("a", "b", "c", "new"))
    assert [origin.pull_request for origin in repository.origins(CHANGES).values()] == [12]
    assert sorted(repository.tags()) == ["core-v1.0", "core-v1.1"]


def test_a_file_that_was_only_touched_has_not_changed(sandbox: Sandbox) -> None:
    sandbox.git("config", "diff.autoRefreshIndex", "false")
    sandbox.write({"a": "1"})
    sandbox.commit("First")
    os.utime(sandbox.root / "a", (1, 1))

    assert opened(sandbox.root).changed_since("main") == ()
    assert opened(sandbox.root).dirty() == ()


def test_the_disk_is_believed_and_no_monitor_of_it(sandbox: Sandbox) -> None:
    """One that has missed something, after a restart say, would hide it from us."""
    hook(sandbox, "liar", "printf 'token\\0'")
    sandbox.write({"a": "1"})
    sandbox.commit("First")
    sandbox.git("config", "core.fsmonitor", ".git/hooks/liar")
    sandbox.git("update-index", "--fsmonitor")
    sandbox.git("status")
    sandbox.write({"a": "2"})
    assert sandbox.git("status", "--porcelain") == ""

    assert opened(sandbox.root).dirty() == paths("a")
    assert opened(sandbox.root).changed_since("main") == paths("a")


# ── ignored, content, tags ──────────────────────────────────────────────────────────────


def test_what_git_would_leave_out_is_told_unless_it_is_tracked(sandbox: Sandbox) -> None:
    sandbox.write({"a/CHANGELOG.md": "1"})
    sandbox.commit("First")
    sandbox.write({".gitignore": "CHANGELOG.md\n!c/CHANGELOG.md\n"})
    wanted = paths("a/CHANGELOG.md", "b/CHANGELOG.md", "c/CHANGELOG.md", "d é/CHANGELOG.md")

    assert opened(sandbox.root).ignored(wanted) == (wanted[1], wanted[3])
    assert opened(sandbox.root).ignored(()) == ()


def test_what_lies_behind_a_link_is_judged_too(sandbox: Sandbox) -> None:
    """A member's folder may be a link, as long as it stays in the repository."""
    sandbox.write({"libs/x/pyproject.toml": "1", ".gitignore": "*.log\n"})
    (sandbox.root / "packages").symlink_to("libs")
    wanted = paths("packages/x/a.log", "packages/x/CHANGELOG.md", "b.log")

    assert opened(sandbox.root).ignored(wanted) == (wanted[0], wanted[2])


def test_content_is_what_a_checkout_would_write(sandbox: Sandbox) -> None:
    sandbox.write(
        {".gitattributes": "*.txt text eol=crlf\n", "a.txt": "1\r\n2\r\n", "b": b"\xff\n\n"}
    )
    sandbox.commit("First")
    sandbox.write({"a.txt": "changed", "b": "changed"})
    repository = opened(sandbox.root)

    assert sandbox.git("cat-file", "-p", "HEAD:a.txt") == "1\n2\n"
    assert repository.content_at_head(PurePosixPath("a.txt")) == b"1\r\n2\r\n"
    assert repository.content_at_head(PurePosixPath("b")) == b"\xff\n\n"
    assert repository.content_at_head(PurePosixPath("missing")) is None


def test_a_filter_that_fails_is_said(sandbox: Sandbox) -> None:
    sandbox.write({".gitattributes": "a filter=broken\n", "a": "1"})
    sandbox.commit("First")
    sandbox.git("config", "filter.broken.smudge", "false")
    sandbox.git("config", "filter.broken.required", "true")

    with pytest.raises(GitFailed, match="cat-file"):
        opened(sandbox.root).content_at_head(PurePosixPath("a"))


def test_modes_are_told_of_what_differs_from_the_commit(sandbox: Sandbox) -> None:
    sandbox.write(
        {"mono/file": "1", "mono/gone": "1", "mono/tool": "1", "mono/same": "1", "b": "1"}
    )
    (sandbox.root / "mono" / "gone").chmod(0o755)
    sandbox.commit("First")
    sandbox.write({"mono/file": "2", "mono/new": "1", "b": "2"})
    (sandbox.root / "mono" / "gone").unlink()
    (sandbox.root / "mono" / "tool").chmod(0o755)

    assert opened(sandbox.root / "mono").modes() == {
        PurePosixPath("file"): (0o100644, 0o100644),
        PurePosixPath("gone"): (0o100755, 0),
        PurePosixPath("tool"): (0o100644, 0o100755),
    }


def test_tags_are_told_by_name(sandbox: Sandbox) -> None:
    sandbox.commit("First")
    for tag in ("v1", "core-v1.0.0", "a/b"):
        sandbox.git("tag", tag)

    assert opened(sandbox.root).tags() == ("a/b", "core-v1.0.0", "v1")


# ── commit ──────────────────────────────────────────────────────────────────────────────


def committed(sandbox: Sandbox) -> list[str]:
    """What the last commit did, file by file."""
    shown = sandbox.git("show", "--format=", "--name-status", "--no-renames", "HEAD")
    return shown.splitlines()


def test_a_commit_takes_the_named_files_and_no_other(sandbox: Sandbox) -> None:
    sandbox.write({"changed": "1", "removed": "1", "other": "1", "staged": "1"})
    sandbox.commit("First")
    sandbox.write({"changed": "2", "added": "1", "other": "2", "staged": "2", "unknown": "1"})
    (sandbox.root / "removed").unlink()
    sandbox.git("add", "staged")

    name = opened(sandbox.root).commit(
        paths("added", "changed", "removed"), "Release\n\ncore 1.1\n"
    )

    assert committed(sandbox) == ["A\tadded", "M\tchanged", "D\tremoved"]
    assert sandbox.git("log", "-1", "--format=%H %B").strip() == f"{name} Release\n\ncore 1.1"
    assert sandbox.git("status", "--porcelain").splitlines() == [
        " M other",
        "M  staged",
        "?? unknown",
    ]


def test_the_first_commit_of_a_repository_can_be_a_release(sandbox: Sandbox) -> None:
    sandbox.write({"a": "1", "b": "1"})

    opened(sandbox.root).commit(paths("a"), "First")

    assert committed(sandbox) == ["A\ta"]


def test_names_are_no_patterns(sandbox: Sandbox) -> None:
    sandbox.write({"a*": "1", "ab": "1", ":(top)c": "1", "c": "1"})

    opened(sandbox.root).commit(paths("a*", ":(top)c"), "First")

    assert committed(sandbox) == ["A\t:(top)c", "A\ta*"]


def test_a_message_that_begins_with_a_dash_is_a_message(sandbox: Sandbox) -> None:
    sandbox.write({"a": "1"})

    opened(sandbox.root).commit(paths("a"), "--amend")

    assert sandbox.git("log", "-1", "--format=%s") == "--amend\n"


def test_what_git_ignores_stays_out_of_the_commit_and_stops_nothing(sandbox: Sandbox) -> None:
    """A lock file that is in .gitignore is brought up to date, and is nobody else's business."""
    sandbox.write({".gitignore": "uv.lock\n", "a": "1"})
    sandbox.commit("First")
    sandbox.write({"uv.lock": "1", "a": "2"})

    opened(sandbox.root).commit(paths("a", "uv.lock"), "Release")

    assert committed(sandbox) == ["M\ta"]


def test_hooks_run_and_may_refuse(sandbox: Sandbox) -> None:
    sandbox.write({"a": "1", "removed": "1"})
    sandbox.commit("First")
    hook(sandbox, "pre-commit", "echo 'no tests, no commit' >&2; exit 1")
    sandbox.write({"a": "2", "new": "1"})
    (sandbox.root / "removed").unlink()

    with pytest.raises(GitFailed, match="no tests, no commit"):
        opened(sandbox.root).commit(paths("a", "new", "removed"), "Release")

    assert sandbox.git("log", "--format=%s") == "First\n"


def test_a_commit_that_is_refused_leaves_the_index_as_it_was(sandbox: Sandbox) -> None:
    sandbox.write({"a": "1", "removed": "1", "staged": "1"})
    sandbox.commit("First")
    hook(sandbox, "pre-commit", "exit 1")
    sandbox.write({"a": "2", "new": "1", "staged": "2"})
    (sandbox.root / "removed").unlink()
    sandbox.git("add", "staged")
    before = sandbox.git("status", "--porcelain")

    with pytest.raises(GitFailed):
        opened(sandbox.root).commit(paths("a", "new", "removed"), "Release")

    assert sandbox.git("status", "--porcelain") == before


def test_a_first_commit_that_is_refused_leaves_the_index_empty(sandbox: Sandbox) -> None:
    hook(sandbox, "pre-commit", "exit 1")
    sandbox.write({"a": "1"})

    with pytest.raises(GitFailed):
        opened(sandbox.root).commit(paths("a"), "Release")

    assert sandbox.git("status", "--porcelain") == "?? a\n"


def test_hooks_find_files_by_patterns_as_ever(sandbox: Sandbox) -> None:
    """They inherit options of git that are given to it in the environment."""
    hook(sandbox, "pre-commit", "git diff --cached --name-only -- '*.py' > found")
    sandbox.write({"a/b.py": "1"})

    opened(sandbox.root).commit(paths("a/b.py"), "Release")

    assert (sandbox.root / "found").read_text() == "a/b.py\n"


def test_what_lies_behind_a_link_is_committed_where_it_is(sandbox: Sandbox) -> None:
    sandbox.write({"libs/x/pyproject.toml": "1"})
    (sandbox.root / "packages").symlink_to("libs")
    sandbox.commit("First")
    sandbox.write({"libs/x/pyproject.toml": "2", "libs/x/CHANGELOG.md": "1"})
    wanted = paths("packages/x/pyproject.toml", "packages/x/CHANGELOG.md")

    opened(sandbox.root).commit(wanted, "Release")

    assert committed(sandbox) == ["A\tlibs/x/CHANGELOG.md", "M\tlibs/x/pyproject.toml"]
    assert opened(sandbox.root).content_at_head(wanted[0]) == b"2"


def test_where_git_ignores_everything_nothing_else_is_committed(sandbox: Sandbox) -> None:
    sandbox.write({".gitignore": "uv.lock\n"})
    sandbox.commit("First")
    sandbox.write({"uv.lock": "1", "other": "1"})

    with pytest.raises(GitFailed, match="ignores every file"):
        opened(sandbox.root).commit(paths("uv.lock"), "Release")

    assert sandbox.git("status", "--porcelain") == "?? other\n"


def test_a_message_may_be_longer_than_any_argument(sandbox: Sandbox) -> None:
    sandbox.write({"a": "1"})
    lines = "\n".join(f"package-{number} 1.0.0 -> 1.0.1" for number in range(10_000))

    opened(sandbox.root).commit(paths("a"), f"Release\n\n{lines}\n")

    assert sandbox.git("log", "-1", "--format=%b").rstrip("\n") == lines


def test_commits_are_signed_where_the_user_has_said_so(sandbox: Sandbox, tmp_path: Path) -> None:
    sign_with_stand_in(sandbox, tmp_path)
    sandbox.write({"a": "1"})

    opened(sandbox.root).commit(paths("a"), "Release")

    assert "gpgsig -----BEGIN PGP SIGNATURE-----" in sandbox.git("cat-file", "-p", "HEAD")


def test_signatures_that_are_shown_are_taken_for_no_files(sandbox: Sandbox, tmp_path: Path) -> None:
    sign_with_stand_in(sandbox, tmp_path)
    sandbox.git("config", "log.showSignature", "true")
    sandbox.write({"changes/1.fix.md": "1"})
    sandbox.commit("First (#1)")
    sandbox.write({"changes/2.fix.md": "1"})
    sandbox.commit("Second (#2)")

    assert set(opened(sandbox.root).origins(CHANGES)) == set(
        paths("changes/1.fix.md", "changes/2.fix.md")
    )


def sign_with_stand_in(sandbox: Sandbox, folder: Path) -> None:
    """Sign every commit, with a stand-in for gpg that believes every signature."""
    signer = folder / "gpg"
    signer.write_text(
        "#!/bin/sh\ncat >/dev/null\n"
        "case \"$*\" in *--verify*) echo 'gpg: Good signature' >&2; exit 0;; esac\n"
        "echo '[GNUPG:] SIG_CREATED ' >&2\n"
        "echo '-----BEGIN PGP SIGNATURE-----'\necho 'c2lnbmVk'\n"
        "echo '-----END PGP SIGNATURE-----'\n"
    )
    signer.chmod(0o755)
    sandbox.git("config", "commit.gpgSign", "true")
    sandbox.git("config", "gpg.program", str(signer))


# ── git itself ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("moment", ["before GitPython is imported", "after"])
def test_where_git_is_missing_that_is_said(moment: str, sandbox: Sandbox) -> None:
    program = (
        "import os\nfrom pathlib import Path\n"
        "from monorelease.adapters.git import Repository\n"
        "from monorelease.errors import GitFailed\n"
        + ("import git\n" if moment == "after" else "")
        + "os.environ['PATH'] = ''\n"
        "try:\n    Repository.at(Path.cwd())\n"
        "except GitFailed as error:\n    print(error, '|', error.hint)\n"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=sandbox.root,
        env=surroundings(),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )

    assert ended.stdout.strip() == "git is not installed | install git; this folder is under git"
