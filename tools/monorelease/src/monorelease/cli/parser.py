"""The words of the command line, one room a command."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from monorelease.cli.wiring import Surroundings

Run = Callable[[Namespace, Surroundings], int]

COMMANDS = {
    "init": "set up monorelease in an existing repository",
    "add": "write a change fragment",
    "check": "find everything that would go wrong",
    "status": "show what would be released, and why",
    "explain": "tell why one member is released, or why not",
    "comment": "say on a pull request what it will release",
    "release": "turn fragments into versions, constraints and changelogs",
    "review": "show the whole release on one page, before it is one",
    "undo": "take the last uncommitted release back",
    "changelog": "show the notes that a release would write",
    "release-pr": "keep one pull request equal to the current release",
    "pending": "show what is released and not published or tagged yet",
    "build": "build what is pending, from a clean checkout of its release commit",
    "verify": "open what was built, and install and import it all together",
    "publish": "build, verify, upload, tag, push; safe to run again",
    "matrix": "print the build as waves of jobs for CI",
    "yank": "check what withdrawing a version means, and say or do it",
    "migrate": "bring fragments and settings over from another tool",
    "completion": "print what makes a shell complete our words",
    "schema": "print the JSON schema of [tool.monorelease]",
}
"""Every command, in the order in which one meets them, with its line of help."""

EPILOG = """\
exit status:
  0  done             2  usage                             70  a bug
  1  a problem        3  findings that stop a release
"""


def parse(argv: Sequence[str]) -> tuple[Namespace, Run]:
    """The arguments, and the command that takes them.

    Only the room of the command that is named gets imported: the others would cost time.
    """
    named = _named(argv)
    parser = parser_of((named,) if named else COMMANDS)
    args = parser.parse_args(argv)
    if args.version:
        return args, _show_version
    if args.command is None:
        parser.print_help()
        parser.exit(2)
    return args, _room(args.command).run


def parser_of(names: Iterable[str]) -> ArgumentParser:
    """What takes these commands, with all their flags."""
    parser = ArgumentParser(
        prog="monorelease",
        description="Coordinated releases for Python monorepos.",
        epilog=EPILOG,
        formatter_class=_Formatter,
    )
    _add_cwd(parser, default=Path())
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    commands = parser.add_subparsers(
        dest="command", metavar="command", title="commands", parser_class=_Command
    )
    for name in names:
        command = commands.add_parser(name, help=COMMANDS[name], formatter_class=_Formatter)
        _room(name).configure(command)
        _add_cwd(command, default=SUPPRESS)
    return parser


class _Command(ArgumentParser):
    """One that says for itself what it does not know: the usage of all commands helps nobody."""

    def parse_known_args(self, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - argparse's own
        found, unknown = super().parse_known_args(*given, **named)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, unknown


class _Formatter(RawDescriptionHelpFormatter):
    """Help of one width everywhere: asking the terminal imports half a dozen compressors."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=96)


def _named(argv: Sequence[str]) -> str | None:
    """The command among the words, if there is one."""
    words = iter(argv)
    for word in words:
        if word == "--cwd":
            next(words, None)
        elif not word.startswith("-"):
            return word if word in COMMANDS else None
    return None


def _add_cwd(parser: ArgumentParser, default: Path | str) -> None:
    parser.add_argument(
        "--cwd",
        type=Path,
        default=default,
        metavar="DIR",
        help="work in this folder (default: the current one)",
    )


def _room(command: str) -> _Room:
    return import_module(f"monorelease.cli.commands.{command.replace('-', '_')}")  # type: ignore[return-value]


def _show_version(args: Namespace, around: Surroundings) -> int:  # noqa: ARG001 - as every command
    from importlib.metadata import version

    around.console.show(f"monorelease {version('monorelease')}\n")
    return 0


class _Room:
    """What a room of `monorelease.cli.commands` holds."""

    configure: Callable[[ArgumentParser], None]
    run: Run
