"""Tell a forge of versions that are out, each once, and of a whole wave where that is wanted."""

from __future__ import annotations

from collections.abc import Sequence

from monorelease.adapters.git import Repository
from monorelease.errors import ReleaseError
from monorelease.formats.wave import without_title
from monorelease.model.forge import ForgeRelease
from monorelease.model.publication import Announcement, ReleasedMember, RollUp
from monorelease.model.value import replace
from monorelease.model.words import first_of, short
from monorelease.workflows.ports import Forge

_MOST_TOLD = 5
"""Of how many that were refused it is said why."""


def unannounced(members: Sequence[ReleasedMember], forge: Forge) -> tuple[ReleasedMember, ...]:
    """Those of `members` with a tag that the forge has no release for.

    Raises:
        ForgeUnavailable: it cannot be asked.
    """
    told = forge.released([member.tag for member in members if member.tag])
    return tuple(m for m in members if m.tag and m.tag not in told)


def find_roll_up(
    members: Sequence[ReleasedMember], forge: Forge, template: str, repository: Repository
) -> RollUp | None:
    """The page on the newest of the release commits of `members`, if the forge has none yet.

    Raises:
        ForgeUnavailable: it cannot be asked.
    """
    commits = [member.commit for member in members if member.tag]
    commit, day = next(iter(repository.days_of(commits).items()), ("", ""))
    tag = template.replace("{commit}", short(commit)).replace("{date}", day)
    if not commit or forge.released([tag]):
        return None
    wave = tuple(m for m in members if m.tag and m.commit == commit)
    return RollUp(tag=tag, commit=commit, members=wave)


def announce(
    news: Sequence[Announcement], forge: Forge, *, is_latest: bool
) -> tuple[tuple[Announcement, ...], str]:
    """What was announced; and, where the forge refused, what it said.

    One may be refused for something of its own, as for a draft in its place: it keeps no other
    back. Where the next one is refused too, it is the forge, which is then left alone.

    Args:
        news: in this order.
        forge: who is told.
        is_latest: lets each be shown as the newest release of the repository.
    """
    told: list[Announcement] = []
    refused: list[str] = []
    was_refused = False
    for announcement in news:
        try:
            forge.release(replace(_page_of(announcement), is_latest=is_latest))
        except ReleaseError as error:
            refused.append(_trouble(announcement.member.tag, error))
            if was_refused:
                break
            was_refused = True
        else:
            told.append(announcement)
            was_refused = False
    return tuple(told), "\n".join(refused[:_MOST_TOLD])


def announce_wave(roll_up: RollUp, notes: str, forge: Forge) -> tuple[str, str]:
    """Where the page stands; or, where the forge refused, what it said.

    Args:
        roll_up: what it is about.
        notes: of all its members, as Markdown.
        forge: where it is put up.
    """
    page = ForgeRelease(
        tag=roll_up.tag,
        commit=roll_up.commit,
        title=first_of([_title(member) for member in roll_up.members]),
        notes=notes,
        is_prerelease=roll_up.is_prerelease,
    )
    try:
        return forge.release(page).address, ""
    except ReleaseError as error:
        return "", _trouble(roll_up.tag, error)


def _trouble(tag: str, error: ReleaseError) -> str:
    return f"{tag}: {error}; {error.hint}"


def _title(member: ReleasedMember) -> str:
    return f"{member.name} {member.version}"


def _page_of(announcement: Announcement) -> ForgeRelease:
    member = announcement.member
    return ForgeRelease(
        tag=member.tag,
        commit=member.commit,
        title=_title(member),
        notes=without_title(announcement.notes),
        is_prerelease=announcement.is_prerelease,
    )
