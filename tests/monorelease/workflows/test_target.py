"""Which index is meant."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from monorelease.errors import UsageProblem
from monorelease.model.config import LOCAL_INDEX, Config, PublishConfig
from monorelease.model.index import IndexTarget
from monorelease.workflows.target import target_of

ACME = IndexTarget(name="acme", folder=PurePosixPath("dist/acme"))
CONFIG = Config(indexes=(LOCAL_INDEX, ACME), publish=PublishConfig(to="acme"))


def test_the_index_that_is_asked_for_is_meant() -> None:
    assert target_of(CONFIG, "local") == LOCAL_INDEX


def test_without_a_wish_it_is_the_configured_one() -> None:
    assert target_of(CONFIG, None) == ACME
    assert target_of(Config(), None) == LOCAL_INDEX


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("Acme", "did you mean 'acme'?"),
        ("loca", "did you mean 'local'?"),
        ("", "the indexes are: local, acme"),
        ("pypi", "the indexes are: local, acme"),
    ],
)
def test_an_index_that_is_not_there_is_guessed_or_all_are_named(asked: str, hint: str) -> None:
    with pytest.raises(UsageProblem, match=f"there is no index '{asked}'") as problem:
        target_of(CONFIG, asked)

    assert problem.value.hint == hint
