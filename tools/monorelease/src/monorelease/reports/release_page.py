"""What the text of a release pull request is made of, and where its links lead."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.formats.forge_links import commit_link, comparison_link, file_link
from monorelease.formats.wave import Told, pages
from monorelease.model.finding import Finding
from monorelease.model.forge import Site
from monorelease.model.plan import Release, ReleasePlan
from monorelease.model.value import value
from monorelease.reports.harmless import code, inline, link, linked

LEVEL = 4
"""Of the headings in a changelog on the page, which has a heading of its own above them."""


@value
class ReleasePage:
    """One release on its branch."""

    plan: ReleasePlan
    """At least one release."""
    changelogs: Mapping[NormalizedName, str]
    """For each member the new section of its changelog."""
    names: Mapping[NormalizedName, str]
    """For each member its name as it is written."""
    findings: tuple[Finding, ...]
    """Warnings: errors would have stopped the release."""
    base: str
    """The branch that it is made for."""
    commit: str
    """The commit there that it is made from: the full object name."""
    head: str
    """The branch that it is on."""
    changelog_file: str
    """The name of the changelog in each member's folder."""
    site: Site | None
    """None where there are no links."""
    prefix: PurePosixPath = PurePosixPath()
    """Where the workspace lies in the repository."""

    def to_all(self, words: str) -> str:
        """`words`, linked to all that changes."""
        return link(words, comparison_link(self.site, self.base, self.head) if self.site else "")

    def to_base(self, words: str) -> str:
        """`words`, linked to the commit that this is made from."""
        return link(words, commit_link(self.site, self.commit) if self.site else "")

    def to_file(self, words: str, path: PurePosixPath, line: int | None = None) -> str:
        """`words` as code, linked to a file as it is on the base."""
        return self._file(code(words), self.commit, path, line)

    def to_changelog(self, words: str, release: Release) -> str:
        """`words`, linked to the whole changelog on the branch."""
        return self._file(inline(words), self.head, release.path / self.changelog_file, None)

    def _file(self, markdown: str, ref: str, path: PurePosixPath, line: int | None) -> str:
        if self.site is None:
            return markdown
        return linked(markdown, file_link(self.site, ref, self.prefix / path, line))


@value
class Story:
    """What a changelog says, and all whose changelog says it."""

    releases: tuple[Release, ...]
    text: str
    """Markdown from strangers, without a title of its own."""


def stories(page: ReleasePage) -> tuple[Story, ...]:
    """Every changelog once: members with fragments of their own first, in the plan's order."""
    direct = []
    others: dict[str, list[Release]] = {}
    for release in page.plan.releases:
        if release.name in page.changelogs:
            text = _without_title(page, release)
            if release.fragments:
                direct.append(Story(releases=(release,), text=text))
            else:
                others.setdefault(text, []).append(release)
    return (*direct, *(Story(releases=tuple(rs), text=text) for text, rs in others.items()))


def _without_title(page: ReleasePage, release: Release) -> str:
    name, text = page.names[release.name], page.changelogs[release.name]
    told = Told(name=name, version=release.target, text=text)
    (whole,) = pages([told], [], LEVEL - 1)
    return whole.partition("\n")[2].strip("\n")
