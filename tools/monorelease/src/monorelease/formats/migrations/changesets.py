"""``.changeset/`` of changesets: a file a change, and ``config.json``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from monorelease.formats import front_matter
from monorelease.formats.answers import BadAnswer, parse_json
from monorelease.formats.fragment_codes import quoted
from monorelease.formats.migrations.complaints import (
    not_carried,
    unreadable_note,
    unreadable_settings,
)
from monorelease.formats.plain_pairs import Pair
from monorelease.formats.stranger_words import tame
from monorelease.model.bump import Bump
from monorelease.model.finding import Finding
from monorelease.model.migration import Files, Legacy, PendingNote, Setting, Tool

FOLDER = PurePosixPath(".changeset")

_CONFIG = FOLDER / "config.json"
_PRE = FOLDER / "pre.json"
_NO_NOTES = frozenset({"readme.md", "agents.md", "claude.md", "gemini.md"})
_WORDS = frozenset(bump.word for bump in Bump)
_NUMBER = re.compile(
    r"^[ \t]*(?:pr|pull|pull[ \t]+request):[ \t]*#?(\d{1,12})[ \t]*$", re.IGNORECASE | re.MULTILINE
)
_ABOUT = re.compile(
    r"^[ \t]*(?:(?:pr|pull|pull[ \t]+request|commit|author|user):[^\n]*)(?:\n|\Z)",
    re.IGNORECASE | re.MULTILINE,
)
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
_QUIET = {
    "$schema": None,
    "commit": False,
    "access": None,
    "bumpVersionsWithWorkspaceProtocolOnly": False,
    "prettier": None,
    "changedFilePatterns": ["**"],
    "changelog": "@changesets/cli/changelog",
}
"""Keys without a counterpart, and the value with which nobody misses it; None for any."""


def read_changesets(files: Files) -> Legacy:
    """What the files of ``.changeset/`` say.

    Where somebody is in pre mode nothing can be carried over: part of the state is in tags
    and versions.
    """
    notes, findings = list[PendingNote](), list[Finding]()
    for path, data in sorted(files.items()):
        if path.suffix == ".md" and path.name.lower() not in _NO_NOTES:
            note, problems = _read_note(path, data)
            findings += problems
            notes += [] if note is None else [note]
    if _PRE in files:
        findings.append(_in_pre_mode())
    settings, problems = _read_config(files)
    return Legacy(
        tool=Tool.CHANGESETS,
        notes=tuple(notes),
        settings=tuple(settings),
        findings=(*findings, *problems),
        files=tuple(sorted(files)),
    )


def _read_note(path: PurePosixPath, data: bytes) -> tuple[PendingNote | None, list[Finding]]:
    lines = front_matter.lines_of(data.decode("utf-8", "replace"))
    block = front_matter.find_block(lines, path)
    if isinstance(block, Finding):
        return None, [unreadable_note(path, block.problem, block.line)]
    pairs, unpaired = front_matter.read_pairs(lines, block, path)
    problems = [unreadable_note(path, finding.problem, finding.line) for finding in unpaired]
    problems += _judge(path, pairs)
    if problems:
        return None, problems
    text = "\n".join(lines[block.stop :])
    number = _NUMBER.search(text)
    note = PendingNote(
        path=path,
        names=tuple((pair.name, Bump.from_word(pair.word)) for pair in pairs),
        is_for_nobody=not pairs,
        number=number[1] if number else f"+{path.stem}",
        text=tame(_ABOUT.sub("", text)),
    )
    return note, []


def _judge(path: PurePosixPath, pairs: Sequence[Pair]) -> Iterator[Finding]:
    for pair in pairs:
        if pair.word not in _WORDS:
            yield unreadable_note(path, f"{quoted(pair.word)} is not a bump", pair.first)


def _in_pre_mode() -> Finding:
    return Finding(
        code="in-pre-mode",
        problem="this repository is in the pre mode of changesets: which changes are released "
        "already, and as what, is known to that alone",
        hint="leave it first (changeset pre exit, then changeset version), then migrate; here "
        "a pre-release is a flag: monorelease release --pre rc",
        path=_PRE,
    )


def _read_config(files: Files) -> tuple[list[Setting], list[Finding]]:
    if _CONFIG not in files:
        return [], []
    try:
        config = parse_json(files[_CONFIG])
    except BadAnswer as error:
        return [], [unreadable_settings(_CONFIG, error)]
    if not isinstance(config, dict):
        return [], [unreadable_settings(_CONFIG, "it is no object")]
    return list(_settings(config)), list(_left(config))


def _settings(config: Mapping[str, object]) -> Iterator[Setting]:
    for key in ("fixed", "linked"):
        groups = tuple(filter(None, map(_texts, _items(config.get(key)))))
        if groups:
            yield Setting(key=(key,), content=groups, names=True)
    if ignored := _texts(config.get("ignore")):
        yield Setting(key=("ignore",), content=ignored, names=True)
    if config.get("updateInternalDependencies") == "minor":
        yield Setting(key=("raise-constraints",), content="minor")
    if _unsafe(config).get("updateInternalDependents") == "always":
        yield Setting(key=("dependents",), content="always")
    branch = config.get("baseBranch")
    if isinstance(branch, str) and branch:
        yield Setting(key=("publish", "branch"), content=branch.removeprefix("origin/"))
    if repository := _linked_repository(config.get("changelog")):
        place = f"https://github.com/{repository}"
        yield Setting(key=("changelog", "issue-link"), content=f"{place}/issues/{{issue}}")
        yield Setting(key=("changelog", "commit-link"), content=f"{place}/commit/{{commit}}")
        yield Setting(key=("changelog", "authors"), content=True)


def _left(config: Mapping[str, object]) -> Iterator[Finding]:
    for key, value in config.items():
        if key in _CARRIED or (key in _QUIET and _QUIET[key] in (None, value)):
            continue
        if key != "changelog" or not _linked_repository(value):
            yield not_carried(_CONFIG, quoted(key), _HINTS.get(key, "nothing here is like it"))


_CARRIED = frozenset(
    {
        "fixed",
        "linked",
        "ignore",
        "updateInternalDependencies",
        "baseBranch",
        "___experimentalUnsafeOptions_WILL_CHANGE_IN_PATCH",
    }
)
_HINTS = {
    "changelog": "changelogs are towncrier's: links are changelog.issue-link, thanks are "
    "changelog.authors, both of [tool.monorelease]",
    "commit": "a release commits itself with monorelease release --commit",
    "privatePackages": "a member with the classifier 'Private :: Do Not Upload' is versioned and "
    "never published; to leave one out, `ignore` it",
    "bumpVersionsWithWorkspaceProtocolOnly": "every requirement on a member counts here",
    "changedFilePatterns": "check --since counts every file of a member",
    "snapshot": "snapshots are .dev versions: monorelease release --snapshot",
}


def _linked_repository(changelog: object) -> str:
    """The repository to which changelogs link by changesets' own plugin for GitHub."""
    match changelog:
        case ["@changesets/changelog-github", {"repo": str(repository)}]:
            return repository if _REPOSITORY.fullmatch(repository) else ""
        case _:
            return ""


def _unsafe(config: Mapping[str, object]) -> Mapping[str, object]:
    options = config.get("___experimentalUnsafeOptions_WILL_CHANGE_IN_PATCH")
    return options if isinstance(options, dict) else {}


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in _items(value) if isinstance(item, str))
