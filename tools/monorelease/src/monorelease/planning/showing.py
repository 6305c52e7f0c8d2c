"""What an index would show of a release, or refuse to show: description, licence, classifiers."""

from __future__ import annotations

from collections.abc import Iterator

from monorelease.model.contents import Metadata, OpenedMember
from monorelease.model.finding import Finding, Severity


def check_showing(opened: OpenedMember, filename: str, metadata: Metadata) -> Iterator[Finding]:
    """Metadata that are valid, and still not fit to be published."""
    private = [name for name in metadata.classifiers if name.startswith("Private ::")]
    if private:
        yield Finding(
            code="private-upload",
            problem=f"{filename} says {private[0]!r}, and is about to be published",
            hint="take the classifier out of pyproject.toml, or the member out of this release",
            path=opened.member.manifest,
            key=("project", "classifiers"),
        )
    if opened.declared.has_readme and not metadata.description.strip():
        yield Finding(
            code="empty-description",
            problem=f"{filename} has no description, though pyproject.toml names a readme",
            hint="write something into that file: it becomes the project's page",
            path=opened.member.manifest,
            key=("project", "readme"),
        )
    if metadata.description.strip() and not metadata.description_content_type:
        yield Finding(
            code="untyped-description",
            problem=f"{filename} does not say how its description is written: indexes take it for "
            "reStructuredText",
            hint="let `readme` name a file that ends in .md, .rst or .txt, or give a content-type",
            severity=Severity.WARNING,
            path=opened.member.manifest,
            key=("project", "readme"),
        )
