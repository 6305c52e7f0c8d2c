"""Endings by a worker that starts its job processes in another way than by the fork server."""

from __future__ import annotations

from pathlib import Path

import pytest
from lived_worker import BOUND, living, runs
from shim import counting, marks_by_process

from agents_core.testing.room import RoomProcess

WELL = ["initialize", "callback", "callback", "dispose begins", "dispose ends"]
JOBS = {
    "stays": ("success", WELL),
    "raises": ("failed", WELL),
    "callback_never_returns": ("success", WELL),
    "dispose_hangs": ("success", WELL[:-1]),
}


@pytest.mark.clean_process
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_each_job_is_gone_in_time_and_leaves_its_room_with_a_word(
    stand_in: RoomProcess, tmp_path: Path, method: str
) -> None:
    environ = counting(tmp_path, tmp_path / "marks")
    with living(
        stand_in, environ=environ, agent_name=method, multiprocessing_context=method
    ) as worker:
        jobs = {
            does: stand_in.dispatch(
                room=f"{does} by {method}", agent_name=method, metadata=does, within=30
            )["job"]
            for does in JOBS
        }
        pids = {does: worker.pid_of(job) for does, job in jobs.items()}
        for job in jobs.values():
            stand_in.terminate(job)

        for does, job in jobs.items():
            gone = worker.gone(job)
            [begun] = [line for line in worker.log(job=job) if "the job shuts down" in line.said]
            assert gone.at - begun.at < BOUND
            assert not runs(pids[does])
            status, marks = JOBS[does]
            stand_in.wait_for("job_status", job=job, status=status)
            assert stand_in.wait_for("leave", f"agent-{job}")["reason"] == "CLIENT_INITIATED"
            # Of jobs that end at once, one is now and then gone before its close frame is.
            stand_in.wait_for("closed", f"agent-{job}")
            assert marks_by_process(tmp_path / "marks")[pids[does]] == marks
        assert worker.end() == 0
