"""Job processes for tests, and what they run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from raw_worker import RawProcess


@pytest.fixture(autouse=True)
def native_library_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what a test shuts down here from disposing of the library that other tests use."""
    client = sys.modules.get("livekit.rtc._ffi_client")
    if client is not None:
        monkeypatch.setattr(client.FfiClient, "_instance", None)


@pytest.fixture(autouse=True)
def processes_of_others() -> None:
    """Keep a test from answering for what another one has left in this process."""
    import kept_pool

    kept_pool.note_children_of_others()


@pytest.fixture
def raw() -> Iterator[Callable[..., RawProcess]]:
    """Start job processes, of which a test holds the worker's end; it leaves none behind."""
    import raw_worker

    started: list[RawProcess] = []

    def start(*arguments: Any, **options: Any) -> RawProcess:  # noqa: ANN401 - as of raw_worker.start
        started.append(raw_worker.start(*arguments, **options))
        return started[-1]

    yield start
    for process in started:
        process.close()
