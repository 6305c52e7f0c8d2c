"""A proposal as JSON: what one job tells and another reads, believing nothing but its form."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.errors import BadProposal
from monorelease.formats.proposal_limits import (
    MOST_CAUSES,
    MOST_FINDINGS,
    MOST_FRAGMENTS,
    MOST_MEMBERS,
    is_category,
    is_line,
    is_name,
    is_notes,
    is_path,
)
from monorelease.formats.strict_json import (
    Fields,
    Read,
    kind_of,
    parse_strictly,
    text_that,
    tuple_of,
)
from monorelease.model.bump import Bump
from monorelease.model.finding import Finding, Severity
from monorelease.model.proposal import Proposal, ProposedFragment, ProposedRelease
from monorelease.model.version import read_version

SCHEMA = 1
"""Raised when a program that reads proposals would have to be changed."""

LARGEST = 8 * 1024 * 1024
"""Bytes; more are not even parsed."""

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LAST_LINE = 10_000_000


def proposal_value(proposal: Proposal) -> dict[str, object]:
    """The proposal in types that `json.dumps` takes."""
    return {
        "schema": SCHEMA,
        "head": proposal.head,
        "releases": [_release_value(release) for release in proposal.releases],
        "fragments": [
            {"path": str(f.path), "bumps": {name: bump.word for name, bump in f.bumps}}
            for f in proposal.fragments
        ],
        "touched": list(proposal.touched),
        "untold": list(proposal.untold),
        "notes": proposal.notes,
        "findings": [_finding_value(finding) for finding in proposal.findings],
        "elsewhere": [_finding_value(finding) for finding in proposal.elsewhere],
        "directory": proposal.directory,
        "category": proposal.category,
        "releases_itself": proposal.releases_itself,
    }


def parse_proposal(data: bytes) -> Proposal:
    """The proposal that `data` is, from whoever made it.

    Every field is there, and no other; every text is short, and holds nothing that steers what
    shows it; names are normalised, versions are PEP 440's, paths stay in the repository.

    Raises:
        BadProposal: it is none.
    """
    try:
        return _proposal(parse_strictly(data, LARGEST))
    except ValueError as error:
        problem = str(error)
    raise BadProposal(
        f"this is no proposal of a pull request: {problem}",
        hint="make it with `monorelease comment --json`, of the same version",
    )


def _release_value(release: ProposedRelease) -> dict[str, object]:
    return {
        "name": release.name,
        "bump": release.bump.word,
        "from": release.current,
        "to": release.target,
        "private": release.private,
        "why": list(release.why),
    }


def _finding_value(finding: Finding) -> dict[str, object]:
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "problem": finding.problem,
        "hint": finding.hint,
        "path": None if finding.path is None else str(finding.path),
        "line": finding.line,
    }


def _proposal(found: object) -> Proposal:
    fields = Fields(found, "the proposal")
    if fields.take("schema", kind_of(int, "a number")) != SCHEMA:
        raise ValueError(f"its schema is not {SCHEMA}")
    proposal = Proposal(
        head=fields.take("head", text_that("the name of a commit", _COMMIT.fullmatch)),
        releases=fields.take("releases", tuple_of(_release, MOST_MEMBERS)),
        fragments=fields.take("fragments", tuple_of(_fragment, MOST_FRAGMENTS)),
        touched=fields.take("touched", tuple_of(_name, MOST_MEMBERS)),
        untold=fields.take("untold", tuple_of(_name, MOST_MEMBERS)),
        notes=fields.take("notes", text_that("notes", is_notes)),
        findings=fields.take("findings", tuple_of(_finding, MOST_FINDINGS)),
        elsewhere=fields.take("elsewhere", tuple_of(_finding, MOST_FINDINGS)),
        directory=str(fields.take("directory", _path)),
        category=fields.take("category", text_that("a category", is_category)),
        releases_itself=fields.take("releases_itself", _FLAG),
    )
    fields.demand_empty()
    return proposal


def _release(found: object) -> ProposedRelease:
    fields = Fields(found, "a release")
    release = ProposedRelease(
        name=fields.take("name", _name),
        bump=fields.take("bump", _bump),
        current=fields.take("from", _VERSION),
        target=fields.take("to", _VERSION),
        private=fields.take("private", _FLAG),
        why=fields.take("why", tuple_of(_LINE, MOST_CAUSES)),
    )
    fields.demand_empty()
    return release


def _fragment(found: object) -> ProposedFragment:
    fields = Fields(found, "a fragment")
    path = fields.take("path", _path)
    bumps = fields.take("bumps", kind_of(dict, "an object"))
    fields.demand_empty()
    if len(bumps) > MOST_MEMBERS:
        raise ValueError(f"a fragment names more than {MOST_MEMBERS:,} members")
    return ProposedFragment(
        path=path, bumps=tuple((_name(name), _bump(word)) for name, word in bumps.items())
    )


def _finding(found: object) -> Finding:
    fields = Fields(found, "a finding")
    finding = Finding(
        severity=Severity(fields.take("severity", _SEVERITY)),
        code=fields.take("code", text_that("a code", _CODE.fullmatch)),
        problem=fields.take("problem", _LINE),
        hint=fields.take("hint", _LINE),
        path=fields.take("path", lambda path: None if path is None else _path(path)),
        line=fields.take("line", lambda line: None if line is None else _line_number(line)),
    )
    fields.demand_empty()
    return finding


def _name(found: object) -> NormalizedName:
    return NormalizedName(text_that("a normalised name", is_name)(found))


def _bump(found: object) -> Bump:
    words = {bump.word: bump for bump in Bump}
    return words[text_that("a bump", words.__contains__)(found)]


def _path(found: object) -> PurePosixPath:
    return PurePosixPath(text_that("a path in the repository", is_path)(found))


def _line_number(found: object) -> int:
    line = kind_of(int, "a number")(found)
    if not 1 <= line <= _LAST_LINE:
        raise ValueError(f"{line} is no line")
    return line


_FLAG: Read[bool] = kind_of(bool, "true or false")
_LINE: Read[str] = text_that("one short line", is_line)
_VERSION: Read[str] = text_that("a version", lambda text: is_line(text) and read_version(text))
_SEVERITY: Read[str] = text_that("a severity", frozenset(Severity).__contains__)
