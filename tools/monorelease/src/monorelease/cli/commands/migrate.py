"""``monorelease migrate``: bring fragments and settings over from another release tool."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

from packaging.utils import NormalizedName

from monorelease.cli.names import members_named
from monorelease.cli.scope import add_json
from monorelease.cli.wiring import Surroundings
from monorelease.errors import NoWorkspace, UsageProblem
from monorelease.model.migration import Tool
from monorelease.model.workspace import Workspace

_TOOLS = {tool.value: tool for tool in Tool}


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Bring over what another release tool has left: pending notes become fragments, and its\n"
        "settings lines for [tool.monorelease], which are written where there is no such table\n"
        "yet and shown where there is one. Says what cannot be carried over, and what a release\n"
        "would do afterwards. Old files stay, unless --remove is given; `undo` takes it all back.\n"
        "It reads .changeset/ of changesets, towncrier's news directories, changelog.d/ of\n"
        "scriv, .changes/ of changie, and the settings of python-semantic-release."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease migrate --dry-run\n"
        "  monorelease migrate --from changesets --remove\n"
        "  monorelease migrate --map '@acme/core=acme-core' --map '@acme/web='\n"
        "  monorelease migrate --map newsfragments=acme-core\n"
    )
    parser.add_argument(
        "--from",
        dest="tools",
        action="append",
        default=[],
        choices=list(_TOOLS),
        metavar="TOOL",
        help=f"one of {', '.join(_TOOLS)}; may be given several times (default: all that "
        "have left something)",
    )
    parser.add_argument(
        "--map",
        dest="said",
        action="append",
        default=[],
        metavar="OLD=NAMES",
        help="the members that a name of the other tool means, or that the notes in a file or "
        "folder are about; nothing behind the = for nobody here",
    )
    parser.add_argument(
        "--remove", action="store_true", help="remove old files that nobody needs any more"
    )
    parser.add_argument("--dry-run", action="store_true", help="show it all, write nothing")
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Prepare, write, show."""
    from monorelease.adapters.git import Repository
    from monorelease.reports.migration import migration_text, migration_value, nothing_text
    from monorelease.workflows.migrate import Wish, migrate, prepare_migration
    from monorelease.workflows.read import read
    from monorelease.workflows.setting_up import with_lone_member
    from monorelease.workflows.undo import demand_settled

    console = around.console
    root = _root(around)
    if not args.dry_run:
        demand_settled(root, lambda: Repository.at(root))
    snapshot = read(root)
    wish = Wish(
        tools=frozenset(_TOOLS[word] for word in args.tools),
        said=_said(args.said, with_lone_member(snapshot)[0].workspace),
        removes=args.remove,
    )
    migration = prepare_migration(snapshot, Repository.at(root), wish)
    if migration is not None and not args.dry_run:
        migrate(root, migration)
    if args.json:
        console.show_json(migration_value(migration, is_rehearsal=args.dry_run))
        return 0
    if migration is None:
        console.show(nothing_text(wish.tools or frozenset(Tool)))
        return 0
    console.show(migration_text(migration, console.palette))
    console.tell_findings(migration.findings)
    if not args.dry_run:
        console.tell("next: monorelease check; to take it back: monorelease undo")
    return 0


def _root(around: Surroundings) -> Path:
    """The workspace's root, else the current folder: it may not be set up yet."""
    from monorelease.workflows.opening import open_root

    try:
        return open_root(around.cwd, around.console.tell)
    except NoWorkspace:
        return around.cwd


def _said(words: Sequence[str], workspace: Workspace) -> Mapping[str, tuple[NormalizedName, ...]]:
    """What each OLD of the flags means.

    Raises:
        UsageProblem: a flag has no ``=``, or names nobody.
    """
    said = {}
    for word in words:
        old, equals, names = word.rpartition("=")
        if not equals or not old:
            raise UsageProblem(
                f"--map {word!r} does not say what is what",
                hint="write OLD=NAME, for example --map '@acme/core=acme-core'",
            )
        said[old.rstrip("/")] = members_named([names] if names else [], workspace)
    return said
