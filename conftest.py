"""How tests run everywhere in this repository: two profiles for generated examples, one option."""

from __future__ import annotations

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
    """`--update`, for the scenarios: it has to be known before their folder is."""
    parser.addoption(
        "--update", action="store_true", help="rewrite what tests/scenarios/ expects: read the diff"
    )
