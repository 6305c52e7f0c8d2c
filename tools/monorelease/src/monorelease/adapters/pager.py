"""Show a long text page by page, with the pager that the system has."""

from __future__ import annotations

from collections.abc import Mapping

_LESS = {"LESS": "FRX", "LESSCHARSET": "utf-8"}
"""End at once where all fits, let colours be, and leave it on the screen; users know better."""


def show_paged(text: str, environment: Mapping[str, str]) -> bool:
    """Whether a pager showed the text; else somebody else has to.

    It is ``PAGER``, a command perhaps with arguments, or ``less``.
    """
    import shlex
    import subprocess

    try:
        command = shlex.split(environment.get("PAGER", "")) or ["less"]
        process = subprocess.Popen(  # noqa: S603 - a list, from the user's own environment
            command, stdin=subprocess.PIPE, env={**_LESS, **environment}
        )
    except (OSError, ValueError):  # not there, or a quote without its end
        return False
    with process:
        try:
            process.communicate(text.encode("utf-8", "backslashreplace"))
        except KeyboardInterrupt:  # a pager takes it for itself
            process.wait()
            return True
    return process.returncode == 0
