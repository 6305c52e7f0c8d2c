"""The page of the reference that tells every finding, by what meets it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from finding_templates import GAP, Template, templates_of
from markdown_words import as_written
from monorelease.planning import withdrawal_checks
from source_index import Source

SOURCE = Path(__file__).parents[2] / "tools/monorelease/src/monorelease"


class Group(NamedTuple):
    """Findings that one meets at the same occasion."""

    title: str
    told_by: str
    rooms: tuple[str, ...]
    """The modules that make them, or folders of modules."""


GROUPS = (
    Group(
        "Configuration",
        "every command that reads `[tool.monorelease]` and `[tool.towncrier]`.",
        (
            "formats.index_keys",
            "formats.kinds",
            "formats.places",
            "formats.tables",
            "formats.towncrier_toml",
        ),
    ),
    Group(
        "Members",
        "every command that reads the members.",
        (
            "formats.dependencies",
            "formats.manifest",
            "formats.toml",
            "formats.version_files",
            "formats.version_text",
            "workflows.members",
        ),
    ),
    Group(
        "Fragments",
        "`check`, and by every command that plans a release.",
        (
            "formats.fragment_entries",
            "formats.fragment_names",
            "formats.fragments",
            "formats.front_matter",
            "formats.yaml_pairs",
            "workflows.read",
        ),
    ),
    Group(
        "Plans",
        "`check`, `status` and `release`, and by what shows a release before it is one.",
        (
            "planning.checks",
            "planning.installable",
            "workflows.proposal",
            "workflows.release",
            "workflows.review",
            "workflows.taken",
            "workflows.written",
            "formats.proposal_limits",
        ),
    ),
    Group(
        "What check alone looks at",
        "`check`, with `--since`, `--api` or `--floors` where that is what they are about.",
        (
            "planning.api_truth",
            "planning.floors",
            "workflows.api",
            "workflows.check",
            "workflows.ci",
            "workflows.floors",
        ),
    ),
    Group("Authoring", "`add`, where it reads a pull request.", ("workflows.from_request",)),
    Group(
        "Building and verifying",
        "`build`, `verify` and `publish`.",
        (
            "adapters.readme",
            "adapters.trial",
            "formats.contents",
            "planning.merging",
            "planning.packed_files",
            "planning.required",
            "planning.showing",
            "planning.verification",
            "workflows.artifacts",
            "workflows.build",
            "workflows.reproduction",
            "workflows.verify",
        ),
    ),
    Group(
        "Publishing",
        "`publish` and `pending`; a dry run tells them too.",
        (
            "planning.obstacles",
            "planning.pending",
            "workflows.arrival",
            "workflows.publish",
            "workflows.released",
        ),
    ),
    Group("Withdrawing", "`yank`.", ("planning.withdrawal_checks",)),
    Group("Migrating", "`migrate`.", ("formats.migrations", "planning.migration")),
)

SENTENCES = MappingProxyType(
    {
        "api-breaks": "The public API has lost what a smaller bump promises to keep.",
        "bad-entry-point": "An entry point in a wheel cannot be read.",
        "bad-metadata": "The metadata in a wheel or a source distribution breaks its own rules.",
        "broken-archive": "A wheel or a source distribution cannot be opened to its end.",
        "changed-since-build": "A file that was built is not there any more, or is another one.",
        "key-inside": "A file that was built holds what looks like a key.",
        "missing-tool": "Another program that the step needs is not installed.",
        "not-reproducible": "A second build did not give the same bytes.",
        "unreadable-file": "A file cannot be read: it is not there, locked, or no text in UTF-8.",
    }
)
"""What is meant, where the words of a finding come from elsewhere whole."""


@cache
def source() -> Source:
    """All of it, read once."""
    return Source(SOURCE)


@cache
def templates() -> tuple[Template, ...]:
    """Every way in which a finding is told."""
    return (*_effects(), *templates_of(source()))


def finding_page(told: Iterable[Template]) -> str:
    """The page, in Markdown."""
    by_code: dict[str, list[Template]] = {}
    for template in told:
        if template.code:
            by_code.setdefault(template.code, []).append(template)
    parts = [_INTRODUCTION]
    for group in GROUPS:
        codes = sorted(code for code, ways in by_code.items() if _group_of(ways) is group)
        parts.append(f"## {group.title}\n\nTold by {group.told_by}\n")
        parts += ["\n".join(_entry(code, by_code[code])) for code in codes]
    return "\n".join(parts)


def group_of(room: str) -> Group | None:
    """Where the findings of a room are told."""
    for group in GROUPS:
        if any(room == each or room.startswith(f"{each}.") for each in group.rooms):
            return group
    return None


def says_nothing(told: Iterable[Template]) -> bool:
    """Whether no way of telling a finding has words of its own."""
    return not any(_WORDS.search(template.problem) for template in told)


_INTRODUCTION = f"""\
# Findings

`hatch run test tests/docs --update` writes this page from the source.

A finding has a code that never changes: programs can go by it (`code` in every `--json`), and
people can link to it, as `findings.md#` and the code. An error stops a release (exit status 3), a
warning does not. Below a code stand the words that it comes with, with {GAP} for what depends on
the case, and after the arrow what to do.
"""

_WORDS = re.compile(r"[^\W_]{2}.*[^\W_]{2}")
"""Found in a text that says something."""


def _group_of(ways: list[Template]) -> Group | None:
    """Where a code stands: it is told once, though two groups may have it."""
    groups = [group_of(way.room) for way in ways]
    return next((group for group in GROUPS if group in groups), None)


def _entry(code: str, ways: list[Template]) -> Iterator[str]:
    severities = sorted({severity for way in ways for severity in way.severities})
    article = {"error": "an error", "warning": "a warning"}
    kinds = " or ".join(article[severity] for severity in severities).capitalize()
    yield f"### {code}\n"
    yield f"{kinds}. {SENTENCES.get(code, '')}".rstrip()
    yield ""
    told: set[str] = set()
    for problem, hints in sorted(_ways(ways), key=lambda way: not _WORDS.search(way[0])):
        words = [_tidy(problem)] if _WORDS.search(problem) else []
        advice = [f"→ {_tidy(hint)}" for hint in hints if _WORDS.search(hint)]
        if words or not told.issuperset(advice):
            yield "- " + "\n  ".join((*words, *advice))
        told.update(advice)
    yield ""


def _ways(templates: list[Template]) -> dict[tuple[str, tuple[str, ...]], None]:
    """Problems with their hints, each once."""
    return dict.fromkeys((template.problem, template.hints) for template in templates)


def _tidy(text: str) -> str:
    """Words for the page; of gaps that touch one another one is enough."""
    return as_written(re.sub(rf"{GAP}{{2,}}", GAP, text))


def _effects() -> Iterator[Template]:
    """What a yank does to others: the code is made of the effect's name."""
    hints = (
        "yank them too, or release a fix first",
        "take the yank of what they require back as well, or release a fix",
    )
    for effect, words in withdrawal_checks._EFFECTS.items():
        code = effect.name.lower().replace("_", "-")
        room = "planning.withdrawal_checks"
        yield Template(code, f"{words}: {GAP}", hints, ("warning",), room)
