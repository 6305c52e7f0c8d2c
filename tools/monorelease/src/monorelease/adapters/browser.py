"""Open a page in a browser where somebody can see one, and never wait for it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

PATIENCE = 5.0
"""Seconds in which whatever opens browsers should have said that it cannot."""

_REMOTE = ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")

_OPEN = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"


def can_show(environment: Mapping[str, str]) -> bool:
    """Whether a window is likely to appear before whoever runs this."""
    if environment.get("CI") or any(environment.get(name) for name in _REMOTE):
        return False
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(environment.get(name) for name in _DISPLAYS)


def open_page(page: Path, environment: Mapping[str, str], patience: float = PATIENCE) -> bool:
    """Whether a browser took the page; one that is still at it after `patience` has.

    It is asked for in a process of its own, without our terminal: some run in the foreground,
    and some in the terminal itself.
    """
    import subprocess

    try:
        process = subprocess.Popen(  # noqa: S603 - this very Python, and words of our own
            [sys.executable, "-I", "-c", _OPEN, page.absolute().as_uri()],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        return process.wait(patience) == 0
    except subprocess.TimeoutExpired:
        process.returncode = 0  # it is the browser's now: nobody here waits for it
        return True
