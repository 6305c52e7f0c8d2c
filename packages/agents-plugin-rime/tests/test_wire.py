"""What Rime is asked, and which answers are sound."""

from __future__ import annotations

import pytest

from agents_plugin_rime._wire import Voice, format_request, sample_rate_of


def test_what_is_not_given_is_left_to_rime() -> None:
    assert format_request("Hello.", Voice()) == {
        "text": "Hello.",
        "speaker": "luna",
        "modelId": "arcana",
        "samplingRate": 24_000,
    }


def test_every_option_has_the_name_that_rime_gives_it() -> None:
    voice = Voice(
        model="mistv2",
        speaker="cove",
        lang="eng",
        sample_rate=16_000,
        repetition_penalty=1.5,
        temperature=0.5,
        top_p=0.9,
        max_tokens=1200,
        speed_alpha=0.9,
        reduce_latency=False,
        pause_between_brackets=True,
        phonemize_between_brackets=True,
        inline_speed_alpha="0.8, 1.2",
        no_text_normalization=True,
        save_oovs=False,
    )

    assert format_request("A <200> b.", voice) == {
        "text": "A <200> b.",
        "speaker": "cove",
        "modelId": "mistv2",
        "lang": "eng",
        "samplingRate": 16_000,
        "repetition_penalty": 1.5,
        "temperature": 0.5,
        "top_p": 0.9,
        "max_tokens": 1200,
        "speedAlpha": 0.9,
        "reduceLatency": False,
        "pauseBetweenBrackets": True,
        "phonemizeBetweenBrackets": True,
        "inlineSpeedAlpha": "0.8, 1.2",
        "noTextNormalization": True,
        "saveOovs": False,
    }


@pytest.mark.parametrize(
    ("model", "rate"), [("arcana", 24_000), ("mistv2", 16_000), ("one of tomorrow", 24_000)]
)
def test_each_model_has_its_rate(model: str, rate: int) -> None:
    assert sample_rate_of(model) == rate
