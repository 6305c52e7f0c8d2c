"""The room of a job, joined and left by the real SDK, on a stand-in server."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import job_entries
import pytest

from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.entry import EntryPoint, Entrypoint
from agents_core.jobs.messages import JobEnded, JobStarted, RequestShutdown, ShuttingDown

if TYPE_CHECKING:
    from raw_worker import RawProcess

    from agents_core.testing.room import RoomProcess

Raw: TypeAlias = "Callable[..., RawProcess]"

pytestmark = pytest.mark.filterwarnings(
    "ignore:This process .* is multi-threaded:DeprecationWarning"
)


def job(
    raw: Raw, entrypoint: Entrypoint, server: RoomProcess, name: str, **options: object
) -> RawProcess:
    """A process whose job has started, for the agent and the room of this name."""
    process = raw(EntryPoint.of(entrypoint), **options)
    assert process.initialize().error is None
    process.start_job(url=server.url, token=server.token(name, room=name, agent=True))
    process.hear(JobStarted)
    return process


@pytest.mark.clean_process
@pytest.mark.parametrize("via", multiprocessing.get_all_start_methods())
def test_a_job_joins_once_and_leaves_with_a_word(raw: Raw, stand_in: RoomProcess, via: str) -> None:
    process = job(raw, job_entries.joining, stand_in, f"by {via}", via=via)
    assert process.hear(JobEnded).error is None
    process.say(RequestShutdown(reason="enough"))

    assert process.gone() == 0
    assert f"joined as by {via}" in process.log()
    assert process.steps()["room disconnect"] == process.steps()["native dispose"] == "done"
    assert stand_in.wait_for("leave", f"by {via}")["reason"] == "CLIENT_INITIATED"
    assert stand_in.wait_for("closed", f"by {via}")["clean"]
    assert len(stand_in.seen("joined", f"by {via}")) == 1


def test_a_room_that_is_lost_while_the_entry_point_runs_ends_the_job(
    raw: Raw, stand_in: RoomProcess
) -> None:
    process = job(
        raw, job_entries.joining_then_waiting, stand_in, "removed", deadlines=Deadlines(entry=0.1)
    )
    stand_in.wait_for("connected", "removed")
    stand_in.remove("removed", "removed")

    assert process.gone() == 0
    assert process.hear(ShuttingDown).reason == "the room is gone: PARTICIPANT_REMOVED"
    assert process.hear(JobEnded).error is None
    assert process.steps()["room disconnect"] == "done"


def test_a_room_that_is_lost_after_the_entry_point_returned_ends_the_job(
    raw: Raw, stand_in: RoomProcess
) -> None:
    process = job(raw, job_entries.joining, stand_in, "deleted")
    process.hear(JobEnded)
    stand_in.delete_room("deleted")

    assert process.gone() == 0
    assert process.hear(ShuttingDown).reason == "the room is gone: ROOM_DELETED"


def test_a_connection_that_a_shutdown_interrupts_is_made_and_then_left(
    raw: Raw, stand_in_to_stall: RoomProcess
) -> None:
    """The SDK leaks sockets, and may panic, when its connecting is cancelled (rust-sdks#1340)."""
    stand_in_to_stall.stall()
    process = job(
        raw,
        job_entries.joining_then_waiting,
        stand_in_to_stall,
        "interrupted",
        deadlines=Deadlines(entry=0.1, room=15),
    )
    process.hear_log("joining")
    time.sleep(0.1)
    process.say(RequestShutdown(reason="enough"))
    ended = process.hear(JobEnded)
    stand_in_to_stall.go_on()

    assert process.gone() == 0
    assert ended.error is None
    assert process.steps()["room disconnect"] == "done"
    assert stand_in_to_stall.wait_for("leave", "interrupted")["reason"] == "CLIENT_INITIATED"
    assert stand_in_to_stall.wait_for("closed", "interrupted")["clean"]


def test_a_server_that_never_answers_keeps_no_process(
    raw: Raw, stand_in_to_stall: RoomProcess
) -> None:
    stand_in_to_stall.stall()
    short = Deadlines(entry=0.1, room=0.3, tasks=1, native=0.5)
    process = job(
        raw, job_entries.joining_then_waiting, stand_in_to_stall, "unheard", deadlines=short
    )
    process.hear_log("joining")
    time.sleep(0.1)
    process.say(RequestShutdown(reason="enough"))

    assert process.gone() == 0
    steps = process.steps()
    assert steps["room disconnect"] == "timed out"
    assert steps["log flush"] == "done"


def test_a_server_that_stalls_after_the_connection_keeps_no_process(
    raw: Raw, stand_in_to_stall: RoomProcess
) -> None:
    short = Deadlines(room=0.3, native=0.5)
    process = job(raw, job_entries.joining, stand_in_to_stall, "stalled", deadlines=short)
    process.hear(JobEnded)
    stand_in_to_stall.stall()
    process.say(RequestShutdown(reason="enough"))

    assert process.gone() == 0
    assert process.steps()["log flush"] == "done"


def test_who_is_not_let_in_may_try_again_and_fails_with_the_error(
    raw: Raw, stand_in: RoomProcess
) -> None:
    process = raw(EntryPoint.of(job_entries.failing_to_join_at_first))
    process.initialize()
    process.start_job(url=stand_in.url, token=(wrong := "no token"))

    error = process.hear(JobEnded).error

    assert error is not None
    assert "ConnectError" in error
    assert wrong not in error
    assert process.gone() == 1
    assert "not joined" in process.log()


def test_a_job_that_would_join_while_it_ends_is_refused_and_has_not_failed(
    raw: Raw, stand_in: RoomProcess
) -> None:
    process = job(raw, job_entries.joining_late, stand_in, "late")
    process.hear_log("waiting")
    process.say(RequestShutdown(reason="enough"))

    assert process.gone() == 0
    assert process.hear(JobEnded).error is None
    assert not stand_in.seen("joined", "late")
