"""Fragments from a pull request: blocks in its body, else its labels, else its title."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.errors import ProblemsFound
from monorelease.formats.commits import read_title
from monorelease.formats.fragment_codes import mistake, quoted
from monorelease.formats.fragment_names import fragment_name
from monorelease.formats.fragments import parse_fragment
from monorelease.formats.pull_request_words import Block, blocks_in, bumps_labelled
from monorelease.model.bump import Bump
from monorelease.model.config import Towncrier
from monorelease.model.finding import Finding
from monorelease.model.forge import PullRequest
from monorelease.model.guess import suggestion
from monorelease.model.intent import Intent
from monorelease.model.value import replace
from monorelease.model.words import some_of
from monorelease.planning.categories import category_for
from monorelease.planning.intents import intents_of_request
from monorelease.workflows.authoring import Drafted, draft_fragments
from monorelease.workflows.branch import Branch, Spoken, spoken_of
from monorelease.workflows.read import Snapshot

Names = Collection[NormalizedName]


def draft_from_request(branch: Branch, request: PullRequest, *, everyone: bool = False) -> Drafted:
    """What the pull request says, in the place of what it said before.

    Fragments that were made of it earlier are written anew, or go. Those that a person has
    edited, or written, stay; their members are left alone, unless `everyone` is meant.

    Raises:
        ProblemsFound: a block is no fragment, labels contradict one another, or a fragment
            would not pass `check`.
    """
    source = f"from pull request {request.number}"
    spoken = spoken_of(branch, source)
    taken = frozenset() if everyone else spoken.names
    blocks = blocks_in(request.body)
    said: Sequence[Intent]
    if blocks:
        said = _of_blocks(blocks, request.number, branch.snapshot)
    else:
        said = _of_words(branch, request, taken)
    intents = [intent for whole in said if (intent := _without(whole, taken)) is not None]
    return draft_fragments(
        branch.snapshot,
        intents,
        source=source,
        replaced=spoken.replaceable,
        story=_story(branch, spoken, taken, is_silent=not said),
    )


def _of_blocks(blocks: Sequence[Block], number: int, snapshot: Snapshot) -> list[Intent]:
    """What the blocks say.

    Raises:
        ProblemsFound: what is wrong with any of them, also with the names in the others.
    """
    intents, findings = [], list[Finding]()
    for block in blocks:
        intent, problems = _of_block(block, number, snapshot.config.towncrier)
        findings += problems
        intents += [] if intent is None else [intent]
    if not findings:
        return intents
    try:
        draft_fragments(snapshot, intents)
    except ProblemsFound as more:
        findings += more.findings
    raise ProblemsFound(tuple(findings))


def _of_block(block: Block, number: int, look: Towncrier) -> tuple[Intent | None, list[Finding]]:
    """What a block says, or what is wrong with it, in lines of the body."""
    known = [category.directory for category in look.categories]
    path = PurePosixPath(fragment_name(str(number), known[0]))
    fragment, findings = parse_fragment(path, block.content.encode(), known)
    if block.category and block.category not in known:
        findings = (_unknown_category(block.category, known, path), *findings)
    told = [_in_body(finding, block) for finding in findings]
    if fragment is None:
        return None, told
    bumps = {entry.name: entry.bump for entry in fragment.entries}
    usual = category_for(max(bumps.values(), default=Bump.NONE), look.categories)
    category = block.category or usual
    return Intent(bumps=bumps, category=category, id=str(number), text=fragment.text), told


def _unknown_category(word: str, known: Sequence[str], path: PurePosixPath) -> Finding:
    hint = suggestion(word, known, otherwise=f"the categories are: {', '.join(known)}")
    problem = f"{quoted(word)} is not a category"
    return mistake("unknown-category", problem, path=path, hint=hint)


def _in_body(finding: Finding, block: Block) -> Finding:
    line = block.line + (finding.line or 0)
    problem = f"the pull request's body, line {line}: {finding.problem}"
    return replace(finding, problem=problem, path=None, line=None)


def _of_words(branch: Branch, request: PullRequest, taken: Names) -> Sequence[Intent]:
    labels = bumps_labelled(request.labels)
    if Bump.NONE in labels and len(labels) > 1:
        raise ProblemsFound((_contradiction(request),))
    return intents_of_request(
        replace(read_title(request.title), number=request.number),
        max(labels, default=None),
        [name for name in branch.touched if name not in taken],
        branch.snapshot.config.towncrier.categories,
    )


def _contradiction(request: PullRequest) -> Finding:
    return Finding(
        code="labels-contradict",
        problem=f"labels of pull request {request.number} ask for a release, and for none: "
        f"{some_of(request.labels)}",
        hint="take one of them off",
    )


def _without(intent: Intent, taken: Names) -> Intent | None:
    """The intent without members that others speak of; None where nobody is left."""
    left = {name: bump for name, bump in intent.bumps.items() if name not in taken}
    return replace(intent, bumps=left) if left or not intent.bumps else None


def _story(branch: Branch, spoken: Spoken, taken: Names, *, is_silent: bool) -> Iterator[str]:
    for path in spoken.edited:
        yield f"{path} has been edited since it was written: it stays as it is"
    left = [name for name in branch.touched if name in taken]
    if left:
        yield f"left alone, since a fragment of this branch names them: {some_of(left)} (or --all)"
    elif is_silent:
        yield f"nothing to write: no member has changed since {branch.base}"
