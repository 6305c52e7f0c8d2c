"""The fork server, and signals that are not for it."""

from __future__ import annotations

import signal
import subprocess
import sys

PRINT = "import signal, agents_core.jobs.shield; print(signal.getsignal(signal.SIGTERM).name)"


def handler(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True
    )
    return done.stdout.strip()


def test_the_fork_server_ignores_a_signal_that_ends_its_worker() -> None:
    assert handler("# as if from multiprocessing.forkserver import main\n" + PRINT) == "SIG_IGN"


def test_nobody_else_is_shielded_by_an_import() -> None:
    before = signal.getsignal(signal.SIGTERM)
    import agents_core.jobs.shield  # noqa: F401 - for what it does

    assert signal.getsignal(signal.SIGTERM) is before
    assert handler(PRINT) == "SIG_DFL"
