"""The pieces of a release pull request's text: each is shown whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from packaging.utils import NormalizedName

from monorelease.model.channel import Prerelease
from monorelease.model.plan import Cause, ChangedBy, ConstraintUpdate, Follows, Release
from monorelease.model.value import value
from monorelease.model.words import counted, first_of, short
from monorelease.reports.findings_list import findings_list
from monorelease.reports.harmless import code, folded, inline
from monorelease.reports.harmless_markdown import block
from monorelease.reports.release_page import ReleasePage, Story, stories
from monorelease.reports.terminal import cause_text


@value
class Pieces:
    """All that the text is put together from, in Markdown."""

    opening: str
    """What merging does."""
    rows: tuple[str, ...]
    """A row of the table for each member, with every cause."""
    bare_rows: tuple[str, ...]
    """The same without the causes."""
    constraints: tuple[str, ...]
    """A row for each way in which a requirement is rewritten."""
    raised: int
    """How many requirements are rewritten."""
    warnings: str
    """What a person should know before merging; empty where there is nothing."""
    changelogs: tuple[str, ...]
    """What members' changelogs say, folded: as many as can have room."""
    links: tuple[tuple[str, ...], ...]
    """For each text of a changelog, an item for every file that has it."""
    closing: str
    """How to have another release, and where this one comes from."""
    everything: str
    """Words that link to all that changes."""


def pieces(page: ReleasePage, longest: int) -> Pieces:
    """The pieces of `page`, for a text of at most `longest` characters."""
    told = stories(page)
    by_name = {release.name: release for release in page.plan.releases}
    updates = [u for release in page.plan.releases for u in release.constraints]
    updates += page.plan.followers
    return Pieces(
        opening=_opening(page),
        rows=tuple(_row(page, r, _causes(page, r, by_name)) for r in page.plan.releases),
        bare_rows=tuple(_row(page, r, "") for r in page.plan.releases),
        constraints=tuple(_update_rows(updates)),
        raised=len(updates),
        warnings=_warnings(page),
        changelogs=tuple(_at_most(longest, (_folded(page, story) for story in told))),
        links=tuple(tuple(_links(page, story)) for story in told),
        closing=_closing(page),
        everything=page.to_all("all changes"),
    )


def _opening(page: ReleasePage) -> str:
    count = f"**{counted(len(page.plan.releases), 'package')}**"
    base = code(page.base)
    if isinstance(page.plan.channel, Prerelease):
        return (
            f"Merging this makes **pre-releases** ({page.plan.channel.label.value}) of {count} "
            f"from {base}. Versions, constraints and changelogs are on this branch as they will "
            "be; fragments stay until the final release. Nothing is published before that."
        )
    return (
        f"Merging this releases {count} from {base}. Versions, constraints and changelogs are on "
        "this branch as they will be, and the fragments that went into them are gone from it. "
        "Nothing is published before that."
    )


def _row(page: ReleasePage, release: Release, why: str) -> str:
    name = inline(page.names[release.name])
    if release.private:
        name += " (private: not published)"
    mark = " (pre-release)" if release.target.is_prerelease else ""
    move = f"{release.current} → **{release.target}**{mark}"
    return f"| {name} | {move} | {release.bump.word} | {why} |"


def _causes(page: ReleasePage, release: Release, by_name: Mapping[NormalizedName, Release]) -> str:
    return "; ".join(_cause(page, cause, by_name) for cause in release.causes)


def _cause(page: ReleasePage, cause: Cause, by_name: Mapping[NormalizedName, Release]) -> str:
    if isinstance(cause, ChangedBy):
        return page.to_file(str(cause.fragment), cause.fragment)
    if isinstance(cause, Follows):
        return inline(cause_text(cause, by_name[cause.on]))
    return inline(cause_text(cause))


def _update_rows(updates: Sequence[ConstraintUpdate]) -> Iterator[str]:
    """One row for all members whose requirement is the same, before and after."""
    members: dict[str, list[str]] = {}
    for update in updates:
        on = inline(f"{update.dependency.on} ({update.dependency.table})")
        before, after = code(update.before.strip()), code(update.after.strip())
        members.setdefault(f"{on} | {before} | {after}", []).append(inline(update.member))
    for words, names in members.items():
        yield f"| {', '.join(names)} | {words} |"


def _warnings(page: ReleasePage) -> str:
    if not page.findings:
        return ""
    return f"### Warnings\n\n{findings_list(page.findings, page.to_file)}"


def _at_most(longest: int, texts: Iterator[str]) -> Iterator[str]:
    """The first texts: to make those that have no room anyway takes time."""
    length = 0
    for text in texts:
        length += len(text)
        if length > longest:
            return
        yield text


def _folded(page: ReleasePage, story: Story) -> str:
    titles = [_title(page, release) for release in story.releases]
    if len(titles) == 1:
        return folded(titles[0], block(story.text))
    words = f"The same in each: {', '.join(map(code, titles))}"
    return folded(first_of(titles), f"{words}\n\n{block(story.text)}")


def _links(page: ReleasePage, story: Story) -> Iterator[str]:
    for release in story.releases:
        yield f"- {page.to_changelog(_title(page, release), release)}"


def _title(page: ReleasePage, release: Release) -> str:
    return f"{page.names[release.name]} {release.target}"


def _closing(page: ReleasePage) -> str:
    source = f"{page.to_base(short(page.commit))} of {code(page.base)}"
    return (
        f"{folded('Not what you want?', _ways(page))}\n\n"
        f"Made from {source}, and made anew whenever that branch moves."
    )


def _ways(page: ReleasePage) -> str:
    command = code("monorelease release-pr")
    ways = {
        "Other words, or another bump": f"edit the fragments on {code(page.base)}.",
        "Fewer members": f"{command} with {code('--except NAME')} or {code('--only NAME')}.",
        "Another version": f"with {code('--as NAME=VERSION')}; for a candidate {code('--pre rc')}.",
        "Anything else": f"commit it to {code(page.head)}: it stays, on top of each new release.",
    }
    listed = "\n".join(f"- {wish}: {way}" for wish, way in ways.items())
    return f"{listed}\n\n{_FLAGS}"


_FLAGS = "Flags hold for one run: the next push to the base makes the release anew, without them."
