"""From the files of an archive to what a wheel or a source distribution is, and says."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from monorelease.formats.metadata import parse_entry_points, parse_metadata
from monorelease.formats.modules import find_modules
from monorelease.formats.wheel_record import check_record
from monorelease.model.artifact import Artifact, ArtifactKind
from monorelease.model.contents import Archive, Contents, EntryPoint, Metadata
from monorelease.model.finding import Finding, Severity
from monorelease.model.words import counted

_INFO = ".dist-info"
_TOLD = 5
"""How many rows of a RECORD that is wrong are told: there may be thousands."""

_UNLINK = (
    "no installer unpacks that: have a copy of the file in place of the link, or exclude it from "
    "the source distribution"
)

Findings = tuple[Finding, ...]


def parse_contents(
    artifact: Artifact, archive: Archive, manifest: PurePosixPath
) -> tuple[Contents, Findings]:
    """What is in an artifact, and all that is wrong with it whoever built it.

    Args:
        artifact: as the build's manifest lists it.
        archive: the same file, opened.
        manifest: the member's ``pyproject.toml``, at which findings point.
    """
    reading = _Reading(archive, manifest)
    for problem in archive.problems:
        reading.refuse("broken-archive", problem, "build it again")
    for path, target in archive.links_out.items():
        reading.refuse("link-outside", f"{path} is a link to {target}, which is not in it", _UNLINK)
    if not archive.files:
        return Contents(filename=artifact.filename, kind=artifact.kind), reading.found
    if artifact.kind is ArtifactKind.WHEEL:
        return _wheel(artifact, archive, reading), reading.found
    return _sdist(artifact, archive, reading), reading.found


class _Reading:
    """One archive, and what is found to be wrong with it."""

    def __init__(self, archive: Archive, manifest: PurePosixPath) -> None:
        self._archive = archive
        self._manifest = manifest
        self.found: Findings = ()

    def refuse(
        self, code: str, problem: str, hint: str, severity: Severity = Severity.ERROR
    ) -> None:
        """Add a finding about this archive."""
        self.found += (
            Finding(
                code=code,
                problem=f"{self._archive.filename}: {problem}",
                hint=hint,
                severity=severity,
                path=self._manifest,
            ),
        )

    def text(self, path: str, code: str) -> bytes | None:
        """The file at `path`; that there is none is a finding with this `code`."""
        data = self._archive.texts.get(path)
        if data is None:
            self.refuse(code, f"there is no {path}", "a build backend writes it: build it again")
        return data

    def metadata(self, path: str, code: str) -> Metadata | None:
        """The core metadata at `path`."""
        data = self.text(path, code)
        if data is None:
            return None
        metadata, problems = parse_metadata(data)
        for problem in problems:
            hint = "mend it in pyproject.toml, or use a newer build backend"
            self.refuse("bad-metadata", f"{path}: {problem}", hint)
        return metadata


def _wheel(artifact: Artifact, archive: Archive, reading: _Reading) -> Contents:
    info = _find_info(artifact, archive, reading)
    if info is None:
        return Contents(filename=artifact.filename, kind=artifact.kind, files=archive.files)
    reading.text(f"{info}/WHEEL", "bad-wheel")
    _check_platform(artifact, reading)
    record = reading.text(f"{info}/RECORD", "bad-wheel")
    if record is not None:
        _tell_some(check_record(record, info, archive.digests), reading)
    return Contents(
        filename=artifact.filename,
        kind=artifact.kind,
        files=archive.files,
        digests=archive.digests,
        metadata=reading.metadata(f"{info}/METADATA", "bad-wheel"),
        modules=find_modules(archive.files),
        entry_points=_entry_points(archive.texts.get(f"{info}/entry_points.txt", b""), reading),
    )


def _check_platform(artifact: Artifact, reading: _Reading) -> None:
    """Its name tells which systems can run it; a bare ``linux`` promises too much."""
    try:
        tags = parse_wheel_filename(artifact.filename)[3]
    except InvalidWheelFilename:
        return  # which is told of elsewhere
    if any(tag.platform.startswith("linux_") for tag in tags):
        reading.refuse(
            "not-portable",
            "it was linked with the libraries of one Linux, and PyPI takes no such wheel",
            "build it with cibuildwheel, or let auditwheel repair it; your own index may take it",
            Severity.WARNING,
        )


def _find_info(artifact: Artifact, archive: Archive, reading: _Reading) -> str | None:
    """The one ``.dist-info`` folder, which has the name and version of the wheel itself."""
    folders = {path.partition("/")[0] for path in archive.files if "/" in path}
    infos = sorted(folder for folder in folders if folder.endswith(_INFO))
    if len(infos) != 1:
        names = ", ".join(infos) or "none"
        reading.refuse("bad-wheel", f"one {_INFO} folder is needed, there is {names}", "rebuild it")
        return None
    wanted = canonicalize_name("-".join(artifact.filename.split("-")[:2]))
    if canonicalize_name(infos[0].removesuffix(_INFO)) != wanted:
        reading.refuse("bad-wheel", f"{infos[0]} belongs to another wheel", "rebuild it")
    return infos[0]


def _tell_some(problems: Iterable[str], reading: _Reading) -> None:
    told = [*problems]
    for problem in told[:_TOLD]:
        reading.refuse("bad-wheel", problem, "something changed it after the build: rebuild it")
    if len(told) > _TOLD:
        reading.refuse("bad-wheel", f"and {len(told) - _TOLD} more such files", "rebuild it")


def _entry_points(data: bytes, reading: _Reading) -> tuple[EntryPoint, ...]:
    points, problems = parse_entry_points(data)
    for problem in problems:
        reading.refuse("bad-entry-point", problem, 'write it like name = "package.module:object"')
    return points


def _sdist(artifact: Artifact, archive: Archive, reading: _Reading) -> Contents:
    folder = artifact.filename.removesuffix(".zip").removesuffix(".tar.gz")
    outside = [path for path in archive.files if not path.startswith(f"{folder}/")]
    if outside:
        reading.refuse(
            "bad-sdist",
            f"{counted(len(outside), 'file')} outside of {folder}/, {outside[0]} first",
            "a source distribution has one folder, NAME-VERSION: rebuild it",
        )
    return Contents(
        filename=artifact.filename,
        kind=artifact.kind,
        files=archive.files,
        metadata=reading.metadata(f"{folder}/PKG-INFO", "bad-sdist"),
    )
