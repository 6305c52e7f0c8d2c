"""``monorelease publish``: from what is released to what people can install."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from monorelease.cli.publishing import (
    add_commit,
    add_members,
    add_target,
    artifacts_folder,
    members_asked,
    open_access,
    open_index,
    open_workshop,
)
from monorelease.cli.scope import add_json
from monorelease.cli.wiring import Surroundings
from monorelease.errors import UsageProblem
from monorelease.model.value import replace

if TYPE_CHECKING:
    from monorelease.cli.console import Console
    from monorelease.model.finding import Finding
    from monorelease.model.publication import Publication
    from monorelease.workflows.outstanding import Outstanding
    from monorelease.workflows.ports import Index
    from monorelease.workflows.publish import Prepared


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Publish what is released: build it from a clean checkout of its release commit, verify\n"
        "it, upload it in the order of its requirements, then tag, push, and announce it on the\n"
        "forge; where there is none, print the notes. Everything that speaks against it is told\n"
        "before the first upload. What is left to do is asked of the index, the tags and the\n"
        "forge: after a failure run the same again."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease publish                   rehearse: into the folder dist/index\n"
        "  monorelease publish --dry-run         build, verify, and show what would be done\n"
        "  monorelease publish --to pypi         ask, then do it\n"
        "  monorelease publish --only '*,!NAME'  leave one member out\n"
        "  monorelease publish --from share-*    what the jobs of a CI matrix have built\n"
        "  monorelease publish --no-upload       tag and announce what somebody else uploaded\n"
    )
    add_target(parser)
    add_members(parser)
    add_commit(parser)
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--from",
        dest="folders",
        nargs="+",
        type=Path,
        default=[],
        metavar="DIR",
        help="publish what was built into these folders, and build nothing",
    )
    source.add_argument(
        "--no-upload",
        action="store_true",
        help="build and upload nothing: tag and announce what the index has whole",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would be done; dist stays as it is"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask before uploading")
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Prepare everything, show it, and do it."""
    from monorelease.adapters.state import exclusive, state_folder
    from monorelease.workflows.opening import open_root
    from monorelease.workflows.outstanding import look_outside, released_of
    from monorelease.workflows.read import read

    console = around.console
    root = open_root(around.cwd, console.tell)
    snapshot = read(root)
    index = open_index(args, snapshot, around)
    _demand_consent(args, around, index)
    with exclusive(state_folder(root), command="monorelease publish"):
        released = released_of(snapshot, members_asked(args, snapshot), args.at)
        outstanding = look_outside(
            snapshot, released, index, open_access(args, snapshot, around, index)
        )
        missing: tuple[Finding, ...] = ()
        if args.no_upload:
            outstanding, missing = _leave_uploads(args, outstanding, index, console)
        if outstanding.is_done:
            return _show_nothing(args, console, outstanding, index, missing)
        return _publish(args, around, outstanding, index, missing)


def _leave_uploads(
    args: Namespace, outstanding: Outstanding, index: Index, console: Console
) -> tuple[Outstanding, tuple[Finding, ...]]:
    """What is left to do for all that the index has, and what it has not."""
    from monorelease.workflows.arrival import arrived, await_arrival, not_arrived

    if not args.dry_run:
        outstanding = await_arrival(outstanding, index, console.tell)
    return arrived(outstanding), tuple(not_arrived(outstanding, index))


def _demand_consent(args: Namespace, around: Surroundings, index: Index) -> None:
    """Before hours of building: whether anybody is there to say yes at the end."""
    if index.target.is_rehearsal or args.yes or args.dry_run or args.no_upload:
        return
    if around.is_interactive and not args.json:  # who is to agree has to see the plan
        return
    raise UsageProblem(
        f"nobody is there to be asked whether to upload to {index.target.name}",
        hint="say --yes, or look first with --dry-run",
    )


def _show_nothing(
    args: Namespace,
    console: Console,
    outstanding: Outstanding,
    index: Index,
    missing: Sequence[Finding],
) -> int:
    findings = (*outstanding.findings, *missing)
    if args.json:
        from monorelease.reports.publication_json import nothing_value

        console.show_json(nothing_value(index.target, findings))
    else:
        from monorelease.reports.publication import pending_text

        if not missing:
            console.show(pending_text((), index.target, console.palette))
        console.tell_findings(findings)
    return 1 if missing else 0


def _publish(
    args: Namespace,
    around: Surroundings,
    outstanding: Outstanding,
    index: Index,
    missing: Sequence[Finding],
) -> int:
    from monorelease.workflows.publish import prepare

    console = around.console
    given = [around.cwd / folder for folder in args.folders]
    root = outstanding.snapshot.root
    with artifacts_folder(root, is_kept=not args.dry_run) as out:
        prepared = prepare(outstanding, index, open_workshop(around), out, given)
        prepared = replace(prepared, findings=(*prepared.findings, *missing))
        if args.dry_run or not args.json:
            _show_plan(args, console, prepared)
        if args.dry_run:
            console.tell("a dry run: nothing was uploaded, tagged or announced")
            return 0
        if not _is_agreed(args, index, prepared):
            console.tell("nothing was uploaded, tagged or announced")
            return 1
        publication = _carry_out(prepared, index, console)
    _show(args, console, publication, prepared, index)
    return 0 if publication.is_complete and not missing else 1


def _is_agreed(args: Namespace, index: Index, prepared: Prepared) -> bool:
    from monorelease.cli.prompts import ask
    from monorelease.model.publication import Upload

    count = sum(isinstance(each, Upload) for each in prepared.plan.files)
    if index.target.is_rehearsal or args.yes or not count:
        return True
    return ask(f"Upload {count} files to {index.target.name}? (y/n)").lower() in {"y", "yes"}


def _carry_out(prepared: Prepared, index: Index, console: Console) -> Publication:
    from monorelease.reports.receipts import file_progress
    from monorelease.workflows.carry_out import carry_out

    return carry_out(
        prepared,
        index,
        hear=lambda artifact, sent: console.tell_progress(file_progress(artifact, sent)),
    )


def _show_plan(args: Namespace, console: Console, prepared: Prepared) -> None:
    if args.json:
        from monorelease.reports.publication_json import publish_value

        console.show_json(publish_value(prepared.plan, prepared.findings))
        return
    from monorelease.reports.publication import publish_plan_text

    console.show(publish_plan_text(prepared.plan, console.palette))
    console.tell_findings(prepared.findings)


def _show(
    args: Namespace,
    console: Console,
    publication: Publication,
    prepared: Prepared,
    index: Index,
) -> None:
    if args.json:
        from monorelease.reports.publication_json import publish_value

        console.show_json(publish_value(publication, prepared.findings))
        return
    from monorelease.reports.announcements import notes_text
    from monorelease.reports.receipts import receipts_text

    tried = index.simple_url if index.target.is_rehearsal else ""
    receipts = receipts_text(publication, console.palette, simple_url=tried)
    console.show(f"\n{receipts}")
    if prepared.outstanding.forge is not None:  # whoever wants the notes finds them there
        return
    if notes := notes_text(publication.announced):
        console.show_page(f"\n{notes}")
