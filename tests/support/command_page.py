"""The page of the reference that tells every command, from the parser that takes them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from itertools import chain
from textwrap import wrap

from markdown_words import as_written, code_in_cell, in_cell
from monorelease.cli.parser import COMMANDS, EPILOG, parser_of

_WIDTH = 96


def command_page() -> str:
    """The page, in Markdown; the same on every Python, whose own help is not."""
    parser = parser_of(COMMANDS)
    commands = _commands(parser)
    lines = [_INTRODUCTION, "| command | does |", "| --- | --- |"]
    lines += [f"| [`{name}`](#monorelease-{name}) | {COMMANDS[name]} |" for name in commands]
    lines += ["", "## Exit statuses", "", "| status | meaning |", "| --- | --- |"]
    lines += [f"| {status} | {meaning} |" for status, meaning in _statuses()]
    lines += chain.from_iterable(_section(commands[name]) for name in commands)
    return "\n".join(lines) + "\n"


_INTRODUCTION = """\
# Commands

`hatch run test tests/docs --update` writes this page from what takes the commands;
`monorelease COMMAND --help` prints the same.

Before or after the command, `--cwd DIR` names the folder to work in. `--json` prints one document,
which is described in [For programs](../guide/programs.md).

Beside it: every key of the [configuration](configuration.md), every [finding](findings.md), every
variable of the [environment](environment.md).
"""


def _commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    (commands,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    return {name: commands.choices[name] for name in COMMANDS}


def _statuses() -> list[tuple[int, str]]:
    found = re.findall(r"(\d+)  (\S+(?: \S+)*)", EPILOG)
    return sorted((int(status), meaning) for status, meaning in found)


def _section(parser: argparse.ArgumentParser) -> Iterator[str]:
    yield f"\n## {parser.prog}\n"
    yield _prose(parser.description or "")
    yield "\n```text"
    yield from _usage(parser)
    yield "```\n"
    actions = [each for each in parser._actions if each.help is not argparse.SUPPRESS]
    yield "| argument | meaning |"
    yield "| --- | --- |"
    for action in sorted(actions, key=lambda action: bool(action.option_strings)):
        yield f"| {code_in_cell(_spelled(action))} | {in_cell(_help(parser, action))} |"
    for group in parser._mutually_exclusive_groups:
        names = [f"`{_first(action)}`" for action in group._group_actions]
        yield f"\nOnly one of {', '.join(names[:-1])} and {names[-1]} can be given."
    if parser.epilog:
        title, _, examples = parser.epilog.partition("\n")
        yield f"\n{title.capitalize()}\n\n```text"
        yield from (line[2:].rstrip() for line in examples.splitlines())
        yield "```"


def _usage(parser: argparse.ArgumentParser) -> list[str]:
    """What may be typed, in lines that are not too long."""
    exclusive = {id(a): g for g in parser._mutually_exclusive_groups for a in g._group_actions}
    pieces: list[str] = []
    positional = [action for action in parser._actions if not action.option_strings]
    for action in (*(a for a in parser._actions if a.option_strings), *positional):
        group = exclusive.get(id(action))
        if group is None:
            pieces.append(_bracketed(action))
        elif group._group_actions[0] is action:
            pieces.append(f"[{' | '.join(_typed(each) for each in group._group_actions)}]")
    pieces = [piece for piece in pieces if piece != "[-h]"]
    glued = " ".join(piece.replace(" ", "\N{NO-BREAK SPACE}") for piece in pieces)
    indent = " " * (len(parser.prog) + 1)
    lines = wrap(glued, _WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
    first, *others = (line.replace("\N{NO-BREAK SPACE}", " ") for line in lines or [""])
    return [f"{parser.prog} {first}".rstrip(), *(indent + line for line in others)]


def _bracketed(action: argparse.Action) -> str:
    """What is typed for it, in brackets where it may be left out."""
    if not action.option_strings:
        return _values(action)
    return _typed(action) if action.required else f"[{_typed(action)}]"


def _typed(action: argparse.Action) -> str:
    return f"{_first(action)} {_values(action)}".rstrip()


def _first(action: argparse.Action) -> str:
    return action.option_strings[0] if action.option_strings else str(action.metavar)


def _values(action: argparse.Action) -> str:
    """The words that it takes."""
    name = str(action.metavar or action.dest.upper())
    if action.choices is not None and action.metavar is None:
        name = "|".join(map(str, action.choices))
    match action.nargs:
        case 0:
            return ""
        case "?":
            return f"[{name}]"
        case "*":
            return f"[{name} ...]"
        case "+":
            return f"{name} [{name} ...]"
        case _:
            return name


def _spelled(action: argparse.Action) -> str:
    if not action.option_strings:
        return _values(action)
    return f"{', '.join(action.option_strings)} {_values(action)}".rstrip()


def _help(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    return parser._get_formatter()._expand_help(action)


def _prose(text: str) -> str:
    """Paragraphs, each on one line; what is set apart by blanks stays as it is."""
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(
        f"```text\n{paragraph}\n```" if paragraph.startswith("  ") else as_written(paragraph)
        for paragraph in paragraphs
    )
