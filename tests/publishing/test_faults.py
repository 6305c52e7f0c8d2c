"""Whatever goes wrong, the same command again ends right: nothing twice, nothing lost.

The table in ``docs/faults.md`` is what came out here; ``pytest --update`` writes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from index_server import ALWAYS, LOGIN_PAGE, Fault, IndexServer
from monorelease.errors import ProblemsFound, ReleaseError
from monorelease.model.publication import Outcome, Publication
from publishing import EVERYTHING, FILES, TAGS, forget, publish, released, tags_here, tags_there
from sandbox import Sandbox

DOCUMENT = Path(__file__).parents[2] / "docs/faults.md"

WHEEL, SDIST = FILES["core"]
LEAF = FILES["plugin-a"][0]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One thing that goes wrong, in one place."""

    fault: str
    step: str
    faults: tuple[Fault, ...]

    @property
    def row(self) -> str:
        """The beginning of its row in the table."""
        return f"| {self.fault} | {self.step} |"


FIRST = "upload of what others require"
LATER = "upload of what nobody requires"
ASKING = "asking what is there"
WAITING = "waiting for the page"


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
    *on_upload("429 too many requests", status=429, words="Too many new projects created"),
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
)


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """What the document says, by the beginning of each row."""
    text = DOCUMENT.read_text("utf-8") if DOCUMENT.exists() else ""
    head = text.partition("| fault |")[0]
    rows = {_begin(line): line for line in text.splitlines() if line.startswith("| ")}
    yield rows
    if request.config.getoption("--update"):
        found = [rows[case.row] for case in CASES if case.row in rows]
        titles = "| fault | step | the first run | the same again |\n| --- | --- | --- | --- |"
        DOCUMENT.write_text(head + "\n".join((titles, *found, "")), "utf-8")


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, IndexServer]]:
    """A release that waits, and the index that it is for: made once, cleaned by every test."""
    with IndexServer() as index:
        yield released(tmp_path_factory.mktemp("ground"), index.simple_url, index.upload_url), index


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.fault} at {case.step}")
def test_fault(
    case: Case,
    ground: tuple[Sandbox, IndexServer],
    table: dict[str, str],
    request: pytest.FixtureRequest,
) -> None:
    sandbox, index = ground
    forget(sandbox)
    index.forget()
    index.heed(case.faults)
    first = attempt(sandbox)
    assert_sound(sandbox, index)
    index.heed(())
    index.release_pages()
    second = attempt(sandbox)

    assert index.stored == EVERYTHING
    assert accepted(index) == EVERYTHING
    assert tags_here(sandbox) == tags_there(sandbox) == TAGS
    assert publish(sandbox) is None
    row = f"{case.row} {first} | {second} |"
    if request.config.getoption("--update"):
        table[case.row] = row
    assert table[case.row] == row


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
    assert publication.is_complete == (set(counts) <= {Outcome.UPLOADED, Outcome.ALREADY_THERE})
    return f"{files or 'no files'}; {tags} tagged"


def assert_sound(sandbox: Sandbox, index: IndexServer) -> None:
    """Nothing was taken twice, and no tag speaks of what is not there."""
    assert len(accepted(index)) == len(set(accepted(index)))
    assert tags_here(sandbox) == tags_there(sandbox)
    for tag in tags_here(sandbox):
        name, _, _ = tag.rpartition("-v")
        assert set(FILES[name]) <= set(index.stored)


def accepted(index: IndexServer) -> list[str]:
    """The files that were taken, as often as they were."""
    taken = {"stored", "lost"}
    return sorted(arrival.file for arrival in index.uploads if arrival.result in taken)


def _begin(line: str) -> str:
    fault, step = line.split("|")[1:3]
    return f"|{fault}|{step}|"
