"""Fragments from what a branch says of itself: its commits, its pull request, its requirements."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path, PurePosixPath

from monorelease.adapters.git import Repository
from monorelease.cli.wiring import Surroundings
from monorelease.errors import UnreadableFile, UsageProblem
from monorelease.model.forge import PullRequest
from monorelease.workflows.authoring import Drafted, write_fragments
from monorelease.workflows.branch import Branch, open_branch
from monorelease.workflows.opening import open_root
from monorelease.workflows.read import Snapshot, read


def add_from(args: Namespace, around: Surroundings) -> int:
    """Draft the fragments, show them, and write them unless this is a rehearsal."""
    snapshot = read(open_root(around.cwd, around.console.tell))
    drafted = _draft(args, around, snapshot)
    if not args.dry_run:
        write_fragments(snapshot, drafted)
    _show(drafted, args, around)
    return 0


def _draft(args: Namespace, around: Surroundings, snapshot: Snapshot) -> Drafted:
    repository = Repository.at(snapshot.root)
    if args.from_commits is not None:
        from monorelease.workflows.from_commits import draft_from_commits

        branch = open_branch(snapshot, repository, _start(args.from_commits))
        return draft_from_commits(branch, everyone=args.everyone)
    if args.for_dependencies is not None:
        from monorelease.workflows.from_requirements import draft_from_requirements

        branch = open_branch(snapshot, repository, _start(args.for_dependencies))
        number = (args.id or "").lstrip("#")
        return draft_from_requirements(branch, number, everyone=args.everyone)
    from monorelease.workflows.from_request import draft_from_request

    request = _request(args.from_pr, around, snapshot)
    branch = _branch_of(request, snapshot, repository)
    return draft_from_request(branch, request, everyone=args.everyone)


def _start(ref: str) -> str:
    """The ref in ``REF``, ``REF..`` or ``REF..HEAD``."""
    return ref.removesuffix("HEAD").removesuffix("..") if ".." in ref else ref


def _branch_of(request: PullRequest, snapshot: Snapshot, repository: Repository | None) -> Branch:
    """What is checked out, compared with the branch that the pull request is for."""
    refs = (f"{snapshot.config.publish.remote}/{request.base}", request.base)
    if not request.base or repository is None:
        return open_branch(snapshot, repository)
    known = (ref for ref in refs if repository.find_commit(ref))
    guess = "" if repository.base_branch() else refs[0]  # which says that it has to be fetched
    return open_branch(snapshot, repository, next(known, guess))


def _request(word: str, around: Surroundings, snapshot: Snapshot) -> PullRequest:
    """The pull request of that number, or of the event in that file."""
    number = word.lstrip("#")
    if number.isascii() and number.isdigit() and len(number) < _DIGITS:
        from monorelease.cli.forge import open_forge

        return open_forge(snapshot, around).pull_request(int(number))
    from monorelease.formats.pull_request_event import parse_event

    return parse_event(_event(word, around.cwd), PurePosixPath(word))


_DIGITS = 13
"""No forge has counted so far; a longer word is a file."""


def _event(word: str, cwd: Path) -> bytes:
    if word != "-":
        try:
            return (cwd / word).read_bytes()
        except (OSError, ValueError) as error:
            raise UnreadableFile(
                f"cannot be read: {getattr(error, 'strerror', None) or error}",
                where=word,
                hint="give the number of a pull request, or the file of an event",
            ) from error
    if sys.stdin is None:
        raise UsageProblem("there is no stdin to read", hint="give the event as a file")
    return sys.stdin.buffer.read()


def _show(drafted: Drafted, args: Namespace, around: Surroundings) -> None:
    from monorelease.reports.authoring import authoring_value, fragments_text

    console = around.console
    if args.json:
        console.show_json(
            authoring_value(
                drafted.fragments, drafted.patch, drafted.story, is_rehearsal=args.dry_run
            )
        )
        return
    console.show(fragments_text(drafted.fragments, drafted.patch, console.palette))
    for line in drafted.story:
        console.tell(line)
