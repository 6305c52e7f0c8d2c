"""Find versions that were released before, on a branch that this one knows nothing of."""

from __future__ import annotations

from collections.abc import Iterator

from monorelease.formats.tags import format_tag
from monorelease.model.channel import Snapshot
from monorelease.model.finding import Finding
from monorelease.model.plan import Release
from monorelease.model.words import some_of
from monorelease.workflows.outlook import Outlook


def check_taken(outlook: Outlook) -> Iterator[Finding]:
    """Planned versions whose tag is in this clone already.

    Publishing would take them for published: a tag says that a version is out.
    """
    plan, snapshot = outlook.plan, outlook.snapshot
    if isinstance(plan.channel, Snapshot) or not plan.releases:
        return
    from monorelease.adapters.tag_files import tags_among

    template = snapshot.config.tag
    tags = {
        format_tag(template, release.name, release.target): release for release in plan.releases
    }
    if taken := tags_among(snapshot.root, tuple(tags)):
        yield Finding(
            code="version-taken",
            problem=f"these versions have their tags already: {some_of(taken)}",
            hint="if another branch has released them, choose one in between, "
            f"{_in_between(tags[taken[0]])}; if a rehearsal made the tags, "
            f"remove them: git tag --delete {taken[0]}",
        )


def _in_between(release: Release) -> str:
    """How one is asked for; behind a final version one more number always is one."""
    current = release.current
    if current.is_prerelease or current.is_postrelease or current.local:
        return f"with --as {release.name}=VERSION"
    return f"for instance --as {release.name}={current}.1"
