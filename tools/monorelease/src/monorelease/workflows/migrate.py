"""Bring pending notes and settings over from other release tools, all of it or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from packaging.utils import NormalizedName

from monorelease.adapters.git import Repository
from monorelease.errors import ProblemsFound
from monorelease.formats.answers import BadAnswer, Record, parse_json
from monorelease.formats.fragment_names import is_fragment
from monorelease.formats.fragments import format_fragment
from monorelease.model.finding import Finding
from monorelease.model.fragment import Fragment
from monorelease.model.intent import Intent
from monorelease.model.migration import Carried, Legacy, Migration, Tool
from monorelease.model.patch import FileEdit, Patch
from monorelease.model.plan import ReleasePlan
from monorelease.model.value import replace, value
from monorelease.planning.foreign_names import NameBook
from monorelease.planning.migration import Ground, carry_over
from monorelease.workflows.add import free_path
from monorelease.workflows.authoring import prove_fragments
from monorelease.workflows.legacies import find_legacies
from monorelease.workflows.locating import Places, locate
from monorelease.workflows.outlook import look_ahead
from monorelease.workflows.read import Snapshot, read
from monorelease.workflows.setting_up import SetUp, set_up, with_lone_member

Said = Mapping[str, tuple[NormalizedName, ...]]


@value
class Wish:
    """What somebody wants of a migration."""

    tools: frozenset[Tool] = frozenset()
    """Empty for all that have left something."""
    said: Said
    """Names of projects, and paths of files and folders, with the members that they mean."""
    removes: bool = False
    """Whether old files go."""


def prepare_migration(
    snapshot: Snapshot, repository: Repository | None, wish: Wish
) -> Migration | None:
    """What a migration comes to; None where no tool has left anything.

    Raises:
        ProblemsFound: something would get lost, or a fragment not pass `check`.
        NoWorkspace: there are no members.
        EditFailed: the root's ``pyproject.toml`` takes no table.
    """
    snapshot, own = with_lone_member(snapshot)
    found = find_legacies(snapshot)
    legacies = [each for tool, each in found.items() if not wish.tools or tool in wish.tools]
    if not legacies:
        return None
    ground = _ground(snapshot, repository, legacies, wish.said)
    carried = [carry_over(legacy, ground) for legacy in legacies]
    findings = tuple(finding for each in carried for finding in each.findings)
    if any(finding.is_error for finding in findings):
        raise ProblemsFound(findings)
    settings = (*own, *(setting for each in carried for setting in each.settings))
    done = set_up(snapshot, settings)
    old = _old_files(legacies, carried)
    in_place = {path for path in old if _would_be_fragment(path, done.snapshot)}
    gone = frozenset(old) if wish.removes else frozenset(in_place)
    intents = [pair for each in carried for pair in each.intents]
    contents = _contents(done.snapshot, intents, gone)
    try:
        fragments = prove_fragments(done.snapshot, contents, gone)
    except ProblemsFound as found:
        sources = dict(zip(contents, [paths[0] for _, paths in intents], strict=True))
        raise ProblemsFound(tuple(_where_it_is(f, sources) for f in found.findings)) from found
    return Migration(
        tools=tuple(legacy.tool for legacy in legacies),
        fragments=fragments,
        patch=Patch.of((*done.edits, *_edits(snapshot, contents, gone))),
        settings=settings,
        are_settings_written=done.is_written,
        renamed={word: name for each in carried for word, name in each.renamed.items()},
        staying=tuple(path for path in old if path not in gone),
        findings=findings,
        plan=_plan(done, fragments, gone),
    )


def migrate(root: Path, migration: Migration) -> None:
    """Write it; `undo` takes it back.

    Raises:
        ProblemsFound: what was written does not pass `check`; the tree is as it was.
        ReleaseError: likewise.
    """
    from monorelease.adapters.journal import transaction
    from monorelease.adapters.state import state_folder

    written = {fragment.path for fragment in migration.fragments}
    with transaction(root, state_folder(root), migration.patch, label="migrate"):
        findings = look_ahead(read(root)).findings
        if any(finding.is_error and finding.path in written for finding in findings):
            raise ProblemsFound(findings)


def _ground(
    snapshot: Snapshot, repository: Repository | None, legacies: Sequence[Legacy], said: Said
) -> Ground:
    nameless = [note.path for legacy in legacies for note in legacy.notes if not note.names]
    single = {word: names[0] if names else None for word, names in said.items()}
    return Ground(
        workspace=snapshot.workspace,
        categories=snapshot.config.towncrier.categories,
        book=NameBook(said=single, listed=dict(_listed_names(snapshot))),
        located=locate(Places(snapshot=snapshot, repository=repository, said=said), nameless),
    )


def _listed_names(snapshot: Snapshot) -> Iterator[tuple[str, NormalizedName]]:
    """The names in files of other ecosystems beside the members' own."""
    for member in snapshot.workspace:
        data = snapshot.tree.read(member.path / "package.json")
        try:
            fields = Record.parse(parse_json(data or b"{}"), "package.json")
            if name := fields.text("name", ""):
                yield name, member.name
        except BadAnswer:  # npm would refuse it too; the names are looked for elsewhere
            continue


def _old_files(legacies: Sequence[Legacy], carried: Sequence[Carried]) -> list[PurePosixPath]:
    """Files that nobody needs any more: notes carried over, and settings where all of them are."""
    old: list[PurePosixPath] = []
    for legacy, each in zip(legacies, carried, strict=True):
        done = {path for _, paths in each.intents for path in paths}
        notes = {note.path for note in legacy.notes}
        is_all = notes <= done
        old += (p for p in legacy.files if (p in done if p in notes else is_all))
    return list(dict.fromkeys(old))


def _would_be_fragment(path: PurePosixPath, snapshot: Snapshot) -> bool:
    """Whether it lies where our own fragments do, and would be taken for a broken one."""
    folder = PurePosixPath(snapshot.config.towncrier.directory)
    return path.parent == folder and is_fragment(path)


def _contents(
    snapshot: Snapshot,
    intents: Sequence[tuple[Intent, tuple[PurePosixPath, ...]]],
    gone: Collection[PurePosixPath],
) -> dict[PurePosixPath, bytes]:
    contents: dict[PurePosixPath, bytes] = {}
    for intent, _ in intents:
        path = free_path(snapshot, intent, reserved=contents, going=gone)
        contents[path] = format_fragment(intent.bumps, intent.text).encode()
    return contents


def _where_it_is(finding: Finding, sources: Mapping[PurePosixPath, PurePosixPath]) -> Finding:
    """The finding about a fragment that is not written yet, at the note that it comes from."""
    source = None if finding.path is None else sources.get(finding.path)
    return finding if source is None else replace(finding, path=source, line=None)


def _edits(
    snapshot: Snapshot, contents: Mapping[PurePosixPath, bytes], gone: Collection[PurePosixPath]
) -> Iterator[FileEdit]:
    for path in dict.fromkeys((*contents, *gone)):
        yield FileEdit(path=path, before=snapshot.tree.read(path), after=contents.get(path))


def _plan(
    done: SetUp, fragments: Sequence[Fragment], gone: Collection[PurePosixPath]
) -> ReleasePlan:
    written = {fragment.path for fragment in fragments}
    others = [f for f in done.snapshot.fragments if f.path not in {*gone, *written}]
    return look_ahead(replace(done.snapshot, fragments=(*others, *fragments))).plan
