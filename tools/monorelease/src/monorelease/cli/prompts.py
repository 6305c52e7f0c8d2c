"""Questions to a person, one line each: on stderr, so that stdout stays the result.

Plain lines and numbers work in every terminal, over every connection and with every reader.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from monorelease.errors import ReleaseError, UsageProblem
from monorelease.model.guess import suggestion
from monorelease.reports.printable import printable

_RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")


def ask(question: str, default: str = "") -> str:
    """One line; `default` for an empty one.

    Raises:
        UsageProblem: the input ended, or is no text.
    """
    shown = f" [{default}]" if default else ""
    sys.stderr.write(printable(f"{question}{shown}: "))
    sys.stderr.flush()
    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError as error:
        raise UsageProblem(
            f"the answer is not {error.encoding} text", hint="use the flags"
        ) from error
    if not line:
        raise UsageProblem("the input ended in the middle of a question", hint="use the flags")
    return line.strip() or default


def choose(question: str, choices: Sequence[str], default: str) -> str:
    """One of `choices`, by name."""
    while True:
        answer = ask(f"{question} ({', '.join(choices)})", default)
        if answer in choices:
            return answer
        sys.stderr.write(_sorry(answer, choices))


def choose_some(question: str, choices: Sequence[str], marked: int) -> list[str]:
    """Some of `choices`, by numbers, ranges or names; the first `marked` ones by default."""
    width = len(str(len(choices)))
    for number, choice in enumerate(choices, 1):
        mark = "*" if number <= marked else " "
        sys.stderr.write(f" {mark} {number:>{width}}  {choice}\n")
    default = ("1" if marked == 1 else f"1-{marked}") if marked else ""
    while True:
        answer = ask(f"{question}, as numbers or names (1 3-5)", default)
        picked, unknown = _picked(answer, choices)
        if picked and unknown is None:
            return picked
        sys.stderr.write(_sorry(unknown or "", choices))


def edit(command: Sequence[str], text: str) -> str:
    """What a person makes of `text` in their editor.

    Raises:
        ReleaseError: the editor is missing, or failed, or left no text.
    """
    import subprocess
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="monorelease-") as folder:
        path = Path(folder, "fragment.md")
        path.write_text(text, encoding="utf-8")
        try:
            subprocess.run([*command, str(path)], check=True)  # noqa: S603 - the user's own
            return path.read_text(encoding="utf-8")
        except (OSError, subprocess.CalledProcessError, UnicodeDecodeError) as error:
            raise ReleaseError(
                f"the editor {command[0]!r} failed: {error}",
                hint="set EDITOR to one that works, or give the text with -m",
            ) from error


def _picked(answer: str, choices: Sequence[str]) -> tuple[list[str], str | None]:
    """The choices meant, in their order, and the first word that means none."""
    picked: set[str] = set()
    for word in answer.replace(",", " ").split():
        if word in choices:
            picked.add(word)
        elif (found := _RANGE.fullmatch(word)) and 1 <= int(found[1]) <= len(choices):
            picked.update(choices[int(found[1]) - 1 : int(found[2] or found[1])])
        else:
            return [], word
    return [choice for choice in choices if choice in picked], None


def _sorry(answer: str, choices: Sequence[str]) -> str:
    if not answer:
        return "  at least one is needed\n"
    hint = suggestion(answer, choices, otherwise="choose from the list")
    return printable(f"  there is no {answer!r}: {hint}") + "\n"
