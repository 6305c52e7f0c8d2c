"""A vendor's protocol in a process of its own, for code that is not asynchronous."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator

_PATIENCE = 10.0
"""Seconds for the process to end, once its input has ended."""


@contextlib.contextmanager
def serving(vendor: str) -> Iterator[str]:
    """Run the server of `vendor` while inside; given is the URL where it answers.

    Raises:
        RuntimeError: it did not start.
    """
    command = [sys.executable, "-m", "agents_plugins_test", vendor]
    with subprocess.Popen(  # noqa: S603 - this interpreter, and a name that argparse checks
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            first = server.stdout.readline() if server.stdout else ""
            if not first:
                raise RuntimeError(f"the server of {vendor} did not start")
            yield json.loads(first)["url"]
        finally:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.communicate(timeout=_PATIENCE)  # its input ends, and it with that
            server.kill()
