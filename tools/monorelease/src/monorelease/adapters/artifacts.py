"""The folder of a build: its files and their manifest, stored, measured and read back."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.adapters import content
from monorelease.adapters.archives import digest_of
from monorelease.adapters.content import Content
from monorelease.errors import BadManifest
from monorelease.formats.build_manifest import MANIFEST, format_manifest, kind_of, parse_manifest
from monorelease.model.artifact import Artifact, Build

_MOST = 16 * 1024 * 1024
"""Bytes of a manifest that are read; ten thousand members have less."""


def store(build: Build, files: Mapping[str, Path], folder: Path) -> None:
    """Put the files of `build`, and a manifest that lists them, into `folder`.

    Git is told to ignore all of it. Files that an earlier manifest there lists and this one does
    not are removed; nothing else is touched.

    Args:
        build: what was built.
        files: where each of its artifacts is now, by name.
        folder: made if need be.

    Raises:
        TreeNotWritable: it cannot be written.
    """
    stale = {artifact.filename for artifact in _earlier(folder).artifacts} - files.keys()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / ".gitignore").exists():
            content.put(folder / ".gitignore", Content(data=b"*\n", mode=None))
        for name, file in files.items():
            _place(file, folder / name)
        manifest = format_manifest(build).encode()
        content.put(folder / MANIFEST, Content(data=manifest, mode=None))
        for name in sorted(stale):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise content.refusal(error, folder) from error


def measure(file: Path, name: NormalizedName, version: Version) -> Artifact:
    """What a manifest says of `file`.

    Raises:
        ValueError: it is no artifact of `name` at `version`.
    """
    kind = kind_of(file.name, name, version)
    sha256, size = digest_of(file)
    return Artifact(filename=file.name, kind=kind, sha256=sha256, size=size)


def read_folder(folder: Path) -> tuple[Build, Mapping[str, Path]]:
    """What the manifest in `folder` says, and where each of its files is, by name.

    Raises:
        BadManifest: there is none, or files are not what it says: all of them are named.
    """
    build = parse_manifest(_manifest_bytes(folder), folder / MANIFEST)
    files = {artifact.filename: folder / artifact.filename for artifact in build.artifacts}
    complaints = ((a.filename, _difference(files[a.filename], a)) for a in build.artifacts)
    different = [f"{name} {complaint}" for name, complaint in complaints if complaint]
    if different:
        raise BadManifest(
            f"what lies there is not what was built: {'; '.join(different)}",
            where=str(folder / MANIFEST),
            hint="build again: monorelease build",
        )
    return build, files


def _earlier(folder: Path) -> Build:
    try:
        return parse_manifest(_manifest_bytes(folder), folder / MANIFEST)
    except BadManifest:
        return Build(members=())


def _manifest_bytes(folder: Path) -> bytes:
    place = folder / MANIFEST
    try:
        if stat.S_ISREG(place.stat().st_mode):  # a pipe would keep us waiting
            with place.open("rb") as file:
                return file.read(_MOST)
        problem = "is not a file"
    except FileNotFoundError:
        problem = "there is no build here: it has no manifest"
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
    raise BadManifest(problem, where=str(place), hint="build first: monorelease build")


def _difference(file: Path, artifact: Artifact) -> str:
    """How `file` differs from what the manifest says of it; empty where it does not."""
    try:
        found = file.lstat()
        if not stat.S_ISREG(found.st_mode):
            return "is not a file"
        if found.st_size != artifact.size:
            return f"has {found.st_size} bytes, not {artifact.size}"
        return "" if digest_of(file)[0] == artifact.sha256 else "has other bytes"
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _place(source: Path, target: Path) -> None:
    """Copy a file of any size, so that a reader sees the old one or the new one."""
    import shutil

    draft = content.temporary(target)
    draft.unlink(missing_ok=True)  # never through a link that somebody planted
    try:
        shutil.copyfile(source, draft)
        content.adopt(target)
    except BaseException:
        draft.unlink(missing_ok=True)  # on a full disk it would be in the way
        raise
