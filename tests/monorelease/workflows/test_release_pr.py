from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from forge_server import ALWAYS, ForgeFault
from github_server import ADA
from monorelease.adapters.remote import Remote
from monorelease.errors import BranchTaken, ForgeUnavailable, GitFailed, ProblemsFound
from monorelease.model.channel import Label, Prerelease
from monorelease.model.forge import Change
from monorelease.model.plan import Scope
from monorelease.model.release_branch import Step
from monorelease.model.release_request import ReleaseRequest
from monorelease.model.value import replace
from monorelease.workflows.read import Snapshot, read
from monorelease.workflows.release_draft import make, on_base
from monorelease.workflows.release_pr import foresee, keep
from monorelease.workflows.released import released_members
from release_requests import HEAD, NAME, Team, team, team_with_request, wish
from sandbox import FIXED

CORE = "packages/core/pyproject.toml"
LOG = "packages/core/CHANGELOG.md"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    """A fragment waits, and there is a pull request for its release."""
    for name, value in FIXED.items():
        monkeypatch.setenv(name, value)
    with team_with_request(tmp_path) as found:
        yield found


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    """A fragment waits, and nothing was done about it yet."""
    for name, value in FIXED.items():
        monkeypatch.setenv(name, value)
    with team(tmp_path) as found:
        yield found


def change(request: ReleaseRequest) -> Change | None:
    return request.posted.change if request.posted else None


# ── made, updated, unchanged, closed ────────────────────────────────────────────────────


def test_a_release_becomes_a_branch_and_a_pull_request(fresh: Team) -> None:
    before = fresh.sandbox.tree(), fresh.sandbox.git("status", "--porcelain")

    request = fresh.keep()

    pull = fresh.pull()
    assert (request.step, change(request)) == (Step.CREATE, Change.CREATED)
    assert (pull.title, pull.base, pull.head) == ("Release core 1.0.1 and 1 more", "main", HEAD)
    assert fresh.body == request.body
    assert fresh.tip() == request.tip
    assert fresh.subjects() == ["Release core 1.0.1 and 1 more"]
    assert 'version = "1.0.1"' in fresh.read(CORE)
    assert "## 1.0.1 - 2026-11-22" in fresh.read(LOG)
    assert "changes/" not in fresh.git("ls-tree", "-r", "--name-only", HEAD)
    assert (fresh.sandbox.tree(), fresh.sandbox.git("status", "--porcelain")) == before


def test_the_work_tree_does_not_matter(fresh: Team) -> None:
    fresh.sandbox.write({CORE: "broken", "changes/1.fix.md": "---\napp: major\n---\n\nLater.\n"})
    fresh.sandbox.commit("Not pushed")
    fresh.sandbox.write({"pyproject.toml": "[tool.monorelease]\nbroken"})

    assert fresh.keep().title == "Release core 1.0.1 and 1 more"


def test_where_nothing_has_changed_nothing_is_pushed_and_nothing_said(here: Team) -> None:
    first = here.keep()
    here.asked()

    second = here.keep()

    assert (second.step, change(second)) == (Step.KEEP, Change.UNCHANGED)
    assert second.tip == first.tip == here.tip()
    assert here.asked() == []


def test_the_day_is_that_of_the_commit_which_is_released(fresh: Team) -> None:
    """So that it alone is never a reason to push."""
    undated = replace(wish(), day=None)

    for step in (Step.CREATE, Step.KEEP):
        assert keep(fresh.remote, undated, fresh.forge, fresh.told.append).step is step

    assert "## 1.0.1 - 2026-11-01" in fresh.read(LOG)


def test_a_candidate_is_proposed_and_fragments_stay(fresh: Team) -> None:
    candidate = replace(wish(), channel=Prerelease(label=Label.CANDIDATE))

    request = keep(fresh.remote, candidate, fresh.forge, fresh.told.append)

    assert request.title == "Release core 1.0.1rc1 and 1 more"
    assert "**pre-releases** (rc)" in request.body
    assert "changes/1042.fix.md" in fresh.git("ls-tree", "-r", "--name-only", HEAD)


def test_a_new_fragment_updates_both_in_place(here: Team) -> None:
    here.fragment("7.feature.md", "Something new.")

    request = here.keep()

    assert (request.step, change(request)) == (Step.UPDATE, Change.UPDATED)
    assert "Something new." in here.body
    assert "Something new." in here.read(LOG)
    assert here.subjects() == ["Release core 1.0.1 and 1 more"]


def test_a_base_that_moved_is_followed(here: Team) -> None:
    moved = here.commit({"README.md": "Words."}, "Write", "main")

    request = here.keep()

    assert (request.step, request.commit) == (Step.UPDATE, moved)
    assert here.git("rev-parse", f"{HEAD}^") == moved


def test_a_branch_that_was_there_before_us_is_not_removed(fresh: Team) -> None:
    fresh.git("update-ref", f"refs/heads/{HEAD}", "main")
    fresh.server.open(NAME, title="Mine", head=HEAD, base="main")
    tip = fresh.tip()
    fresh.sandbox.git("rm", "--quiet", "changes/1042.fix.md")
    fresh.sandbox.commit("Think again")
    fresh.sandbox.git("push", "--quiet", "origin", "main")

    request = fresh.keep()

    assert (request.step, request.posted, fresh.tip()) == (Step.NOTHING, None, tip)
    assert fresh.pull().state == "open"


def test_when_nothing_is_left_the_request_is_closed_and_the_branch_removed(here: Team) -> None:
    here.commit({"changes/1042.fix.md": "---\n---\n\nNot after all.\n"}, "Take back", "main")

    request = here.keep()

    assert (request.step, change(request)) == (Step.REMOVE, Change.REMOVED)
    assert (here.pull().state, here.tip()) == ("closed", "")
    assert here.server.texts(NAME, here.pull().number) == [
        "Nothing is left to release here, so that there is nothing to merge."
    ]
    again = here.keep()
    assert (again.step, again.posted) == (Step.NOTHING, None)


def test_a_request_that_a_person_closed_is_opened_anew(here: Team) -> None:
    here.pull().state = "closed"

    request = here.keep()

    assert (request.step, change(request)) == (Step.KEEP, Change.CREATED)
    assert [pull.state for pull in here.pulls()] == ["closed", "open"]


def test_another_base_has_a_request_of_its_own(here: Team) -> None:
    here.commit({"changes/3.fix.md": "---\napp: patch\n---\n\nHot.\n"}, "Fix", "hotfix/1.x")

    request = here.keep("hotfix/1.x")

    assert request.head == "monorelease/hotfix/1.x"
    assert [pull.base for pull in here.pulls()] == ["main", "hotfix/1.x"]
    assert "Hot." in here.read("packages/app/CHANGELOG.md", request.head)
    assert here.subjects() == ["Release core 1.0.1 and 1 more"]


def test_a_dry_run_pushes_nothing_and_asks_the_forge_nothing(here: Team) -> None:
    tip = here.tip()
    moved = here.commit({"README.md": "Words."}, "Write", "main")

    request = foresee(here.remote, wish(), here.forge)

    assert (request.step, request.posted, here.tip()) == (Step.UPDATE, None, tip)
    assert here.server.requests == []
    assert request.body == here.body.replace(here.git("rev-parse", "main^"), moved).replace(
        here.git("rev-parse", "main^")[:12], moved[:12]
    )


# ── commits of people's ─────────────────────────────────────────────────────────────────


def edited(here: Team) -> str:
    """A person words the changelog better, on the branch; the commit."""
    words = here.read(LOG).replace("Resources are freed.", "All resources are freed.")
    return here.commit({LOG: f"{words}\n"}, "Word it better")


def test_a_person_s_commit_is_left_alone_where_nothing_else_has_changed(here: Team) -> None:
    commit = edited(here)
    here.asked()

    assert here.keep().step is Step.KEEP
    assert here.tip() == commit
    assert here.asked() == []


def test_a_person_s_commit_is_carried_over(here: Team) -> None:
    edited(here)
    here.fragment("7.fix.md", member="app")

    request = here.keep()

    assert (request.step, [c.subject for c in request.people]) == (Step.UPDATE, ["Word it better"])
    assert here.subjects() == ["Release app 2.3.1 and 1 more", "Word it better"]
    assert "All resources are freed." in here.read(LOG)
    assert "More." in here.read("packages/app/CHANGELOG.md")
    assert here.keep().step is Step.KEEP


def test_a_conflict_leaves_the_branch_as_it_is_and_the_request_says_so(here: Team) -> None:
    commit = edited(here)
    before = here.body
    here.fragment("7.fix.md", "Another.")

    with pytest.raises(BranchTaken) as caught:
        here.keep()

    assert f"{commit[:12]} (Ada Lovelace: Word it better)" in caught.value.problem
    assert f"conflicts with the new release in {LOG}" in caught.value.problem
    assert f"git cherry-pick {commit[:12]}" in caught.value.hint
    assert here.tip() == commit
    assert "it is behind" in here.body
    assert here.body.endswith(before.partition("\n\n")[2])


def test_the_notice_goes_away_by_itself(here: Team) -> None:
    edited(here)
    here.fragment("7.fix.md", "Another.")
    with pytest.raises(BranchTaken):
        here.keep()
    here.git("update-ref", "-d", f"refs/heads/{HEAD}")

    request = here.keep()

    assert request.step is Step.CREATE
    assert "it is behind" not in here.body


def test_update_branch_is_no_person_s_work(here: Team) -> None:
    moved = here.commit({"README.md": "Words."}, "Write", "main")
    here.server.merge(NAME, HEAD, moved, "Merge main")

    request = here.keep()

    assert (request.step, request.people) == (Step.KEEP, ())
    here.fragment("7.fix.md")
    assert here.keep().step is Step.UPDATE
    assert here.subjects() == ["Release core 1.0.1 and 1 more"]


def test_a_merge_with_work_in_it_is_not_touched(here: Team) -> None:
    here.commit({"README.md": "Words."}, "Write", "main")
    here.sandbox.git("fetch", "--quiet", "origin")
    here.sandbox.git("checkout", "--quiet", "-b", "theirs", f"origin/{HEAD}")
    here.sandbox.git("merge", "--quiet", "--no-commit", "origin/main")
    here.sandbox.write({"README.md": "Better words."})
    here.sandbox.commit("Merge, and word it better")
    here.sandbox.git("push", "--quiet", "origin", f"HEAD:{HEAD}")
    tip = here.tip()

    with pytest.raises(BranchTaken, match="with changes made in a merge"):
        here.keep()

    assert here.tip() == tip


def test_a_branch_of_somebody_s_own_is_not_touched(fresh: Team) -> None:
    steps = "".join(
        f"commit refs/heads/{HEAD}\ncommitter Bob <b@example.org> {n} +0000\ndata 4\nStep\n"
        + ("from refs/heads/main\n" if n == 0 else "")
        for n in range(101)
    )
    fresh.server.git(NAME, "fast-import", "--quiet", stdin=steps)
    tip = fresh.tip()

    with pytest.raises(BranchTaken, match="101 commits are too many"):
        fresh.keep()

    assert fresh.tip() == tip


def test_a_branch_with_a_person_s_commit_outlives_the_release(here: Team) -> None:
    commit = edited(here)
    here.commit({"changes/1042.fix.md": "---\n---\n\nNot after all.\n"}, "Take back", "main")

    request = here.keep()

    assert (request.step, change(request)) == (Step.LEAVE, Change.REMOVED)
    assert (here.tip(), here.pull().state) == (commit, "closed")
    (said,) = here.server.texts(NAME, here.pull().number)
    assert "people's work is on it: 1 commit" in said


# ── merged, and published from ──────────────────────────────────────────────────────────


def merged(here: Team, how: str) -> str:
    """The base after somebody merged the request; its commit."""
    sandbox = here.sandbox
    sandbox.git("fetch", "--quiet", "origin")
    sandbox.git("reset", "--quiet", "--hard", "origin/main")
    if how == "rebase":
        sandbox.git("cherry-pick", f"origin/main..origin/{HEAD}")
    elif how == "squash":
        sandbox.git("merge", "--squash", "--quiet", f"origin/{HEAD}")
        sandbox.git("commit", "--quiet", "-m", "Release core 1.0.1 and 1 more (#1)")
    else:
        sandbox.git("merge", "--no-ff", "--quiet", "-m", "Merge #1", f"origin/{HEAD}")
    sandbox.git("push", "--quiet", "origin", "HEAD:main")
    here.pull().state = "closed"
    return here.tip("main")


@pytest.mark.parametrize("how", ["squash", "rebase", "merge"])
def test_however_it_is_merged_publishing_finds_the_release_and_nothing_is_left(
    here: Team, how: str
) -> None:
    edited(here)
    commit = merged(here, how)

    members, findings = released_members(read(here.sandbox.root), None)
    request = here.keep()

    expected = here.git("rev-parse", "main^") if how == "rebase" else commit
    assert findings == ()
    assert {m.name: (str(m.version), m.commit) for m in members} == {
        "core": ("1.0.1", expected),
        "app": ("2.3.1", expected),
    }
    assert (request.step, request.posted, here.tip()) == (Step.REMOVE, None, "")


def test_the_next_release_begins_afresh_on_a_branch_that_was_squashed(here: Team) -> None:
    edited(here)
    merged(here, "squash")
    here.fragment("8.fix.md")

    request = here.keep()

    assert (request.step, request.people) == (Step.UPDATE, ())
    assert here.subjects() == ["Release core 1.0.2 and 1 more"]


def test_a_release_that_a_person_took_back_was_not_merged(here: Team) -> None:
    tree = here.git("rev-parse", "main^{tree}")
    taken_back = here.git("commit-tree", tree, "-p", here.tip(), "-m", "Revert it")
    here.git("update-ref", f"refs/heads/{HEAD}", taken_back)
    here.commit({"README.md": "Words."}, "Write", "main")

    request = here.keep()

    assert here.subjects() == ["Release core 1.0.1 and 1 more", "Revert it"]
    assert [c.subject for c in request.people] == ["Revert it"]


# ── what goes wrong ─────────────────────────────────────────────────────────────────────


def test_a_release_that_cannot_be_made_is_told_in_the_request(here: Team) -> None:
    tip = here.tip()
    here.commit({"changes/9.fix.md": "---\nnobody: patch\n---\n\nWords.\n"}, "Slip", "main")

    with pytest.raises(ProblemsFound):
        here.keep()

    body = here.body
    assert here.tip() == tip
    assert body.index("it is behind") < body.index("nobody")
    assert "changes/9.fix.md" in body
    here.commit({"changes/9.fix.md": "---\napp: patch\n---\n\nWords.\n"}, "Correct it", "main")
    here.keep()
    assert "it is behind" not in here.body


def test_a_hook_that_fails_is_told_in_the_request(here: Team) -> None:
    hooks = "[tool.monorelease]\nhooks.after-release = [['false']]\n"
    here.commit({"pyproject.toml": hooks}, "Hook", "main")

    with pytest.raises(Exception, match="the hook `false`"):
        here.keep()

    assert "the hook `false` ended with status 1" in here.body


def test_a_forge_that_is_gone_does_not_hide_what_is_wrong(fresh: Team) -> None:
    fresh.commit({"changes/9.fix.md": "---\nnobody: patch\n---\n\nWords.\n"}, "Slip", "main")
    fresh.server.heed(ForgeFault(status=500, times=ALWAYS))

    with pytest.raises(ProblemsFound):
        fresh.keep()

    (said,) = fresh.told
    assert said.startswith("the pull request could not be told that it is behind: ")


def before_each_push(here: Team, script: str) -> None:
    """What somebody else does between our look at the branch and our push."""
    hook = here.sandbox.root / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nset -e\nexport GIT_DIR='{here.bare}'\n{script}\n")
    hook.chmod(0o755)


def test_who_is_overtaken_looks_again(here: Team) -> None:
    commit = edited(here)
    here.git("update-ref", f"refs/heads/{HEAD}", f"{commit}^")
    here.fragment("7.fix.md", member="app")
    before_each_push(here, f"git update-ref refs/heads/{HEAD} {commit}")

    request = here.keep()

    assert [c.name for c in request.people] == [commit]
    assert here.subjects() == ["Release app 2.3.1 and 1 more", "Word it better"]
    assert "All resources are freed." in here.read(LOG)


def test_two_that_do_the_same_at_once_both_succeed(here: Team, tmp_path: Path) -> None:
    here.fragment("7.fix.md", member="app")
    foreseen = tmp_path / "tip"
    before_each_push(here, f"git update-ref refs/heads/{HEAD} $(cat {foreseen}) || exit 0")
    with on_base(here.remote, wish()) as ground:
        made = make(ground, wish())
        assert made is not None
        here.git("fetch", "--quiet", str(ground.checkout.repository), "HEAD")
        foreseen.write_text(made.commit)

    assert here.keep().tip == made.commit == here.tip()


def test_who_is_overtaken_again_and_again_gives_up(here: Team) -> None:
    here.fragment("7.fix.md", member="app")
    again = f"git commit-tree {HEAD}^{{tree}} -p {HEAD} -m Theirs"
    before_each_push(here, f"git update-ref refs/heads/{HEAD} $({again})")

    with pytest.raises(GitFailed, match="moved 3 times"):
        here.keep()

    assert here.subjects()[1:] == ["Theirs"] * 3


def test_a_base_that_moves_meanwhile_is_looked_at_again(here: Team) -> None:
    """Else its new commits, which another run has put below the branch, would be people's."""

    def scope(_: Snapshot) -> Scope:
        if not here.told:
            here.told.append(here.commit({"README.md": "Words."}, "Write", "main"))
            here.keep()
        return Scope()

    request = keep(here.remote, replace(wish(), scope=scope), here.forge, here.told.append)

    assert (request.step, request.people) == (Step.KEEP, ())
    assert request.commit == here.told[0] == here.tip("main")


def test_a_base_that_never_rests_is_given_up(here: Team) -> None:
    def scope(_: Snapshot) -> Scope:
        here.commit({"README.md": str(len(here.told))}, "Write", "main")
        here.told.append("again")
        return Scope()

    with pytest.raises(GitFailed, match="the branch main was moved 3 times"):
        keep(here.remote, replace(wish(), scope=scope), here.forge, here.told.append)


def test_two_workspaces_of_one_repository_do_not_fight_for_one_branch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in FIXED.items():
        monkeypatch.setenv(name, value)
    with team(tmp_path) as found:
        files = found.sandbox.tree().items()
        found.sandbox.write({f"{top}/{path}": text for top in "xy" for path, text in files})
        found.sandbox.commit("Two of them")
        found.sandbox.git("push", "--quiet", "origin", "main")
        one, other = (Remote(found.sandbox.root / top, "origin") for top in "xy")
        first = keep(one, wish(), found.forge, found.told.append)
        found.asked()

        with pytest.raises(BranchTaken, match="the release of another workspace") as caught:
            keep(other, wish(), found.forge, found.told.append)

        assert "set branch of [tool.monorelease.forge]" in caught.value.hint
        assert (found.asked(), found.tip()) == ([], first.tip)
        assert keep(one, wish(), found.forge, found.told.append).step is Step.KEEP


def test_a_branch_that_is_protected_is_told(fresh: Team) -> None:
    hook = fresh.bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho GH006: Protected branch >&2; exit 1\n")
    hook.chmod(0o755)

    with pytest.raises(GitFailed, match="GH006: Protected branch"):
        fresh.keep()

    assert fresh.pulls() == []


def test_a_token_without_the_scope_is_told_and_the_next_run_goes_on(fresh: Team) -> None:
    fresh.server.let("a-token-of-the-tests", ADA, "contents")
    with pytest.raises(ForgeUnavailable):
        fresh.keep()
    assert (fresh.pulls(), bool(fresh.tip())) == ([], True)
    fresh.server.let("a-token-of-the-tests", ADA, "contents", "pull_requests")

    request = fresh.keep()

    assert (request.step, change(request)) == (Step.KEEP, Change.CREATED)


def test_a_shallow_clone_is_refused(fresh: Team, tmp_path: Path) -> None:
    fresh.commit({"README.md": "Words."}, "Write", "main")
    clone = tmp_path / "shallow"
    fresh.sandbox.git("clone", "--quiet", "--depth=1", fresh.bare.as_uri(), str(clone))
    fresh.sandbox.root = clone

    with pytest.raises(GitFailed, match="this clone is shallow") as caught:
        fresh.keep()

    assert "fetch-depth: 0" in caught.value.hint
