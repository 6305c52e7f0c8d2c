"""Whatever goes wrong, the same command again ends right: nothing twice, nothing lost.

The table in ``docs/faults.md`` is what came out here; ``pytest --update`` writes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fault_table import FaultTable
from index_server import ALWAYS, LOGIN_PAGE, Fault, IndexServer
from monorelease.errors import ProblemsFound, ReleaseError
from monorelease.model.publication import Outcome, Publication
from publishing import EVERYTHING, FILES, TAGS, forget, publish, released, tags_here, tags_there
from sandbox import Sandbox

WHEEL, SDIST = FILES["core"]
LEAF = FILES["plugin-a"][0]

Ground = tuple[Sandbox, IndexServer]
Act = Callable[[Sandbox, IndexServer], None]


def nothing(_sandbox: Sandbox, _index: IndexServer) -> None:
    """No more than the faults of the index."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One thing that goes wrong, in one place, until it is mended."""

    fault: str
    step: str
    faults: tuple[Fault, ...] = ()
    arrange: Act = nothing
    mend: Act = nothing


FIRST = "upload of what others require"
LATER = "upload of what nobody requires"
ASKING = "asking what is there"
WAITING = "waiting for the page"
CHECKING = "checks before the first upload"


def on_upload(fault: str, **what: object) -> Iterator[Case]:
    """The same fault with both kinds of uploads."""
    for step, file in ((FIRST, WHEEL), (LATER, LEAF)):
        yield Case(
            fault=fault,
            step=step,
            faults=(Fault(on="upload", file=file, **what),),  # type: ignore[arg-type]
        )


def on_page(fault: str, step: str, number: int | None = None, **what: object) -> Case:
    """A fault of the page of the package that others require."""
    page = Fault(on="page", file="core", number=number, **what)  # type: ignore[arg-type]
    return Case(fault=fault, step=step, faults=(page,))


CASES = (
    *on_upload("429 too many requests", status=429, words="Too many requests", seconds=0.5),
    *on_upload("403 forbidden", status=403, words="Invalid or non-existent authentication"),
    *on_upload("400 invalid metadata", status=400, words="Invalid value for classifiers"),
    *on_upload("500, once", status=500),
    *on_upload("500, lasting", status=500, times=3),
    *on_upload("slow answer", seconds=0.5),
    *on_upload("connection cut in the middle, once", cut=True),
    *on_upload("connection cut in the middle, lasting", cut=True, times=3),
    *on_upload("stored, and the answer lost", lost=True),
    on_page("500, once", ASKING, status=500),
    on_page("500, lasting", ASKING, status=500, times=ALWAYS),
    on_page("login page", ASKING, status=200, words=LOGIN_PAGE, times=ALWAYS),
    on_page("connection cut", ASKING, cut=True),
    on_page("slow answer", ASKING, seconds=0.5),
    on_page("page is late", WAITING, stale=True, times=3),
    on_page("page does not come", WAITING, stale=True, times=ALWAYS),
    on_page("page tells other hashes", WAITING, wrong_hash=True, times=ALWAYS),
    Case(
        fault="other bytes by the same name",
        step=ASKING,
        arrange=lambda _, index: index.add("core", {SDIST: b"other"}),
        mend=lambda _, index: index.forget(),
    ),
    Case(
        fault="tag on another commit, here",
        step=CHECKING,
        arrange=lambda sandbox, _: tag_here(sandbox, TAGS[0], "HEAD~1"),
        mend=lambda sandbox, _: forget(sandbox),
    ),
    Case(
        fault="tag on another commit, on the remote",
        step=CHECKING,
        arrange=lambda sandbox, _: tag_there(sandbox, TAGS[0], "HEAD~1"),
        mend=lambda sandbox, _: forget(sandbox),
    ),
    Case(
        fault="the remote takes no tag",
        step="push",
        arrange=lambda sandbox, _: refuse_pushes(sandbox),
        mend=lambda sandbox, _: hook_of(sandbox).unlink(),
    ),
    Case(
        fault="the remote is gone",
        step=ASKING,
        arrange=lambda sandbox, _: move(sandbox, "origin.git", "elsewhere"),
        mend=lambda sandbox, _: move(sandbox, "elsewhere", "origin.git"),
    ),
)


def tag_here(sandbox: Sandbox, tag: str, commit: str) -> None:
    """A tag that was never pushed."""
    sandbox.git("tag", tag, commit)


def tag_there(sandbox: Sandbox, tag: str, commit: str) -> None:
    """A tag that only the remote has."""
    sandbox.git("push", "--quiet", "origin", f"{commit}:refs/tags/{tag}")


def hook_of(sandbox: Sandbox) -> Path:
    """What the remote asks of every push."""
    return sandbox.root.parent / "origin.git/hooks/pre-receive"


def refuse_pushes(sandbox: Sandbox) -> None:
    """From now on."""
    hook_of(sandbox).write_text("#!/bin/sh\nexit 1\n")
    hook_of(sandbox).chmod(0o755)


def move(sandbox: Sandbox, name: str, new: str) -> None:
    """Give the remote another place."""
    (sandbox.root.parent / name).rename(sandbox.root.parent / new)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, IndexServer]]:
    """A release that waits, and the index that it is for: made once, cleaned by every test."""
    with IndexServer() as index:
        yield released(tmp_path_factory.mktemp("ground"), index.simple_url, index.upload_url), index


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.fault} at {case.step}")
def test_fault(case: Case, ground: Ground, table: FaultTable) -> None:
    sandbox, index = ground
    forget(sandbox)
    index.forget()
    index.heed(case.faults)
    case.arrange(sandbox, index)
    first = attempt(sandbox)
    assert len(accepted(index)) == len(set(accepted(index)))
    case.mend(sandbox, index)
    assert_tags_tell_the_truth(sandbox, index)
    index.heed(())
    index.release_pages()
    second = attempt(sandbox)

    assert index.stored == EVERYTHING
    assert accepted(index) == EVERYTHING
    assert tags_here(sandbox) == tags_there(sandbox) == TAGS
    assert publish(sandbox) is None
    table.tell(case.fault, case.step, first, second)


def attempt(sandbox: Sandbox) -> str:
    """What a run comes to, in a few words."""
    try:
        publication = publish(sandbox)
    except ProblemsFound as problems:
        return f"refused: {', '.join(sorted({f.code for f in problems.findings if f.is_error}))}"
    except ReleaseError as error:
        return f"ended before the first upload: {type(error).__name__}"
    return "nothing to do" if publication is None else words_for(publication)


def words_for(publication: Publication) -> str:
    """How many files fared how, and what was tagged."""
    counts = Counter(receipt.outcome for receipt in publication.receipts)
    files = ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome if counts[outcome])
    tags = sum(receipt.is_pushed for receipt in publication.tags)
    is_there = set(counts) <= {Outcome.UPLOADED, Outcome.ALREADY_THERE}
    assert publication.is_complete == (is_there and not any(r.why for r in publication.tags))
    return f"{files or 'no files'}; {tags} tagged"


def assert_tags_tell_the_truth(sandbox: Sandbox, index: IndexServer) -> None:
    """No tag that the remote has speaks of what is not on the index whole."""
    for tag in tags_there(sandbox):
        name, _, _ = tag.rpartition("-v")
        assert set(FILES[name]) <= set(index.stored)


def accepted(index: IndexServer) -> list[str]:
    """The files that were taken, as often as they were."""
    taken = {"stored", "lost"}
    return sorted(arrival.file for arrival in index.uploads if arrival.result in taken)
