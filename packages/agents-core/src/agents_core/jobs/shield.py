"""Imported by the fork server before all else: signals meant for its worker leave it alone."""

from __future__ import annotations

import signal
import sys


def _is_fork_server() -> bool:
    return any("multiprocessing.forkserver" in word for word in sys.orig_argv)


if _is_fork_server():
    # A service manager sends SIGTERM to every process of a service. The fork server has to outlive
    # the jobs that drain, since it alone learns their exit statuses; it ends with the worker's end
    # of its pipe. Its children set handlers of their own. SIGINT it ignores anyhow.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
