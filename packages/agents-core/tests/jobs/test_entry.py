"""Where a job begins, on its way to another process."""

from __future__ import annotations

import functools
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

import job_entries
import pytest

from agents_core.jobs.entry import EntryPoint

AGENT = """
from dataclasses import dataclass
import companion

@dataclass
class Settings:
    greeting: str = "hello"

async def entrypoint(ctx):
    return companion.NAME

async def other(ctx): ...

def prewarm(process): ...
"""


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A script with a module beside it."""
    folder = tmp_path / "some project"
    folder.mkdir()
    (folder / "companion.py").write_text("NAME = 'companion'\n")
    (folder / "agent_of_a_test.py").write_text(AGENT)
    monkeypatch.setattr(sys, "path", sys.path.copy())
    yield folder / "agent_of_a_test.py"
    for name in ("agent_of_a_test", "companion"):
        sys.modules.pop(name, None)


def arrived(entry: EntryPoint) -> EntryPoint:
    """As `multiprocessing` hands it to another process."""
    there: EntryPoint = pickle.loads(pickle.dumps(entry))  # noqa: S301 - made one word before
    return there


def test_functions_of_a_module_travel_by_reference() -> None:
    entry = EntryPoint.of(job_entries.returning, job_entries.warm)

    loaded = arrived(entry).load()

    assert loaded.entrypoint is job_entries.returning
    assert loaded.prewarm is job_entries.warm
    assert entry.name == "returning"


def test_a_partial_travels_with_what_it_holds() -> None:
    entry = EntryPoint.of(functools.partial(job_entries.returning, greeting="hello"))

    loaded = entry.load()

    assert isinstance(loaded.entrypoint, functools.partial)
    assert loaded.entrypoint.keywords == {"greeting": "hello"}
    assert loaded.prewarm is None


def test_what_another_process_cannot_import_is_refused_with_the_remedy() -> None:
    async def inner(_ctx: object) -> None: ...

    for function in (inner, lambda _ctx: None):
        with pytest.raises(ValueError, match="top level of a module"):
            EntryPoint.of(function)


def test_nothing_is_imported_before_it_is_loaded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "late_agent.py").write_text("async def entrypoint(ctx): ...")
    monkeypatch.syspath_prepend(str(tmp_path))
    import late_agent  # type: ignore[import-not-found]

    leaving = EntryPoint.of(late_agent.entrypoint)
    del sys.modules["late_agent"]

    entry = arrived(leaving)

    assert "late_agent" not in sys.modules
    assert entry.load().entrypoint.__name__ == "entrypoint"
    del sys.modules["late_agent"]


def test_a_file_is_loaded_with_its_neighbours(agent: Path) -> None:
    entry = EntryPoint.at(agent)

    loaded = arrived(entry).load()

    assert entry.name == "agent_of_a_test.py:entrypoint"
    assert loaded.entrypoint.__name__ == "entrypoint"
    assert loaded.prewarm is not None
    assert loaded.prewarm.__module__ == "agent_of_a_test"


def test_a_file_may_be_asked_for_a_function_of_another_name(agent: Path) -> None:
    assert EntryPoint.at(f"{agent}:other").load().entrypoint.__name__ == "other"


def test_a_file_without_a_prewarm_has_none(agent: Path) -> None:
    assert EntryPoint.at(agent, prewarm="absent").load().prewarm is None


def test_a_file_of_a_relative_path_is_found_from_another_folder(
    agent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(agent.parent)
    entry = EntryPoint.at("agent_of_a_test.py")
    monkeypatch.chdir(agent.parents[1])

    assert entry.load().entrypoint.__name__ == "entrypoint"


def test_what_is_not_there_is_named(agent: Path) -> None:
    with pytest.raises(AttributeError, match="absent"):
        EntryPoint.at(agent, "absent").load()
    with pytest.raises(FileNotFoundError):
        EntryPoint.at(agent.parent / "no_agent_of_a_test.py").load()
    del sys.modules["agent_of_a_test"]


def test_a_file_that_is_no_python_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportError, match="not a Python file"):
        EntryPoint.at(tmp_path / "agent.txt").load()


def test_a_file_named_as_a_module_that_is_loaded_is_refused(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("")
    import json

    with pytest.raises(ImportError, match="rename the file"):
        EntryPoint.at(tmp_path / "json.py").load()

    assert sys.modules["json"] is json
