"""Tag names: a member and its version, spelled as the owner's template says."""

from __future__ import annotations

import re
from collections.abc import Iterable

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.version import read_version


def format_tag(template: str, name: NormalizedName, version: Version) -> str:
    """The tag of one release.

    >>> format_tag("{name}-v{version}", NormalizedName("agents-core"), Version("1.0.44"))
    'agents-core-v1.0.44'
    """
    return template.replace("{name}", name).replace("{version}", str(version))


def parse_tag(template: str, name: NormalizedName, tag: str) -> Version | None:
    """The version that `tag` gives the member `name`; None where it is no tag of it."""
    pattern = re.escape(template).replace(r"\{name\}", re.escape(name))
    found = re.fullmatch(pattern.replace(r"\{version\}", "(?P<version>.+)", 1), tag)
    return read_version(found["version"]) if found is not None else None


def newest_version(template: str, name: NormalizedName, tags: Iterable[str]) -> Version | None:
    """The highest version among the member's tags; None where it has none yet."""
    versions = (parse_tag(template, name, tag) for tag in tags)
    return max((version for version in versions if version is not None), default=None)
