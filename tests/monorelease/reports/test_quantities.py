from __future__ import annotations

from math import isclose

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monorelease.reports.quantities import duration_text, size_text, speed_text

BYTES = {"B": 1, "kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (1, "1 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (1_250, "1.2 kB"),
        (9_949, "9.9 kB"),
        (9_951, "10 kB"),
        (81_234, "81 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (1_234_567, "1.2 MB"),
        (4_200_000_000, "4.2 GB"),
        (8_000_000_000_000, "8000 GB"),
    ],
)
def test_a_size_has_a_unit_of_its_own(size: int, text: str) -> None:
    assert size_text(size) == text


@pytest.mark.property
@given(size=st.integers(1, 10**12))
@example(size=999_500)
def test_a_size_can_be_read_back(size: int) -> None:
    amount, unit = size_text(size).split()

    assert isclose(float(amount) * BYTES[unit], size, rel_tol=0.051)
    assert float(amount) < 1000 or unit == "GB"


@pytest.mark.property
@given(one=st.integers(0, 10**12), other=st.integers(0, 10**12))
def test_a_larger_file_is_never_shown_as_the_smaller_one(one: int, other: int) -> None:
    shown = []
    for size in sorted((one, other)):
        amount, unit = size_text(size).split()
        shown.append(float(amount) * BYTES[unit])

    assert shown == sorted(shown)


def test_a_speed_is_a_size_a_second() -> None:
    assert speed_text(81_234, 0.5) == "162 kB/s"


def test_what_took_no_time_has_no_speed() -> None:
    assert speed_text(81_234, 0.0) == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, ""),
        (0.004, "0.1 s"),
        (0.42, "0.4 s"),
        (9.4, "9.4 s"),
        (9.6, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (125, "2 min 5 s"),
    ],
)
def test_a_time_is_as_exact_as_anybody_wants_it(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text
