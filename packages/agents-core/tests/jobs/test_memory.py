"""How much memory a process has, and what is said about it."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.jobs import memory
from agents_core.jobs.memory import MemoryWarning, Verdict, judge, measure
from agents_core.jobs.options import MEGABYTE, ProcessOptions

OPTIONS = ProcessOptions(memory_warn=500 * MEGABYTE, memory_limit=800 * MEGABYTE)


def test_this_process_has_a_plausible_size() -> None:
    used = measure(os.getpid())

    assert used is not None
    assert 5 * MEGABYTE < used < 4000 * MEGABYTE


def test_memory_that_is_taken_is_seen() -> None:
    before = measure(os.getpid()) or 0
    taken = b"x" * (50 * MEGABYTE)
    after = measure(os.getpid()) or 0

    assert len(taken) - 5 * MEGABYTE < after - before < len(taken) + 5 * MEGABYTE


def test_without_proc_the_unique_pages_are_counted() -> None:
    used = memory._ask_psutil(os.getpid())

    assert used is not None
    assert used > 5 * MEGABYTE


def test_a_process_that_is_gone_has_none() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait(20)

    assert measure(process.pid) is None


@pytest.mark.parametrize(
    ("megabytes", "now", "last", "verdict"),
    [
        pytest.param(499, 0, None, Verdict.FINE, id="below"),
        pytest.param(501, 0, None, Verdict.WARN, id="first time"),
        pytest.param(540, 119, (0, 501), Verdict.FINE, id="told just now"),
        pytest.param(540, 120, (0, 501), Verdict.WARN, id="told long ago"),
        pytest.param(551, 1, (0, 501), Verdict.WARN, id="has grown by a step"),
        pytest.param(801, 0, None, Verdict.TOO_BIG, id="over the limit"),
    ],
)
def test_what_is_to_be_done(
    megabytes: int, now: float, last: tuple[float, int] | None, verdict: Verdict
) -> None:
    told = None if last is None else MemoryWarning(at=last[0], used=last[1] * MEGABYTE)

    assert judge(megabytes * MEGABYTE, now, told, OPTIONS) is verdict


@pytest.mark.property
@given(used=st.integers(0, 2**50), now=st.floats(0, 1e9))
def test_zero_means_never(used: int, now: float) -> None:
    options = ProcessOptions(memory_warn=0, memory_limit=0)

    assert judge(used, now, None, options) is Verdict.FINE


@pytest.mark.property
@given(sizes=st.lists(st.integers(501, 799), min_size=1, max_size=200))
def test_a_size_that_goes_up_and_down_is_not_told_again_and_again(sizes: list[int]) -> None:
    told: list[MemoryWarning] = []
    for place, size in enumerate(sizes):
        now = place * 5.0
        last = told[-1] if told else None
        if judge(size * MEGABYTE, now, last, OPTIONS) is Verdict.WARN:
            told.append(MemoryWarning(at=now, used=size * MEGABYTE))

    assert told[0].at == 0.0
    for one, other in pairwise(told):
        assert other.at - one.at >= 120 or other.used - one.used >= 50 * MEGABYTE
