"""The environment, read once: the only room that looks at it."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import NoReturn

from monorelease.cli.console import Console
from monorelease.model.value import replace, value
from monorelease.reports.terminal import COLOURS, PLAIN, Palette

_INDEX = "GIT_INDEX_FILE"
_OF_A_HOOK = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    _INDEX,
    "GIT_LITERAL_PATHSPECS",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)
"""What git, and editors that speak for it, tell a hook: it would lead us to another repository."""


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


def heed_signals() -> None:
    """End as at Ctrl-C where others end us: what we started has to be stopped, and tidied up.

    For a process of our own: it stays so. What is ignored is left alone, as ``nohup`` wants it.
    """
    import signal
    from contextlib import suppress

    for name in ("SIGTERM", "SIGHUP"):  # Windows has no other way to end a process than to kill it
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            with suppress(ValueError):  # in a thread, signals are not ours to heed
                signal.signal(number, _interrupt)


def look_around(cwd: Path) -> Surroundings:
    """What the command's surroundings are.

    From here on git finds the repository around `cwd`, also in a hook of another one.
    """
    environ = os.environ  # noqa: TID251 - this room is the exception
    if sys.platform == "win32":  # it would run a uv.exe that lies in the repository
        environ["NoDefaultCurrentDirectoryInExePath"] = "1"
    _forget_hook(environ, cwd)
    return Surroundings(
        cwd=cwd.absolute(),
        console=Console(palette=_palette(sys.stdout), stderr_palette=_palette(sys.stderr)),
        is_interactive=sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty(),
        uv=environ.get("HATCH_UV"),
        editor=environ.get("VISUAL") or environ.get("EDITOR"),
        source_date_epoch=environ.get("SOURCE_DATE_EPOCH"),
        environment=dict(environ),
    )


def without_index(around: Surroundings) -> Surroundings:
    """The surroundings of a command that commits in a checkout of its own.

    The index of a hook's commit would be taken for that checkout's, and written to.
    """
    os.environ.pop(_INDEX, None)  # noqa: TID251 - as above
    kept = {name: text for name, text in around.environment.items() if name != _INDEX}
    return replace(around, environment=kept)


def _interrupt(number: int, frame: object) -> NoReturn:  # noqa: ARG001 - as the system calls it
    raise KeyboardInterrupt


def _forget_hook(environ: MutableMapping[str, str], cwd: Path) -> None:
    """Drop what a hook is told, but where the index is that its commit is made of."""
    told = {name: environ.pop(name) for name in _OF_A_HOOK if name in environ}
    if index := told.get(_INDEX):
        from monorelease.adapters.state import state_folder

        place = Path(index).absolute()
        if place.parent.resolve() == state_folder(cwd).parent:
            environ[_INDEX] = str(place)


def _palette(stream: object) -> Palette:
    """Colours for a terminal, unless https://no-color.org or a dumb one speaks against."""
    environ = os.environ  # noqa: TID251 - this room is the exception
    is_terminal = getattr(stream, "isatty", lambda: False)()
    is_unwanted = environ.get("NO_COLOR") or environ.get("TERM") == "dumb"
    return COLOURS if is_terminal and not is_unwanted else PLAIN
