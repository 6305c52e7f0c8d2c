from __future__ import annotations

import pytest

from monorelease.adapters.git import Repository
from monorelease.errors import ProblemsFound
from monorelease.model.forge import PullRequest
from monorelease.model.value import replace
from monorelease.workflows.authoring import Drafted, write_fragments
from monorelease.workflows.branch import open_branch
from monorelease.workflows.from_request import draft_from_request
from monorelease.workflows.read import read
from sandbox import Sandbox

REQUEST = PullRequest(
    number=12,
    address="",
    title="feat: hear voices",
    body="",
    base="main",
    head="topic",
    head_commit="a" * 40,
    head_repository="",
    author="ada",
)
BLOCK = "```changes{}\n---\n{}: {}\n---\n\n{}\n```\n"


@pytest.fixture
def branch(repository: Sandbox) -> Sandbox:
    """The core is touched."""
    repository.git("switch", "--quiet", "--create", "topic")
    repository.write({"packages/core/a.py": "1"})
    repository.commit("Work")
    return repository


def drafted(branch: Sandbox, **changes: object) -> Drafted:
    found = open_branch(read(branch.root), Repository.at(branch.root))
    return draft_from_request(found, replace(REQUEST, **changes))


def write(branch: Sandbox, **changes: object) -> dict[str, str]:
    """Write what is drafted; all fragments of the pull request there are then."""
    write_fragments(read(branch.root), drafted(branch, **changes))
    return {
        f.path.name: " ".join([*(f"{e.name}: {e.bump.word}" for e in f.entries), f.text])
        for f in read(branch.root).fragments
        if f.id == "12"
    }


def test_a_title_says_it(branch: Sandbox) -> None:
    assert write(branch) == {"12.feature.md": "core: minor Hear voices."}
    assert write(branch, title="Free it") == {"12.fix.md": "core: patch Free it."}
    assert write(branch, title="docs: a page") == {"12.misc.md": ""}


def test_labels_come_before_the_title(branch: Sandbox) -> None:
    assert write(branch, labels=("bump: major",)) == {"12.breaking.md": "core: major Hear voices."}
    assert write(branch, labels=("no release",)) == {"12.misc.md": ""}


def test_blocks_come_before_both(branch: Sandbox) -> None:
    body = BLOCK.format("", "core", "patch", "One.") + BLOCK.format(
        " doc", "client", "none", "Two."
    )

    assert write(branch, body=body, labels=("major",)) == {
        "12.fix.md": "core: patch One.",
        "12.doc.md": "client: none Two.",
    }
    assert write(branch, body="```changes\n---\n---\n```") == {"12.misc.md": ""}


def test_the_same_again_changes_nothing(branch: Sandbox) -> None:
    write(branch)
    before = branch.tree()

    assert drafted(branch).patch.edits == ()
    assert branch.tree() == before


def test_in_the_place_of_what_it_said_before(branch: Sandbox) -> None:
    write(branch)
    branch.commit("A fragment")

    assert write(branch, title="fix: it")["12.fix.md"] == "core: patch It."
    assert write(branch, body=BLOCK.format("", "core", "minor", "Other.")) == {
        "12.feature.md": "core: minor Other."
    }


def test_what_a_person_has_edited_stays_and_it_says_so(branch: Sandbox) -> None:
    write(branch)
    path = branch.root / "changes" / "12.feature.md"
    path.write_text(path.read_text("utf-8").replace("voices", "all voices"), "utf-8")
    found = drafted(branch, title="fix: it")

    assert found.patch.edits == ()
    assert found.story == (
        "changes/12.feature.md has been edited since it was written: it stays as it is",
        "left alone, since a fragment of this branch names them: core (or --all)",
    )
    request = replace(REQUEST, title="fix: it")
    all_of_it = draft_from_request(
        open_branch(read(branch.root), Repository.at(branch.root)), request, everyone=True
    )
    assert [fragment.path.name for fragment in all_of_it.fragments] == ["12.fix.md"]


def test_what_a_person_has_written_stays(branch: Sandbox) -> None:
    branch.write({"changes/12.fix.md": "---\ncore: patch\n---\n\nMine.\n"})
    both = BLOCK.format("", "core", "patch", "One.") + BLOCK.format("", "client", "patch", "Two.")

    assert drafted(branch).fragments == ()
    assert [f.text for f in drafted(branch, body=both).fragments] == ["Two."]


def test_a_pull_request_that_touches_no_member_says_nothing(repository: Sandbox) -> None:
    repository.git("switch", "--quiet", "--create", "topic")
    found = drafted(repository)

    assert found.fragments == ()
    assert found.story == ("nothing to write: no member has changed since main",)


def problems(branch: Sandbox, **changes: object) -> list[str]:
    with pytest.raises(ProblemsFound) as caught:
        drafted(branch, **changes)
    return [f"{finding.problem} [{finding.code}]" for finding in caught.value.findings]


def test_every_mistake_in_a_body_is_found_at_once_with_its_line(branch: Sandbox) -> None:
    typo = BLOCK.format("", "coer", "patch", "One.")
    broken = BLOCK.format("", "core", "huge", "Two.")
    odd = BLOCK.format(" sprout", "core", "patch", "Three.")
    torn = "```changes\nno front matter\n```\n"

    found = problems(branch, body=f"Hi\n{typo}{broken}{odd}{torn}")
    assert found[:3] == [
        "the pull request's body, line 11: 'huge' is not a bump [unknown-bump]",
        "the pull request's body, line 16: 'sprout' is not a category [unknown-category]",
        "the pull request's body, line 24: there is no front matter [front-matter-missing]",
    ]
    assert "'coer' is not a member of this workspace [unknown-member]" in found


def test_a_name_that_is_unknown_is_found_too(branch: Sandbox) -> None:
    assert problems(branch, body=BLOCK.format("", "coer", "patch", "One.")) == [
        "'coer' is not a member of this workspace [unknown-member]"
    ]


def test_labels_may_not_contradict_each_other(branch: Sandbox) -> None:
    (problem,) = problems(branch, labels=("patch", "no changelog"))

    assert problem.endswith("and for none: patch and no changelog [labels-contradict]")


@pytest.mark.parametrize("category", ["../x", "a/7.fix", "a.b", "\x1b[2J"])
def test_a_category_cannot_lead_elsewhere(category: str, branch: Sandbox) -> None:
    body = BLOCK.format(f" {category}", "core", "patch", "One.")

    with pytest.raises(Exception) as caught:  # noqa: PT011 - whichever refuses first
        write(branch, body=body)

    assert not isinstance(caught.value, AssertionError)
    assert branch.git("status", "--porcelain") == ""
