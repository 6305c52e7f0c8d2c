"""What a pull request proposes for the next release, in plain words from whoever made it."""

from __future__ import annotations

from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.model.bump import Bump
from monorelease.model.finding import Finding
from monorelease.model.value import value


@value
class ProposedRelease:
    """A member that the pull request's fragments release."""

    name: NormalizedName
    bump: Bump
    current: str
    target: str
    private: bool
    why: tuple[str, ...]
    """Each cause in a few words; never empty."""


@value
class ProposedFragment:
    """A fragment that the pull request adds or edits."""

    path: PurePosixPath
    bumps: tuple[tuple[NormalizedName, Bump], ...]
    """Empty says "no release needed"."""


@value
class Proposal:
    """All that the comment on a pull request is made of."""

    head: str
    """The full name of the commit that was looked at."""
    releases: tuple[ProposedRelease, ...]
    """What the pull request's own fragments release: those that they name come first."""
    fragments: tuple[ProposedFragment, ...]
    touched: tuple[NormalizedName, ...]
    """Members that are changed."""
    untold: tuple[NormalizedName, ...]
    """Those of them that need words, and that no fragment of the pull request names."""
    notes: str
    """Markdown, from whoever wrote the fragments: what the changelog of each release gets."""
    findings: tuple[Finding, ...]
    """What is wrong with the pull request, beside that members are untold."""
    elsewhere: tuple[Finding, ...] = ()
    """What is wrong in files that it does not change."""
    directory: str = "changes"
    """Where a further fragment belongs."""
    category: str = "fix"
    """What a further fragment is likely to be."""
    releases_itself: bool = False
    """Whether it is a release: it consumes fragments and moves versions."""
