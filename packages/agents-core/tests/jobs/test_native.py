"""What dispose frees of the real native library, and what it makes of an SDK it does not know."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from agents_core.jobs import native
from agents_core.jobs.steps import Done, Failed, Skipped, TimedOut

THREADS_OF_OBJECTS = {"AudioSourceCapt", "network_thread", "signaling_threa", "worker_thread 0"}
THREADS_OF_THE_RUNTIME = {"livekit-audio", "tokio-rt-worker"}


@pytest.fixture(scope="module")
def life() -> dict[str, Any]:
    """What support/native_life.py saw, in a process of its own."""
    if sys.platform != "linux":
        pytest.skip("the names of threads are read from /proc")
    script = Path(__file__).parents[1] / "support" / "native_life.py"
    run = subprocess.run([sys.executable, script], capture_output=True, timeout=60, check=True)
    seen: dict[str, Any] = json.loads(run.stdout)
    return seen


def test_the_probe_finds_the_dispose_of_the_installed_sdk(life: dict[str, Any]) -> None:
    assert life["probe"] == "FfiClient._dispose"


def test_every_handle_seen_live_is_gone_after_dispose(life: dict[str, Any]) -> None:
    assert life["control"], "a live handle must look live, or this proves nothing"
    assert len(life["live"]["handles"]) >= 4
    assert life["dispose"] == "Done()"
    assert life["disposed"]["handles"] == []


def test_the_threads_of_the_objects_are_gone_after_dispose(life: dict[str, Any]) -> None:
    assert set(life["live"]["threads"]) >= THREADS_OF_OBJECTS
    assert not THREADS_OF_OBJECTS & set(life["disposed"]["threads"])


def test_the_threads_of_the_runtime_stay_as_the_documentation_says(life: dict[str, Any]) -> None:
    assert set(life["disposed"]["threads"]) >= THREADS_OF_THE_RUNTIME


def test_a_library_that_nobody_used_is_not_started_to_be_disposed(life: dict[str, Any]) -> None:
    assert life["untouched"] == "Skipped(reason='the SDK was never imported')"
    assert life["imported"] == "Skipped(reason='the native library was never initialised')"
    assert life["started_by_dispose"] == []


def test_a_second_dispose_is_skipped(life: dict[str, Any]) -> None:
    assert life["again"] == "Skipped(reason='dispose was called before')"


def test_a_forked_child_leaves_the_library_of_its_parent_alone(life: dict[str, Any]) -> None:
    assert life["forked_child_skips"]


class Sdk:
    """An SDK of another make, for as long as a test lasts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: Counter[str] = Counter()
        self.client = SimpleNamespace(_instance=self._instance(), _ffi_disposed=False)
        room = ModuleType("livekit.rtc._ffi_client")
        room.FfiClient = self.client  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "livekit.rtc", ModuleType("livekit.rtc"))
        monkeypatch.setitem(sys.modules, "livekit.rtc._ffi_client", room)

    def _instance(self) -> SimpleNamespace:
        return SimpleNamespace(_pid=os.getpid(), _dispose=lambda: self.calls.update(["dispose"]))


@pytest.fixture
def sdk(monkeypatch: pytest.MonkeyPatch) -> Sdk:
    return Sdk(monkeypatch)


def test_dispose_calls_the_sdk_once(sdk: Sdk) -> None:
    assert native.dispose(5) == Done()
    assert sdk.calls == {"dispose": 1}


@pytest.mark.parametrize("missing", ["_instance", "_ffi_disposed"])
def test_a_client_without_what_is_needed_is_a_failure_not_an_error(sdk: Sdk, missing: str) -> None:
    delattr(sdk.client, missing)

    outcome = native.dispose(5)

    assert isinstance(outcome, Failed)
    assert isinstance(outcome.error, NotImplementedError)
    assert missing in str(outcome.error)
    assert not sdk.calls


@pytest.mark.parametrize("missing", ["_pid", "_dispose"])
def test_an_instance_without_what_is_needed_is_a_failure_not_an_error(
    sdk: Sdk, missing: str
) -> None:
    delattr(sdk.client._instance, missing)

    outcome = native.dispose(5)

    assert isinstance(outcome, Failed)
    assert missing in str(outcome.error)


def test_an_sdk_without_the_private_module_is_a_failure_not_an_error(
    sdk: Sdk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "livekit.rtc._ffi_client")

    assert isinstance(native.dispose(5), Failed)
    assert not sdk.calls


def test_the_library_of_another_process_is_skipped(sdk: Sdk) -> None:
    sdk.client._instance._pid = os.getppid()

    assert isinstance(native.dispose(5), Skipped)
    assert not sdk.calls


def test_a_dispose_that_raises_is_a_failure_not_an_error(sdk: Sdk) -> None:
    error = OSError("no")

    def fail() -> None:
        raise error

    sdk.client._instance._dispose = fail

    assert native.dispose(5) == Failed(error=error)


def test_a_dispose_that_hangs_is_left_behind_at_the_deadline(sdk: Sdk) -> None:
    released = threading.Event()
    sdk.client._instance._dispose = lambda: released.wait(60)
    started = time.monotonic()

    outcome = native.dispose(0.05)

    released.set()
    assert outcome == TimedOut()
    assert time.monotonic() - started < 5
