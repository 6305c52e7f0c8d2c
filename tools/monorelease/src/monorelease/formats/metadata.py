"""Core metadata and entry points: what ``METADATA``, ``PKG-INFO`` and ``entry_points.txt`` say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from monorelease.model.contents import EntryPoint, Metadata

if TYPE_CHECKING:
    from packaging.metadata import Metadata as CoreMetadata
    from packaging.metadata import RawMetadata

_LONGEST_SUMMARY = 512
"""Characters; PyPI takes no more."""

_LONGEST_REQUIREMENT = 4_000
"""Characters; far beyond any real one, and below the digits at which ``int`` gives up."""

_NOTHING_RELIABLE = frozenset({"1.0", "1.1", "1.2", "2.1"})
"""Versions of the format before PEP 643: a source distribution's metadata are a guess."""

_BEFORE_LICENSE_FILES = _NOTHING_RELIABLE | {"2.2", "2.3"}
"""Versions of the format before PEP 639, with which some backends write ``License-File`` all the
same; whoever uploads drops it there, so it does no harm."""

_COMPARED = frozenset({"requires-dist", "requires-python"})


def parse_metadata(data: bytes) -> tuple[Metadata | None, tuple[str, ...]]:
    """What core metadata say, and all that PyPI would refuse, in words for people.

    Fields that no standard knows are passed over. There are no metadata where anything in
    them is invalid.
    """
    from packaging.metadata import Metadata as CoreMetadata
    from packaging.metadata import parse_email

    try:
        raw, unparsed = parse_email(data)
        problems = [*_malformed(unparsed)]
        if raw.get("metadata_version") in _BEFORE_LICENSE_FILES:
            raw.pop("license_files", None)
        problems += _invalid(raw)
        if problems:
            return None, tuple(problems)
        return _understood(CoreMetadata.from_raw(raw)), ()
    except RecursionError:
        return None, ("nested too deeply",)
    except ValueError as error:  # digits beyond what int takes
        return None, (str(error),)


def _malformed(unparsed: dict[str, list[str]]) -> Iterator[str]:
    from packaging.metadata import Metadata as CoreMetadata

    for field in sorted(unparsed):
        name = field.replace("-", "_")
        if not vars(CoreMetadata).keys().isdisjoint({name, f"{name}s"}):
            yield f"{field!r} is written twice, or is not UTF-8 text"


def _invalid(raw: RawMetadata) -> list[str]:
    """Everything at once, in an order that does not change from run to run."""
    from packaging.metadata import InvalidMetadata
    from packaging.metadata import Metadata as CoreMetadata

    problems = []
    required = (raw.get("requires_python", ""), *raw.get("requires_dist", ()))
    if any(len(text) > _LONGEST_REQUIREMENT for text in required):
        problems.append(f"a requirement has more than {_LONGEST_REQUIREMENT} characters")
    if len(raw.get("summary", "")) > _LONGEST_SUMMARY:
        problems.append(f"'summary' has more than {_LONGEST_SUMMARY} characters")
    try:
        CoreMetadata.from_raw(raw)
    except* InvalidMetadata as group:
        problems += map(str, group.exceptions)
    return sorted(problems)


def _understood(core: CoreMetadata) -> Metadata:
    is_guess = core.metadata_version in _NOTHING_RELIABLE
    content_type = core.description_content_type or ""
    return Metadata(
        name=canonicalize_name(core.name),
        version=core.version,
        requires_python=core.requires_python,
        requirements=tuple(core.requires_dist or ()),
        extras=tuple(core.provides_extra or ()),
        summary=core.summary or "",
        description=core.description or "",
        description_content_type=content_type.partition(";")[0].strip().lower(),
        classifiers=tuple(core.classifiers or ()),
        license_files=tuple(core.license_files or ()),
        dynamic=_COMPARED if is_guess else frozenset(core.dynamic or ()),
    )


_OBJECT = re.compile(
    r"(?P<module>\w+(?:\.\w+)*)\s*(?::\s*(?P<attribute>\w+(?:\.\w+)*)\s*)?"
    r"(?:\[(?P<extras>[^\[\]]*)\]\s*)?"
)


def parse_entry_points(data: bytes) -> tuple[tuple[EntryPoint, ...], tuple[str, ...]]:
    """What ``entry_points.txt`` offers, in order, and the lines that offer nothing."""
    found, problems = [], []
    group = ""
    for line in data.decode("utf-8", "replace").splitlines():
        text = line.strip()
        if not text or text.startswith(("#", ";")):
            continue
        if text.startswith("[") and text.endswith("]"):
            group = text[1:-1].strip()
            continue
        point = _entry_point(group, text)
        if point is None:
            problems.append(f"{text!r} is no entry point")
        else:
            found.append(point)
    return tuple(found), tuple(problems)


def _entry_point(group: str, text: str) -> EntryPoint | None:
    name, _, target = text.partition("=")
    match = _OBJECT.fullmatch(target.strip())
    if not group or not name.strip() or match is None:
        return None
    extras = (match["extras"] or "").split(",")
    return EntryPoint(
        group=group,
        name=name.strip(),
        module=match["module"],
        attribute=match["attribute"] or "",
        extras=tuple(extra.strip() for extra in extras if extra.strip()),
    )
