"""The command line as people call it: a process, and no environment but what is said."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A command that is over."""

    status: int
    out: str
    err: str


def agents_core(
    *arguments: str | Path,
    folder: Path,
    lines: str | None = "",
    before: str = "",
    within: float = 60,
    **environ: str,
) -> Ran:
    """Call `agents-core` in a folder, with these lines as its input; `before` runs first in it."""
    code = f"{before}\nimport sys\nfrom agents_core.cli import main\nsys.exit(main())"
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}  # noqa: TID251 - what a command needs
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        input=lines,
        capture_output=True,
        text=True,
        timeout=within,
        check=False,
        cwd=folder,
        env={
            **kept,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONDONTWRITEBYTECODE": "1",  # examples are to stay as they are
            **environ,
        },
    )
    return Ran(status=done.returncode, out=done.stdout, err=done.stderr)
