"""Thresholds by language, as the model's file has them."""

from __future__ import annotations

import pytest

from agents_plugin_livekit._wire.languages import look_up, probability, thresholds_of

THRESHOLDS = thresholds_of(
    {
        "en": {"threshold": 0.0289},
        "pt": {"threshold": 0.04},
        "pt-BR": {"threshold": 0.03, "f1": 0.9},
    }
)


@pytest.mark.parametrize(
    ("language", "threshold"),
    [
        ("en", 0.0289),
        ("en-US", 0.0289),
        ("EN_gb", 0.0289),
        ("pt", 0.04),
        ("pt-BR", 0.03),
        ("pt_br", 0.03),
        ("pt-PT", 0.04),
        ("tlh", None),
        ("multi", None),
        ("", None),
    ],
)
def test_a_language_has_its_own_threshold_else_its_base_s(
    language: str, threshold: float | None
) -> None:
    assert look_up(THRESHOLDS, language) == threshold


@pytest.mark.parametrize(
    "garbage",
    [
        ["en"],
        "en",
        None,
        {"en": 0.5},
        {"en": {}},
        {"en": {"threshold": "0.5"}},
        {"en": {"threshold": 1.5}},
        {"en": {"threshold": float("nan")}},
        {"en": {"threshold": True}},
    ],
)
def test_what_is_no_file_of_thresholds_is_refused(garbage: object) -> None:
    with pytest.raises(ValueError, match=r"languages by name|'en' has no threshold"):
        thresholds_of(garbage)


def test_a_probability_is_from_nought_to_one() -> None:
    assert [probability(each) for each in (0, 1, 0.5)] == [0.0, 1.0, 0.5]
    assert [probability(each) for each in (-0.1, 1.1, "1", None, True)] == [None] * 5
