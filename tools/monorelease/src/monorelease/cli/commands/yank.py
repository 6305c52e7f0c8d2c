"""``monorelease yank``: what to do about a bad release, and whether it is done."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from monorelease.cli.publishing import add_target, open_index
from monorelease.cli.scope import add_json
from monorelease.cli.wiring import Surroundings
from monorelease.errors import ProblemsFound, UsageProblem

if TYPE_CHECKING:
    from monorelease.cli.console import Console
    from monorelease.model.index import IndexTarget
    from monorelease.model.withdrawal import Pin, Withdrawal

_NOT_YET = 3


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Look at what taking a bad release from an index means, before anybody does it: which\n"
        "version installers choose instead, which released members would be left with nothing to\n"
        "install, in which order to go about it, and how the fix comes out. In a local index it\n"
        "is done, once you agree; on any other a person has to, and is told how. The exit status\n"
        "is 3 as long as something is left to do: run it again to see."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease yank core==1.4.0 --reason 'Crashes at exit.'\n"
        "  monorelease yank core                the version in the tree\n"
        "  monorelease yank 'plugin-*==1.4.0'   that version of several members\n"
        "  monorelease yank core==1.4.0 --undo  it was good after all\n"
    )
    parser.add_argument(
        "releases",
        nargs="+",
        metavar="NAME[==VERSION]",
        help="a member, or a glob of them (default version: the one in the tree)",
    )
    add_target(parser)
    parser.add_argument(
        "--reason", type=_one_line, default="", metavar="TEXT", help="what installers show"
    )
    parser.add_argument("--undo", action="store_true", help="take yanks back")
    parser.add_argument("--dry-run", action="store_true", help="change nothing: only look")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Look, show, and do it where it can be done."""
    from monorelease.adapters.directory_index import DirectoryIndex
    from monorelease.cli.pins import pins_named
    from monorelease.workflows.opening import open_root
    from monorelease.workflows.outlook import look_ahead
    from monorelease.workflows.read import read
    from monorelease.workflows.yank import carry_out, look

    if args.reason and args.undo:
        raise UsageProblem("a yank that is taken back needs no reason", hint="leave --reason out")
    snapshot = read(open_root(around.cwd, around.console.tell))
    wanted = tuple(pins_named(args.releases, snapshot.workspace))
    index = open_index(args, snapshot, around)
    inspection = look_ahead(snapshot).inspection
    withdrawal = look(wanted, index, inspection, is_taken_back=args.undo)
    _show(args, around.console, withdrawal, index.target)
    done: Mapping[Pin, Sequence[str]] = {}
    if isinstance(index, DirectoryIndex) and _is_agreed(args, around, withdrawal, index.target):
        done = carry_out(withdrawal, index, args.reason)
        withdrawal = look(wanted, index, inspection, is_taken_back=args.undo)
    if args.json:
        from monorelease.reports.withdrawal import withdrawal_value

        around.console.show_json(withdrawal_value(withdrawal, index.target, args.reason, done))
    elif done:
        from monorelease.reports.withdrawal import done_text

        around.console.show(done_text(done, is_taken_back=args.undo))
    return _NOT_YET if withdrawal.left else 0


def _one_line(text: str) -> str:
    """A reason as a page of an index has room for it."""
    try:
        text.encode()  # what was no text among the arguments fails here
    except UnicodeError:
        raise ArgumentTypeError("the reason is not UTF-8 text") from None
    return " ".join(text.split())


def _show(args: Namespace, console: Console, withdrawal: Withdrawal, target: IndexTarget) -> None:
    """Show how things stand, before anything is done about it.

    Raises:
        ProblemsFound: a version that is meant is not there.
    """
    if any(finding.is_error for finding in withdrawal.findings):
        raise ProblemsFound(withdrawal.findings)
    if not args.json:
        from monorelease.reports.withdrawal import withdrawal_text

        console.show(withdrawal_text(withdrawal, target, args.reason, console.palette))
        console.tell_findings(withdrawal.findings)


def _is_agreed(
    args: Namespace, around: Surroundings, withdrawal: Withdrawal, target: IndexTarget
) -> bool:
    """Whether something is left to do, and somebody wants it done.

    Raises:
        UsageProblem: nobody is there to say so.
    """
    if args.dry_run or args.yes or not withdrawal.left:
        return bool(withdrawal.left) and not args.dry_run
    if not around.is_interactive:
        raise UsageProblem(
            "there is nobody to ask here, and nothing was changed",
            hint="add --yes to do it, or --dry-run to look and no more",
        )
    from monorelease.cli.prompts import choose
    from monorelease.reports.withdrawal import question_text

    return choose(question_text(withdrawal, target), ("yes", "no"), "no") == "yes"
