"""Files as git keeps them, many at a time: which they were at a commit, and what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from monorelease.adapters.git_process import GitProcess, refused

_LISTED = re.compile(r"[0-7]+ blob ([0-9a-f]+)\t([^\0]+)\0")
"""One file of ``git ls-tree -z``."""


def blobs_at(
    git: GitProcess, commit: str, paths: Sequence[PurePosixPath]
) -> Mapping[PurePosixPath, str]:
    """Of those `paths` that are files at `commit` the names of their blobs.

    Args:
        git: in the folder that the paths are relative to.
        commit: its object name.
        paths: as git knows them, through no link.

    Raises:
        GitFailed: there is no such commit.
    """
    if not paths:
        return {}
    answer = git.read("ls-tree", "-z", commit, "--", *(f":(literal){path}" for path in paths))
    if answer.status != 0:
        raise refused("ls-tree", answer)
    return {PurePosixPath(name): blob for blob, name in _LISTED.findall(answer.text)}


def read_blobs(git: GitProcess, blobs: Iterable[str]) -> Mapping[str, bytes]:
    """What these blobs hold, as they were committed; what is no blob, or missing, is left out.

    A clone without them (``--filter=blob:none``) fetches them one by one.

    Args:
        git: in any folder of the repository.
        blobs: object names; an empty one is passed over.

    Raises:
        GitFailed: they cannot be read, or not be fetched.
    """
    asked = "".join(f"{blob}\n" for blob in dict.fromkeys(blobs) if blob)
    if not asked:
        return {}
    answer = git.read("cat-file", "--batch", stdin=asked)
    if answer.status != 0:
        raise refused("cat-file", answer)
    return _parse(answer.out)


def _parse(batch: bytes) -> Mapping[str, bytes]:
    contents, place = {}, 0
    while place < len(batch):
        end = batch.index(b"\n", place)
        blob, kind, *size = batch[place:end].decode("ascii").split(" ")
        place = end + 1
        if size:  # else it is missing
            data = batch[place : place + int(size[0])]
            place += len(data) + 1
            if kind == "blob":
                contents[blob] = data
    return contents
