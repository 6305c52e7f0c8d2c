from __future__ import annotations

import pytest

from values import fragment


@pytest.mark.parametrize(
    ("name", "number"), [("1042.fix.md", 1042), ("+slug.fix.md", None), ("²٣.fix.md", None)]
)
def test_the_number_of_a_fragment_is_in_its_file_name(name: str, number: int | None) -> None:
    assert fragment(name).number == number
