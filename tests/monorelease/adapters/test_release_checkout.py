from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.branch_history import BranchHistory
from monorelease.adapters.export import exported
from monorelease.adapters.release_checkout import ReleaseCheckout
from monorelease.errors import GitFailed
from monorelease.model.release_branch import BranchCommit, CommitKind, Conflict
from sandbox import Sandbox

SECONDS = 1_795_000_000
A = PurePosixPath("a")


@pytest.fixture
def source(sandbox: Sandbox) -> Sandbox:
    sandbox.write({"a": "1\n", "b": "1\n"})
    sandbox.commit("Begin")
    return sandbox


@pytest.fixture
def checkout(source: Sandbox) -> Iterator[ReleaseCheckout]:
    with exported(source.root, "HEAD") as folder:
        yield ReleaseCheckout(folder, source.root, SECONDS)


def release(checkout: ReleaseCheckout, text: str = "2\n") -> str:
    (checkout.folder / "a").write_text(text)
    return checkout.commit([A], "Release core 1.0.1\n\ncore 1.0.0 -> 1.0.1\n")


def theirs(source: Sandbox, *files: dict[str, str], subject: str = "Theirs") -> list[BranchCommit]:
    """Commits of a person's beside the base, one for each of `files`."""
    source.git("checkout", "--quiet", "-b", "theirs")
    for each in files:
        source.write(each)
        source.git("add", "--all")
        who = "--author=Bob <bob@example.org>"
        source.git("commit", "--quiet", "--allow-empty", who, "--cleanup=verbatim", "-m", subject)
    return list(BranchHistory(source.root).between("main", "theirs"))


def show(checkout: ReleaseCheckout, commit: str, form: str) -> str:
    ran = Sandbox.__new__(Sandbox)
    ran.root = checkout.folder
    return ran.git("show", "--no-patch", f"--format={form}", commit).rstrip("\n")


def test_a_release_is_committed_with_its_digest(source: Sandbox, checkout: ReleaseCheckout) -> None:
    commit = release(checkout)

    history = BranchHistory(checkout.folder)
    (found,) = history.between(source.git("rev-parse", "HEAD").strip(), commit)
    assert found.kind is CommitKind.TOOL
    message = show(checkout, commit, "%B")
    words = "Release core 1.0.1\n\ncore 1.0.0 -> 1.0.1\n\nRelease-Digest: "
    assert message == words + history.digest(f"{commit}^", commit)
    assert show(checkout, commit, "%at %ct %ai %an") == (
        f"{SECONDS} {SECONDS} 2026-11-18 11:06:40 +0000 Ada Lovelace"
    )


def test_the_same_release_is_the_same_commit(source: Sandbox) -> None:
    commits = set()
    for _ in range(2):
        with exported(source.root, "HEAD") as folder:
            commits.add(release(ReleaseCheckout(folder, source.root, SECONDS)))

    assert len(commits) == 1


def test_only_what_is_named_is_committed(checkout: ReleaseCheckout) -> None:
    (checkout.folder / "b").write_text("a hook's own affair")

    commit = release(checkout)

    assert show(checkout, f"{commit}:b", "") == "1"


def test_nothing_of_it_gets_into_the_user_s_repository(
    source: Sandbox, checkout: ReleaseCheckout
) -> None:
    before = source.git("count-objects", "-v"), source.git("show-ref")

    commit = release(checkout)

    assert (source.git("count-objects", "-v"), source.git("show-ref")) == before
    assert (checkout.repository / "objects" / commit[:2] / commit[2:]).is_file()


def test_who_commits_is_who_commits_in_the_user_s_repository(
    source: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody(monkeypatch)
    source.git("config", "user.name", "Grace")
    source.git("config", "user.email", "grace@example.org")

    with exported(source.root, "HEAD") as folder:
        checkout = ReleaseCheckout(folder, source.root, SECONDS)
        assert show(checkout, release(checkout), "%an %ae %cn") == "Grace grace@example.org Grace"


def test_where_git_knows_of_nobody_the_address_is_no_one_s(
    source: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody(monkeypatch)

    with exported(source.root, "HEAD") as folder:
        checkout = ReleaseCheckout(folder, source.root, SECONDS)
        commit = release(checkout)

    told = "monorelease monorelease@release.invalid monorelease"
    with exported(source.root, "HEAD") as folder:
        checkout = ReleaseCheckout(folder, source.root, SECONDS)
        assert release(checkout) == commit
        assert show(checkout, commit, "%an %ae %cn") == told


def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for who in ("AUTHOR", "COMMITTER"):
        for what in ("NAME", "EMAIL"):
            monkeypatch.delenv(f"GIT_{who}_{what}")


def test_a_person_s_commits_stand_on_the_release_as_they_were(
    source: Sandbox, checkout: ReleaseCheckout
) -> None:
    commits = theirs(source, {"c": "1"}, {"c": "2"}, subject="Subject\n\n# no comment\n\nWords.")
    ours = release(checkout)

    tip = checkout.carry(commits)

    assert isinstance(tip, str)
    form = "%an <%ae> %ad|%B"
    assert show(checkout, tip, form) == source.git(
        "show", "--no-patch", f"--format={form}", "theirs"
    ).rstrip("\n")
    assert show(checkout, f"{tip}~2", "%H") == ours
    assert (checkout.folder / "c").read_text() == "2"
    assert (checkout.folder / "a").read_text() == "2\n"


def test_nobody_s_commits_are_the_release_itself(checkout: ReleaseCheckout) -> None:
    ours = release(checkout)

    assert checkout.carry([]) == ours


def test_what_the_release_does_already_is_left_out(
    source: Sandbox, checkout: ReleaseCheckout
) -> None:
    commits = theirs(source, {"a": "2\n"}, {}, {"c": "1"})
    ours = release(checkout)

    tip = checkout.carry(commits)

    assert isinstance(tip, str)
    assert show(checkout, f"{tip}^", "%H") == ours


def test_a_commit_that_does_not_fit_is_told_with_its_files(
    source: Sandbox, checkout: ReleaseCheckout
) -> None:
    fits, does_not, _ = theirs(source, {"c": "1"}, {"a": "other\n", "ü b": "1"}, {"d": "1"})
    ours = release(checkout)

    found = checkout.carry([fits, does_not])

    assert found == Conflict(commit=does_not, paths=(A,))
    assert show(checkout, "HEAD^", "%H") == ours
    assert not (checkout.folder / "ü b").exists()


def test_what_git_refuses_is_not_taken_for_nothing(
    source: Sandbox, checkout: ReleaseCheckout
) -> None:
    (commit,) = theirs(source, {"c": "1"})
    release(checkout)
    (checkout.folder / "c").write_text("a hook left this")

    with pytest.raises(GitFailed, match=r"git cherry-pick failed: .*overwritten"):
        checkout.carry([commit])


def test_a_workspace_below_the_top_knows_where_it_lies(source: Sandbox) -> None:
    source.write({"tools/a": "1\n"})
    source.commit("Below")

    with exported(source.root / "tools", "HEAD") as folder:
        checkout = ReleaseCheckout(folder, source.root / "tools", SECONDS)
        commit = release(checkout)
        assert checkout.prefix == PurePosixPath("tools")
        assert show(checkout, f"{commit}:tools/a", "") == "2"


def test_a_workspace_at_the_top_lies_nowhere_else(
    checkout: ReleaseCheckout, tmp_path: Path
) -> None:
    assert checkout.prefix == PurePosixPath()
    assert not checkout.repository.is_relative_to(tmp_path)
