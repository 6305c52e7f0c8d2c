"""The flags by which one release is narrowed, steered or made a pre-release."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING

from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import InvalidVersion, Version

from monorelease.cli.names import members_named, no_such_member, patterns_in
from monorelease.cli.wiring import Surroundings
from monorelease.errors import UsageProblem
from monorelease.model.bump import Bump
from monorelease.model.channel import Channel, Label, Prerelease, Stable
from monorelease.model.channel import Snapshot as SnapshotChannel
from monorelease.model.plan import Scope
from monorelease.planning.groups import matching

if TYPE_CHECKING:
    from datetime import date, datetime

    from monorelease.workflows.read import Snapshot


def add_scope(parser: ArgumentParser, *, with_snapshots: bool = True) -> None:
    """The flags of every command that plans.

    Args:
        parser: of the command.
        with_snapshots: whether it can make snapshots; else it takes the flag to refuse it in
            its own words, and does not tell of it.
    """
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAMES",
        help="plan from the fragments of these members alone (names or globs, with commas; "
        "!NAME takes one out again)",
    )
    parser.add_argument(
        "--except",
        dest="held",
        action="append",
        default=[],
        metavar="NAMES",
        help="leave these members as they are, and plan the others around them",
    )
    parser.add_argument(
        "--as",
        dest="versions",
        action="append",
        default=[],
        type=_asked_version,
        metavar="NAME=VERSION",
        help="give a member this very version; so it graduates from 0.x: --as core=1.0.0",
    )
    channel = parser.add_mutually_exclusive_group()
    channel.add_argument(
        "--pre",
        choices=[label.value for label in Label],
        help="make alphas, betas or release candidates; fragments stay for the final releases",
    )
    channel.add_argument(
        "--snapshot",
        action="store_true",
        help="make .dev versions with exact constraints: to build, never to commit"
        if with_snapshots
        else SUPPRESS,
    )


def add_json(parser: ArgumentParser) -> None:
    """The flag of every command that a program may call."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def scope_of(args: Namespace, snapshot: Snapshot, tell: Callable[[str], None]) -> Scope:
    """What the flags say, in names of this workspace.

    That a word of ``--only`` adds nothing to the plan is told: it may be a mistake.

    Raises:
        UsageProblem: a name or glob that means no member, or flags that contradict each other.
    """
    moving = {e.name for f in snapshot.fragments for e in f.entries if e.bump > Bump.NONE}
    only = members_named(args.only, snapshot.workspace)
    for pattern in patterns_in(args.only):
        if not pattern.startswith("!") and moving.isdisjoint(matching([pattern], only)):
            tell(f"warning: --only {pattern} adds nothing: no pending fragment moves such a member")
    held = frozenset(members_named(args.held, snapshot.workspace))
    return Scope(versions=_versions(args, snapshot, held), only=frozenset(only), held=held)


def channel_of(args: Namespace, around: Surroundings) -> Channel:
    """Which kind of version the flags ask for.

    Raises:
        UsageProblem: a snapshot of a version that is asked for: that one would be final.
    """
    if args.pre is not None:
        return Prerelease(label=Label(args.pre))
    if args.snapshot:
        if args.versions:
            raise UsageProblem(
                "--as asks for a version, and --snapshot makes its own",
                hint="leave one of them out",
            )
        return SnapshotChannel(stamp=int(f"{_now(around):%Y%m%d%H%M%S}"))
    return Stable()


def release_date(asked: date | None, around: Surroundings) -> date:
    """``--date``, else SOURCE_DATE_EPOCH's day, else today (UTC)."""
    return asked or _now(around).date()


def a_date(text: str) -> date:
    """An ISO date from the command line."""
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"not a date like 2026-11-22: {text!r}") from None


def _now(around: Surroundings) -> datetime:
    from datetime import UTC, datetime

    epoch = around.source_date_epoch
    if epoch is None:
        return datetime.now(UTC)  # noqa: TID251 - the clock is read here and nowhere below
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageProblem(
            f"SOURCE_DATE_EPOCH is no number of seconds: {epoch!r}",
            hint="set it to the output of `git log -1 --format=%ct`, or unset it",
        ) from None


def _versions(
    args: Namespace, snapshot: Snapshot, held: frozenset[NormalizedName]
) -> dict[NormalizedName, Version]:
    """Each member once, and none that stays as it is."""
    ignored = matching(snapshot.config.ignore, snapshot.workspace.names)
    versions: dict[NormalizedName, Version] = {}
    for name, version in args.versions:
        if name not in snapshot.workspace:
            raise no_such_member(name, snapshot.workspace)
        if name in held or name in ignored:
            who = "--except holds it back" if name in held else "the configuration ignores it"
            raise UsageProblem(f"{version} was asked for {name}, and {who}", hint="leave out --as")
        if versions.setdefault(name, version) != version:
            raise UsageProblem(
                f"{versions[name]} and {version} were asked for {name}", hint="ask for one"
            )
    return versions


def _asked_version(text: str) -> tuple[NormalizedName, Version]:
    name, equals, version = text.partition("=")
    try:
        if equals and name:
            return canonicalize_name(name.strip()), Version(version.strip())
    except InvalidVersion:
        pass
    raise ArgumentTypeError(f"not NAME=VERSION with a PEP 440 version: {text!r}")
