"""The members that words of the command line mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packaging.utils import NormalizedName

from monorelease.errors import UsageProblem
from monorelease.model.guess import suggestion
from monorelease.model.words import some_of
from monorelease.model.workspace import Workspace
from monorelease.planning.groups import matching


def members_named(words: Sequence[str], workspace: Workspace) -> tuple[NormalizedName, ...]:
    """The members that names or globs, with commas between, mean, in the workspace's order.

    ``plugin-*,!plugin-old`` leaves one out. No words mean nobody.

    Raises:
        UsageProblem: one of the words, or all of them together, mean nobody.
    """
    patterns = tuple(patterns_in(words))
    for pattern in patterns:
        if not matching([pattern.removeprefix("!")], workspace.names):
            raise no_such_member(pattern.removeprefix("!"), workspace)
    found = matching(patterns, workspace.names)
    if words and not found:  # an empty variable of a script must not come to mean everybody
        raise UsageProblem(
            f"{','.join(words)!r} names no member", hint=f"members are {some_of(workspace.names)}"
        )
    return found


def member_named(word: str, workspace: Workspace) -> NormalizedName:
    """The one member that a name, or a glob, means.

    Raises:
        UsageProblem: it means nobody, or several.
    """
    first, *others = members_named([word], workspace)
    if others:
        raise UsageProblem(
            f"{word!r} means {some_of([first, *others])}", hint="name one member at a time"
        )
    return first


def patterns_in(words: Sequence[str]) -> Iterator[str]:
    """The names and globs of `words`, each of which may hold several with commas between."""
    for word in words:
        yield from (part.strip() for part in word.split(",") if part.strip())


def no_such_member(word: str, workspace: Workspace) -> UsageProblem:
    """That `word` means nobody, with the near name."""
    otherwise = f"members are {some_of(workspace.names)}"
    return UsageProblem(
        f"there is no member {word!r} here",
        hint=suggestion(word, workspace.names, otherwise=otherwise),
    )
