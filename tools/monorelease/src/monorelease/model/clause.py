"""One comparison within a constraint, and where its version stands in the text."""

from __future__ import annotations

import re

from monorelease.model.value import value


@value
class Clause:
    """``>=1.2``: an operator and a version, untouched."""

    operator: str
    """One of PEP 440's, or Poetry's ``^``, ``~``, ``=`` and none at all."""
    version: str
    """As written: it may end in ``.*``, or be just ``*``."""
    start: int
    end: int
    """The text's characters from `start` up to, not including, `end` are the version."""


_CLAUSE = re.compile(r"(?:(?P<operator>===|[=~!<>]=|[\^~=<>])\s*)?(?P<version>[^\s,]+)")


def parse_clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of `text`, in order; commas and blanks between them belong to none.

    Whether a version makes sense is not looked at here.
    """
    return tuple(
        Clause(
            operator=match["operator"] or "",
            version=match["version"],
            start=match.start("version"),
            end=match.end("version"),
        )
        for match in _CLAUSE.finditer(text)
    )
