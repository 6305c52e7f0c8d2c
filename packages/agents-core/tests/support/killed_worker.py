"""A worker with two job processes that says which they are, and waits to be killed."""

from __future__ import annotations

import sys
import time

import job_entries
import raw_worker

from agents_core.jobs.entry import EntryPoint
from agents_core.jobs.messages import JobStarted


def main() -> None:
    """Keep both processes busy for a minute at most."""
    via, entry = sys.argv[1], EntryPoint.of(job_entries.returning)
    processes: list[raw_worker.RawProcess] = []
    for _ in range(2):
        held = tuple(n for p in processes for n in (p.end.fileno(), p.dump.fileno()))
        processes.append(raw_worker.start(entry, via=via, disown=held if via == "fork" else ()))
    for process in processes:
        process.initialize()
        process.start_job()
        process.hear(JobStarted)
    sys.stdout.write(" ".join(str(process.process.pid) for process in processes) + "\n")
    sys.stdout.flush()
    time.sleep(60)


if __name__ == "__main__":
    main()
