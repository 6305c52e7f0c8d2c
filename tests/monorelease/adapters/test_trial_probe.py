from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from monorelease.adapters import trial_probe
from sandbox import PATIENCE

TASKS = [["json", ""], ["json", "JSONDecoder.decode"], ["nowhere", ""], ["json", "nothing"]]

WANTS = {
    "plain": "import nowhere.at_all",
    "polite": "try:\n    import nowhere\nexcept ImportError as e:\n    raise OSError('kit') from e",
    "leaves": "try:\n    import nowhere\nexcept ImportError:\n    raise SystemExit('kit')",
    "own": "import own.part",
    "other": "from json import nothing",
    "worse": "1 / 0",
}
"""Modules that cannot be imported."""


def test_it_is_run_by_its_path_and_writes_a_line_for_every_task(tmp_path: Path) -> None:
    tasks, reports, trace = (tmp_path / name for name in ("tasks", "reports", "trace"))
    tasks.write_text(json.dumps(TASKS), "utf-8")

    ran = subprocess.run(
        [sys.executable, "-I", trial_probe.__file__, tasks, reports, trace, str(PATIENCE)],
        cwd=tmp_path,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )

    assert (ran.returncode, ran.stdout, ran.stderr, trace.read_text()) == (0, b"", b"", "")
    lines = [json.loads(line) for line in reports.read_text("utf-8").splitlines()]
    assert [line["ended"] for line in lines] == [0, 1, 2, 3]
    assert [line["failure"].splitlines()[-1:] for line in lines] == [
        [],
        [],
        ["ModuleNotFoundError: No module named 'nowhere'"],
        ["AttributeError: module 'json' has no attribute 'nothing'"],
    ]


def test_only_for_want_of_somebody_elses_module_might_an_extra_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, code in WANTS.items():
        (tmp_path / f"{name}.py").write_text(code, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    found = {name: trial_probe.failure_of(name, "") for name in WANTS}

    assert [name for name, (_, is_missing) in found.items() if is_missing] == [
        "plain",
        "polite",
        "leaves",
    ]
    words, _ = found["worse"]
    assert words.splitlines() == [
        "Traceback (most recent call last):",
        f'  File "{tmp_path / "worse.py"}", line 1, in <module>',
        "    1 / 0",
        "    ~~^~~",
        "ZeroDivisionError: division by zero",
    ]


def test_it_needs_nothing_but_the_standard_library() -> None:
    source = Path(trial_probe.__file__).read_text("utf-8")

    assert "monorelease" not in source
