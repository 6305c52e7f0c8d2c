"""When a process that failed while nobody needed it is replaced."""

from __future__ import annotations

from dataclasses import dataclass

from agents_core.jobs.options import ProcessOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarts:
    """The failures in a row, and the wait that they earned."""

    failures: int = 0
    not_before: float = 0.0
    """By the monotonic clock, when the next idle process may be started."""

    def failed(self, now: float, options: ProcessOptions, *, lived: float = 0.0) -> Restarts:
        """One more failed, at `now`, after it had `lived` for so many seconds.

        One that lived long was healthy once, and does not stand for a series.
        """
        failures = 1 if lived > options.restart_wait_longest else self.failures + 1
        wait = wait_before_restart(failures, options)
        return Restarts(failures=failures, not_before=now + wait)

    def pause(self, now: float) -> float:
        """Seconds that are left to wait."""
        return max(0.0, self.not_before - now)


def wait_before_restart(failures: int, options: ProcessOptions) -> float:
    """Seconds before the next idle process is started, after so many failures in a row."""
    doubled = options.restart_wait * 2.0 ** min(failures - 1, 30)
    return min(doubled, options.restart_wait_longest)
