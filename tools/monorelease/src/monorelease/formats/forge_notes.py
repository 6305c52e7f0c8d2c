"""The notes of a release, cut where a forge takes no more of them."""

from __future__ import annotations

from monorelease.formats.forge_links import quoted
from monorelease.model.forge import ForgeKind, ForgeRelease, Site

_FILES_OF_A_TAG = {
    ForgeKind.GITHUB: "tree",
    ForgeKind.GITLAB: "-/tree",
    ForgeKind.FORGEJO: "src/tag",
}


def fitting_notes(release: ForgeRelease, site: Site, longest: int) -> str:
    """The notes in at most `longest` characters, of which some 1000 are needed.

    Cut, they say so at their beginning, where no block of code swallows it, and end with a line.
    """
    if len(release.notes) <= longest:
        return release.notes
    place = f"{site.address}/{_FILES_OF_A_TAG[site.kind]}/{quoted(release.tag, '/')}"
    told = (
        "> These notes are longer than a release may be, and end early. "
        f"All of them are in the changelogs [of this version]({place}).\n\n"
    )
    start = release.notes[: longest - len(told)]
    return f"{told}{start.rpartition(chr(10))[0] or start}"
