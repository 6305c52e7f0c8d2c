"""Job processes for tests, and what they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from raw_worker import RawProcess


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
