from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from monorelease.adapters.git import Repository
from monorelease.errors import UsageProblem
from monorelease.formats.proposal_data import parse_proposal, proposal_value
from monorelease.model.bump import Bump
from monorelease.model.proposal import Proposal
from monorelease.reports.json import json_text
from monorelease.workflows.proposal import propose
from monorelease.workflows.read import read
from sandbox import Sandbox
from values import named


def proposed(sandbox: Sandbox, since: str = "main", head: str = "") -> Proposal:
    """What the branch in the sandbox proposes, which any job may be told."""
    repository = Repository.at(sandbox.root)
    assert repository is not None
    proposal = propose(read(sandbox.root), repository, since, head=head)
    assert parse_proposal(json_text(proposal_value(proposal)).encode()) == proposal
    return proposal


@pytest.fixture
def branch(repository: Sandbox) -> Sandbox:
    """A branch of the good monorepo, with nothing of its own yet."""
    repository.git("switch", "--quiet", "--create", "change")
    return repository


def test_only_the_changes_own_fragments_are_planned(branch: Sandbox) -> None:
    branch.write({"changes/7.feature.md": "---\nclient: minor\n---\n\nIt retries.\n"})
    branch.commit("Retry")

    proposal = proposed(branch)

    assert [(r.name, r.bump, r.current, r.target) for r in proposal.releases] == [
        ("client", Bump.MINOR, "1.2.0", "1.3.0")
    ]
    assert proposal.releases[0].why == ("changes/7.feature.md",)
    assert [str(fragment.path) for fragment in proposal.fragments] == ["changes/7.feature.md"]
    assert "#### client 1.3.0\n" in proposal.notes
    assert "It retries. (#7)" in proposal.notes
    assert "Native resources" not in proposal.notes
    assert proposal.head == branch.git("rev-parse", "HEAD").strip()
    assert not proposal.releases_itself


def test_a_fragment_that_is_edited_counts_and_one_that_is_not_committed_too(
    branch: Sandbox,
) -> None:
    branch.write({"changes/1042.fix.md": "---\ncore: major\n---\n\nNative resources are gone.\n"})

    proposal = proposed(branch)

    releases = {release.name: release for release in proposal.releases}
    assert releases[named("core")].target == "2.0.0"
    assert releases[named("client")].why == ("core 2.0.0 leaves >=1.0.0,<2 (project.dependencies)",)


def test_who_is_changed_and_not_told_of_is_named(branch: Sandbox) -> None:
    branch.write(
        {
            "packages/core/a.py": "",
            "packages/server/a.py": "",
            "changes/7.fix.md": "---\ncore: patch\n---\n\nWords.\n",
        }
    )

    proposal = proposed(branch)

    assert proposal.touched == ("core", "server")
    assert proposal.untold == ("server",)
    assert "missing-fragment" not in {f.code for f in proposal.findings}


def test_who_is_ignored_need_not_be_told_of(branch: Sandbox) -> None:
    branch.write(
        {
            "packages/core/a.py": "",
            "pyproject.toml": '[tool.monorelease]\nmembers = ["packages/*"]\nignore = ["core"]\n',
        }
    )

    proposal = proposed(branch)

    assert (proposal.touched, proposal.untold) == (("core",), ())


def test_an_empty_fragment_tells_of_everybody(branch: Sandbox) -> None:
    branch.write({"packages/core/a.py": "", "changes/7.misc.md": "---\n---\n"})

    proposal = proposed(branch)

    assert (proposal.untold, proposal.releases, proposal.notes) == ((), (), "")
    assert proposal.fragments[0].bumps == ()


def test_what_is_wrong_elsewhere_is_told_apart(repository: Sandbox) -> None:
    repository.write({"changes/1.fix.md": "---\nnobody: patch\n---\n\nWords.\n"})
    repository.commit("Mistake")
    repository.git("switch", "--quiet", "--create", "change")
    repository.write({"changes/2.fix.md": "---\ncor: patch\n---\n\nWords.\n"})

    proposal = proposed(repository)

    assert [(f.code, str(f.path), f.line) for f in proposal.findings] == [
        ("unknown-member", "changes/2.fix.md", 2)
    ]
    assert [(f.code, str(f.path)) for f in proposal.elsewhere] == [
        ("unknown-member", "changes/1.fix.md")
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"changes/2.fix.md": "---\ncore: patch\n"},
        {"changes/2.fix.md": b"\xff\xfe"},
        {"changes/2.fix.md": "---\n<b>@ada: patch\n---\n\n\x1b[31mWords\n"},
        {"changes/2.nonsense.md": "---\ncore: patch\n---\n\n```\nopen\n"},
        {"pyproject.toml": "[tool.monorelease\n"},
        {"pyproject.toml": '[tool.monorelease]\nmembers = 3\nfixed = "x"\n'},
        {"pyproject.toml": '[tool.monorelease]\n[tool.towncrier]\ndirectory = "../.."\n'},
        {"packages/core/pyproject.toml": "[project"},
        {"packages/core/pyproject.toml": '[project]\nname = "a b|c"\nversion = "1"\n'},
        {"changes/`](javascript:x)\x1b[31m\n.fix.md": "---\ncore: patch\n---\n\nWords.\n"},
    ],
    ids=range(10),
)
def test_whatever_is_broken_is_told(branch: Sandbox, files: dict[str, str | bytes]) -> None:
    branch.write(files)
    branch.commit("Break it")

    proposal = proposed(branch)

    assert any(finding.is_error for finding in proposal.findings)


def test_a_fragment_of_mistakes_alone_does_not_say_that_no_release_is_needed(
    branch: Sandbox,
) -> None:
    branch.write(
        {"packages/core/a.py": "", "changes/2.fix.md": "---\n'a b': patch\n---\n\nWords.\n"}
    )

    proposal = proposed(branch)

    assert (proposal.untold, proposal.fragments) == (("core",), ())
    assert {str(finding.path) for finding in proposal.findings} == {"changes/2.fix.md"}


def test_notes_that_cannot_be_rendered_are_a_finding(branch: Sandbox) -> None:
    branch.write(
        {
            "pyproject.toml": '[tool.monorelease]\nmembers = ["packages/*"]\n'
            '[tool.towncrier]\ntemplate = "gone.md"\n',
            "changes/2.fix.md": "---\ncore: patch\n---\n\nWords.\n",
        }
    )

    proposal = proposed(branch)

    assert [release.name for release in proposal.releases] == ["core"]
    assert proposal.notes == ""
    (finding,) = (f for f in proposal.findings if f.code == "notes-failed")
    assert "gone.md" in finding.problem


def test_a_release_is_known_for_one(branch: Sandbox) -> None:
    assert branch.monorelease("release").status == 0
    branch.commit("Release core 1.0.1")

    proposal = proposed(branch)

    assert proposal.releases_itself
    assert (proposal.releases, proposal.untold, proposal.findings) == ((), (), ())


def test_a_fragment_that_is_only_taken_back_makes_no_release(branch: Sandbox) -> None:
    (branch.root / "changes/1042.fix.md").unlink()
    branch.write({"packages/core/a.py": ""})

    proposal = proposed(branch)

    assert not proposal.releases_itself
    assert proposal.untold == ("core",)


def test_members_come_as_one_looks_them_up(branch: Sandbox) -> None:
    branch.write(
        {
            "pyproject.toml": '[tool.monorelease]\nmembers = ["packages/*"]\nfixed = [["x*"]]\n',
            **{
                f"packages/{name}/pyproject.toml": f'[project]\nname = "{name}"\nversion = "1.0"\n'
                for name in ("x-core", "x-plugin-a", "x-plugin-z", "x-plugins-test")
            },
            "changes/2.fix.md": "---\nx-plugin-z: patch\n---\n\nWords.\n",
        }
    )

    assert [release.name for release in proposed(branch).releases] == [
        "x-plugin-z",
        "x-core",
        "x-plugin-a",
        "x-plugins-test",
    ]


def test_it_may_be_about_another_commit_than_the_one_checked_out(branch: Sandbox) -> None:
    assert proposed(branch, head="1" * 40).head == "1" * 40


def test_what_a_change_is_made_for_has_to_be_known(branch: Sandbox) -> None:
    with pytest.raises(UsageProblem, match="nowhere"):
        proposed(branch, since="nowhere")


def test_a_fragment_is_begun_in_the_repositorys_own_words(branch: Sandbox) -> None:
    branch.write(
        {
            "pyproject.toml": '[tool.monorelease]\nmembers = ["packages/*"]\n'
            '[tool.towncrier]\ndirectory = "news"\n'
            '[[tool.towncrier.type]]\ndirectory = "bugfix"\nname = "Bugs"\n',
        }
    )

    proposal = proposed(branch)

    assert (proposal.directory, proposal.category) == ("news", "bugfix")
    assert PurePosixPath(proposal.directory).name == "news"
