"""Several fragments at once, made of what a change says of itself: drafted, proved, written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from monorelease.adapters.small_patch import write_all
from monorelease.errors import ProblemsFound
from monorelease.formats.fragments import format_fragment, parse_fragment
from monorelease.formats.signature import sign
from monorelease.model.finding import Finding
from monorelease.model.fragment import Fragment
from monorelease.model.intent import Intent
from monorelease.model.patch import FileEdit, Patch
from monorelease.model.value import replace, value
from monorelease.workflows.add import free_path
from monorelease.workflows.outlook import look_ahead
from monorelease.workflows.read import Snapshot


@value
class Drafted:
    """Fragments that pass `check`, before they are files."""

    fragments: tuple[Fragment, ...]
    patch: Patch
    """What has to be written for them; of the same source, an older fragment goes."""
    story: tuple[str, ...] = ()
    """What was left alone or open, in words for people."""


def draft_fragments(
    snapshot: Snapshot,
    intents: Sequence[Intent],
    *,
    source: str = "",
    replaced: Collection[PurePosixPath] = (),
    story: Iterable[str] = (),
) -> Drafted:
    """The fragments that say `intents`, proved as `check` does; nothing is written.

    Args:
        snapshot: the repository.
        intents: one a fragment.
        source: of what they are made, to be written into them; empty for nothing.
        replaced: fragments in whose place they come.
        story: what a person should know.

    Raises:
        ProblemsFound: some would not pass; all findings about them.
    """
    contents: dict[PurePosixPath, bytes] = {}
    for intent in intents:
        path = free_path(snapshot, intent, reserved=contents, going=replaced)
        text = format_fragment(intent.bumps, intent.text)
        contents[path] = (sign(text, source) if source else text).encode()
    return Drafted(
        fragments=prove_fragments(snapshot, contents, replaced),
        patch=Patch.of(tuple(_edits(snapshot, contents, replaced))),
        story=tuple(story),
    )


def prove_fragments(
    snapshot: Snapshot,
    contents: dict[PurePosixPath, bytes],
    replaced: Collection[PurePosixPath] = (),
) -> tuple[Fragment, ...]:
    """The fragments that files with these `contents` will be.

    Raises:
        ProblemsFound: `check` would find an error in one of them, or on account of it.
    """
    categories = [category.directory for category in snapshot.config.towncrier.categories]
    findings: list[Finding] = []
    fragments = []
    for path, content in contents.items():
        fragment, problems = parse_fragment(path, content, categories)
        findings += problems
        fragments += [] if fragment is None else [fragment]
    others = [f for f in snapshot.fragments if f.path not in {*replaced, *contents}]
    then = replace(snapshot, fragments=(*others, *fragments), findings=())
    findings += (f for f in look_ahead(then).findings if f.path in contents)
    if any(finding.is_error for finding in findings):
        raise ProblemsFound(tuple(findings))
    return tuple(fragments)


def write_fragments(snapshot: Snapshot, drafted: Drafted) -> None:
    """Write what was drafted, all of it or nothing.

    Raises:
        StaleTree, TreeNotWritable: the tree is as it was.
    """
    write_all(snapshot.root, drafted.patch)


def _edits(
    snapshot: Snapshot,
    contents: dict[PurePosixPath, bytes],
    replaced: Collection[PurePosixPath],
) -> Iterator[FileEdit]:
    for path in (*contents, *(path for path in replaced if path not in contents)):
        yield FileEdit(path=path, before=snapshot.tree.read(path), after=contents.get(path))
