"""The versions behind the files that an index lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from packaging.version import Version

from monorelease.model.filenames import parse_filename
from monorelease.model.index import IndexedFile, Project

Listed = Mapping[Version, tuple[IndexedFile, ...]]
"""Wheels and source distributions, by version."""


def listed_versions(project: Project) -> Listed:
    """The versions of which there are files, in the order of the index.

    What installers pass over is left out: other formats, and names of other projects.
    """
    listed: dict[Version, tuple[IndexedFile, ...]] = {}
    for file in project.files:
        found = parse_filename(file.filename)
        if found is not None and found.name == project.name:
            listed[found.version] = (*listed.get(found.version, ()), file)
    return listed


def offered_versions(listed: Listed) -> frozenset[Version]:
    """Those that an installer may choose: of which at least one file is not yanked."""
    return frozenset(v for v, files in listed.items() if any(f.yanked is None for f in files))


def preferred_version(offered: Collection[Version]) -> Version | None:
    """What an installer chooses that is told the name alone; None where nothing is offered.

    The highest final version, and a pre-release only where there is nothing else (PEP 440).
    """
    finals = [version for version in offered if not version.is_prerelease]
    return max(finals or offered, default=None)
