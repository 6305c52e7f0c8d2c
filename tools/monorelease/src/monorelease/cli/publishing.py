"""What the commands of publishing share: their flags, and the concrete index behind one of them."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from monorelease.cli.names import members_named
from monorelease.cli.wiring import Surroundings

if TYPE_CHECKING:
    from packaging.utils import NormalizedName

    from monorelease.model.publication import ReleasedMember
    from monorelease.workflows.access import Access
    from monorelease.workflows.artifacts import Workshop
    from monorelease.workflows.ports import Index
    from monorelease.workflows.read import Snapshot


def add_target(parser: ArgumentParser) -> None:
    """The flag of every command that asks an index."""
    parser.add_argument(
        "--to",
        metavar="INDEX",
        help="an index of [tool.monorelease.index] (default: publish.to, else the local folder)",
    )


def add_members(parser: ArgumentParser) -> None:
    """The flag of every command that looks at what is pending."""
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAMES",
        help="these members alone (names or globs, with commas; !NAME takes one out again)",
    )


def add_commit(parser: ArgumentParser) -> None:
    """The flag of every command that builds."""
    parser.add_argument(
        "--at",
        metavar="COMMIT",
        help="take this commit for every member, instead of the one that released it",
    )


def members_asked(args: Namespace, snapshot: Snapshot) -> tuple[NormalizedName, ...]:
    """The members that ``--only`` means; none for all."""
    return members_named(args.only, snapshot.workspace)


def open_index(args: Namespace, snapshot: Snapshot, around: Surroundings) -> Index:
    """The index that ``--to`` means.

    Raises:
        UsageProblem: there is no index of that name.
        ProblemsFound: what is wrong with the configuration, which may be why.
    """
    from monorelease.workflows.outstanding import demand_sound
    from monorelease.workflows.target import target_of

    demand_sound(snapshot)
    target = target_of(snapshot.config, args.to)
    if target.is_rehearsal:
        from monorelease.adapters.directory_index import DirectoryIndex

        return DirectoryIndex(target, snapshot.root)
    from monorelease.adapters.package_index import PackageIndex

    return PackageIndex(target, _uv(around), around.environment)


def open_access(args: Namespace, snapshot: Snapshot, around: Surroundings, index: Index) -> Access:
    """The forge that hears of releases; nothing for a rehearsal, or where none is configured.

    Without a token it cannot be told, which is said; publishing goes on all the same.

    Raises:
        UsageProblem: where the forge is remains open.
    """
    from monorelease.workflows.access import NO_ACCESS, Access

    config = snapshot.config.forge
    if index.target.is_rehearsal or config.kind is None:
        return NO_ACCESS
    from monorelease.cli.forge import OWN_TOKEN, demand_site, forge_token, git_key, open_forge

    site = demand_site(snapshot, around)
    token, _ = forge_token(site, around.environment)
    rolls_up = bool(config.roll_up) and not args.only
    is_told = config.announce or rolls_up
    if not token:
        if is_told:
            around.console.tell(
                f"no token for {site.url}: nothing is announced there; set {OWN_TOKEN}"
            )
        return NO_ACCESS
    return Access(
        forge=open_forge(snapshot, around) if is_told else None,
        git=git_key(site, around.environment),
        rolls_up=rolls_up,
    )


def members_to_build(
    args: Namespace, snapshot: Snapshot, around: Surroundings
) -> tuple[ReleasedMember, ...]:
    """The releases of the members that are named, else those that the index has not whole."""
    from monorelease.workflows.outstanding import look_outside, released_of

    names = members_named(args.names, snapshot.workspace)
    released = released_of(snapshot, names, args.at)
    if names:
        return released
    outstanding = look_outside(snapshot, released, open_index(args, snapshot, around))
    return tuple(pending.member for pending in outstanding.pending if pending.gap is not None)


def open_workshop(around: Surroundings) -> Workshop:
    """With what artifacts are made: nothing in it opens an index or a forge."""
    from monorelease.adapters.credentials import without_secrets
    from monorelease.workflows.artifacts import Workshop

    return Workshop(
        uv=_uv(around),
        environment=without_secrets(around.environment),
        tell=around.console.tell_progress,
    )


def _uv(around: Surroundings) -> tuple[str, ...]:
    return (around.uv or "uv",)


@contextmanager
def artifacts_folder(
    root: Path, asked: Path | None = None, *, is_kept: bool = True
) -> Iterator[Path]:
    """Where artifacts go: the folder that is asked for, else ``dist``, or one that goes away.

    Raises:
        UnsafePath: ``dist`` is a link out of the repository.
    """
    from tempfile import TemporaryDirectory

    from monorelease.adapters.boundary import Boundary

    if is_kept:
        yield asked or Boundary(root).locate(PurePosixPath("dist"))
        return
    with TemporaryDirectory(prefix="monorelease-") as folder:
        yield Path(folder)
