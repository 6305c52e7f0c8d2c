"""Whether the worker is still there."""

from __future__ import annotations

import os
import time

import pytest

from agents_core.jobs.orphan import Parent


def test_a_worker_that_lives_is_not_missed() -> None:
    parent = Parent()

    assert parent.missing() is None
    parent.expect_pings(60)
    assert parent.missing() is None


def test_a_silence_that_lasts_too_long_is_a_worker_that_is_gone() -> None:
    parent = Parent()
    parent.expect_pings(0.02)
    time.sleep(0.03)

    missing = parent.missing()
    parent.heard()

    assert missing is not None
    assert missing.startswith("nothing heard from the worker for 0.0")
    assert parent.missing() is None


def test_a_process_that_is_handed_to_another_parent_has_lost_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parent = Parent()
    monkeypatch.setattr(os, "getppid", lambda: 1)

    assert parent.missing() == "the worker's process is gone"


def test_a_fork_server_that_is_gone_is_not_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    class Worker:
        pid = -1

    monkeypatch.setattr("multiprocessing.parent_process", Worker)
    parent = Parent()
    monkeypatch.setattr(os, "getppid", lambda: 1)

    assert parent.missing() is None
