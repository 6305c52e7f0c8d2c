"""What is broken on purpose is caught, and by nothing but the sentences that it breaks."""

from __future__ import annotations

from typing import Any

import pytest

from agents_core.testing.broken import DEFECTS, SUITES, Defect
from agents_core.testing.room import room_is_possible
from agents_core.testing.suite import Suite
from agents_core.testing.trying import sentences, try_suite

EVERY_DEFECT = pytest.mark.parametrize(
    "defect", [pytest.param(defect, id=defect.name) for defect in DEFECTS]
)
EVERY_SUITE = pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.__name__)


@EVERY_DEFECT
def test_a_defect_is_caught_by_its_sentences_and_no_other(defect: Defect) -> None:
    if getattr(defect.suite, "in_a_room", False) and room_is_possible():
        pytest.skip(room_is_possible() or "")
    verdicts = try_suite(defect.suite, side_by_side=8)

    broken = {verdict.sentence: verdict.words for verdict in verdicts if verdict.broken}
    assert set(broken) == defect.caught_by, broken


@EVERY_SUITE
def test_each_sentence_that_is_told_catches_some_defect(suite: type[Suite[Any]]) -> None:
    told = {v.sentence for v in try_suite(suite, side_by_side=8) if v.outcome != "skipped"}
    caught = [defect.caught_by for defect in DEFECTS if issubclass(defect.suite, suite)]

    assert told - frozenset().union(*caught) == set()


@EVERY_SUITE
def test_no_defect_names_a_sentence_that_is_not_there(suite: type[Suite[Any]]) -> None:
    for defect in DEFECTS:
        if issubclass(defect.suite, suite):
            assert defect.caught_by <= set(sentences(suite))


def test_no_two_defects_have_one_name() -> None:
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS)
