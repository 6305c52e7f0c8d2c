"""A whole release as somebody looks at it before it is one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.model.finding import Finding
from monorelease.model.forge import ForgeConfig
from monorelease.model.fragment import Fragment, Origin
from monorelease.model.index import IndexTarget
from monorelease.model.patch import Patch
from monorelease.model.plan import ReleasePlan
from monorelease.model.value import value
from monorelease.model.workspace import Workspace


class Stage(StrEnum):
    """How far the release has come."""

    STOPPED = "stopped"
    """Errors have to be put right first."""
    WAITING = "waiting"
    """Nothing is written yet."""
    WRITTEN = "written"
    """It is in the work tree, and not committed."""


@value
class Prospect:
    """What publishing will do once the release is committed, as far as nobody has to be asked."""

    index: IndexTarget
    waves: tuple[tuple[NormalizedName, ...], ...]
    """Members in the order of upload: a wave needs earlier waves only."""
    tags: Mapping[NormalizedName, str]
    """Of each member that is published; none at all for a snapshot."""
    tagged_first: frozenset[NormalizedName]
    """Members whose tag comes before the upload, because it is their version."""
    private: tuple[NormalizedName, ...]
    """Members that get a version, and are never published."""
    remote: str
    """To which the tags are pushed; empty for a rehearsal, whose tags stay here."""
    forge: ForgeConfig


@value
class Review:
    """All that the page is made of."""

    title: str
    """What the repository's folder is called."""
    date: str
    """The release's, as it stands in the changelogs (ISO)."""
    stage: Stage
    workspace: Workspace
    """As it was before the release."""
    plan: ReleasePlan
    patch: Patch
    """Empty where the release is stopped."""
    notes: Mapping[NormalizedName, str]
    """Markdown: each changelog's new section, in the plan's order; none for a snapshot."""
    changelogs: Mapping[NormalizedName, PurePosixPath]
    """Where the section of each of `notes` stands."""
    fragments: tuple[Fragment, ...]
    """Those that are pending before the release."""
    origins: Mapping[PurePosixPath, Origin] | None
    """Of the fragments that are committed; None where git, or its history, is missing."""
    resting: Mapping[NormalizedName, tuple[str, ...]]
    """Members that are not released, and why not, in words."""
    findings: tuple[Finding, ...]
    prospect: Prospect
    afterwards: tuple[str, ...] = ()
    """What `release` lets others do when the patch is written; not in the patch yet."""
