"""The page about the plugins tells what their tests are about."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/plugins.md"


def rows(page: str) -> Iterator[tuple[str, list[str]]]:
    for line in page.splitlines():
        if line.startswith("| [agents-plugin-"):
            *cells, held, skipped = line.strip("| ").split(" | ")
            yield " | ".join(cells), [held, skipped]


def test_the_page_has_every_suite_of_every_plugin(tmp_path: Path) -> None:
    """As `hatch run plugins` writes it; how many sentences hold, only a run can tell."""
    plugins = sorted((ROOT / "packages").glob("agents-plugin-*"))
    collected = tmp_path / "page.md"
    told = ["--collect-only", "-q", "-p", "no:cacheprovider", f"--conformance={collected}"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *told, *map(str, plugins)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout

    expected, page = dict(rows(collected.read_text("utf-8"))), dict(rows(PAGE.read_text("utf-8")))
    assert list(page) == list(expected)
    assert all(int(held) > 0 for held, _ in page.values())
