from __future__ import annotations

import pytest

from agents_core.worker.options import WorkerOptions
from agents_core.worker.processes import process_options


async def entrypoint(_: object) -> None: ...


def test_the_pool_is_told_in_its_own_units() -> None:
    options = WorkerOptions(
        entrypoint_fnc=entrypoint,
        job_memory_warn_mb=1,
        job_memory_limit_mb=2,
        initialize_process_timeout=3,
        shutdown_process_timeout=4,
        num_idle_processes=5,
        multiprocessing_context="spawn",
    )

    told = process_options(options, options.mode(devmode=False))

    assert (told.memory_warn, told.memory_limit) == (1024**2, 2 * 1024**2)
    assert (told.deadlines.initialize, told.deadlines.acknowledge) == (3, 4)
    assert (told.num_idle, told.start_method) == (5, "spawn")


def test_an_unknown_way_to_start_processes_is_refused() -> None:
    options = WorkerOptions(entrypoint_fnc=entrypoint, multiprocessing_context="threads")

    with pytest.raises(ValueError, match="'threads'"):
        process_options(options, options.mode(devmode=True))
