"""``monorelease add``: write a change fragment, from answers or from flags."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from packaging.utils import NormalizedName

from monorelease.cli.names import members_named
from monorelease.cli.scope import add_json
from monorelease.cli.wiring import Surroundings
from monorelease.errors import UsageProblem
from monorelease.model.bump import Bump
from monorelease.reports.printable import printable
from monorelease.workflows.add import Intent, add, category_for, touched
from monorelease.workflows.opening import open_root
from monorelease.workflows.read import Snapshot, read

Bumps = dict[NormalizedName, Bump]

_STRONGEST_FIRST = tuple(reversed(Bump))


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Write a fragment into changes/: which members a change touches, how far each of them\n"
        "moves, and the words that readers of the changelogs will see. Asks for what the flags\n"
        "leave open; with one of --major, --minor, --patch, --none or --empty, and with -m, it\n"
        "asks nothing. NAMES are names of members or globs, with commas between."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease add\n"
        "  monorelease add --patch agents-core --id 1042 -m 'Dispose native resources.'\n"
        "  monorelease add --minor 'agents-plugin-*' --category feature -m - < words.md\n"
        "  monorelease add --empty -m 'Only tests changed.'\n"
    )
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
    add_json(parser)


_MEANINGS = {
    Bump.MAJOR: "members that move by major: the change breaks who uses them",
    Bump.MINOR: "members that move by minor: something is new",
    Bump.PATCH: "members that move by patch: something is mended",
    Bump.NONE: "members that the change touches, and that need no release for it",
}


def run(args: Namespace, around: Surroundings) -> int:
    """Write the fragment, and say where it is."""
    _demand_answers(args, around)
    snapshot = read(open_root(around.cwd, around.console.tell))
    path = add(snapshot, _intent(args, around, snapshot))
    if args.json:
        from monorelease.reports.json import SCHEMA

        around.console.show_json({"schema": SCHEMA, "fragment": str(path)})
    else:
        around.console.show(f"{printable(str(path))}\n")
    return 0


def _demand_answers(args: Namespace, around: Surroundings) -> None:
    """Flags do not contradict each other, and leave nothing open where nobody can be asked."""
    named = [bump.word for bump in _STRONGEST_FIRST if getattr(args, bump.word)]
    if args.empty and named:
        raise UsageProblem(
            f"--empty says that nothing moves, and --{named[0]} that something does",
            hint="leave out one of the two",
        )
    missing = []
    if not named and not args.empty:
        missing.append("a bump (--major, --minor, --patch, --none, or --empty)")
    if args.message is None and not args.empty and not args.edit:
        missing.append("the words (-m TEXT, or -m - for stdin)")
    if missing and not around.is_interactive:
        raise UsageProblem(
            f"there is nobody to ask here, and the flags leave open: {'; '.join(missing)}",
            hint="for example: monorelease add --patch NAME -m 'What changed.'",
        )


def _intent(args: Namespace, around: Surroundings, snapshot: Snapshot) -> Intent:
    bumps = {} if args.empty else _bumps(args, snapshot) or _asked_bumps(snapshot)
    is_open = args.message is None and not args.empty and around.is_interactive
    category = args.category or _category(bumps, snapshot, is_asked=is_open)
    number = args.id
    if number is None and is_open:
        from monorelease.cli.prompts import ask

        number = ask("Issue or pull request number, if there is one")
    text = _text(args, around)
    return Intent(bumps=bumps, category=category, id=(number or "").lstrip("#"), text=text)


def _bumps(args: Namespace, snapshot: Snapshot) -> Bumps:
    found: Bumps = {}
    for bump in _STRONGEST_FIRST:
        for name in members_named(getattr(args, bump.word), snapshot.workspace):
            if name in found:
                raise UsageProblem(
                    f"{name} cannot move by {found[name].word} and by {bump.word}",
                    hint="name it under one of the two",
                )
            found[name] = bump
    return found


def _asked_bumps(snapshot: Snapshot) -> Bumps:
    from monorelease.adapters.git import Repository
    from monorelease.cli.prompts import choose, choose_some

    first = touched(snapshot, Repository.at(snapshot.root))
    rest = [name for name in snapshot.workspace.names if name not in first]
    chosen = choose_some("Which members does the change touch", [*first, *rest], len(first))
    words = [bump.word for bump in _STRONGEST_FIRST]
    return {
        name: Bump.from_word(choose(f"How far does {name} move", words, "patch"))
        for name in members_named(chosen, snapshot.workspace)
    }


def _category(bumps: Bumps, snapshot: Snapshot, *, is_asked: bool) -> str:
    categories = snapshot.config.towncrier.categories
    usual = category_for(max(bumps.values(), default=Bump.NONE), categories)
    if not is_asked:
        return usual
    from monorelease.cli.prompts import choose

    return choose("Category", [category.directory for category in categories], usual)


def _text(args: Namespace, around: Surroundings) -> str:
    text = _given_text(args)
    if args.edit:
        return _edited(around, text or "")
    if text is not None or args.empty:
        return text or ""
    from monorelease.cli.prompts import ask

    return ask("What changed, for its users (empty: $EDITOR)") or _edited(around, "")


def _given_text(args: Namespace) -> str | None:
    """The words from the flags; None where they say nothing."""
    message: str | None = args.message
    if message is None:
        return None
    try:
        if message == "-":
            return _standard_input().decode("utf-8-sig").replace("\r\n", "\n")
        message.encode()  # what was no text among the arguments fails here
    except UnicodeError as error:
        raise UsageProblem("the words are not UTF-8 text", hint="give them as UTF-8") from error
    return message


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise UsageProblem("there is no stdin to read", hint="give the words with -m TEXT")
    return sys.stdin.buffer.read()


def _edited(around: Surroundings, text: str) -> str:
    from monorelease.cli.prompts import edit

    return edit(_editor(around), text)


def _editor(around: Surroundings) -> Sequence[str]:
    """The command of the editor, with its arguments."""
    import shlex

    try:
        if command := shlex.split(around.editor or ""):
            return command
    except ValueError as error:
        raise UsageProblem(
            f"EDITOR or VISUAL is no command: {error}: {around.editor}", hint="close the quotes"
        ) from error
    raise UsageProblem("no editor is set", hint="set EDITOR, or give the words with -m")
