"""``monorelease add``: write change fragments, from answers, flags, or a change's own words."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from monorelease.cli.scope import add_json
from monorelease.cli.wiring import Surroundings
from monorelease.errors import UsageProblem
from monorelease.model.bump import Bump
from monorelease.reports.printable import printable
from monorelease.workflows.opening import open_root
from monorelease.workflows.read import read


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Write a fragment into changes/: which members a change touches, how far each of them\n"
        "moves, and the words that readers of the changelogs will see. Asks for what the flags\n"
        "leave open; with one of --major, --minor, --patch, --none or --empty, and with -m, it\n"
        "asks nothing. NAMES are names of members or globs, with commas between.\n\n"
        "With one of --from-commits, --from-pr and --for-dependencies it writes what the branch\n"
        "says of itself. Members that a fragment of the branch names already are left alone."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease add\n"
        "  monorelease add --patch agents-core --id 1042 -m 'Dispose native resources.'\n"
        "  monorelease add --minor 'agents-plugin-*' --category feature -m - < words.md\n"
        "  monorelease add --empty -m 'Only tests changed.'\n"
        "  monorelease add --from-commits                  since the base branch\n"
        "  monorelease add --from-commits v1.2.0 --dry-run\n"
        "  monorelease add --from-pr 1042                  asks the forge\n"
        "  monorelease add --for-dependencies --id 1042    for Dependabot and Renovate\n"
    )
    _add_flags_of_one(parser)
    _add_sources(parser)
    add_json(parser)


def _add_flags_of_one(parser: ArgumentParser) -> None:
    for bump, meaning in _MEANINGS.items():
        parser.add_argument(
            f"--{bump.word}",
            action="append",
            default=[],
            metavar="NAMES",
            help=meaning,
        )
    parser.add_argument(
        "--empty", action="store_true", help="no member needs a release for this change"
    )
    parser.add_argument(
        "--category",
        metavar="WORD",
        help="where the words go in a changelog, by the types of [tool.towncrier] "
        "(default: the usual one for the bump)",
    )
    parser.add_argument(
        "--id",
        metavar="NUMBER",
        help="the issue or pull request (default: a name made of the words)",
    )
    parser.add_argument("-m", "--message", metavar="TEXT", help="the words; - for stdin")
    parser.add_argument(
        "--edit", action="store_true", help="write the words in an editor ($VISUAL or $EDITOR)"
    )


def _add_sources(parser: ArgumentParser) -> None:
    """What makes fragments of words that are there already."""
    parser.add_argument(
        "--from-commits",
        nargs="?",
        const="",
        metavar="REF",
        help="fragments from the conventional commits since REF (default: the base branch), "
        "for the members that each of them touches",
    )
    parser.add_argument(
        "--from-pr",
        metavar="NUMBER|FILE",
        help="fragments from a pull request: from ```changes blocks in its body, else from its "
        "labels and title; FILE is an event's JSON ($GITHUB_EVENT_PATH), - is stdin",
    )
    parser.add_argument(
        "--for-dependencies",
        nargs="?",
        const="",
        metavar="REF",
        help="a patch for each member whose requirements on third parties have changed since "
        "REF (default: the base branch)",
    )
    parser.add_argument(
        "--all",
        action="store_true",
        dest="everyone",
        help="with one of these: members, too, that a fragment of the branch names already",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="with one of these: show them, write nothing"
    )


_MEANINGS = {
    Bump.MAJOR: "members that move by major: the change breaks who uses them",
    Bump.MINOR: "members that move by minor: something is new",
    Bump.PATCH: "members that move by patch: something is mended",
    Bump.NONE: "members that the change touches, and that need no release for it",
}
_OF_ONE = ("major", "minor", "patch", "none", "empty", "category", "message", "edit")
_SOURCES = ("from_commits", "from_pr", "for_dependencies")


def run(args: Namespace, around: Surroundings) -> int:
    """Write the fragments, and say where they are."""
    sources = [name for name in _SOURCES if getattr(args, name) is not None]
    _demand_one_way(args, sources)
    if sources:
        from monorelease.cli.drafting import add_from

        return add_from(args, around)
    return _add_one(args, around)


def _add_one(args: Namespace, around: Surroundings) -> int:
    from monorelease.cli.answers import demand_answers, intent_of
    from monorelease.workflows.add import add

    demand_answers(args, around)
    snapshot = read(open_root(around.cwd, around.console.tell))
    path = add(snapshot, intent_of(args, around, snapshot))
    if args.json:
        from monorelease.reports.json import SCHEMA

        around.console.show_json({"schema": SCHEMA, "fragment": str(path)})
    else:
        around.console.show(f"{printable(str(path))}\n")
    return 0


def _demand_one_way(args: Namespace, sources: list[str]) -> None:
    """Flags of different ways to write fragments do not mix."""
    given = [name for name in _OF_ONE if getattr(args, name) not in (None, False, [])]
    if sources:
        clashing = [
            *sources,
            *given,
            *(["id"] if args.id and args.for_dependencies is None else []),
        ]
        if len(clashing) > 1:
            raise UsageProblem(
                f"{_flag(clashing[0])} and {_flag(clashing[1])} do not go together",
                hint=f"leave out {_flag(clashing[1])}",
            )
    elif args.everyone or args.dry_run:
        flag = "--all" if args.everyone else "--dry-run"
        ways = ", ".join(map(_flag, _SOURCES))
        raise UsageProblem(f"{flag} needs one of {ways}", hint=f"leave out {flag}")


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"
