"""Findings as a list in Markdown: the place, the problem, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Protocol

from monorelease.model.finding import Finding
from monorelease.reports.harmless import code, inline

MOST = 10
"""How many are shown before the rest is counted: `monorelease check` shows all."""

_LONGEST = 400
"""Characters of a problem, or a hint: what another program said may be in it."""


class ToFile(Protocol):
    """Words, as Markdown that links them to a file."""

    def __call__(self, words: str, path: PurePosixPath, line: int | None = None) -> str:
        """The link."""
        ...


def findings_list(findings: Sequence[Finding], to_file: ToFile) -> str:
    """The first `MOST`, one an item, errors before warnings; and how many there are beyond."""
    ordered = sorted(findings, key=lambda finding: not finding.is_error)
    items = [_item(finding, to_file) for finding in ordered[:MOST]]
    if hidden := len(ordered) - len(items):
        items.append(f"- And {hidden} more: {code('monorelease check')} shows them all.")
    return "\n".join(items)


def _item(finding: Finding, to_file: ToFile) -> str:
    place = ""
    if finding.path is not None:
        line = f":{finding.line}" if finding.line else ""
        place = f"{to_file(f'{finding.path}{line}', finding.path, finding.line)}: "
    words = f"{place}{inline(_cut(finding.problem))}"
    return f"- {words}\n  *{inline(_cut(finding.hint))}*"


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
