"""The manifest of a build: which files belong to which release, as JSON beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath, PurePosixPath
from typing import TypeVar

from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from monorelease.errors import BadManifest, UnsafePath
from monorelease.formats.paths import inside
from monorelease.model.artifact import Artifact, ArtifactKind, Build, BuiltMember
from monorelease.model.filenames import parse_filename

MANIFEST = "monorelease.json"
"""Its name, in the folder with the files."""

SCHEMA = 1
"""Raised when a program that reads manifests would have to be changed."""

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]{0,254}")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHA256 = re.compile(r"[0-9a-f]{64}")

T = TypeVar("T")


def format_manifest(build: Build) -> str:
    """The text of the manifest."""
    import json

    members = [_member_value(member, order) for order, member in enumerate(build.members, 1)]
    return json.dumps({"schema": SCHEMA, "members": members}, indent=2) + "\n"


def parse_manifest(data: bytes, path: PurePath) -> Build:
    """The build that the manifest tells of; what it says is believed in nothing but its form.

    Every file name is plain, and the name of a wheel or a source distribution of its member at
    its version; nothing is named twice.

    Args:
        data: the file.
        path: what to call it in an error.

    Raises:
        BadManifest: it is no such manifest.
    """
    import json

    try:
        return _read_build(json.loads(data))
    except RecursionError:
        problem = "it is nested too deeply"
    except (ValueError, UnsafePath) as error:  # also all that json and packaging raise
        problem = str(error)
    raise BadManifest(
        f"this is no manifest of a build: {problem}",
        where=str(path),
        hint="build again: monorelease build",
    )


def kind_of(filename: str, name: NormalizedName, version: Version) -> ArtifactKind:
    """What the file is, by its name.

    Raises:
        ValueError: it is no plain file name, or neither a wheel nor a source distribution
            (``.tar.gz``), or not of `name` at `version`.
    """
    if not _PLAIN_NAME.fullmatch(filename):
        raise ValueError(f"{filename!r} is no plain file name")
    found = parse_filename(filename)
    if found is None or not filename.endswith((".whl", ".tar.gz")):  # PEP 625: no longer .zip
        raise ValueError(f"{filename!r} is neither a wheel nor a source distribution")
    if (found.name, found.version) != (name, version):
        raise ValueError(f"{filename!r} is not of {name} {version}")
    return found.kind


def _member_value(member: BuiltMember, order: int) -> dict[str, object]:
    return {
        "name": member.name,
        "version": str(member.version),
        "path": str(member.path),
        "commit": member.commit,
        "order": order,
        "files": [
            {
                "filename": artifact.filename,
                "kind": artifact.kind.value,
                "sha256": artifact.sha256,
                "size": artifact.size,
            }
            for artifact in member.artifacts
        ],
    }


def _read_build(document: object) -> Build:
    if _field(document, "schema", int) != SCHEMA:
        raise ValueError(f"its schema is not {SCHEMA}: another monorelease wrote it")
    entries = _field(document, "members", list)
    build = Build(members=tuple(_read_member(*pair) for pair in enumerate(entries, 1)))
    _demand_once(member.name for member in build.members)
    _demand_once(artifact.filename for artifact in build.artifacts)
    return build


def _read_member(order: int, entry: object) -> BuiltMember:
    name = canonicalize_name(_field(entry, "name", str), validate=True)
    version = Version(_field(entry, "version", str))
    if _field(entry, "order", int) != order:
        raise ValueError(f"{name} does not stand in its place")
    artifacts = tuple(_read_artifact(each, name, version) for each in _field(entry, "files", list))
    if not artifacts:
        raise ValueError(f"{name} has no files")
    return BuiltMember(
        name=name,
        version=version,
        path=inside(PurePosixPath(), _matching(re.compile(r"[^\0]*"), _field(entry, "path", str))),
        commit=_matching(_COMMIT, _field(entry, "commit", str)),
        artifacts=artifacts,
    )


def _read_artifact(entry: object, name: NormalizedName, version: Version) -> Artifact:
    filename = _field(entry, "filename", str)
    kind = kind_of(filename, name, version)
    if _field(entry, "kind", str) != kind:
        raise ValueError(f"{filename} is a {kind.value}")
    size = _field(entry, "size", int)
    if size < 0:
        raise ValueError(f"{filename} has less than no bytes")
    sha256 = _matching(_SHA256, _field(entry, "sha256", str))
    return Artifact(filename=filename, kind=kind, sha256=sha256, size=size)


def _field(table: object, key: str, kind: type[T]) -> T:
    """What `table` has at `key`, of exactly this type: true is no number."""
    value = table.get(key) if isinstance(table, dict) else None
    if type(value) is not kind:
        raise ValueError(f"{key!r} is missing, or not of type {kind.__name__}")
    return value


def _matching(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(f"{text[:80]!r} cannot stand where it stands")
    return text


def _demand_once(words: Iterable[str]) -> None:
    seen = set()
    for word in words:
        if word in seen:
            raise ValueError(f"{word} is there twice")
        seen.add(word)
