"""How tests run everywhere in this repository: two profiles for generated examples, one option."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci",
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "nightly",
    max_examples=20_000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update`, for what tests compare with: it has to be known before their folders are."""
    parser.addoption(
        "--update",
        action="store_true",
        help="rewrite what scenarios, golden files and generated pages expect: read the diff",
    )


def pytest_configure(config: pytest.Config) -> None:
    """What is rewritten is rewritten by one process: some of it is one table of many tests."""
    if config.getoption("--update") and config.getoption("numprocesses", None):
        raise pytest.UsageError("--update works in one process alone: add --numprocesses=0")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait for servers, processes and timers."""
    return 1 + (os.cpu_count() or 1)
