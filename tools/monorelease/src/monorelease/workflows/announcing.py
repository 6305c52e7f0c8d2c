"""Tell a forge of versions that are out, each once, and of a whole wave where that is wanted."""

from __future__ import annotations

from collections.abc import Sequence

from monorelease.errors import ReleaseError
from monorelease.model.forge import ForgeRelease
from monorelease.model.publication import Announcement, ReleasedMember
from monorelease.workflows.ports import Forge


def unannounced(members: Sequence[ReleasedMember], forge: Forge) -> tuple[ReleasedMember, ...]:
    """Those of `members` with a tag that the forge has no release for.

    Raises:
        ForgeUnavailable: it cannot be asked.
    """
    told = forge.released([member.tag for member in members if member.tag])
    return tuple(m for m in members if m.tag and m.tag not in told)


def announce(news: Sequence[Announcement], forge: Forge) -> tuple[tuple[Announcement, ...], str]:
    """What was announced; and, where the forge refused, what it said."""
    told: list[Announcement] = []
    try:
        for announcement in news:
            forge.release(_page_of(announcement))
            told.append(announcement)
    except ReleaseError as error:
        return tuple(told), str(error)
    return tuple(told), ""


def _page_of(announcement: Announcement) -> ForgeRelease:
    member = announcement.member
    return ForgeRelease(
        tag=member.tag,
        commit=member.commit,
        title=f"{member.name} {member.version}",
        notes=announcement.notes,
        is_prerelease=announcement.is_prerelease,
    )
