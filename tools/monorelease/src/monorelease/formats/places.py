"""Where in a TOML document a value stands, and what is found to be wrong with it there."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import PurePosixPath
from typing import Final, Literal

from monorelease.model.finding import Finding, TomlKey
from monorelease.model.value import value


class Unfit(Enum):
    """Stands for a value that was refused: a finding says why."""

    UNFIT = "unfit"


UNFIT: Final = Unfit.UNFIT


@value
class Place:
    """Where a value stands, and the list to which findings about it are added."""

    path: PurePosixPath
    """The document, relative to the repository's root."""
    key: TomlKey
    findings: list[Finding]
    example: str = ""
    """How it would be right, in TOML; empty where only the table as a whole has one."""

    def at(self, step: str | int, *, example: str = "") -> Place:
        """The place of what stands below this one."""
        return Place(
            path=self.path,
            key=(*self.key, step),
            findings=self.findings,
            example=example or self.example,
        )

    def refuse(self, code: str, problem: str, *, hint: str = "") -> Literal[Unfit.UNFIT]:
        """Add a finding about this place; without a `hint` it shows the example."""
        self.findings.append(
            Finding(
                code=code,
                problem=f"{spelled(self.key)} {problem}",
                hint=hint or f"for example: {self.example}",
                path=self.path,
                key=self.key,
            )
        )
        return UNFIT

    def refuse_type(self, noun: str, value: object) -> Literal[Unfit.UNFIT]:
        """Add the finding that `value` should be `noun`."""
        return self.refuse("config-wrong-type", f"must be {noun}, not {_type_noun(value)}")


def spelled(key: TomlKey) -> str:
    """The key as prose names it, fit to be printed: ``tool.monorelease.fixed[0]``."""
    return "".join(_step(part) for part in key).removeprefix(".")


def _step(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if re.fullmatch(r"[A-Za-z0-9_-]+", part) else f".{part!r}"


def _type_noun(value: object) -> str:
    # bool before int: Python counts the one among the other.
    nouns = {bool: "a boolean", str: "a string", int: "an integer", float: "a float"}
    nouns |= {list: "a list", dict: "a table"}
    return nouns.get(type(value), "a date or time")
