"""``monorelease review``: the whole release on one page, before it is one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import cache
from pathlib import Path
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
from monorelease.reports.printable import printable

if TYPE_CHECKING:
    from monorelease.adapters.git import Repository
    from monorelease.model.review import Review
    from monorelease.workflows.notes import OpenRepository

PAGE = "review.html"
"""In the tool's own folder, which no commit takes in."""


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Put the release on one page: who is released and why as a graph and a table, every\n"
        "changelog as it will read beside its diff, constraints before and after, what speaks\n"
        "against it, and what publishing will do. It is the release that would be made now, or\n"
        "the one that is in the tree and not committed. The page is one file of HTML, without\n"
        "scripts, that asks no network; it is opened where a browser is likely to be seen.\n"
        "Exit status 3 says that errors stop the release; the page shows them."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease review                   write the page, and open it\n"
        "  monorelease review --terminal        the same in words, in your pager\n"
        "  monorelease review --output r.html   for a workflow's artifacts, say\n"
        "  monorelease review --pre rc          release candidates\n"
    )
    add_scope(parser)
    parser.add_argument(
        "--date",
        type=a_date,
        metavar="YYYY-MM-DD",
        help="the date in the changelogs (default: SOURCE_DATE_EPOCH, or today)",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="write the page there (default: a file beside git's own, which is never committed)",
    )
    parser.add_argument("--terminal", action="store_true", help="show it here, and write no page")
    parser.add_argument("--no-open", action="store_true", help="do not open the page in a browser")
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Look at the release, and show it."""
    from monorelease.model.review import Stage
    from monorelease.workflows.opening import open_root

    if args.terminal and (args.json or args.output):
        raise UsageProblem(
            "--terminal writes no page", hint="leave it out, or leave --json and --output out"
        )
    root = open_root(around.cwd, around.console.tell)
    review = _look(args, around, root)
    if args.terminal:
        _show_here(review, around)
    else:
        _write(args, around, review, root)
    return 3 if review.stage is Stage.STOPPED else 0


def _look(args: Namespace, around: Surroundings, root: Path) -> Review:
    """The release that is in the tree, else the one that would be made."""
    from monorelease.workflows.outlook import look_ahead
    from monorelease.workflows.read import read
    from monorelease.workflows.review import review, review_written
    from monorelease.workflows.undo import unsettled_release

    open_repository = _opener(root)
    if (patch := unsettled_release(root, open_repository)) is not None:
        if _narrows(args):
            raise UsageProblem(
                "the last release is in the tree, and flags cannot change it any more",
                hint="leave them out, or take it back first: monorelease undo",
            )
        return review_written(root, patch, open_repository)
    snapshot = read(root)
    scope = scope_of(args, snapshot, around.console.tell)
    outlook = look_ahead(snapshot, channel_of(args, around), scope)
    return review(outlook, scope, open_repository, release_date(args.date, around))


def _opener(root: Path) -> OpenRepository:
    @cache
    def open_repository() -> Repository | None:
        from monorelease.adapters.git import Repository

        return Repository.at(root)

    return open_repository


def _narrows(args: Namespace) -> bool:
    return bool(args.only or args.held or args.versions or args.pre or args.snapshot or args.date)


def _show_here(review: Review, around: Surroundings) -> None:
    from monorelease.reports.review_terminal import review_text

    console = around.console
    words = review_text(review, console.palette)
    if console.is_terminal and around.is_interactive:
        from monorelease.adapters.pager import show_paged

        if show_paged(words, around.environment):
            return
    console.show(words)


def _write(args: Namespace, around: Surroundings, review: Review, root: Path) -> None:
    """Write the page, say where it is, and open it where that makes sense."""
    from monorelease.adapters.browser import can_show, open_page
    from monorelease.adapters.page_file import write_page
    from monorelease.reports.review_page import MARK, page_html

    console = around.console
    place = _place(args, around, root)
    write_page(place, page_html(review), MARK)
    if args.json:
        from monorelease.reports.review_json import review_value

        console.show_json(review_value(review, str(place)))
        return
    console.show(f"{printable(str(place))}\n")
    console.tell_findings(review.findings)
    if args.no_open or not around.is_interactive or not can_show(around.environment):
        console.tell("open that file in a browser; here it is with --terminal")
    elif not open_page(place, around.environment):
        console.tell("no browser opened it")


def _place(args: Namespace, around: Surroundings, root: Path) -> Path:
    from monorelease.adapters.content import refusal
    from monorelease.adapters.state import make, state_folder

    if args.output is not None:
        output: Path = args.output
        return around.cwd / output
    state = state_folder(root)
    try:
        make(state)
    except OSError as error:
        raise refusal(error, state) from error
    return state / PAGE
