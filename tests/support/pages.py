"""Pages of the documentation as what they are to a reader: commands to type, and what is answered.

A page names the repository that it begins in with a comment, ``<!-- scene: NAME -->``; a further
one begins anew. In a ``console`` block lines behind ``$`` are commands, and the lines below one
are what it prints, with a line ``...`` for any number of lines. A command ends with status 0,
unless ``<!-- exits: N -->`` stands right before its block: then the last one of the block ends so.
``<!-- not run: WHY -->`` there says why no test can run it. A block of another language behind
``<!-- file: PATH -->`` is what the file at that path holds from then on.

An answer without ``...`` that is not what was printed can be written anew: see `renewed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_PIECE = re.compile(
    r"^<!-- file: (?P<path>\S+) -->\n```(?!console)\w+\n(?P<content>.*?)^```$"
    r"|^<!-- (?P<word>scene|exits|not run): (?P<what>.*?) -->$"
    r"|^(?P<indent> *)```console\n(?P<block>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)


class Command(NamedTuple):
    """One thing to type."""

    page: str
    line: int
    text: str
    indent: int
    """How far the block is from the margin."""
    answer: tuple[str, ...]
    """Empty where the page does not say."""
    status: int

    @property
    def is_whole(self) -> bool:
        """Whether the page tells the whole answer."""
        return bool(self.answer) and "..." not in self.answer


class Act(NamedTuple):
    """What is done in one repository, from its beginning."""

    page: str
    line: int
    scene: str
    commands: tuple[Command, ...]


class Excused(NamedTuple):
    """A block that is not run, and why."""

    page: str
    line: int
    why: str


def acts_of(page: Path, root: Path) -> tuple[list[Act], list[Excused]]:
    """The acts of a page in their order, and what is left out of them."""
    name, text = page.relative_to(root).as_posix(), page.read_text("utf-8")
    acts: list[Act] = []
    excused: list[Excused] = []
    scene, told = "", {"exits": "0", "not run": ""}
    for piece in _PIECE.finditer(text):
        line = text.count("\n", 0, piece.start()) + 1
        if piece["word"] == "scene":
            scene = piece["what"]
            acts.append(Act(name, line, scene, ()))
        elif piece["word"]:
            told[piece["word"]] = piece["what"]
        elif told["not run"]:
            excused.append(Excused(name, line, told["not run"]))
            told["not run"] = ""
        else:
            assert acts, f"{name}:{line}: in which repository? say <!-- scene: NAME --> above"
            commands = tuple(_steps(name, line, piece, int(told["exits"])))
            acts[-1] = acts[-1]._replace(commands=acts[-1].commands + commands)
            told["exits"] = "0"
    return [act for act in acts if act.commands], excused


def is_answer(told: tuple[str, ...], printed: Sequence[str]) -> bool:
    """Whether what was printed is what the page says, blanks at the ends of lines apart."""
    pattern = "".join(".*" if line == "..." else re.escape(line) + "\n" for line in told)
    text = "".join(line.rstrip() + "\n" for line in printed)
    return re.fullmatch(pattern, text, re.DOTALL) is not None


def lines_of(output: str) -> tuple[str, ...]:
    """What was printed, without blanks at the ends of lines and blank lines at its own end."""
    return tuple(line.rstrip() for line in output.rstrip().splitlines())


def renewed(page: str, printed: Mapping[Command, tuple[str, ...]]) -> str:
    """The text of a page, with these answers of its commands in the place of its own."""
    lines = page.split("\n")
    for command in sorted(printed, key=lambda command: command.line, reverse=True):
        begin = command.line + command.text.count("\n")
        answer = [f"{' ' * command.indent}{line}".rstrip() for line in printed[command]]
        lines[begin : begin + len(command.answer)] = answer
    return "\n".join(lines)


def _steps(page: str, line: int, piece: re.Match[str], status: int) -> Iterator[Command]:
    if piece["path"]:
        text = f"cat > {piece['path']} <<'END OF FILE'\n{piece['content']}END OF FILE"
        yield Command(page, line, text, 0, (), 0)
    else:
        yield from _commands(page, line, piece, status)


def _commands(page: str, start: int, piece: re.Match[str], status: int) -> Iterator[Command]:
    depth = len(piece["indent"])
    lines = [line[depth:].rstrip() for line in piece["block"].splitlines()]
    starts = [i for i, line in enumerate(lines) if line.startswith("$ ")]
    assert starts[:1] == [0], f"{page}:{start}: a console block begins with a command"
    for begin, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        typed = [lines[begin][2:]]
        rest = lines[begin + 1 : end]
        while rest and rest[0].startswith("> "):
            typed.append(rest.pop(0)[2:])
        while rest and not rest[-1]:
            rest.pop()
        expected = status if begin == starts[-1] else 0
        line = start + 1 + begin
        yield Command(page, line, "\n".join(typed), depth, tuple(rest), expected)
