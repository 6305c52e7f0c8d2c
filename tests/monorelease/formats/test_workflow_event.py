"""The event is trimmed from one of GitHub's own examples, in npm's @octokit/webhooks-examples."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.errors import UsageProblem
from monorelease.formats.workflow_event import LARGEST, WorkflowRun, parse_workflow_run
from rendered import hostile

SHA = "3484a3fb816e0859fd6e1cea078d76385ff50625"
EVENT: dict[str, object] = {
    "action": "completed",
    "workflow_run": {
        "id": 289782451,
        "name": "Fragments",
        "head_branch": "fix-leak",
        "head_sha": SHA,
        "path": ".github/workflows/fragment-check.yml",
        "run_number": 4,
        "event": "pull_request",
        "status": "completed",
        "conclusion": "success",
        "workflow_id": 2793928,
        "pull_requests": [
            {
                "url": "https://api.github.com/repos/octo-org/octo-repo/pulls/2",
                "id": 1010101010,
                "number": 2,
                "head": {
                    "ref": "fix-leak",
                    "sha": SHA,
                    "repo": {"id": 300029405, "name": "octo-repo"},
                },
                "base": {
                    "ref": "main",
                    "sha": "ec26c3e57ca3a959ca5aad62de7213c562f8c821",
                    "repo": {"id": 300029405, "name": "octo-repo"},
                },
            }
        ],
        "head_repository": {
            "id": 300029405,
            "name": "octo-repo",
            "full_name": "octo-org/octo-repo",
            "owner": {"login": "octo-org", "id": 33435682, "type": "Organization"},
            "fork": False,
        },
    },
    "workflow": {"id": 2793928, "name": "Fragments", "state": "active"},
    "repository": {
        "id": 300029405,
        "name": "octo-repo",
        "full_name": "octo-org/octo-repo",
        "private": False,
    },
    "sender": {"login": "Codertocat", "id": 21031067},
}


def changed(path: str, found: object) -> bytes:
    """The event with another value at ``a.b.c``."""
    event = copy.deepcopy(EVENT)
    *outer, last = path.split(".")
    place = event
    for name in outer:
        place = place[name]  # type: ignore[assignment]
    place[last] = found
    return json.dumps(event).encode()


def test_a_run_for_a_branch_of_ours_names_its_pull_request() -> None:
    run = parse_workflow_run(json.dumps(EVENT).encode())

    assert run == WorkflowRun(
        event="pull_request",
        repository="octo-org/octo-repo",
        head_commit=SHA,
        head_branch="fix-leak",
        head_repository="octo-org/octo-repo",
        numbers=(2,),
    )
    assert run.fork_owner == ""


def test_a_run_for_a_fork_names_its_owner() -> None:
    run = parse_workflow_run(
        changed("workflow_run.head_repository", {"full_name": "ada/octo-repo", "id": 7})
    )

    assert run.fork_owner == "ada"


def test_a_pull_request_of_another_repository_is_none_of_ours() -> None:
    other = {"number": 9, "base": {"ref": "main", "repo": {"id": 186853002}}}

    assert parse_workflow_run(changed("workflow_run.pull_requests", [other])).numbers == ()


def test_a_fork_may_be_gone() -> None:
    run = parse_workflow_run(changed("workflow_run.head_repository", None))

    assert run.head_repository == ""


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"[]", "should be an object"),
        (b"{}", "workflow_run"),
        (b" " * (LARGEST + 1), "more than"),
        (changed("workflow_run.head_sha", "main"), "'main' is none"),
        (changed("workflow_run.head_sha", SHA.upper()), "is none"),
        (changed("workflow_run.pull_requests", [{"number": -1}]), "base"),
        (changed("workflow_run.head_repository", {"full_name": "ada/../x"}), "is none"),
        (changed("workflow_run.head_repository", {"full_name": "ada/.."}), "is none"),
        (changed("repository", {"id": 1, "full_name": "a b/c"}), "is none"),
    ],
)
def test_what_is_no_such_event_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UsageProblem, match="no event of a workflow_run") as caught:
        parse_workflow_run(data)

    assert why in caught.value.problem


@pytest.mark.property
@given(
    st.sampled_from(
        [
            "workflow_run",
            "workflow_run.head_sha",
            "workflow_run.head_branch",
            "workflow_run.pull_requests",
            "workflow_run.head_repository",
            "repository",
            "repository.full_name",
        ]
    ),
    st.none()
    | st.integers()
    | hostile()
    | st.lists(hostile())
    | st.dictionaries(hostile(), hostile()),
)
def test_whatever_it_says_it_is_read_or_refused(path: str, found: object) -> None:
    try:
        run = parse_workflow_run(changed(path, found))
    except UsageProblem:
        return
    assert len(run.head_commit) == 40
