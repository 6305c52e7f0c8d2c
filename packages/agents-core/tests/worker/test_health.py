from __future__ import annotations

from dataclasses import replace

import pytest

from agents_core.jobs.counters import PoolMetrics
from agents_core.worker.health import PoolHealth, Snapshot, health, identity

WELL = Snapshot(
    agent_name="ann",
    worker_type="JT_ROOM",
    sdk_version="1.2",
    active_jobs=2,
    load=0.123456,
    registered=True,
    draining=False,
)
POOL = PoolMetrics(
    starts=0,
    initialize_failures=0,
    ended=0,
    idle=0,
    initializing=0,
    running=0,
    forced_kills=(),
    deaths=(),
    steps=(),
)


def test_a_worker_that_can_take_jobs_is_well() -> None:
    assert health(WELL) == (200, "OK")


@pytest.mark.parametrize(
    ("snapshot", "reason"),
    [
        pytest.param(replace(WELL, registered=False), "not connected", id="disconnected"),
        pytest.param(replace(WELL, draining=True), "draining", id="draining"),
        pytest.param(replace(WELL, pool_problem="no process"), "no process", id="pool"),
        pytest.param(replace(WELL, draining=True, registered=False), "draining", id="both"),
    ],
)
def test_a_worker_that_can_take_none_says_why(snapshot: Snapshot, reason: str) -> None:
    status, text = health(snapshot)

    assert status == 503
    assert reason in text


def test_a_worker_tells_who_it_is() -> None:
    assert identity(WELL) == {
        "agent_name": "ann",
        "worker_type": "JT_ROOM",
        "active_jobs": 2,
        "sdk_version": "1.2",
        "project_type": "python",
        "worker_load": 0.1235,
    }


def test_a_pool_is_unwell_from_its_first_failure_to_its_next_success() -> None:
    pool = PoolHealth()

    failing = replace(POOL, initialize_failures=2)
    assert pool.problem(POOL) == ""
    assert "2 failed" in pool.problem(failing)
    assert pool.problem(replace(failing, idle=1)) == ""
    assert pool.problem(failing) == "", "what was forgiven stays forgiven"
    assert "1 failed" in pool.problem(replace(POOL, initialize_failures=3))
