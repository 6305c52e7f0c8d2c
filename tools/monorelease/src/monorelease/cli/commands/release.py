"""``monorelease release``: fragments into versions, constraints and changelogs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import cache
from typing import TYPE_CHECKING

from monorelease.cli.scope import (
    a_date,
    add_json,
    add_scope,
    channel_of,
    release_date,
    scope_of,
)
from monorelease.cli.wiring import Surroundings
from monorelease.errors import UsageProblem
from monorelease.model.value import value

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from monorelease.adapters.git import Repository
    from monorelease.cli.console import Console
    from monorelease.model.patch import Patch
    from monorelease.workflows.notes import OpenRepository
    from monorelease.workflows.release import Prepared


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Turn the pending fragments into one wave of releases, in the work tree: versions,\n"
        "constraints between members, changelogs, the lock file; fragments are consumed.\n"
        "All of it or nothing: whatever fails or is killed leaves the tree as it was.\n"
        "Then review with `git diff`, and commit; or take it back with `monorelease undo`."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease release --dry-run        what would happen, in the same words\n"
        "  monorelease release --diff           every line that would change\n"
        "  monorelease release --except NAME    take a member out of the wave\n"
        "  monorelease release --as core=1.0.0  graduate a member from 0.x\n"
        "  monorelease release --pre rc         release candidates\n"
    )
    add_scope(parser)
    parser.add_argument("--dry-run", action="store_true", help="write nothing, and show the same")
    parser.add_argument(
        "--diff",
        action="store_true",
        help="write nothing, and print every line that would change (for `git apply`)",
    )
    parser.add_argument(
        "--date",
        type=a_date,
        metavar="YYYY-MM-DD",
        help="the date in the changelogs (default: SOURCE_DATE_EPOCH, or today)",
    )
    parser.add_argument(
        "--commit", action="store_true", help="commit the release, and nothing else with it"
    )
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Prepare the release, show it, and write it."""
    from monorelease.workflows.opening import open_root
    from monorelease.workflows.outlook import look_ahead
    from monorelease.workflows.read import read
    from monorelease.workflows.release import demand_committable, prepare

    if args.diff and args.json:
        raise UsageProblem("--diff and --json are two outputs", hint="leave one of them out")
    root = open_root(around.cwd, around.console.tell)
    open_repository = _opener(root)
    _demand_settled(root, open_repository)
    snapshot = read(root)
    channel = channel_of(args, around)
    if args.commit:
        demand_committable(channel, open_repository())
    outlook = look_ahead(snapshot, channel, scope_of(args, snapshot, around.console.tell))
    prepared = prepare(outlook, open_repository, release_date(args.date, around))
    outcome = _carry_out(args, around, prepared, open_repository)
    _show(args, around.console, prepared, outcome)
    if not args.json:
        around.console.tell_findings(prepared.outlook.findings)
        _tell_next(args, around.console.tell, prepared, outcome)
    return 0


@value
class _Outcome:
    """What was done about a release that had been prepared."""

    patch: Patch
    is_written: bool = False
    commit: str | None = None


def _opener(root: Path) -> OpenRepository:
    @cache
    def open_repository() -> Repository | None:
        from monorelease.adapters.git import Repository

        return Repository.at(root)

    return open_repository


def _demand_settled(root: Path, open_repository: OpenRepository) -> None:
    from monorelease.adapters.state import RECORD, state_folder

    if (state_folder(root) / RECORD).exists():  # else there is no need to load what undoes
        from monorelease.workflows.undo import demand_settled

        demand_settled(root, open_repository)


def _carry_out(
    args: Namespace, around: Surroundings, prepared: Prepared, open_repository: OpenRepository
) -> _Outcome:
    from monorelease.cli.means import means_of
    from monorelease.workflows.release import apply, commit

    if not prepared.plan.releases or args.dry_run or args.diff:
        return _Outcome(patch=prepared.patch)
    patch = apply(prepared, open_repository, means_of(around))
    repository = open_repository() if args.commit else None
    name = commit(prepared, patch, repository) if repository else None
    return _Outcome(patch=patch, is_written=True, commit=name)


def _show(args: Namespace, console: Console, prepared: Prepared, outcome: _Outcome) -> None:
    if args.json:
        from monorelease.reports.json import release_value

        findings = prepared.outlook.findings
        console.show_json(release_value(prepared.plan, findings, outcome.patch, outcome.commit))
    elif args.diff:
        _show_diff(console, outcome.patch)
    else:
        from monorelease.reports.terminal import plan_text, summary_text

        console.show(plan_text(prepared.plan, console.palette))
        console.show(summary_text(prepared.plan, prepared.patch))


def _show_diff(console: Console, patch: Patch) -> None:
    """Show it harmless to who looks at it, and exact to `git apply`."""
    from monorelease.reports.diff import diff_bytes, diff_text

    if console.is_terminal:
        console.show(diff_text(patch, console.palette))
    else:
        console.show_bytes(diff_bytes(patch))


def _tell_next(
    args: Namespace, tell: Callable[[str], None], prepared: Prepared, outcome: _Outcome
) -> None:
    from monorelease.workflows.release import tags_to_make

    if outcome.is_written and (tags := tags_to_make(prepared)):
        tell(f"these versions are tags, to be made when they are out: {' '.join(tags)}")
    if outcome.commit is not None:
        tell(f"committed as {outcome.commit[:7]}")
    elif outcome.is_written and args.snapshot:
        tell("a snapshot: build it, do not commit it; take it back with monorelease undo")
    elif outcome.is_written:
        tell("review with git status and git diff, then commit; or take it back: monorelease undo")
    elif prepared.plan.releases and not args.diff:
        tell("a dry run: nothing was written")
    elif args.diff and not prepared.plan.releases:
        from monorelease.reports.terminal import NOTHING

        tell(NOTHING)
