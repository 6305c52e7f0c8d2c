"""The counting shim: compiled for a test, and put between the SDK and the native library."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path
from shutil import which

import pytest

SOURCE = Path(__file__).with_name("counting_shim.c")


def counting(folder: Path, marks: Path) -> dict[str, str]:
    """The environment in which every process notes in `marks` what it calls."""
    compiler = which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("the counting shim needs a C compiler, cc, and Linux")
    shim = folder / "shim.so"
    flags = ["-shared", "-fPIC", "-Wall", "-Wextra", "-Werror"]
    subprocess.run([compiler, *flags, "-o", shim, SOURCE], check=True, timeout=60)
    library = distribution("livekit").locate_file("livekit/rtc/resources/liblivekit_ffi.so")
    return {
        "LIVEKIT_LIB_PATH": str(shim),
        "SHIM_TARGET": str(library),
        "SHIM_MARKS": str(marks),
    }


def marks_by_process(path: Path) -> Mapping[int, list[str]]:
    """What was noted, in order, by each process."""
    found: dict[int, list[str]] = defaultdict(list)
    for line in path.read_text().splitlines():
        pid, mark = line.split(" ", 1)
        found[int(pid)].append(mark)
    return found
