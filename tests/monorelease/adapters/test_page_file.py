from __future__ import annotations

import os
from pathlib import Path

import pytest

from monorelease.adapters.page_file import write_page
from monorelease.errors import TreeNotWritable, UsageProblem

MARK = "made by us"


def test_a_page_is_written_with_the_folders_above_it(tmp_path: Path) -> None:
    place = tmp_path / "a" / "b.html"

    write_page(place, f"{MARK} é\udcff", MARK)

    assert place.read_bytes() == f"{MARK} é".encode() + rb"\udcff"


def test_a_page_of_ours_is_replaced(tmp_path: Path) -> None:
    place = tmp_path / "b.html"
    write_page(place, f"{MARK} 1", MARK)

    write_page(place, f"{MARK} 2", MARK)

    assert place.read_text("utf-8") == f"{MARK} 2"


@pytest.mark.parametrize("late", ["", "x" * 5000 + MARK], ids=["without", "far-behind"])
def test_no_other_file_is_ever_written_over(tmp_path: Path, late: str) -> None:
    place = tmp_path / "pyproject.toml"
    place.write_text(f"[project]{late}", "utf-8")

    with pytest.raises(UsageProblem, match="is no page of ours"):
        write_page(place, MARK, MARK)

    assert place.read_text("utf-8") == f"[project]{late}"


def test_nor_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="is no page of ours"):
        write_page(tmp_path, MARK, MARK)


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a file", "utf-8")

    with pytest.raises(TreeNotWritable):
        write_page(tmp_path / "a" / "b.html", MARK, MARK)

    assert os.listdir(tmp_path) == ["a"]  # noqa: PTH208 - names are enough
