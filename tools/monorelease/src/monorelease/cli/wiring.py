"""The environment, read once: the only room that looks at it."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from monorelease.cli.console import Console
from monorelease.model.value import value
from monorelease.reports.terminal import COLOURS, PLAIN, Palette


@value
class Surroundings:
    """Where a command was started, and what the environment offers."""

    cwd: Path
    console: Console
    is_interactive: bool
    """Whether somebody can answer a question."""
    uv: str | None
    """The uv that hatch brings (``HATCH_UV``), or the one on the path, or ``uv`` itself."""
    editor: str | None
    """``VISUAL``, else ``EDITOR``: a command, perhaps with arguments."""
    source_date_epoch: str | None
    environment: Mapping[str, str]
    """All of it: for other programs, and for credentials."""


def prepare_streams() -> None:
    """Let every character be written, to closed streams and narrow encodings too."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - for good
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - for good
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def look_around(cwd: Path) -> Surroundings:
    """What the command's surroundings are."""
    environ = os.environ  # noqa: TID251 - this room is the exception
    return Surroundings(
        cwd=cwd.absolute(),
        console=Console(palette=_palette(sys.stdout), stderr_palette=_palette(sys.stderr)),
        is_interactive=sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty(),
        uv=environ.get("HATCH_UV"),
        editor=environ.get("VISUAL") or environ.get("EDITOR"),
        source_date_epoch=environ.get("SOURCE_DATE_EPOCH"),
        environment=dict(environ),
    )


def _palette(stream: object) -> Palette:
    """Colours for a terminal, unless https://no-color.org or a dumb one speaks against."""
    environ = os.environ  # noqa: TID251 - this room is the exception
    is_terminal = getattr(stream, "isatty", lambda: False)()
    is_unwanted = environ.get("NO_COLOR") or environ.get("TERM") == "dumb"
    return COLOURS if is_terminal and not is_unwanted else PLAIN
