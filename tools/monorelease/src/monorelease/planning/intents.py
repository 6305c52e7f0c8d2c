"""Which fragments a branch's commits, or the words of a pull request, come to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from packaging.utils import NormalizedName, canonicalize_name

from monorelease.model.bump import Bump
from monorelease.model.config import Category
from monorelease.model.intent import Intent
from monorelease.model.saying import Saying, ToldCommit
from monorelease.model.value import replace, value
from monorelease.planning.categories import category_for

Names = Collection[NormalizedName]

_TYPES = {
    **dict.fromkeys(("feat", "feature"), Bump.MINOR),
    **dict.fromkeys(("fix", "bugfix", "hotfix", "perf", "security"), Bump.PATCH),
    **dict.fromkeys(("docs", "doc", "style", "refactor", "test", "tests"), Bump.NONE),
    **dict.fromkeys(("build", "chore", "ci", "release"), Bump.NONE),
}
"""The types of conventional commits that mean something here."""


@value
class Told:
    """What commits come to."""

    intents: tuple[Intent, ...]
    """The oldest commit's first; commits that say the same are one."""
    silent: tuple[ToldCommit, ...]
    """Commits that touch members, and whose type says that users notice nothing."""
    unclear: tuple[ToldCommit, ...]
    """Commits that touch members, and do not say what that means to users."""


def bump_said(saying: Saying) -> Bump | None:
    """How far the members move by the type and its mark; None where neither says it."""
    return Bump.MAJOR if saying.is_breaking else _TYPES.get(saying.type)


def intents_of_commits(
    commits: Sequence[ToldCommit], names: Names, categories: Sequence[Category], taken: Names
) -> Told:
    """What fragments have to say for these commits.

    A commit that another one takes back says nothing, and neither does that other one, as
    long as both are among them.

    Args:
        commits: the newest first.
        names: of all members.
        categories: all there are.
        taken: members that are left alone: other fragments speak of them.
    """
    intents: dict[tuple[object, ...], Intent] = {}
    silent, unclear = [], []
    for commit in reversed(_standing(commits)):
        saying, bump = commit.saying, bump_said(commit.saying) if commit.saying else None
        if saying is None or bump is None:
            unclear += [commit] if commit.names else []
        elif bump is Bump.NONE:
            silent += [commit] if commit.names else []
        else:
            bumps = bumps_of(saying, bump, commit.names, names)
            left = {name: each for name, each in bumps.items() if name not in taken}
            for category, some in _by_category(left, bump, categories):
                _join(intents, saying, some, category)
    return Told(intents=tuple(intents.values()), silent=tuple(silent), unclear=tuple(unclear))


def bumps_of(
    saying: Saying, bump: Bump, touched: Sequence[NormalizedName], names: Names
) -> dict[NormalizedName, Bump]:
    """Which members move how far.

    Those that are touched do. Where the scope names some of them, the others have only been
    adapted: a patch. Where nothing is touched that belongs to a member, the scope decides.
    """
    meant = set(_in_scope(saying.scope, names))
    if not touched:
        return {name: bump for name in names if name in meant}
    if meant.isdisjoint(touched):
        meant.update(touched)
    return {name: bump if name in meant else min(bump, Bump.PATCH) for name in touched}


def intents_of_request(
    saying: Saying,
    labelled: Bump | None,
    touched: Sequence[NormalizedName],
    categories: Sequence[Category],
) -> tuple[Intent, ...]:
    """The fragments of a pull request, by its labels, else by its title.

    A plain title means a patch. One that needs no release says so with an empty fragment,
    as long as it touches a member.

    Args:
        saying: what the title says, and the number of the pull request.
        labelled: what its labels say; None where they say nothing.
        touched: the members to speak of.
        categories: all there are.
    """
    said = bump_said(saying)
    bump = labelled if labelled is not None else Bump.PATCH if said is None else said
    number = "" if saying.number is None else str(saying.number)
    if not touched:
        return ()
    if bump is Bump.NONE:
        category = category_for(bump, categories)
        return (Intent(bumps={}, category=category, id=number, text=""),)
    bumps = bumps_of(saying, bump, touched, touched)
    return tuple(
        Intent(bumps=some, category=category, id=number, text=saying.text)
        for category, some in _by_category(bumps, bump, categories)
    )


def _standing(commits: Sequence[ToldCommit]) -> list[ToldCommit]:
    """The commits without those that are taken back, and without those that do it.

    The newest first: so a revert that is itself taken back takes nothing back any more.
    """
    gone: set[str] = set()
    standing = []
    for place, commit in enumerate(commits):
        if commit.name in gone:
            continue
        older = commits[place + 1 :] if commit.reverts else ()
        undone = {each.name for each in older if each.name.startswith(commit.reverts)}
        gone |= undone
        standing += [] if undone else [commit]
    return standing


def _by_category(
    bumps: Mapping[NormalizedName, Bump], bump: Bump, categories: Sequence[Category]
) -> Iterator[tuple[str, dict[NormalizedName, Bump]]]:
    """The members that a change moves by `bump`, and apart from them those that follow it.

    To the readers of a member that is only adapted, what breaks another one breaks nothing.
    """
    for category, some in (
        (category_for(bump, categories), {n: b for n, b in bumps.items() if b is bump}),
        (category_for(Bump.NONE, categories), {n: b for n, b in bumps.items() if b is not bump}),
    ):
        if some:
            yield category, some


def _join(
    intents: dict[tuple[object, ...], Intent],
    saying: Saying,
    bumps: Mapping[NormalizedName, Bump],
    category: str,
) -> None:
    """Add the fragment of a commit, to the one that says the same where there is one."""
    same = (category, saying.text)
    number = "" if saying.number is None else str(saying.number)
    known = intents.get(same, Intent(bumps={}, category=category, id=number, text=saying.text))
    intents[same] = replace(known, bumps=_strongest(known.bumps, bumps), id=known.id or number)


def _strongest(
    one: Mapping[NormalizedName, Bump], other: Mapping[NormalizedName, Bump]
) -> dict[NormalizedName, Bump]:
    names = dict.fromkeys((*one, *other))
    return {n: max(one.get(n, Bump.NONE), other.get(n, Bump.NONE)) for n in names}


def _in_scope(scope: str, names: Names) -> Iterator[NormalizedName]:
    """The members that a scope names: in full, or by the end of their names if that is clear."""
    for word in _words(scope):
        ends = [name for name in names if name.endswith(f"-{word}")]
        if word in names:
            yield canonicalize_name(word)
        elif len(ends) == 1:
            yield ends[0]


def _words(scope: str) -> Iterable[str]:
    return (canonicalize_name(word.strip()) for word in scope.replace("/", ",").split(",") if word)
