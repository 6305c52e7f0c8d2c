"""Where a job begins: the functions of the user, in a form that travels to another process."""

from __future__ import annotations

import importlib.util
import inspect
import pickle
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from agents_core.jobs.process import JobProcess

if TYPE_CHECKING:
    from agents_core.jobs.context import JobContext

Entrypoint: TypeAlias = "Callable[[JobContext], Awaitable[object]]"
"""Awaited once for each job, in the process of that job."""
Prewarm: TypeAlias = Callable[[JobProcess], object]
"""Called once in each process, before there is a job for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedEntry:
    """The functions themselves, in the process that calls them."""

    entrypoint: Entrypoint
    prewarm: Prewarm | None = None

    def warm(self, process: JobProcess) -> None:
        """Call prewarm, where there is one.

        Raises:
            TypeError: it is a coroutine function.
            Exception: whatever it raises.
        """
        answer = None if self.prewarm is None else self.prewarm(process)
        if inspect.iscoroutine(answer):
            answer.close()
            raise TypeError("prewarm is called, not awaited: it cannot be a coroutine function")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPoint:
    """A reference to the functions, made in the worker and loaded in the job process.

    Nothing of the user's is imported when it arrives there, but when it is loaded: so an import
    that fails can still be reported.
    """

    name: str
    """For logs."""
    pickled: bytes | None = None
    """Both functions, by reference; or else `path` and two names."""
    path: Path | None = None
    entrypoint: str = "entrypoint"
    prewarm: str = "prewarm"

    @classmethod
    def of(cls, entrypoint: Entrypoint, prewarm: Prewarm | None = None) -> Self:
        """Functions that another process can import; or objects that pickle, such as partials.

        Raises:
            ValueError: they cannot be had in another process: lambdas, and functions in functions.
        """
        name = getattr(entrypoint, "__qualname__", type(entrypoint).__qualname__)
        try:
            pickled = pickle.dumps((entrypoint, prewarm))
        except (AttributeError, TypeError, pickle.PicklingError) as error:
            raise ValueError(
                f"a job process cannot import {name}: define it at the top level of a module"
            ) from error
        return cls(name=name, pickled=pickled)

    @classmethod
    def at(cls, path: str | Path, entrypoint: str = "entrypoint", prewarm: str = "prewarm") -> Self:
        """Functions of a Python file: ``agent.py``, or ``agent.py:entrypoint``.

        The file is run in each job process as a script's imports would be: with its folder first
        on the path. A file without such a `prewarm` has none.
        """
        file, colon, function = str(path).rpartition(":")
        if colon and file.endswith(".py"):
            path, entrypoint = file, function
        absolute = Path(path).resolve()  # the process may start in another folder
        return cls(
            name=f"{absolute.name}:{entrypoint}",
            path=absolute,
            entrypoint=entrypoint,
            prewarm=prewarm,
        )

    def load(self) -> LoadedEntry:
        """Import the functions, here and now.

        Raises:
            AttributeError: there is no such function.
            Exception: whatever the user's module raises when it is imported.
        """
        if self.path is not None:
            module = _run_file(self.path)
            return LoadedEntry(
                entrypoint=getattr(module, self.entrypoint),
                prewarm=getattr(module, self.prewarm, None),
            )
        functions: tuple[Any, Any] = pickle.loads(self.pickled or b"")  # noqa: S301 - our own, from `of`
        return LoadedEntry(entrypoint=functions[0], prewarm=functions[1])


def _run_file(path: Path) -> ModuleType:
    if path.stem in sys.modules:
        raise ImportError(f"{path}: a module called {path.stem} is loaded already; rename the file")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    sys.modules[path.stem] = module  # dataclasses and pickle look their module up
    spec.loader.exec_module(module)
    return module
