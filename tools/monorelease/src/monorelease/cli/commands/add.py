"""``monorelease add``: write a change fragment, from answers or from flags."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from packaging.utils import NormalizedName

from monorelease.cli.scope import add_json, members_named
from monorelease.cli.wiring import Surroundings
from monorelease.errors import UsageProblem
from monorelease.model.bump import Bump
from monorelease.workflows.add import Intent, add, category_for, touched
from monorelease.workflows.opening import open_root
from monorelease.workflows.read import Snapshot, read

Bumps = dict[NormalizedName, Bump]


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Write a fragment into changes/: which members a change touches, how strongly, and\n"
        "the words that the readers of the release will see. Asks for what the flags leave\n"
        "open; with --patch, --minor, --major or --none and -m it asks nothing."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease add\n"
        "  monorelease add --patch agents-core --id 1042 -m 'Dispose native resources.'\n"
        "  monorelease add --minor 'agents-plugin-*' --category feature -m - < words.md\n"
        "  monorelease add --empty -m 'Only tests changed.'\n"
    )
    for bump in reversed(Bump):
        parser.add_argument(
            f"--{bump.word}",
            action="append",
            default=[],
            metavar="NAMES",
            help=f"members (names or globs, with commas) that move by {bump.word}",
        )
    parser.add_argument("--category", help="where the words go in the changelog")
    parser.add_argument("--id", metavar="NUMBER", help="the issue or pull request")
    parser.add_argument("-m", "--message", metavar="TEXT", help="the words; - for stdin")
    parser.add_argument("--edit", action="store_true", help="open the words in $EDITOR")
    parser.add_argument(
        "--empty", action="store_true", help='say "no release needed" for the whole change'
    )
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Write the fragment, and say where it is."""
    snapshot = read(open_root(around.cwd, around.console.tell))
    path = add(snapshot, _intent(args, around, snapshot))
    if args.json:
        around.console.show_json({"schema": 1, "fragment": str(path)})
    else:
        around.console.show(f"{path}\n")
    return 0


def _intent(args: Namespace, around: Surroundings, snapshot: Snapshot) -> Intent:
    bumps = {} if args.empty else _bumps(args, snapshot) or _asked_bumps(around, snapshot)
    is_open = args.message is None and around.is_interactive
    category = args.category or _category(bumps, snapshot, is_asked=is_open and not args.empty)
    number = args.id
    if number is None and is_open:
        from monorelease.cli.prompts import ask

        number = ask("Issue or pull request number, if there is one")
    text = _text(args, around)
    return Intent(bumps=bumps, category=category, id=(number or "").lstrip("#"), text=text)


def _bumps(args: Namespace, snapshot: Snapshot) -> Bumps:
    found: dict[NormalizedName, Bump] = {}
    for bump in reversed(Bump):
        for name in members_named(getattr(args, bump.word), snapshot.workspace):
            if name in found:
                raise UsageProblem(
                    f"{name} cannot move by {found[name].word} and by {bump.word}",
                    hint="name it under one of the two",
                )
            found[name] = bump
    return found


def _asked_bumps(around: Surroundings, snapshot: Snapshot) -> Bumps:
    _demand_somebody(around, "say which members with --patch, --minor, --major, --none or --empty")
    from monorelease.adapters.git import Repository
    from monorelease.cli.prompts import choose, choose_some

    first = touched(snapshot, Repository.at(snapshot.tree.root))
    rest = [name for name in snapshot.workspace.names if name not in first]
    chosen = choose_some("Which members does the change touch", [*first, *rest], len(first))
    bumps = [bump.word for bump in reversed(Bump)]
    return {
        name: Bump.from_word(choose(f"How far does {name} move", bumps, "patch"))
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
    if args.message == "-":
        text = sys.stdin.read()
    elif args.message is not None:
        text = args.message
    elif args.empty and not around.is_interactive:
        return ""
    else:
        _demand_somebody(around, "give the words with -m TEXT, or -m - for stdin")
        from monorelease.cli.prompts import ask

        is_edited = args.edit or not (text := ask("What changed, for its users (empty: $EDITOR)"))
        return _edited(around, "") if is_edited else text
    return _edited(around, text) if args.edit else text


def _edited(around: Surroundings, text: str) -> str:
    import shlex

    from monorelease.cli.prompts import edit

    if not around.editor:
        raise UsageProblem("no editor is set", hint="set EDITOR, or give the words with -m")
    return edit(_words(shlex.split(around.editor)), text)


def _words(command: Sequence[str]) -> Sequence[str]:
    if not command:
        raise UsageProblem("EDITOR is empty", hint="set it, or give the words with -m")
    return command


def _demand_somebody(around: Surroundings, hint: str) -> None:
    if not around.is_interactive:
        raise UsageProblem("there is nobody to ask here", hint=hint)
