"""From the file of an agent to the options of its worker."""

from __future__ import annotations

import importlib
import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from agents_core.cli.command import UsageError

if TYPE_CHECKING:
    from agents_core.worker.options import WorkerOptions

_OPTIONS = "options"
_ENTRYPOINT = "entrypoint"
_PREWARM = "prewarm"


def split_reference(reference: str) -> tuple[Path, str]:
    """The file and the name of ``AGENT.py[:NAME]``; the name is empty where there is none.

    >>> split_reference("agents/support.py:options")
    (PosixPath('agents/support.py'), 'options')
    """
    file, colon, name = reference.rpartition(":")
    if colon and file.endswith(".py"):
        return Path(file), name
    return Path(reference), ""


def load_options(reference: str) -> WorkerOptions:
    """What `AGENT.py[:NAME]` refers to.

    NAME is a `WorkerOptions`, or an entry point that needs no other options. Without a NAME it is
    the file's only `WorkerOptions`, the one called ``options`` of several, or ``entrypoint``.

    Raises:
        UsageError: there is no such thing.
        Exception: whatever the file raises when it is imported.
    """
    path, name = split_reference(reference)
    module = _import_file(path)
    if name:
        if not hasattr(module, name):
            raise UsageError(f"{path} has no {name!r}")
        return _options_of(module, name)
    return _options_of(module, _find_name(module))


def check_entry(options: WorkerOptions) -> None:
    """See that job processes will be able to run the entry point.

    Raises:
        UsageError: it is no async function, or nothing that another process can import.
    """
    from agents_core.jobs.entry import EntryPoint

    try:
        entry = EntryPoint.of(options.entrypoint_fnc, options.prewarm_fnc)
    except ValueError as error:
        raise UsageError(str(error)) from error
    function = inspect.unwrap(options.entrypoint_fnc)
    if inspect.isfunction(function) and not inspect.iscoroutinefunction(function):
        raise UsageError(f"the entry point {entry.name} has to be an async function: async def")


def _find_name(module: ModuleType) -> str:
    from agents_core.worker.options import WorkerOptions

    found = [name for name, value in vars(module).items() if isinstance(value, WorkerOptions)]
    if _OPTIONS in found or len(found) == 1:
        return _OPTIONS if _OPTIONS in found else found[0]
    if found:
        raise UsageError(f"{module.__file__}:NAME, please: it has {', '.join(sorted(found))}")
    if not hasattr(module, _ENTRYPOINT):
        raise UsageError(f"{module.__file__} has neither WorkerOptions nor an {_ENTRYPOINT}")
    return _ENTRYPOINT


def _options_of(module: ModuleType, name: str) -> WorkerOptions:
    from agents_core.worker.options import WorkerOptions

    value = getattr(module, name)
    if isinstance(value, WorkerOptions):
        return value
    if not inspect.iscoroutinefunction(value):
        raise UsageError(f"{name!r} is neither WorkerOptions nor an async function: {value!r}")
    return WorkerOptions(entrypoint_fnc=value, prewarm_fnc=getattr(module, _PREWARM, None))


def _import_file(path: Path) -> ModuleType:
    """By its own name, with its folder first on the path, as job processes will import it."""
    if not path.is_file():
        raise UsageError(f"there is no file {path}")
    if path.suffix != ".py" or "." in path.stem:
        raise UsageError(f"{path} cannot be imported: an agent's file is called like agent.py")
    if path.stem in sys.modules:
        raise UsageError(f"{path} is called like a module that is in use; rename it")
    sys.path.insert(0, str(path.resolve().parent))
    return importlib.import_module(path.stem)
