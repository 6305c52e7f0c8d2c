"""Plugins that are broken on purpose are caught, over a socket as well."""

from __future__ import annotations

import pytest

from agents_core.testing.broken import Defect
from agents_core.testing.trying import try_suite
from agents_plugins_test.broken import DEFECTS
from agents_plugins_test.tidy import TidySuite


def test_what_the_broken_ones_are_made_of_is_not_broken() -> None:
    verdicts = try_suite(TidySuite, side_by_side=8)

    assert [verdict for verdict in verdicts if verdict.broken] == []


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.suite.__name__)
def test_what_is_broken_is_caught_by_its_sentences_and_no_other(defect: Defect) -> None:
    verdicts = try_suite(defect.suite, side_by_side=8)

    broken = {verdict.sentence: verdict.words for verdict in verdicts if verdict.broken}
    assert set(broken) == defect.caught_by, broken
