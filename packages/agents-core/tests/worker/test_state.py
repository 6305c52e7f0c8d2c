from __future__ import annotations

from dataclasses import replace

import pytest
from decisions import (
    FRESH,
    REGISTERED,
    RUNNING,
    after,
)

from agents_core.worker.effects import (
    Measured,
)
from agents_core.worker.messages import (
    JobOffered,
)
from agents_core.worker.state import Limits


def test_offers_and_fresh_jobs_take_up_room_before_they_can_be_measured() -> None:
    offers = [JobOffered(job_id=str(n), job=b"") for n in range(5)]
    limits = Limits(load_threshold=0.35, job_load=0.1, offers=99)

    state = after(REGISTERED, *offers, state=replace(FRESH, limits=limits))

    assert sorted(state.offers) == ["0", "1", "2", "3"]
    assert not state.available


def test_the_room_for_a_fresh_job_is_kept_until_the_average_shows_it() -> None:
    loads = [
        after(*[Measured(load=0.2)] * reports, state=RUNNING).expected for reports in (1, 2, 3)
    ]

    assert loads == pytest.approx([0.3, 0.2, 0.2])


def test_undecided_offers_are_bounded_even_where_no_load_is_too_high() -> None:
    limits = Limits(load_threshold=float("inf"), job_load=0.1, offers=2)
    flood = [JobOffered(job_id=str(n), job=b"") for n in range(50)]

    assert len(after(REGISTERED, *flood, state=replace(FRESH, limits=limits)).offers) == 2
