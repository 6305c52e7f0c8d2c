"""The options of a worker, as its process pool takes them."""

from __future__ import annotations

import logging
from dataclasses import replace

from agents_core.jobs.options import MEGABYTE, ProcessOptions, StartMethod, default_start_method
from agents_core.worker.options import Mode, WorkerOptions


def process_options(options: WorkerOptions, mode: Mode) -> ProcessOptions:
    """What the pool is to do.

    Raises:
        ValueError: a number makes no sense there.
    """
    return ProcessOptions(
        start_method=_start_method(options.multiprocessing_context),
        num_idle=mode.num_idle_processes,
        log_level=logging.getLogger().getEffectiveLevel(),
        memory_warn=round(options.job_memory_warn_mb * MEGABYTE),
        memory_limit=round(options.job_memory_limit_mb * MEGABYTE),
        deadlines=replace(
            options.deadlines,
            initialize=options.initialize_process_timeout,
            acknowledge=options.shutdown_process_timeout,
        ),
    )


def _start_method(name: str | None) -> StartMethod:
    match name:
        case None:
            return default_start_method()
        case "fork" | "forkserver" | "spawn":
            return name
        case _:
            raise ValueError(
                f"multiprocessing_context is none of fork, forkserver, spawn: {name!r}"
            )
