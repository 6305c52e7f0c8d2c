"""What another release tool has left in a repository, and what becomes of it here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePosixPath
from types import MappingProxyType

from packaging.utils import NormalizedName

from monorelease.model.bump import Bump
from monorelease.model.finding import Finding
from monorelease.model.fragment import Fragment
from monorelease.model.intent import Intent
from monorelease.model.patch import Patch
from monorelease.model.plan import ReleasePlan
from monorelease.model.value import value

Files = Mapping[PurePosixPath, bytes]
"""Whole files, by their paths relative to the root."""


class Tool(StrEnum):
    """Whose words and settings can be carried over."""

    CHANGESETS = "changesets"
    TOWNCRIER = "towncrier"
    SCRIV = "scriv"
    CHANGIE = "changie"
    SEMANTIC_RELEASE = "semantic-release"
    """python-semantic-release: it has settings alone."""


@value
class PendingNote:
    """One thing that the other tool would say in its next release."""

    path: PurePosixPath
    names: tuple[tuple[str, Bump | None], ...] = ()
    """Projects by the names that the tool has for them, with their bumps if it has any; empty
    where the file itself does not say whom it is about."""
    is_for_nobody: bool = False
    """Whether it says that no release is needed."""
    kind: str = ""
    """The other tool's word for the category; empty where it has none."""
    bump: Bump | None = None
    """How far its kind moves a project; None where the tool does not say."""
    number: str = ""
    """Of an issue or pull request, or ``+slug``; empty for neither."""
    text: str = ""
    """Markdown."""


@value
class Setting:
    """One thing for ``[tool.monorelease]``."""

    key: tuple[str, ...]
    """Below that table."""
    content: object
    """Texts, flags, and tuples and mappings of them."""
    names: bool = False
    """Whether its texts are the other tool's names of projects."""


@value
class Legacy:
    """All that one tool has left."""

    tool: Tool
    notes: tuple[PendingNote, ...] = ()
    settings: tuple[Setting, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Errors: it cannot be carried over as it is. Warnings: this part of it cannot."""
    files: tuple[PurePosixPath, ...] = ()
    """What nobody needs once it is carried over: the notes, and files of settings."""


@value
class Carried:
    """What becomes of it."""

    intents: tuple[tuple[Intent, tuple[PurePosixPath, ...]], ...]
    """Each new fragment, with the files that it comes from."""
    settings: tuple[Setting, ...]
    """With the members' own names."""
    findings: tuple[Finding, ...]
    renamed: Mapping[str, NormalizedName] = MappingProxyType({})
    """Names of the other tool that are not the members' own, and the members they mean."""


@value
class Migration:
    """All that will be written, before it is."""

    tools: tuple[Tool, ...]
    fragments: tuple[Fragment, ...]
    patch: Patch
    settings: tuple[Setting, ...]
    """What was found for ``[tool.monorelease]``."""
    are_settings_written: bool
    """Whether they are part of the patch; if not, somebody has to write them."""
    renamed: Mapping[str, NormalizedName]
    """Names that were taken for a member's because they are like it."""
    staying: tuple[PurePosixPath, ...]
    """Old files that nobody needs any more, and that stay."""
    findings: tuple[Finding, ...]
    """What could not be carried over."""
    plan: ReleasePlan
    """What a release would do afterwards."""
