"""``monorelease explain``: the chain of causes of one member's release, or of its absence."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from monorelease.cli.names import member_named
from monorelease.cli.scope import add_json, add_scope, channel_of, scope_of
from monorelease.cli.wiring import Surroundings

if TYPE_CHECKING:
    from monorelease.model.plan import Release
    from monorelease.reports.json import Value
    from monorelease.workflows.outlook import Outlook


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Tell why a member is in the next wave of releases: through constraints and groups down\n"
        "to the fragment, and to the commit that added it. Or why it is not in it."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease explain NAME\n"
        "  monorelease explain NAME --pre rc    the same for a release candidate\n"
        "  monorelease explain NAME --except X  what holding X back would change\n"
    )
    parser.add_argument("name", metavar="NAME", help="a member")
    add_scope(parser)
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Show why, or why not."""
    from monorelease.planning.explanation import why_not
    from monorelease.reports.explanation import why_not_text, why_not_value
    from monorelease.workflows.opening import open_root
    from monorelease.workflows.outlook import look_ahead
    from monorelease.workflows.read import read

    console = around.console
    snapshot = read(open_root(around.cwd, console.tell))
    name = member_named(args.name, snapshot.workspace)
    scope = scope_of(args, snapshot, console.tell)
    outlook = look_ahead(snapshot, channel_of(args, around), scope)
    release = next((r for r in outlook.plan.releases if r.name == name), None)
    if release is not None:
        value, text = _why(release, outlook, around)
    else:
        absences = why_not(name, outlook.inspection, scope)
        value, text = why_not_value(name, absences), why_not_text(name, absences, console.palette)
    if args.json:
        console.show_json(value)
    else:
        console.show(text)
        console.tell_findings(outlook.findings)
    return 0


def _why(release: Release, outlook: Outlook, around: Surroundings) -> tuple[Value, str]:
    from monorelease.adapters.git import Repository
    from monorelease.planning.explanation import why
    from monorelease.reports.explanation import why_text, why_value
    from monorelease.workflows.read import origins_of

    snapshot = outlook.snapshot
    repository = Repository.at(snapshot.root)
    is_known = repository is not None and not repository.is_shallow
    origins = origins_of(snapshot, repository) if is_known else None
    fragments = {fragment.path: fragment for fragment in snapshot.fragments}
    chain = why(release, outlook.plan)
    return (
        why_value(release, chain, fragments, origins),
        why_text(release, chain, fragments, origins, around.console.palette),
    )
