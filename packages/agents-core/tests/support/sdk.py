"""Tests with the real SDK, in one process of their own for all: what they do to it stays there.

    @with_sdk
    async def test_somebody_is_heard() -> None: ...

The native library lives once in a process, and disposing of it there cannot be undone; other tests
do just that.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import subprocess
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

import pytest

Scenario: TypeAlias = Callable[[], Awaitable[None]]

LONGEST = 30.0
"""Seconds that one test may take."""


class SdkProcess:
    """Runs the tests, one after the other."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def run(self, file: str, name: str) -> None:
        """Run a test; fails as it fails."""
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        fuse = threading.Timer(LONGEST + 10, process.kill)
        fuse.start()
        try:
            process.stdin.write(json.dumps({"file": file, "name": name}) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        finally:
            fuse.cancel()
        if not answer:
            self.stop()
            pytest.fail(f"the process with the SDK is gone, while it ran {name}")
        if failure := json.loads(answer):
            pytest.fail(failure, pytrace=False)

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            with self._process as process:
                process.kill()
            self._process = None

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-W", "error", __file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self._process


def with_sdk(scenario: Scenario) -> Callable[[SdkProcess], None]:
    """Have a test run where the SDK is."""
    file, name = scenario.__code__.co_filename, scenario.__name__

    def test(sdk: SdkProcess) -> None:
        sdk.run(file, name)

    test.__name__, test.__doc__, test.__module__ = name, scenario.__doc__, scenario.__module__
    test.scenario = scenario
    return test


def main() -> None:
    """Run what standard input names, and tell how it failed, or null."""
    out, sys.stdout = sys.stdout, sys.stderr
    modules: dict[str, ModuleType] = {}
    for line in sys.stdin:
        wanted = json.loads(line)
        file = wanted["file"]
        if file not in modules:
            modules[file] = load(Path(file))
        out.write(json.dumps(attempt(getattr(modules[file], wanted["name"]).scenario)) + "\n")
        out.flush()


def load(file: Path) -> ModuleType:
    """The module of a file."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def attempt(scenario: Scenario) -> str | None:
    """Run it, in an event loop of its own."""

    async def bounded() -> None:
        async with asyncio.timeout(LONGEST):
            await scenario()

    try:
        asyncio.run(bounded())
    except BaseException:  # noqa: BLE001 - whatever it is, the test's process wants to know
        return traceback.format_exc()
    return None


if __name__ == "__main__":
    main()
