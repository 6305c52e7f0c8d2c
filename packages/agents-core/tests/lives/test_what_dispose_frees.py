"""What is left of the native library in a job's process, when its worker's job has ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from lived_worker import living

from agents_core.testing.room import RoomProcess

JOBS = ("holds_much", "holds_a_room")
OF_TRACKS = {"network_thread", "worker_thread 0", "signaling_threa"}
OF_SOUND = "AudioSourceCapt"
OF_THE_RUNTIME = {"tokio-rt-worker", "livekit-audio"}

Inspected: TypeAlias = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def inspected(stand_in: RoomProcess, tmp_path_factory: pytest.TempPathFactory) -> Inspected:
    """What two jobs have found in themselves, when their logs were flushed: after the dispose."""
    folder: Path = tmp_path_factory.mktemp("inspection")
    with living(stand_in, environ={"INSPECTION": str(folder)}, agent_name="inspected") as worker:
        for name in JOBS:
            dispatched = stand_in.dispatch(
                room=name, agent_name="inspected", metadata=name, within=30
            )
            worker.pid_of(dispatched["job"])
            stand_in.terminate(dispatched["job"])
            worker.gone(dispatched["job"])
            assert worker.steps(dispatched["job"])["native dispose"].startswith("done")
        assert worker.end() == 0
    return {name: json.loads((folder / name).read_text()) for name in JOBS}


@pytest.mark.parametrize("job", JOBS)
def test_every_handle_seen_live_is_gone(inspected: Inspected, job: str) -> None:
    found = inspected[job]

    assert found["control"], "a handle that is live can be dropped: so that is what this shows"
    assert found["handles"] >= len(("source", "resampler", "track", "one more"))
    assert found["held"] == []


@pytest.mark.parametrize("job", JOBS)
def test_the_threads_of_sources_are_gone(inspected: Inspected, job: str) -> None:
    assert OF_SOUND in inspected[job]["threads"]
    assert OF_SOUND not in inspected[job]["left"]


def test_the_threads_of_tracks_that_were_in_no_room_are_gone(inspected: Inspected) -> None:
    assert set(inspected["holds_much"]["threads"]) >= OF_TRACKS
    assert not set(inspected["holds_much"]["left"]) & OF_TRACKS


def test_the_threads_of_the_runtime_stay_as_the_documentation_says(inspected: Inspected) -> None:
    for job in JOBS:
        assert set(inspected[job]["left"]) >= OF_THE_RUNTIME
