"""What the file names of wheels and source distributions tell."""

from __future__ import annotations

from packaging.utils import (
    NormalizedName,
    is_normalized_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from monorelease.model.artifact import ArtifactKind
from monorelease.model.value import value


@value
class Named:
    """Of what a file is, by its name alone."""

    name: NormalizedName
    version: Version
    kind: ArtifactKind


def parse_filename(filename: str) -> Named | None:
    """What the name of a wheel or of a source distribution tells; None for any other name."""
    is_wheel = filename.endswith(".whl")
    try:
        name, version, *_ = (parse_wheel_filename if is_wheel else parse_sdist_filename)(filename)
    except ValueError:  # no such name; or more digits in it than ``int`` takes
        return None
    if not is_normalized_name(name):
        return None
    kind = ArtifactKind.WHEEL if is_wheel else ArtifactKind.SDIST
    return Named(name=name, version=version, kind=kind)
