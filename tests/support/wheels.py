"""Wheels and source distributions: built by hatchling in this process, and spoilt by hand."""

from __future__ import annotations

import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from monorelease.adapters.archives import digest_of
from monorelease.model.artifact import Artifact, ArtifactKind, Build, BuiltMember
from monorelease.planning.waves import publication_order
from monorelease.workflows.read import Snapshot

COMMIT = "4f2a9c1e" * 5

README = "# A project\n\nWords.\n"


def project(
    name: str,
    version: str = "1.0.0",
    *,
    requires: Sequence[str] = (),
    code: str = "",
    more: str = "",
) -> dict[str, str]:
    """The files of a member in ``packages/``, with one package of that name in it.

    Args:
        name: of one word.
        version: static.
        requires: its dependencies.
        code: of its ``__init__.py``.
        more: TOML: further keys of ``[project]``, then tables.
    """
    folder = f"packages/{name}"
    manifest = f"""\
[build-system]
requires = ["hatchling>=1"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "{version}"
readme = "README.md"
requires-python = ">=3.11"
dependencies = {[*requires]!r}
{more}
"""
    return {
        f"{folder}/pyproject.toml": manifest,
        f"{folder}/README.md": README,
        f"{folder}/src/{name}/__init__.py": code,
    }


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write files, given by path and text."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def build(folder: Path, out: Path) -> tuple[Path, Path]:
    """The wheel and the source distribution of the project in `folder`, in `out`."""
    from hatchling.builders.sdist import SdistBuilder
    from hatchling.builders.wheel import WheelBuilder

    [wheel] = WheelBuilder(str(folder)).build(directory=str(out), versions=["standard"])
    [sdist] = SdistBuilder(str(folder)).build(directory=str(out), versions=["standard"])
    return Path(wheel), Path(sdist)


def build_all(snapshot: Snapshot, out: Path) -> tuple[Build, dict[str, Path]]:
    """All members that are not private, dependencies first, and where their artifacts are."""
    members: list[BuiltMember] = []
    files: dict[str, Path] = {}
    for name in publication_order(snapshot.workspace, snapshot.workspace.names):
        member = snapshot.workspace[name]
        if member.private or member.version is None:
            continue
        places = build(snapshot.root / member.path, out)
        files |= {place.name: place for place in places}
        members.append(
            BuiltMember(
                name=member.name,
                version=member.version,
                path=member.path,
                commit=COMMIT,
                artifacts=tuple(map(artifact, places)),
            )
        )
    return Build(members=tuple(members)), files


def artifact(place: Path) -> Artifact:
    """What a manifest says of the file at `place`."""
    digest, size = digest_of(place)
    kind = ArtifactKind.WHEEL if place.suffix == ".whl" else ArtifactKind.SDIST
    return Artifact(filename=place.name, kind=kind, sha256=digest, size=size)


def rewrite(wheel: Path, changes: Mapping[str, bytes | None]) -> Path:
    """The same wheel with files replaced, added, or left out for None; its RECORD is right.

    Unless it is itself among the changes.
    """
    with zipfile.ZipFile(wheel) as archive:
        files: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    record = next(name for name in files if name.endswith(".dist-info/RECORD"))
    files |= changes
    kept = {name: data for name, data in files.items() if data is not None}
    if record not in changes:
        kept[record] = record_of(kept, record)
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, data in kept.items():
            archive.writestr(name, data)
    return wheel


def record_of(files: Mapping[str, bytes], record: str) -> bytes:
    """The RECORD of these files."""
    rows = [f"{name},{hash_of(data)},{len(data)}" for name, data in files.items() if name != record]
    return "\n".join((*rows, f"{record},,", "")).encode()


def hash_of(data: bytes) -> str:
    """As RECORD spells it."""
    return "sha256=" + urlsafe_b64encode(sha256(data).digest()).decode().rstrip("=")
