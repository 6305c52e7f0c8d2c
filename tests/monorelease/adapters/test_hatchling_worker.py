from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from buildable import package
from monorelease.adapters.hatchling_worker import serve
from sandbox import PATIENCE, Sandbox, surroundings


def asked_for(tmp_path: Path, *tables: Mapping[str, object]) -> tuple[Path, Path]:
    request, report = tmp_path / "request.json", tmp_path / "report.json"
    request.write_text(json.dumps(tables), "utf-8")
    return request, report


def test_each_member_is_built_where_it_is_asked_for_and_reported_on(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.write(package("core") | package("app", "2.0"))
    tables = [
        {"folder": str(sandbox.root / "packages" / name), "out": str(tmp_path / name)}
        for name in ("core", "missing", "app")
    ]
    targets = (["wheel"], ["wheel"], ["sdist", "wheel"])
    request, report = asked_for(
        tmp_path, *(t | {"targets": each} for t, each in zip(tables, targets, strict=True))
    )

    serve(request, report)

    core, missing, app = (json.loads(line) for line in report.read_text().splitlines())
    assert core is app is None
    assert missing == "ValueError: Missing `project` metadata table in configuration"
    assert sorted(path.name for path in (tmp_path / "core").iterdir()) == [
        "core-1.0.0-py3-none-any.whl"
    ]
    assert sorted(path.name for path in (tmp_path / "app").iterdir()) == [
        "app-2.0-py3-none-any.whl",
        "app-2.0.tar.gz",
    ]


def test_it_is_a_program_that_imports_nothing_from_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('imported')")
    request, report = asked_for(tmp_path)
    program = (sys.executable, "-P", "-X", "utf8", "-m", "monorelease.adapters.hatchling_worker")

    ran = subprocess.run(
        [*program, str(request), str(report)],
        cwd=tmp_path,
        env=surroundings(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert report.read_text() == ""
