from __future__ import annotations

import sys
import venv
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.trial_imports import Imports, Task
from sandbox import surroundings
from wheels import write

SOON = 3.0
"""Seconds that an import may take here; none takes a tenth of one, but those that hang."""

MANIFEST = PurePosixPath("packages/core/pyproject.toml")


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with nothing but the standard library."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    return folder / "bin" / "python"


def task(module: str, attribute: str = "") -> Task:
    return Task(
        code="does-not-import",
        title=f"import {module}",
        manifest=MANIFEST,
        module=module,
        attribute=attribute,
    )


def check(python: Path, modules: Mapping[str, str], *tasks: Task, **around: str) -> list[str]:
    """What is told of these tasks, where `modules` are installed."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    installed = python.parents[1] / "lib" / version / "site-packages"
    write(installed, {f"{name.replace('.', '/')}.py": code for name, code in modules.items()})
    scratch = python.parents[1] / "scratch"
    scratch.mkdir(exist_ok=True)
    findings = [*Imports(python, surroundings(**around), scratch, SOON).check(tasks)]
    assert {(finding.code, finding.path) for finding in findings} <= {("does-not-import", MANIFEST)}
    return [finding.problem for finding in findings]


def test_what_can_be_imported_is_not_told_of(python: Path) -> None:
    modules = {"good": "class C:\n    make = 1", "good_too": "import good"}

    assert check(python, modules, task("good"), task("good_too"), task("good", "C.make")) == []
    assert check(python, modules) == []


def test_what_raises_is_told_with_the_exceptions_last_lines(python: Path) -> None:
    [problem] = check(
        python, {"lacks": "def load():\n    raise OSError('libx.so')\nload()"}, task("lacks")
    )

    assert problem.startswith("import lacks: ")
    assert problem.endswith("    raise OSError('libx.so')\nOSError: libx.so")
    assert len(problem.splitlines()) <= 8


def test_one_exception_is_told_once_though_entry_points_meet_it_again(python: Path) -> None:
    tasks = (task("fails"), task("fails", "main"), task("fails", "other"))

    assert len(check(python, {"fails": "raise KeyError"}, *tasks)) == 1


@pytest.mark.parametrize(
    ("module", "attribute", "error"),
    [
        ("kit", "missing", "AttributeError: module 'kit' has no attribute 'missing'"),
        ("kit", "C.missing", "AttributeError: type object 'C' has no attribute 'missing'"),
        ("kit.cli", "main", "'kit' is not a package"),
        ("plugin", "X", "ZeroDivisionError: division by zero"),
        ("nowhere", "", "ModuleNotFoundError: No module named 'nowhere'"),
    ],
)
def test_what_does_not_exist_or_load_is_told(
    module: str, attribute: str, error: str, python: Path
) -> None:
    [problem] = check(python, {"kit": "class C: ...", "plugin": "1 / 0"}, task(module, attribute))

    assert problem.endswith(error)


def test_nothing_that_happens_to_one_keeps_the_others_from_being_tried(python: Path) -> None:
    modules = {
        "exits": "import sys; sys.exit('enough')",
        "leaves": "import os; print('bye', flush=True); os._exit(3)",
        "crashes": "import os; os.kill(os.getpid(), 11)",
        "is_killed": "import os; os.kill(os.getpid(), 9)",
        "hangs": "import time\nwhile True: time.sleep(60)",
        "raises": "import nowhere",
        "works": "import threading, time\nthreading.Thread(target=time.sleep, args=[3600]).start()",
    }

    problems = check(python, modules, *map(task, modules))

    assert [problem.split()[1] for problem in problems] == [f"{name}:" for name in modules][:-1]
    exits, leaves, crashes, is_killed, hangs, raises = problems
    assert exits.endswith("SystemExit: enough")
    assert leaves.endswith("its process ended with status 3\nbye")
    assert "its process was ended by SIGSEGV; innermost first:\n  File " in crashes
    assert "crashes.py" in crashes
    assert is_killed.endswith("its process was ended by SIGKILL")
    assert "it takes longer than 3 s; innermost first:\n  File " in hangs
    assert "hangs.py" in hangs
    assert raises.endswith("ModuleNotFoundError: No module named 'nowhere'")


def test_what_needs_a_module_that_failed_is_neither_tried_nor_told(
    python: Path, tmp_path: Path
) -> None:
    """Else one that hangs would hang again for each of its entry points."""
    tries = tmp_path / "tries"
    dies = f"import os; print('x', file=open({str(tries)!r}, 'a'), flush=True); os._exit(7)"
    modules = {"stuck.part": "", "stuck.__init__": dies, "stuckless": "1 / 0"}

    first, second = check(
        python, modules, task("stuck"), task("stuck", "main"), task("stuck.part"), task("stuckless")
    )

    assert "import stuck: its process ended with status 7" in first
    assert second.endswith("ZeroDivisionError: division by zero")
    assert tries.read_text() == "x\n"


def test_an_entry_point_that_is_missing_says_nothing_of_its_neighbours(python: Path) -> None:
    assert len(check(python, {"lone": ""}, task("lone", "one"), task("lone", "two"))) == 2


def test_only_what_is_installed_can_be_imported(
    python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what is around, nor what PYTHONPATH leads to, nor this tool."""
    write(tmp_path, {"secret.py": "", "sitecustomize.py": "raise SystemExit(9)"})
    monkeypatch.chdir(tmp_path)
    modules = {"asks": "import sys; assert sys.argv[1:] == []"}

    found = check(
        python,
        modules,
        *map(task, ("asks", "secret", "monorelease", "trial_probe")),
        PYTHONPATH=str(tmp_path),
    )

    assert found == [
        "import secret: ModuleNotFoundError: No module named 'secret'",
        "import monorelease: ModuleNotFoundError: No module named 'monorelease'",
        "import trial_probe: ModuleNotFoundError: No module named 'trial_probe'",
    ]


def test_a_python_that_does_not_start_is_told_and_nobody_waits_for_ever(tmp_path: Path) -> None:
    missing = tmp_path / "python"
    imports = Imports(missing, surroundings(), tmp_path, SOON)

    problems = [finding.problem for finding in imports.check([task("a"), task("b", "c")])]

    assert len(problems) == 2
    assert all("its process did not end\n" in problem for problem in problems)
    assert all("No such file" in problem for problem in problems)
