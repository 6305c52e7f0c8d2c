"""``monorelease comment``: what a pull request will release, said on it."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from monorelease.cli.scope import add_json
from monorelease.cli.wiring import Surroundings
from monorelease.errors import UsageProblem
from monorelease.reports.printable import printable

if TYPE_CHECKING:
    from monorelease.adapters.git import Repository
    from monorelease.model.forge import Posted, PullRequest
    from monorelease.model.proposal import Proposal
    from monorelease.workflows.ports import Forge
    from monorelease.workflows.read import Snapshot

_NUMBER = re.compile(r"[1-9][0-9]{0,9}")
_OWN_REF = re.compile(r"refs/pull/([1-9][0-9]{0,9})/merge")
"""What a workflow for pull_request runs on: the commit that a merge would make."""

_ENOUGH = 65_000
"""Characters of a comment that is only printed."""


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Say what the fragments of a pull request will release: every package with its versions\n"
        "and the reasons, what each changelog gets, and what is wrong or missing, with a link\n"
        "that begins the missing fragment. Prints Markdown; with --post, it is one comment on\n"
        "the pull request, which the next run edits.\n\n"
        "A pull request from a fork gets its comment in two steps. The first runs the fork's\n"
        "files without any rights, and prints its data (--json). The second runs on the default\n"
        "branch with the right to comment (--data FILE --event FILE --post): it believes nothing\n"
        "in the data but its form, and takes the pull request from the event."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease comment --since origin/main    look at it first\n"
        "  monorelease comment --pr 1042 --post       where there are the rights to\n"
        "  monorelease comment --json                 in the job for pull_request\n"
        '  monorelease comment --data FILE --event "$GITHUB_EVENT_PATH" --post\n'
        "                                             in the job for workflow_run\n"
    )
    parser.add_argument(
        "--since",
        metavar="REF",
        help="the branch or commit that the change is made for (default: what the pipeline "
        "says, else the remote's default branch)",
    )
    parser.add_argument(
        "--pr",
        type=_number,
        metavar="NUMBER",
        help="the pull request, or merge request (default, with --post: the pipeline's)",
    )
    parser.add_argument("--post", action="store_true", help="comment on the pull request")
    parser.add_argument(
        "--data", type=Path, metavar="FILE", help="take the proposal from what --json printed"
    )
    parser.add_argument(
        "--event",
        type=Path,
        metavar="FILE",
        help="take the pull request from this event of GitHub's workflow_run",
    )
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Print it, or post it."""
    from monorelease.cli.forge import find_site, open_forge
    from monorelease.reports.comment import comment_text
    from monorelease.workflows.opening import open_root
    from monorelease.workflows.read import read

    _demand_together(args)
    console = around.console
    snapshot = read(open_root(around.cwd, console.tell))
    proposal = _given(args, around) if args.data else _proposed(args, around, snapshot)
    if args.post or args.pr or args.event:
        forge = open_forge(snapshot, around)
        request, why = _request(args, around, proposal, forge)
        if request is None:
            return _show_none(args, around, why)
        if args.post:
            return _post(args, around, proposal, request, forge)
        console.show_page(comment_text(proposal, forge.site, request, forge.longest))
    elif args.json:
        from monorelease.formats.proposal_data import proposal_value

        console.show_json(proposal_value(proposal))
    else:
        site = find_site(snapshot, around)
        console.show_page(comment_text(proposal, site, None, _ENOUGH))
    return 0


def _number(text: str) -> int:
    if _NUMBER.fullmatch(text):
        return int(text)
    raise ArgumentTypeError(f"not the number of a pull request: {text!r}")


def _demand_together(args: Namespace) -> None:
    """Refuse flags that contradict each other.

    Raises:
        UsageProblem: some do.
    """
    if args.event and not args.data:
        raise UsageProblem(
            "--event says where a proposal goes, and there is none: what lies here is not the "
            "pull request's",
            hint="give its data too: --data FILE",
        )
    if args.event and args.pr:
        raise UsageProblem("--event and --pr both name a pull request", hint="leave one out")
    if args.data and args.since:
        raise UsageProblem(
            "--data has been computed already: --since would change nothing", hint="leave one out"
        )


def _given(args: Namespace, around: Surroundings) -> Proposal:
    from monorelease.formats.proposal_data import LARGEST, parse_proposal

    return parse_proposal(_read(around.cwd / args.data, LARGEST))


def _proposed(args: Namespace, around: Surroundings, snapshot: Snapshot) -> Proposal:
    from monorelease.adapters.git import Repository
    from monorelease.workflows.proposal import propose

    repository = Repository.at(snapshot.root)
    if repository is None:
        raise UsageProblem(
            "what a change proposes is told by git, and this is no git repository",
            hint="run it in a checkout of the pull request's branch",
        )
    since = args.since or _base(around, repository)
    return propose(snapshot, repository, since, head=_head(around, repository))


def _base(around: Surroundings, repository: Repository) -> str:
    """What the change is made for: a pipeline is told the name of a branch, of its ``origin``."""
    for name in ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
        if branch := around.environment.get(name):
            return f"origin/{branch}"
    if base := repository.base_branch():
        return base
    raise UsageProblem(
        "this clone does not know for which branch the change is made",
        hint="name it: --since origin/main",
    )


def _head(around: Surroundings, repository: Repository) -> str:
    """The pull request's own newest commit, where a pipeline checks out what a merge would make.

    Empty where that is the one that is checked out.
    """
    told = around.environment.get
    if commit := told("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"):  # only where a merge is checked out
        return repository.find_commit(commit)
    is_merge = _OWN_REF.fullmatch(told("GITHUB_REF", "")) and told("GITHUB_SHA") == repository.head
    return repository.find_commit("HEAD^2") if is_merge else ""


def _request(
    args: Namespace, around: Surroundings, proposal: Proposal, forge: Forge
) -> tuple[PullRequest | None, str]:
    """The pull request that is told; or None, and why."""
    from monorelease.workflows.comment import demand_same_commit, find_request, why_not

    if args.event:
        from monorelease.formats.workflow_event import LARGEST, parse_workflow_run

        run = parse_workflow_run(_read(around.cwd / args.event, LARGEST))
        demand_same_commit(proposal, run)
        return find_request(run, forge)
    request = forge.pull_request(args.pr or _own_number(around))
    why = why_not(proposal, request)
    return (None, why) if why else (request, "")


def _own_number(around: Surroundings) -> int:
    """The pull request that this pipeline runs for."""
    told = _OWN_REF.fullmatch(around.environment.get("GITHUB_REF", ""))
    number = told[1] if told else around.environment.get("CI_MERGE_REQUEST_IID", "")
    try:
        return _number(number)
    except ArgumentTypeError:
        raise UsageProblem(
            "nothing says which pull request to comment on", hint="name it: --pr NUMBER"
        ) from None


def _read(path: Path, largest: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(largest + 1)
    except OSError as error:
        raise UsageProblem(
            f"{path} cannot be read: {error.strerror}", hint="name a file that is there"
        ) from error


def _show_none(args: Namespace, around: Surroundings, why: str) -> int:
    around.console.tell(f"no comment: {why}")
    if args.json:
        _show_json(around, None)
    return 0


def _post(
    args: Namespace, around: Surroundings, proposal: Proposal, request: PullRequest, forge: Forge
) -> int:
    from monorelease.workflows.comment import post

    posted = post(proposal, request, forge)
    if args.json:
        _show_json(around, posted)
    else:
        around.console.show(f"comment {posted.change.value}: {printable(posted.address)}\n")
    return 0


def _show_json(around: Surroundings, posted: Posted | None) -> None:
    from monorelease.reports.json import SCHEMA

    value = {"change": posted.change.value, "address": posted.address} if posted else None
    around.console.show_json({"schema": SCHEMA, "comment": value})
