from __future__ import annotations

from pathlib import Path, PurePosixPath

from monorelease.adapters.git import Repository
from monorelease.model.channel import Snapshot
from monorelease.model.plan import Scope
from monorelease.model.review import Review, Stage
from monorelease.model.value import replace
from monorelease.workflows.review import review, review_written
from monorelease.workflows.undo import unsettled
from releasing import DAY, look, release
from sandbox import Sandbox
from values import named

CORE_PINNED = '[project]\nname = "client"\nversion = "1.2.0"\ndependencies = ["core==1.0.0"]\n'
FINAL = Scope()


def waiting(root: Path, scope: Scope = FINAL) -> Review:
    return review(look(root, scope=scope), scope, lambda: Repository.at(root), DAY)


def written(root: Path) -> Review:
    record = unsettled(root, lambda: Repository.at(root))
    assert record is not None
    return review_written(root, record.patch, lambda: Repository.at(root))


def same_but_for_stage(one: Review, other: Review) -> bool:
    return replace(one, stage=Stage.WAITING) == replace(other, stage=Stage.WAITING)


def test_a_waiting_release_is_seen_whole(repository: Sandbox) -> None:
    seen = waiting(repository.root)

    assert (seen.title, seen.date, seen.stage) == ("repository", "2026-11-22", Stage.WAITING)
    assert list(seen.plan.targets) == ["core"]
    assert seen.notes == {
        named(
            "core"
        ): "## 1.0.1 - 2026-11-22\n\n### Fixes\n\n- Native resources are freed. (#1042)\n"
    }
    assert seen.changelogs == {named("core"): PurePosixPath("packages/core/CHANGELOG.md")}
    assert seen.resting == {
        named("client"): (
            "no fragment names it",
            "core 1.0.1 stays inside >=1.0.0,<2 (project.dependencies)",
        ),
        named("server"): (
            "no fragment names it",
            "core is released, and only dependency-groups.test, which nobody installs, names it",
        ),
    }
    assert seen.origins is not None
    assert seen.origins[PurePosixPath("changes/1042.fix.md")].pull_request == 1042
    assert repository.git("status", "--porcelain") == ""


def test_publishing_is_foreseen(repository: Sandbox) -> None:
    manifest = (
        '[project]\nname = "suite"\nversion = "1.0"\nclassifiers = ["Private :: Do Not Upload"]\n'
    )
    repository.write(
        {
            "packages/suite/pyproject.toml": manifest,
            "packages/client/pyproject.toml": CORE_PINNED,
            "changes/2.fix.md": "---\nsuite: patch\n---\n\nx\n",
        }
    )

    prospect = waiting(repository.root).prospect

    assert prospect.waves == (("core",), ("client",))
    assert prospect.private == ("suite",)
    assert prospect.tags == {"core": "core-v1.0.1", "client": "client-v1.2.1"}
    assert (prospect.index.name, prospect.remote) == ("local", "")
    assert prospect.tagged_first == frozenset()


def test_an_index_of_others_gets_tags_pushed(repository: Sandbox) -> None:
    index = '[tool.monorelease.index.house]\nurl = "https://h.example/simple/"\nupload-url = "https://h.example/up/"\n'
    repository.write({"pyproject.toml": f'[tool.monorelease]\npublish.to = "house"\n{index}'})

    prospect = waiting(repository.root).prospect

    assert (prospect.index.name, prospect.remote) == ("house", "origin")


def test_a_snapshot_has_no_changelog_and_no_tag(repository: Sandbox) -> None:
    root = repository.root
    seen = review(look(root, Snapshot(stamp=7)), FINAL, lambda: Repository.at(root), DAY)

    assert (seen.notes, seen.prospect.tags) == ({}, {})
    assert seen.prospect.waves


def test_errors_leave_the_plan_and_what_was_found(repository: Sandbox) -> None:
    repository.write({"changes/1.fix.md": "---\nserve: patch\n---\n\nx\n"})

    seen = waiting(repository.root)

    assert seen.stage is Stage.STOPPED
    assert list(seen.plan.targets) == ["core"]
    assert [finding.code for finding in seen.findings] == ["unknown-member"]
    assert (seen.notes, seen.patch.edits) == ({}, ())


def test_what_others_will_do_is_named(repository: Sandbox) -> None:
    repository.write(
        {
            "pyproject.toml": '[tool.monorelease]\nhooks.after-release = [["make", "the docs"]]\n',
            "uv.lock": "",
        }
    )

    assert waiting(repository.root).afterwards == ("uv lock", "make 'the docs'")


def test_without_git_it_is_seen_all_the_same(repository: Sandbox) -> None:
    seen = review(look(repository.root), FINAL, lambda: None, DAY)

    assert seen.origins is None
    assert seen.notes


# ── a release that is in the tree ───────────────────────────────────────────────────────


def test_a_release_in_the_tree_reads_as_it_did_before(repository: Sandbox) -> None:
    repository.write({"packages/client/pyproject.toml": CORE_PINNED})
    before = waiting(repository.root)
    release(repository.root)

    after = written(repository.root)

    assert after.stage is Stage.WRITTEN
    assert same_but_for_stage(before, after)


def test_what_was_edited_since_is_shown_and_told(repository: Sandbox) -> None:
    release(repository.root)
    changelog = repository.root / "packages/core/CHANGELOG.md"
    changelog.write_text(changelog.read_text("utf-8").replace("freed", "given back"), "utf-8")
    (repository.root / "packages/core/pyproject.toml").unlink()
    repository.write({"packages/core/pyproject.toml": '[project]\nname="core"\nversion="1.0.1"\n'})

    seen = written(repository.root)

    assert "given back" in seen.notes[named("core")]
    assert [(str(f.path), f.code, f.problem) for f in seen.findings] == [
        (
            "packages/core/CHANGELOG.md",
            "edited-since-release",
            "was edited since the release wrote it",
        ),
        (
            "packages/core/pyproject.toml",
            "edited-since-release",
            "was edited since the release wrote it",
        ),
    ]


def test_a_changelog_that_is_gone_again_is_told(repository: Sandbox) -> None:
    release(repository.root)
    (repository.root / "packages/core/CHANGELOG.md").unlink()

    seen = written(repository.root)

    assert (seen.notes, seen.date) == ({}, "")
    assert [finding.problem for finding in seen.findings] == ["is gone since the release wrote it"]
