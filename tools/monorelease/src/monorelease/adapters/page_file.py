"""Write a page where somebody wants it, and never over a file that is no page of ours."""

from __future__ import annotations

from pathlib import Path

from monorelease.adapters.content import Content, put, refusal
from monorelease.errors import UsageProblem

_BEGINNING = 2048
"""Bytes of a file in which it says what it is."""


def write_page(place: Path, page: str, mark: str) -> None:
    """Let `place` hold `page`, whole at any moment; folders that are missing are made.

    Args:
        place: perhaps a page of an earlier run, which is replaced.
        page: text; what UTF-8 cannot spell is written as an escape.
        mark: words near the beginning by which our pages are known.

    Raises:
        UsageProblem: there is another file already.
        TreeNotWritable: the disk refuses.
    """
    try:
        if place.exists() and not _is_ours(place, mark):
            raise UsageProblem(
                f"{place} is there already, and is no page of ours",
                hint="choose another name, or remove it",
            )
        put(place, Content(data=page.encode("utf-8", "backslashreplace"), mode=None))
    except OSError as error:
        raise refusal(error, place) from error


def _is_ours(place: Path, mark: str) -> bool:
    if not place.is_file():
        return False
    with place.open("rb") as file:
        return mark.encode() in file.read(_BEGINNING)
