"""One page of notes for a whole release: direct changes first, those who say the same together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.formats.markdown import demote, headings
from monorelease.formats.notes import Section
from monorelease.formats.prose import listed
from monorelease.model.plan import ReleasePlan


def roll_up(
    title: str,
    plan: ReleasePlan,
    sections: Mapping[NormalizedName, Section],
    rendered: Mapping[NormalizedName, str],
) -> str:
    """The notes of all members of `plan` below `title`, as Markdown that ends with one newline.

    Members with fragments of their own come first, each with a heading. Of the others, those
    who say the same share one.

    Args:
        title: a heading with its marks; all others are deeper.
        plan: who is released, and in which order.
        sections: how the members' names and versions are written.
        rendered: each section as it stands in the member's own changelog.
    """
    level = len(title) - len(title.lstrip("#")) + 1
    direct = [release.name for release in plan.releases if release.fragments]
    shared: dict[str, list[Section]] = {}
    for release in plan.releases:
        if not release.fragments:
            body = _body(rendered[release.name], level)
            shared.setdefault(body, []).append(sections[release.name])
    pages = [_page(_name(sections[n]), _body(rendered[n], level), level) for n in direct]
    pages += [_shared_page(group, body, level, len(direct)) for body, group in shared.items()]
    return "\n\n".join((title, *pages)) + "\n"


def _body(rendered: str, level: int) -> str:
    """A section without its title, its headings deeper than `level`."""
    text = rendered.strip("\n")
    found = list(headings(text))
    if found and found[0].line == 0:
        text = "\n".join(text.split("\n")[found[0].height :]).strip("\n")
        found = found[1:]
    highest = min((heading.level for heading in found), default=level + 1)
    return demote(text, level + 1 - highest)


def _page(heading: str, body: str, level: int) -> str:
    return f"{'#' * level} {heading}\n\n{body}"


def _shared_page(group: Sequence[Section], body: str, level: int, direct: int) -> str:
    if len(group) == 1:
        return _page(_name(group[0]), body, level)
    company = {0: "", 1: " released with it"}.get(direct, " released with them")
    names = "\n".join(_versions(group))
    return _page(f"{len(group)} packages{company}", f"{names}\n\n{body}", level)


def _versions(group: Sequence[Section]) -> Iterator[str]:
    """Who went to which version, a line for each version."""
    by_version: dict[Version, list[str]] = {}
    for section in group:
        by_version.setdefault(section.version, []).append(f"`{section.name}`")
    for version, names in by_version.items():
        yield f"Version {version} of {listed(names)}."


def _name(section: Section) -> str:
    return f"{section.name} {section.version}"
