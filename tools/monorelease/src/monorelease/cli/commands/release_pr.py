"""``monorelease release-pr``: one pull request, kept equal to the current release."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from monorelease.cli.scope import a_date, add_json, add_scope, channel_of, release_date, scope_of
from monorelease.cli.wiring import Surroundings
from monorelease.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from monorelease.adapters.remote import Remote
    from monorelease.cli.console import Console
    from monorelease.model.release_request import ReleaseRequest
    from monorelease.workflows.read import Snapshot
    from monorelease.workflows.release_draft import Wish


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Keep one branch, and one pull request from it, equal to what the base branch would\n"
        "release: opened, updated in place, closed when nothing is left. The release is made in\n"
        "a scratch checkout of the base as the remote has it; the work tree is not looked at.\n"
        "Commits that people add to the branch stay, on top of every new release."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease release-pr --dry-run             show the words, and what would be done\n"
        "  monorelease release-pr                       do it, with a token in the environment\n"
        "  monorelease release-pr --base hotfix/1.x     for another branch than the default one\n"
        "  monorelease release-pr --except NAME         take a member out of the wave\n"
        "  monorelease release-pr --pre rc              propose release candidates\n"
    )
    parser.add_argument(
        "--base",
        metavar="BRANCH",
        help="the branch to release from (default: publish.branch, else the remote's default)",
    )
    parser.add_argument(
        "--date",
        type=a_date,
        metavar="YYYY-MM-DD",
        help="the date in the changelogs (default: SOURCE_DATE_EPOCH, or the day of the base's "
        "last commit)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="push nothing, tell no forge, and need no token"
    )
    add_scope(parser, with_snapshots=False)
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Foresee it, or do it, and show that."""
    from monorelease.cli.wiring import without_index
    from monorelease.workflows.read import find_root, read

    around = without_index(around)
    if args.snapshot:
        raise UsageProblem(
            "a snapshot is never committed, so that nothing could be merged",
            hint="make it with monorelease release --snapshot",
        )
    snapshot = read(find_root(around.cwd))
    _demand_readable(snapshot)
    request = _foreseen(args, around, snapshot) if args.dry_run else _kept(args, around, snapshot)
    _show(args, around.console, request)
    return 0


def _demand_readable(snapshot: Snapshot) -> None:
    """Refuse where the configuration, which names remote and forge, cannot be read.

    Raises:
        ProblemsFound: all that is wrong with it.
    """
    from monorelease.errors import ProblemsFound
    from monorelease.workflows.members import ROOT_MANIFEST
    from monorelease.workflows.outlook import in_order
    from monorelease.workflows.read import TOWNCRIER_FILE

    problems = [f for f in snapshot.findings if f.path in {ROOT_MANIFEST, TOWNCRIER_FILE}]
    if any(problem.is_error for problem in problems):
        raise ProblemsFound(in_order(problems, snapshot.tree))


def _foreseen(args: Namespace, around: Surroundings, snapshot: Snapshot) -> ReleaseRequest:
    from monorelease.adapters.forges import forge_at
    from monorelease.cli.forge import find_site
    from monorelease.workflows.release_pr import foresee

    remote = _remote(snapshot, {})
    site = find_site(snapshot, around)
    forge = forge_at(site, token="") if site else None
    return foresee(remote, _wish(args, around, snapshot, remote), forge)


def _kept(args: Namespace, around: Surroundings, snapshot: Snapshot) -> ReleaseRequest:
    from monorelease.cli.forge import git_key, open_forge
    from monorelease.workflows.release_pr import keep

    forge = open_forge(snapshot, around)
    remote = _remote(snapshot, git_key(forge.site, around.environment))
    wish = _wish(args, around, snapshot, remote)
    return keep(remote, wish, forge, around.console.tell)


def _remote(snapshot: Snapshot, environment: Mapping[str, str]) -> Remote:
    """The remote that the configuration names.

    Raises:
        UsageProblem: there is no git repository, or none with such a remote.
    """
    from monorelease.adapters.git import Repository
    from monorelease.adapters.remote import Remote

    if Repository.at(snapshot.root) is None:
        raise UsageProblem("this is no git repository", hint="work in a clone of the repository")
    remote = Remote(snapshot.root, snapshot.config.publish.remote, environment)
    if not remote.exists:
        raise UsageProblem(
            f"this clone has no remote {remote.name!r}",
            hint=f"add it: git remote add {remote.name} ADDRESS; or set publish.remote",
        )
    return remote


def _wish(args: Namespace, around: Surroundings, snapshot: Snapshot, remote: Remote) -> Wish:
    """What the flags ask for; that commits here are not part of it is told."""
    from monorelease.cli.means import means_of
    from monorelease.workflows.release_draft import Wish

    base = args.base or snapshot.config.publish.branch or remote.default_branch()
    if not base:
        raise UsageProblem(
            f"the remote {remote.name} has no default branch", hint="name one with --base"
        )
    _tell_unpushed(base, remote, around.console)
    return Wish(
        base=base,
        means=means_of(around),
        channel=channel_of(args, around),
        scope=lambda there: scope_of(args, there, around.console.tell),
        day=_day(args, around),
    )


def _tell_unpushed(base: str, remote: Remote, console: Console) -> None:
    """Say that commits which are only here are not looked at."""
    from monorelease.adapters.git import Repository

    head = Repository(remote.root).head
    if head and remote.current_branch() == base and remote.missing([head], base):
        console.tell(f"commits of {base} that are not on {remote.name} yet are not looked at")


def _day(args: Namespace, around: Surroundings) -> date | None:
    is_said = args.date is not None or around.source_date_epoch is not None
    return release_date(args.date, around) if is_said else None


def _show(args: Namespace, console: Console, request: ReleaseRequest) -> None:
    if args.json:
        from monorelease.reports.release_request import request_value

        console.show_json(request_value(request, is_dry=args.dry_run))
        return
    from monorelease.reports.release_request import foreseen_text, request_text

    console.show(foreseen_text(request) if args.dry_run else request_text(request))
    console.tell_findings(request.findings)
    if args.dry_run:
        console.tell("a dry run: nothing was pushed, and no forge was told")
