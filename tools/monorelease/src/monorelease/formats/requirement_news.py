"""Changed requirements in words for a changelog."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monorelease.formats.prose import listed
from monorelease.formats.stranger_words import fit
from monorelease.model.requirement_change import RequirementChange

_EXTRA = ("project.optional-dependencies.",)
_BUILD = "build-system.requires"


def requirement_news(changes: Sequence[RequirementChange]) -> str:
    """What has moved from where to where: one sentence, or one an item."""
    sentences = list(dict.fromkeys(_sentence(change) for change in changes))
    return fit(sentences[0] if len(sentences) == 1 else "\n".join(f"- {s}" for s in sentences))


def _sentence(change: RequirementChange) -> str:
    name = f"{_code(change.on)}{_where(change.table)}"
    if not change.after:
        return f"{name} is no longer required."
    after = _ranges(change.after)
    if not change.before:
        return f"{name} is required now{f': {after}' if any(change.after) else ''}."
    return f"{name}: {_ranges(change.before)} is now {after}."


def _where(table: str) -> str:
    if table == _BUILD:
        return " (to build)"
    extra = next((table.removeprefix(lead) for lead in _EXTRA if table.startswith(lead)), "")
    return f" (extra {_code(extra)})" if extra else ""


def _ranges(written: Iterable[str]) -> str:
    return listed([_code(text) if text else "any version" for text in written])


def _code(text: str) -> str:
    return f"`{text.replace('`', chr(39))}`"
