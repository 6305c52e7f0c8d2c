"""One fragment from the flags of ``add``, and from answers to what they leave open."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence

from packaging.utils import NormalizedName

from monorelease.cli.names import members_named
from monorelease.cli.wiring import Surroundings
from monorelease.errors import UsageProblem
from monorelease.model.bump import Bump
from monorelease.model.intent import Intent
from monorelease.planning.categories import category_for
from monorelease.workflows.add import touched
from monorelease.workflows.read import Snapshot

Bumps = dict[NormalizedName, Bump]

_STRONGEST_FIRST = tuple(reversed(Bump))


def demand_answers(args: Namespace, around: Surroundings) -> None:
    """Let flags not contradict each other, and leave nothing open where nobody can be asked.

    Raises:
        UsageProblem: they do.
    """
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


def intent_of(args: Namespace, around: Surroundings, snapshot: Snapshot) -> Intent:
    """What the flags say, and the answers to what they leave open.

    Raises:
        UsageProblem: a name that means no member, words that are no text, or no editor.
    """
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
