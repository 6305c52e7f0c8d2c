"""Tell a forge of versions that are out, each once, and of a whole wave where that is wanted."""

from __future__ import annotations

from collections.abc import Sequence

from monorelease.adapters.git import Repository
from monorelease.errors import ReleaseError
from monorelease.model.forge import ForgeRelease
from monorelease.model.publication import Announcement, ReleasedMember, RollUp
from monorelease.model.value import replace
from monorelease.model.words import short
from monorelease.workflows.ports import Forge


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

    `is_latest` lets each be shown as the newest release of the repository.
    """
    told: list[Announcement] = []
    try:
        for announcement in news:
            forge.release(replace(_page_of(announcement), is_latest=is_latest))
            told.append(announcement)
    except ReleaseError as error:
        return tuple(told), str(error)
    return tuple(told), ""


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
        title=_title(roll_up.members),
        notes=notes,
        is_prerelease=roll_up.is_prerelease,
    )
    try:
        return forge.release(page).address, ""
    except ReleaseError as error:
        return "", str(error)


def _title(members: Sequence[ReleasedMember]) -> str:
    first, *rest = members
    others = f" and {len(rest)} more" if rest else ""
    return f"{first.name} {first.version}{others}"


def _page_of(announcement: Announcement) -> ForgeRelease:
    member = announcement.member
    return ForgeRelease(
        tag=member.tag,
        commit=member.commit,
        title=f"{member.name} {member.version}",
        notes=announcement.notes,
        is_prerelease=announcement.is_prerelease,
    )
