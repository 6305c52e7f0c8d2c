"""Towncrier renders the sections of all members: one call of its command, in a scratch folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from packaging.utils import NormalizedName

from monorelease.errors import TowncrierFailed
from monorelease.formats.markdown import plain
from monorelease.formats.notes import Section
from monorelease.formats.towncrier_project import lay_out, read_back
from monorelease.model.config import Towncrier

SECONDS = 120.0
"""Longer than any release takes; a template that loops for ever takes longer."""


def render(
    sections: Mapping[NormalizedName, Section],
    towncrier: Towncrier,
    *,
    template: str | None,
    date: str,
) -> dict[NormalizedName, str]:
    """Each section as Markdown, title and all, as towncrier renders a project of that alone.

    It differs where towncrier's output would be broken or left to chance: a link behind code,
    a table or a quote stands in a paragraph of its own, and entries with equal links are sorted.

    Args:
        sections: what is to be said, by member.
        towncrier: the categories of all notes, the title and the links.
        template: the text of the repository's own template; None for towncrier's.
        date: as it is to be printed.

    Returns:
        In the order given; no blank lines at either end, one newline at the last.

    Raises:
        TowncrierFailed: with what towncrier says, or because it took longer than `SECONDS`.
    """
    if not sections:
        return {}
    from tempfile import TemporaryDirectory

    wanted = tuple(sections.values())
    source = _default_template() if template is None else template
    try:
        with TemporaryDirectory(prefix="monorelease-") as folder:
            _write(lay_out(wanted, towncrier, source), Path(folder))
            printed = _build(Path(folder), towncrier, date)
    except OSError as error:
        raise TowncrierFailed(
            f"towncrier could not be run: {error.strerror or error}",
            where=error.filename or "",
            hint="its scratch folder needs room; TMPDIR can name another one",
        ) from error
    return dict(zip(sections, read_back(printed, wanted, towncrier, date), strict=True))


def _default_template() -> str:
    """The template that towncrier takes for Markdown when it is told of no other."""
    from importlib.util import find_spec

    found = find_spec("towncrier")
    if found is None or found.origin is None:
        raise TowncrierFailed("towncrier is not installed", hint="install monorelease again")
    return (Path(found.origin).parent / "templates" / "default.md").read_text("utf-8")


def _write(files: Mapping[str, str], folder: Path) -> None:
    """Write `files` below `folder`.

    A second name for a file costs a fraction of a second file, and most texts of a large
    release are in many members.
    """
    written: dict[str, Path] = {}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.hardlink_to(written[text])
        except (KeyError, OSError, NotImplementedError):
            path.write_text(text, "utf-8", newline="\n")
            written[text] = path


def _build(folder: Path, towncrier: Towncrier, date: str) -> str:
    """What ``towncrier build --draft`` prints in `folder`."""
    from monorelease.adapters.module import run_module

    options = ["--config=towncrier.toml", "--dir=.", "--version=0", f"--date={plain(date)}"]
    ended = run_module("towncrier", ["build", "--draft", *options], folder, seconds=SECONDS)
    if ended.status is None:
        raise _failed(f"took longer than {SECONDS:.0f} s", towncrier)
    if ended.status:
        raise _failed(ended.complaint, towncrier)
    return ended.output


def _failed(words: str, towncrier: Towncrier) -> TowncrierFailed:
    """Towncrier's own words, without its progress and without the way to the error."""
    told = [line for line in words.splitlines() if line.strip() and not line.endswith("...")]
    if "Traceback (most recent call last):" in told:
        told = told[-1:]
    lines = re.findall(r'File "<(?:unknown|template)>", line (\d+)', words)
    return TowncrierFailed(
        f"towncrier: {' '.join(told)}",
        where=":".join([towncrier.template, *lines[-1:]]) if towncrier.template else "",
        hint="mend [tool.towncrier], the template, or the fragment that it names",
    )
