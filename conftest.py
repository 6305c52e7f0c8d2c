"""How many processes run the tests."""

from __future__ import annotations

import os


def pytest_xdist_auto_num_workers() -> int:
    """Two for each processor: job processes, servers and timers are mostly waited for."""
    return 2 * (os.cpu_count() or 1)
