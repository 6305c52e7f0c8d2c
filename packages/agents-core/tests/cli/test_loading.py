from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents_core.cli.command import UsageError
from agents_core.cli.loading import load_options, split_reference

HEAD = "from agents_core.worker.options import WorkerOptions\n"
ENTRY = "async def entrypoint(ctx): ...\nasync def other(ctx): ...\n"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """What is imported here is forgotten, and so is where from."""
    path, modules = sys.path.copy(), set(sys.modules)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.startswith("an_agent"):
            del sys.modules[name]


def write(folder: Path, text: str) -> Path:
    path = folder / "an_agent.py"
    path.write_text(HEAD + ENTRY + text)
    return path


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("agent.py", (Path("agent.py"), "")),
        ("a/agent.py:run", (Path("a/agent.py"), "run")),
        ("C:\\agent.py", (Path("C:\\agent.py"), "")),
        ("C:\\agent.py:run", (Path("C:\\agent.py"), "run")),
        ("agent", (Path("agent"), "")),
    ],
)
def test_a_reference_is_a_file_and_perhaps_a_name(
    reference: str, expected: tuple[Path, str]
) -> None:
    assert split_reference(reference) == expected


def test_a_name_may_be_of_options_or_of_an_entry_point(tmp_path: Path) -> None:
    path = write(tmp_path, "mine = WorkerOptions(entrypoint_fnc=other, agent_name='mine')\n")

    assert load_options(f"{path}:mine").agent_name == "mine"


def test_an_entry_point_needs_no_options(tmp_path: Path) -> None:
    options = load_options(f"{write(tmp_path, 'def prewarm(process): ...')}:other")

    assert options.entrypoint_fnc.__name__ == "other"
    assert options.prewarm_fnc is not None


def test_without_a_name_the_only_options_are_meant(tmp_path: Path) -> None:
    path = write(tmp_path, "mine = WorkerOptions(entrypoint_fnc=other, agent_name='mine')\n")

    assert load_options(str(path)).agent_name == "mine"


def test_of_several_options_those_called_so_are_meant(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "options = WorkerOptions(entrypoint_fnc=other, agent_name='a')\n"
        "more = WorkerOptions(entrypoint_fnc=other, agent_name='b')\n",
    )

    assert load_options(str(path)).agent_name == "a"


def test_without_options_the_entry_point_is_meant(tmp_path: Path) -> None:
    assert load_options(str(write(tmp_path, ""))).entrypoint_fnc.__name__ == "entrypoint"


@pytest.mark.parametrize(
    ("text", "name", "complaint"),
    [
        pytest.param("", ":nobody", "'nobody'", id="no-such-name"),
        pytest.param("plain = 3", ":plain", "'plain'", id="no-function"),
        pytest.param("def plain(ctx): ...", ":plain", "async function", id="not-async"),
        pytest.param("del entrypoint", "", "neither", id="nothing-to-run"),
        pytest.param(
            "a = WorkerOptions(entrypoint_fnc=other)\nb = WorkerOptions(entrypoint_fnc=other)",
            "",
            "a, b",
            id="several",
        ),
    ],
)
def test_what_cannot_be_run_is_told(tmp_path: Path, text: str, name: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        load_options(f"{write(tmp_path, text)}{name}")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file"):
        load_options(str(tmp_path / "nobody.py"))


def test_a_file_that_hides_a_module_is_refused(tmp_path: Path) -> None:
    (tmp_path / "logging.py").write_text(ENTRY)

    with pytest.raises(UsageError, match="rename"):
        load_options(str(tmp_path / "logging.py"))


def test_what_a_file_raises_is_its_own(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        load_options(str(write(tmp_path, "1 / 0")))


def test_a_file_finds_the_modules_beside_it(tmp_path: Path) -> None:
    (tmp_path / "an_agents_words.py").write_text("NAME = 'ann'\n")
    path = write(
        tmp_path,
        "from an_agents_words import NAME\n"
        "options = WorkerOptions(entrypoint_fnc=other, agent_name=NAME)\n",
    )

    assert load_options(str(path)).agent_name == "ann"
