"""What is decided about a process that has to end."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.escalation import Escalation, Stage, advance, announce, ask
from agents_core.jobs.options import ProcessOptions

seconds = st.floats(0.01, 100)
patience = st.builds(
    ProcessOptions,
    deadlines=st.builds(
        Deadlines, acknowledge=seconds, terminate=seconds, entry=seconds, session=seconds
    ),
    shutdown_margin=seconds,
    dump_timeout=seconds,
)
claims = st.floats(allow_nan=True, allow_infinity=True)
happenings = st.lists(st.tuples(st.floats(0, 50), st.none() | claims), max_size=50)
DEFAULT = ProcessOptions()


@pytest.mark.property
@given(options=patience, happenings=happenings)
def test_every_process_is_killed_within_the_bound_whatever_it_claims(
    options: ProcessOptions, happenings: list[tuple[float, float | None]]
) -> None:
    now, killed, escalation = 0.0, math.inf, ask(0.0, options)
    for wait, claim in (*happenings, (1e6, None)):
        now += wait
        while escalation.until <= now:
            due = escalation.until
            escalation = advance(escalation, due, options)
            killed = due if escalation.stage is Stage.KILLED else math.inf
        if claim is not None:
            escalation = announce(escalation, now, claim, options)

    around = options.deadlines.reap + options.drain_timeout
    assert killed <= options.longest_ending - around + 1e-6
    assert escalation.until == math.inf


@pytest.mark.property
@given(options=patience, claims=st.lists(claims, min_size=1, max_size=5))
def test_a_process_that_goes_on_announcing_gains_nothing(
    options: ProcessOptions, claims: list[float]
) -> None:
    first = announce(ask(0.0, options), 0.0, claims[0], options)
    escalation = first
    for claim in claims[1:]:
        escalation = announce(escalation, first.until / 2, claim, options)

    assert escalation == first
    assert escalation.until <= options.deadlines.total + options.shutdown_margin


@pytest.mark.property
@given(options=patience, steps=st.lists(st.floats(0, 1000), max_size=20))
def test_the_stages_come_in_their_order_and_none_before_it_is_due(
    options: ProcessOptions, steps: list[float]
) -> None:
    now, escalation = 0.0, ask(0.0, options)
    seen = [escalation.stage]
    for step in steps:
        now += step
        following = advance(escalation, now, options)
        assert (following is escalation) == (now < escalation.until)
        escalation = following
        seen.append(escalation.stage)

    assert seen == sorted(seen)


def test_a_process_that_ends_by_itself_has_all_the_time_of_its_steps() -> None:
    escalation = announce(None, 5.0, DEFAULT.deadlines.total, DEFAULT)

    assert escalation == Escalation(
        stage=Stage.ANNOUNCED, until=5.0 + DEFAULT.deadlines.total + DEFAULT.shutdown_margin
    )


def test_an_announcement_that_comes_when_it_is_being_killed_is_too_late() -> None:
    terminating = Escalation(stage=Stage.TERMINATING, until=7.0)

    assert announce(terminating, 6.0, 1.0, DEFAULT) is terminating


def test_the_road_of_a_process_that_does_nothing() -> None:
    escalation = ask(0.0, DEFAULT)
    road = []
    while escalation.stage is not Stage.KILLED:
        road.append((escalation.stage.name, round(escalation.until, 3)))
        escalation = advance(escalation, escalation.until, DEFAULT)

    assert road == [("ASKED", 5.0), ("DUMPING", 6.0), ("TERMINATING", 11.0)]
