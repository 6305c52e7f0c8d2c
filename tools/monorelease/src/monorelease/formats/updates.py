"""The one line that says to what a member was updated, and what changed there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from packaging.version import Version

from monorelease.formats.prose import listed
from monorelease.model.value import replace, value

MOST_CHANGES = 3
"""How many changes of one dependency are told before the rest is counted."""


@value
class Change:
    """One change of a dependency, in a sentence."""

    sentence: str
    issues: tuple[str, ...]


@value
class Update:
    """A dependency, what a member was updated to, and what changed there."""

    name: str
    """As it is written."""
    version: Version
    changes: tuple[Change, ...]
    """The most important first."""


def told(updates: Iterable[Update]) -> tuple[Update, ...]:
    """The updates as the line tells them: each sentence once, and not too many."""
    heard: set[str] = set()
    fresh = []
    for update in updates:
        issues: dict[str, tuple[str, ...]] = {}
        for change in update.changes:
            if change.sentence and change.sentence not in heard:
                issues[change.sentence] = issues.get(change.sentence, ()) + change.issues
        heard.update(issues)
        changes = tuple(Change(sentence=s, issues=i) for s, i in issues.items())
        fresh.append(replace(update, changes=_at_most(changes)))
    return tuple(fresh)


def update_line(updates: Sequence[Update]) -> str:
    """The line for `updates`, of which there is at least one; without the links.

    One dependency leaves room for sentences. Of several, those with news come first, with the
    news in brackets, and the others share their version.
    """
    if len(updates) == 1:
        (update,) = updates
        news = " ".join(change.sentence for change in update.changes)
        return f"Updated {_to(update)}: {news}" if news else f"Updated {_to(update)}."
    return f"Updated {listed(tuple(_parts(updates)))}."


def _at_most(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    rest = len(changes) - MOST_CHANGES
    if rest <= 1:
        # "And 1 more change" is no shorter than the change itself.
        return changes
    more = Change(sentence=f"And {rest} more changes.", issues=())
    return (*changes[:MOST_CHANGES], more)


def _parts(updates: Sequence[Update]) -> Iterator[str]:
    silent: dict[Version, list[str]] = {}
    for update in updates:
        if update.changes:
            news = "; ".join(change.sentence.removesuffix(".") for change in update.changes)
            yield f"{_to(update)} ({news})"
        else:
            silent.setdefault(update.version, []).append(f"`{update.name}`")
    for version, names in silent.items():
        yield f"{listed(names)} to {version}"


def _to(update: Update) -> str:
    return f"`{update.name}` to {update.version}"
