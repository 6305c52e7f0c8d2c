"""One page of notes for a whole release: direct changes first, those who say the same together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.formats.markdown import demote, headings
from monorelease.formats.notes import Section
from monorelease.formats.prose import listed
from monorelease.model.plan import ReleasePlan
from monorelease.model.value import value


@value
class Told:
    """One member's section, as it stands in the member's own changelog."""

    name: str
    """As it is written."""
    version: Version
    text: str


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
    direct: list[Told] = []
    others: list[Told] = []
    for release in plan.releases:
        section = sections[release.name]
        told = Told(name=section.name, version=section.version, text=rendered[release.name])
        (direct if release.fragments else others).append(told)
    return "\n\n".join((title, *pages(direct, others, level))) + "\n"


def pages(direct: Sequence[Told], others: Sequence[Told], level: int) -> Iterator[str]:
    """A page for each of `direct`; of `others`, those who say the same share one.

    The pages' headings are of that `level`, and those in the sections deeper.
    """
    for told in direct:
        yield _page(_name(told), _body(told.text, level), level)
    shared: dict[str, list[Told]] = {}
    for told in others:
        shared.setdefault(_body(told.text, level), []).append(told)
    for body, group in shared.items():
        yield _shared_page(group, body, level, len(direct))


def without_title(section: str) -> str:
    """A section as it reads where its title stands already."""
    text = section.strip("\n")
    first = next(iter(headings(text)), None)
    if first is None or first.line:
        return text
    return "\n".join(text.split("\n")[first.height :]).strip("\n")


def _body(rendered: str, level: int) -> str:
    """A section without its title, its headings deeper than `level`."""
    text = without_title(rendered)
    highest = min((heading.level for heading in headings(text)), default=level + 1)
    return demote(text, level + 1 - highest)


def _page(heading: str, body: str, level: int) -> str:
    return f"{'#' * level} {heading}\n\n{body}"


def _shared_page(group: Sequence[Told], body: str, level: int, direct: int) -> str:
    if len(group) == 1:
        return _page(_name(group[0]), body, level)
    company = {0: "", 1: " released with it"}.get(direct, " released with them")
    names = "\n".join(_versions(group))
    return _page(f"{len(group)} packages{company}", f"{names}\n\n{body}", level)


def _versions(group: Sequence[Told]) -> Iterator[str]:
    """Who went to which version, a line for each version."""
    by_version: dict[Version, list[str]] = {}
    for told in group:
        by_version.setdefault(told.version, []).append(f"`{told.name}`")
    for version, names in by_version.items():
        yield f"Version {version} of {listed(names)}."


def _name(told: Told) -> str:
    return f"{told.name} {told.version}"
