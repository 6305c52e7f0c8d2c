"""Towncrier renders the sections of all members: one call of its command, in a scratch folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.utils import NormalizedName

from monorelease.errors import TowncrierFailed
from monorelease.formats.markdown import plain
from monorelease.formats.notes import Section
from monorelease.formats.towncrier_project import lay_out, read_back
from monorelease.model.config import Towncrier

if TYPE_CHECKING:
    from monorelease.adapters.module import Ended

SECONDS = 120.0
"""Longer than any release takes; a template that loops for ever takes longer."""


@contextmanager
def rendering(
    sections: Mapping[NormalizedName, Section],
    towncrier: Towncrier,
    *,
    template: str | None,
    date: str,
) -> Iterator[Callable[[], dict[NormalizedName, str]]]:
    """Let towncrier begin; what is yielded waits for it, and gives each section as Markdown.

    Each has its title, no blank lines at either end and one newline at the last, as towncrier
    renders a project of that alone, but where its output would be broken or left to chance: a
    link behind code, a table or a quote stands in a paragraph of its own, and entries with equal
    links are sorted.

    Args:
        sections: what is to be said, by member; the answer has their order.
        towncrier: the categories of all notes, the title and the links.
        template: the text of the repository's own template; None for towncrier's.
        date: as it is to be printed.

    Raises:
        TowncrierFailed: with what towncrier says, or because it took longer than `SECONDS`;
            also from what is yielded.
    """
    if not sections:
        yield dict
        return
    from tempfile import TemporaryDirectory

    from monorelease.adapters.module import running

    wanted = tuple(sections.values())
    source = _default_template() if template is None else template
    options = ["--config=towncrier.toml", "--dir=.", "--version=0", f"--date={plain(date)}"]
    with ExitStack() as stack:
        try:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="monorelease-")))
            _write(lay_out(wanted, towncrier, source), folder)
            words = ["build", "--draft", *options]
            run = stack.enter_context(running("towncrier", words, folder))
        except OSError as error:
            raise TowncrierFailed(
                f"towncrier could not be run: {error.strerror or error}",
                where=error.filename or "",
                hint="its scratch folder needs room; TMPDIR can name another one",
            ) from error

        def finish() -> dict[NormalizedName, str]:
            printed = _printed(run.wait(SECONDS), towncrier)
            return dict(zip(sections, read_back(printed, wanted, towncrier, date), strict=True))

        yield finish


def render(
    sections: Mapping[NormalizedName, Section],
    towncrier: Towncrier,
    *,
    template: str | None,
    date: str,
) -> dict[NormalizedName, str]:
    """What `rendering` gives, waited for."""
    with rendering(sections, towncrier, template=template, date=date) as finish:
        return finish()


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


def _printed(ended: Ended, towncrier: Towncrier) -> str:
    """What ``towncrier build --draft`` printed."""
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
