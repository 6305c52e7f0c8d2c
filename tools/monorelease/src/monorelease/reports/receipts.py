"""What became of everything that was to be published, file by file and at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monorelease.model.artifact import Artifact
from monorelease.model.publication import Outcome, Publication, Receipt, Sent
from monorelease.model.words import counted
from monorelease.reports.artifacts import files_text, total_text
from monorelease.reports.printable import printable, printable_lines
from monorelease.reports.publication import wrapped
from monorelease.reports.quantities import duration_text, size_text, speed_text
from monorelease.reports.terminal import PLAIN, Palette, aligned


def file_progress(artifact: Artifact, sent: Sent) -> str:
    """One line on a file that the index has answered on, for who waits."""
    fate = f"not taken: {sent.refusal.words}" if sent.refusal else Outcome.UPLOADED.value
    size, seconds = artifact.size, sent.seconds
    facts = (size_text(size), duration_text(seconds), speed_text(size, seconds), fate)
    return printable("  ".join((artifact.filename, *filter(None, facts))))


def receipts_text(
    publication: Publication, palette: Palette = PLAIN, *, simple_url: str = ""
) -> str:
    """A row for all files of a member that fared alike; then what went wrong, and what to do.

    With `simple_url`, where nothing went wrong, also how installers find the index beside the
    one that has what others made.
    """
    index = printable(publication.plan.index.name)
    lines = [f"{palette.bold}Receipts of {index}{palette.off}"]
    if publication.receipts:
        lines += ["", *_table(publication.receipts, palette), "", _total(publication)]
    for problem in _problems(publication, palette):
        lines += ["", *problem]
    tags, announced = _tags(publication), len(publication.announced)
    lines += ["", tags] if tags else []
    if publication.plan.announcements:  # else there is no forge, and the notes follow
        lines += ["", f"{counted(announced, 'version')} announced"]
    if publication.rolled_up:
        lines += ["", f"All on one page: {printable(publication.rolled_up)}"]
    lines += ["", _end(publication, palette)]
    if publication.is_complete and simple_url:
        url = printable(simple_url)
        lines.append(f"Try it: uv pip install --index {url} NAME")
        lines.append(f"   (or pip install --extra-index-url {url} NAME)")
    return "\n".join(lines) + "\n"


def _table(receipts: Sequence[Receipt], palette: Palette) -> Iterator[str]:
    colours = {Outcome.FAILED: palette.red, Outcome.HELD_BACK: palette.yellow}
    alike: dict[tuple[str, Outcome], list[Receipt]] = {}
    for receipt in receipts:
        alike.setdefault((receipt.name, receipt.outcome), []).append(receipt)
    rows = aligned([_row(group) for group in alike.values()])
    for (_, outcome), line in zip(alike, rows, strict=True):
        colour = colours.get(outcome, "")
        yield f"{colour}{line}{palette.off}" if colour else line


def _row(receipts: Sequence[Receipt]) -> tuple[str, ...]:
    first = receipts[0]
    artifacts = [receipt.artifact for receipt in receipts]
    size = sum(artifact.size for artifact in artifacts)
    # What was not sent took no time, and what was refused had no speed.
    seconds = sum(receipt.seconds for receipt in receipts)
    speed = speed_text(size, seconds) if first.outcome is Outcome.UPLOADED else ""
    return (
        first.name,
        str(first.version),
        files_text(artifacts),
        first.outcome.value,
        duration_text(seconds),
        speed,
    )


def _total(publication: Publication) -> str:
    uploaded = [r.artifact for r in publication.receipts if r.outcome is Outcome.UPLOADED]
    seconds = duration_text(publication.seconds)
    return f"{total_text(uploaded)} uploaded{f' in {seconds}' if seconds else ''}"


def _problems(publication: Publication, palette: Palette) -> Iterator[list[str]]:
    """Each reason once, below whom it stopped; the index's own words are indented."""
    stopped: dict[tuple[Outcome, str], dict[str, None]] = {}
    for receipt in publication.receipts:
        is_failed = receipt.outcome is Outcome.FAILED
        if is_failed or receipt.outcome is Outcome.HELD_BACK:
            name = receipt.artifact.filename if is_failed else receipt.name
            stopped.setdefault((receipt.outcome, receipt.why), {})[name] = None
    for (outcome, why), names in stopped.items():
        colour = palette.red if outcome is Outcome.FAILED else palette.yellow
        yield [f"{colour}{outcome.value}{palette.off}:", *wrapped(names), *_quoted(why)]
    refused: dict[str, list[str]] = {}
    for each in publication.tags:
        if each.why:
            refused.setdefault(each.why, []).append(each.tag.name)
    for why, tags in refused.items():
        yield [f"{palette.red}tags{palette.off}:", *wrapped(tags), *_quoted(why)]
    if publication.trouble:
        yield [f"{palette.red}not announced{palette.off}:", *_quoted(publication.trouble)]


def _quoted(words: str) -> list[str]:
    return [f"    {line}" for line in printable_lines(words).split("\n")]


def _tags(publication: Publication) -> str:
    made = sum(receipt.is_made and receipt.tag.make for receipt in publication.tags)
    pushed = sum(receipt.is_pushed and receipt.tag.push for receipt in publication.tags)
    counts = [f"{counted(made, 'tag')} made"] * bool(made)
    counts += [f"{counted(pushed, 'tag')} pushed"] * bool(pushed)
    return ", ".join(counts)


def _end(publication: Publication, palette: Palette) -> str:
    if publication.is_complete:
        return f"{palette.green}Complete{palette.off}: nothing is left to do."
    return (
        f"{palette.red}Not complete{palette.off}: "
        "run the same command again, and it goes on where it stopped."
    )
