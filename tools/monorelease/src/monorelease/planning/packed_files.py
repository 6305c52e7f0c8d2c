"""Which files an artifact should have, and which it should rather not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from packaging.utils import NormalizedName

from monorelease.model.artifact import ArtifactKind
from monorelease.model.contents import Contents, OpenedMember
from monorelease.model.finding import Finding, Severity
from monorelease.model.value import value
from monorelease.model.words import counted


@value
class _Kind:
    """Files that got in by mistake: what they are called, and how that goes on."""

    code: str
    noun: str
    words: str
    pattern: re.Pattern[str]
    """Searched in a path that begins with ``/``."""
    hint: str
    severity: Severity = Severity.ERROR


_KINDS = (
    _Kind(
        code="secret-inside",
        noun="file",
        words=" with secrets",
        pattern=re.compile(
            r"/(\.env(\.local)?|\.pypirc|[._]netrc|\.git-credentials|id_(rsa|dsa|ecdsa|ed25519))$"
        ),
        hint="take it out of the repository, and take what it held for stolen",
    ),
    _Kind(
        code="secret-inside",
        noun="file",
        words=" of git's own",
        pattern=re.compile(r"/\.git(/|$)"),
        hint="exclude .git in the build backend's table",
    ),
    _Kind(
        code="key-inside",
        noun="key or certificate file",
        words="",
        pattern=re.compile(r"\.(pem|key|p12|pfx)$"),
        hint="make sure that none is a private key that anybody trusts, or exclude them",
        severity=Severity.WARNING,
    ),
    _Kind(
        code="stray-file",
        noun="file",
        words=" that some tool left",
        pattern=re.compile(
            r"/(__pycache__|\.(venv|pytest_cache|mypy_cache|ruff_cache|hypothesis)|node_modules)/"
            r"|/(\.DS_Store|Thumbs\.db|\.coverage)$|\.py[co]$"
        ),
        hint="git should not have it; else exclude it in the build backend's table",
        severity=Severity.WARNING,
    ),
)

_EVERYBODYS = frozenset(
    {"benchmarks", "build", "dist", "doc", "docs", "example", "examples", "src", "test", "tests"}
)
"""Top-level names that any project may have in its repository, and none should install."""

_STUBS_OR_DATA = re.compile(r"[^/]+(-stubs|\.data)/")


def check_files(opened: OpenedMember, contents: Contents) -> Iterator[Finding]:
    """Nothing is in it by mistake, and what the manifest promises is."""
    yield from _check_strays(opened, contents)
    yield from _check_licenses(opened, contents)
    if contents.kind is ArtifactKind.WHEEL:
        yield from _check_top(opened, contents)
        yield from _check_empty(opened, contents)


def _check_strays(opened: OpenedMember, contents: Contents) -> Iterator[Finding]:
    for kind in _KINDS:
        paths = [path for path in contents.files if kind.pattern.search(f"/{path}")]
        if paths:
            yield Finding(
                code=kind.code,
                problem=f"{contents.filename} has {counted(len(paths), kind.noun)}{kind.words}, "
                f"{paths[0]} first",
                hint=kind.hint,
                severity=kind.severity,
                path=opened.member.manifest,
            )


def _check_licenses(opened: OpenedMember, contents: Contents) -> Iterator[Finding]:
    """Licence files go where PEP 639 puts them; older backends put them beside the metadata."""
    is_wheel = contents.kind is ArtifactKind.WHEEL
    files = [path for path in contents.files if not is_wheel or ".dist-info/" in path]
    inside = [path.partition("/")[2].removeprefix("licenses/") for path in files]
    named = contents.metadata.license_files if contents.metadata is not None else ()
    for wanted in dict.fromkeys((*opened.declared.license_files, *named)):
        if files and not any(fnmatchcase(path, wanted) for path in inside):
            yield Finding(
                code="missing-license",
                problem=f"{contents.filename} has no licence file {wanted}",
                hint="add the file to the member's folder, or correct `license-files`",
                path=opened.member.manifest,
                key=("project", "license-files"),
            )


def _check_top(opened: OpenedMember, contents: Contents) -> Iterator[Finding]:
    """It leaves names alone that everybody has; a project of that very name may have it."""
    top = {path.partition("/")[0].removesuffix(".py"): path for path in contents.files}
    for name in sorted(_EVERYBODYS & top.keys()):
        if name != opened.built.name:
            yield Finding(
                code="shadows-others",
                problem=f"{contents.filename} installs a top-level {name!r} ({top[name]}): it "
                "would hide, or overwrite, what others have under that name",
                hint="say in the build backend's table which packages go into the wheel",
                path=opened.member.manifest,
            )


def _check_empty(opened: OpenedMember, contents: Contents) -> Iterator[Finding]:
    """There is something to import, or something to install with it."""
    if contents.metadata is None or contents.metadata.requirements or contents.modules:
        return
    if not any(map(_STUBS_OR_DATA.match, contents.files)):
        yield Finding(
            code="empty-wheel",
            problem=f"{contents.filename} has nothing to import, and requires nothing",
            hint="say in the build backend's table where its package is",
            severity=Severity.WARNING,
            path=opened.member.manifest,
        )


def check_overlaps(members: Sequence[OpenedMember]) -> Iterator[Finding]:
    """No two members install the same file: the second would overwrite the first.

    The very same ``__init__.py`` in both is how namespace packages were made before PEP 420.
    """
    owners: dict[str, tuple[OpenedMember, str]] = {}
    for opened in members:
        shared: dict[tuple[NormalizedName, Severity], list[str]] = {}
        for path, digest in sorted(_installed_files(opened).items()):
            owner, theirs = owners.setdefault(path, (opened, digest))
            if owner is opened:
                continue
            is_same = bool(digest) and digest == theirs
            if not (is_same and path.endswith("/__init__.py")):
                severity = Severity.WARNING if is_same else Severity.ERROR
                shared.setdefault((owner.built.name, severity), []).append(path)
        for (name, severity), both in shared.items():
            yield _overlap(opened, name, both, severity)


def _installed_files(opened: OpenedMember) -> dict[str, str]:
    """Where its wheels put files, and the sha256 of each; empty where that is not known."""
    return {
        _installed(path): contents.digests.get(path, "")
        for contents in opened.contents
        if contents.kind is ArtifactKind.WHEEL
        for path in contents.files
    }


_DATA = re.compile(r"[^/]+\.data/(?:(?:purelib|platlib)/)?")


def _installed(path: str) -> str:
    """Where an installer puts it; what does not go among the modules keeps its kind as folder."""
    return _DATA.sub("", path, count=1)


def _overlap(
    opened: OpenedMember, other: NormalizedName, paths: Sequence[str], severity: Severity
) -> Finding:
    return Finding(
        code="same-file",
        severity=severity,
        problem=f"{opened.built.name} and {other} both install {counted(len(paths), 'file')}, "
        f"{paths[0]} first",
        hint="give each a package of its own; a namespace they share has no __init__.py",
        path=opened.member.manifest,
    )
