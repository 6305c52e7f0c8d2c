"""The notes of what was published, on one page for who runs the command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from monorelease.formats.wave import Told, pages
from monorelease.model.publication import Announcement
from monorelease.reports.printable import printable_lines

_LEVEL = 2
_SILENT = "No notes."


def notes_text(announcements: Sequence[Announcement]) -> str:
    """The announcements as Markdown: first what only one member says, then what several do.

    Members that say the same share a page, so that what is new is not lost among them.
    """
    notes = [announcement.notes.strip() for announcement in announcements]
    times = Counter(notes)
    alone: list[Told] = []
    together: list[Told] = []
    for announcement, text in zip(announcements, notes, strict=True):
        member = announcement.member
        told = Told(name=member.name, version=member.version, text=text or _SILENT)
        (alone if text and times[text] == 1 else together).append(told)
    page = "\n\n".join(pages(alone, together, _LEVEL))
    return printable_lines(f"{page}\n") if page else ""
