from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from monorelease.adapters import trial_probe
from sandbox import PATIENCE

TASKS = [["json", ""], ["json", "JSONDecoder.decode"], ["nowhere", ""], ["json", "nothing"]]


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


def test_it_needs_nothing_but_the_standard_library() -> None:
    source = Path(trial_probe.__file__).read_text("utf-8")

    assert "monorelease" not in source
