"""The sources of releases: each commit checked out cleanly, and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath

from monorelease.adapters.export import NOTHING, exported
from monorelease.model.publication import ReleasedMember
from monorelease.workflows.read import Snapshot, read


@contextmanager
def sources(
    root: Path,
    members: Sequence[ReleasedMember],
    overlay: Mapping[PurePosixPath, bytes | None] = NOTHING,
) -> Iterator[Mapping[str, Snapshot]]:
    """For each commit of `members`, the workspace in a clean checkout of it.

    There the members whose version is their tag have that tag already. The checkouts may be
    written into; they are gone when the body is over.

    Args:
        root: the workspace in the work tree.
        members: at least one.
        overlay: files of a snapshot that was never committed, over each of the commits.

    Raises:
        GitFailed: a commit is not in this clone, or cannot be checked out.
        ReleaseError: the workspace there cannot be read at all.
    """
    tags = {member.tag: member.commit for member in members if member.tag_first}
    with ExitStack() as stack:
        checkouts = {
            commit: stack.enter_context(exported(root, commit, tags=tags, overlay=overlay))
            for commit in dict.fromkeys(member.commit for member in members)
        }
        yield {commit: read(folder) for commit, folder in checkouts.items()}
