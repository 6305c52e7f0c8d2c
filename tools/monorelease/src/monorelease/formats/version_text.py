"""A version as somebody wrote it: read, or told what is wrong with it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from packaging.version import Version

from monorelease.model.finding import Finding, TomlKey
from monorelease.model.version import read_version


def parse_version(
    text: str, *, path: PurePosixPath, line: int | None = None, key: TomlKey | None = None
) -> Version | Finding:
    """The version that is written as `text`, or the finding that it follows no PEP 440.

    Args:
        text: as written, perhaps not in PEP 440's normal form (``1.0-beta.2``).
        path: the file it stands in; `line` or `key` says where.
        line: counted from 1.
        key: in a TOML file.
    """
    version = read_version(text)
    if version is not None:
        return version
    guess = _guess(text)
    return Finding(
        code="bad-version",
        problem=f"{text!r} is no version (PEP 440)",
        hint="write it like 1.2.3 or 1.2.3rc1" if guess is None else f"did you mean '{guess}'?",
        path=path,
        line=line,
        key=key,
    )


def _guess(text: str) -> Version | None:
    """What was probably meant: stray marks, a word from another ecosystem, or just the number."""
    tidy = re.sub(r"\s+", "", text).replace(",", ".")
    number = re.match(r"v?\d+(?:\.\d+)*", tidy)
    spellings = (
        tidy,
        re.sub(r"[-.]snapshot$", ".dev0", tidy, flags=re.IGNORECASE),
        number[0] if number else "",
    )
    return next(filter(None, map(read_version, spellings)), None)
