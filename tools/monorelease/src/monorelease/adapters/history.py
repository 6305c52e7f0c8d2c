"""What ``git log`` says of the commits that added files, told apart whatever they are called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from monorelease.model.fragment import Origin
from monorelease.model.value import replace

LOG = (
    "--format=%x00%H%x00%aN%x00%s",
    "--name-only",
    "-z",
    "--diff-filter=A",
    "--no-renames",
    "--root",
    "--relative",
    "--no-follow",
    "--no-show-signature",
    "--encoding=UTF-8",
)
"""The options under which `latest_additions` understands git, whatever is configured."""

_COMMIT = re.compile(r"\0([0-9a-f]+)\0([^\0]*)\0([^\0]*)\0\n((?:[^\0]+\0)+)")
"""Name, author and subject of a commit, then its files: NUL can be in none of them."""

_PULL_REQUEST = re.compile(r"\(#([0-9]{1,12})\)\s*$|^Merge pull request #([0-9]{1,12})\b")
"""What forges write into the subject of a squashed, or of a merge commit."""


def latest_additions(log: str) -> dict[PurePosixPath, Origin]:
    """For each file that was ever added the last commit that did.

    Args:
        log: what ``git log`` prints under `LOG`, the latest commit first.
    """
    added: dict[PurePosixPath, Origin] = {}
    for commit, author, subject, names in _COMMIT.findall(log):
        origin = Origin(
            commit=commit, author=_printable(author), pull_request=_pull_request(subject)
        )
        for name in names[:-1].split("\0"):
            added.setdefault(PurePosixPath(name), origin)
    return added


def with_merges(
    added: Mapping[PurePosixPath, Origin], merged: Mapping[PurePosixPath, Origin]
) -> dict[PurePosixPath, Origin]:
    """`added`, with the pull requests that only the commits know that merged them.

    Commit and author stay: who merges a change has not written it.
    """
    return {
        path: replace(origin, pull_request=merged[path].pull_request)
        if origin.pull_request is None and path in merged
        else origin
        for path, origin in added.items()
    }


def _pull_request(subject: str) -> int | None:
    found = _PULL_REQUEST.search(subject)
    return int(found[1] or found[2]) if found else None


def _printable(author: str) -> str:
    """A name that may stand in a changelog; git takes any bytes but newlines and NUL."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in author)
