"""``monorelease completion``: what a shell needs to complete our words."""

from __future__ import annotations

from argparse import Action, ArgumentParser, Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from monorelease.cli.wiring import Surroundings

if TYPE_CHECKING:
    from pathlib import Path

SHELLS = ("bash", "zsh", "tcsh")
MEMBERS = "members"

_ASK = f"monorelease completion {MEMBERS}"
_MEMBERS_IN = {"bash": "_monorelease_members", "zsh": f"($({_ASK}))", "tcsh": f"`{_ASK}`"}
_FOR_BASH = f'_monorelease_members() {{ compgen -W "$({_ASK})" -- "$1"; }}'


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which words it takes."""
    parser.description = (
        "Print a script for a shell that completes commands, flags, folders and the names of\n"
        "members. Put what it prints where your shell looks for such scripts."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease completion bash      for ~/.local/share/bash-completion/completions/\n"
        "  monorelease completion zsh       as _monorelease, in a folder of $fpath\n"
        "  monorelease completion members   the names, as the script asks for them\n"
    )
    parser.add_argument(
        "shell", choices=[*SHELLS, MEMBERS], help="whose script; or the members' names"
    )


def run(args: Namespace, around: Surroundings) -> int:
    """Print the script, or the names."""
    if args.shell == MEMBERS:
        around.console.show("".join(f"{name}\n" for name in _members(around.cwd)))
        return 0
    from shtab import complete

    preamble = _FOR_BASH if args.shell == "bash" else ""
    around.console.show(complete(_explained_parser(), shell=args.shell, preamble=preamble))
    return 0


def _members(cwd: Path) -> tuple[str, ...]:
    """Their names; none where they cannot be read, for nobody asks but a shell."""
    from monorelease.errors import ReleaseError
    from monorelease.workflows.read import find_root, read

    try:
        return read(find_root(cwd)).workspace.names
    except ReleaseError:
        return ()


def _explained_parser() -> ArgumentParser:
    """The parser of all commands, with a word on what belongs into each argument."""
    from shtab import DIRECTORY

    from monorelease.cli.parser import COMMANDS, parser_of

    meant = {"NAME": _MEMBERS_IN, "NAMES": _MEMBERS_IN, "DIR": DIRECTORY}
    parser = parser_of(COMMANDS)
    for action in _actions(parser):
        if isinstance(action.metavar, str) and action.metavar in meant:
            action.complete = meant[action.metavar]  # type: ignore[attr-defined] # as shtab asks
    return parser


def _actions(parser: ArgumentParser) -> Iterator[Action]:
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to list them
        yield action
        if isinstance(action.choices, dict):
            for command in action.choices.values():
                yield from _actions(command)
