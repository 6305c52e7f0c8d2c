"""What the repository's owner decided, from ``[tool.monorelease]``."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePosixPath
from types import MappingProxyType

from packaging.utils import NormalizedName

from monorelease.model.bump import Bump
from monorelease.model.finding import Severity
from monorelease.model.forge import ForgeConfig
from monorelease.model.index import IndexTarget
from monorelease.model.value import value


class DependentsPolicy(StrEnum):
    """When a release of a dependency releases the members that require it."""

    OUT_OF_RANGE = "out-of-range"
    ALWAYS = "always"
    NEVER = "never"


@value
class VersionFile:
    """A copy of a member's version: a file below the member, and how to find it there."""

    path: PurePosixPath
    """Relative to the member's folder."""
    pattern: str = ""
    """Literal text around ``{version}``; empty for the usual ``__version__ = "…"``."""


@value
class ChangelogConfig:
    """Where changelogs are kept and what they link to."""

    file: str = "CHANGELOG.md"
    """In each member's folder."""
    aggregate: PurePosixPath | None = None
    """One file for the notes of all members, relative to the root; None for no such file."""
    issue_link: str = ""
    """With ``{issue}`` for the number; empty for a plain ``#1042``."""
    commit_link: str = ""
    """With ``{commit}`` for the full object name; empty for the short name alone."""
    authors: bool = False
    """Whether entries thank the author of the commit that added their fragment."""


@value
class Category:
    """One of towncrier's types: where words go in a changelog."""

    directory: str
    """As it stands in a fragment's file name: ``fix``."""
    title: str
    """As it stands in the changelog: ``Fixes``."""
    show_content: bool = True


@value
class Towncrier:
    """What ``[tool.towncrier]`` says about how changelogs look."""

    categories: tuple[Category, ...]
    template: str | None = None
    """Path of the repository's own Jinja template, relative to the root; None for towncrier's."""
    title_format: str = "## {version} - {project_date}"
    """Empty where the template writes the title itself (towncrier's ``false``)."""
    issue_format: str | None = None
    start_string: str = "<!-- towncrier release notes start -->"
    directory: str = "changes"
    """Where fragments are, relative to the root."""


LOCAL_INDEX = IndexTarget(name="local", folder=PurePosixPath("dist/index"), snapshots=True)
"""Where a fresh checkout publishes to: everything can be tried without an account."""


@value
class PublishConfig:
    """How releases leave the repository."""

    to: str = LOCAL_INDEX.name
    """The name of the index."""
    branch: str = ""
    """From which is published; empty for the remote's default branch."""
    remote: str = "origin"
    """To which tags are pushed."""
    wheels_only: tuple[str, ...] = ()
    """Name globs of members without a source distribution."""


@value
class CiConfig:
    """What generated workflows cannot know by themselves."""

    test: str = ""
    """The command that runs all tests, for bash; empty for no such workflow."""
    pythons: tuple[str, ...] = ("3.11", "3.12", "3.13", "3.14")
    tool: str = "monorelease"
    """What pip installs to have this tool: a requirement, or a folder here (``./…``)."""


DEFAULT_CATEGORIES = (
    Category(directory="breaking", title="Breaking changes"),
    Category(directory="feature", title="Features"),
    Category(directory="fix", title="Fixes"),
    Category(directory="security", title="Security"),
    Category(directory="doc", title="Documentation"),
    Category(directory="misc", title="Other changes"),
)


@value
class Config:
    """Every key of ``[tool.monorelease]``, with its default."""

    members: tuple[str, ...] = ()
    """Globs of member folders; empty for "ask the workspace tables, then ``packages/*``"."""
    exclude: tuple[str, ...] = ()
    fixed: tuple[tuple[str, ...], ...] = ()
    """Groups of name globs whose members always go to one version together."""
    linked: tuple[tuple[str, ...], ...] = ()
    """Groups of name globs that share a version among those that are released anyway."""
    ignore: tuple[str, ...] = ()
    dependents: DependentsPolicy = DependentsPolicy.OUT_OF_RANGE
    raise_constraints: Bump | None = Bump.PATCH
    """From which bump a constraint that still holds is raised; None for never."""
    major_on_zero: Bump = Bump.MINOR
    """What a breaking change does to 0.x: minor or major."""
    version_files: Mapping[NormalizedName, tuple[VersionFile, ...]] = MappingProxyType({})
    tag: str = "{name}-v{version}"
    changelog: ChangelogConfig = ChangelogConfig()
    hooks_after_release: tuple[tuple[str, ...], ...] = ()
    """Commands, each a list of arguments, run in the root after the patch."""
    publish: PublishConfig = PublishConfig()
    indexes: tuple[IndexTarget, ...] = (LOCAL_INDEX,)
    """All that can be named, the local one among them."""
    forge: ForgeConfig = ForgeConfig()
    ci: CiConfig = CiConfig()
    api: Severity | None = None
    """How a bump is taken that the public API belies (``check --api``); None for off."""
    towncrier: Towncrier = Towncrier(categories=DEFAULT_CATEGORIES)
