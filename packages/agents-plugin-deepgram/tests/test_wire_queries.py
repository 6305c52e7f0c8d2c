"""Which queries Deepgram is asked with."""

from __future__ import annotations

import pytest

from agents_plugin_deepgram._wire.listening import Listening, format_recording, format_stream
from agents_plugin_deepgram._wire.queries import check_tags, format_query, several, split_query
from agents_plugin_deepgram._wire.speaking import Voice, format_voice, format_whole
from agents_plugin_deepgram._wire.turns import TurnTaking, format_turns

EVERYTHING = Listening(
    model="nova-2",
    language="de",
    sample_rate=8000,
    interim_results=False,
    punctuate=False,
    smart_format=True,
    dictation=True,
    numerals=True,
    no_delay=False,
    endpointing_ms=0,
    utterance_end_ms=1000,
    vad_events=False,
    enable_diarization=True,
    filler_words=False,
    profanity_filter=True,
    keywords=(("geese", 1.5), ("fly", 2)),
    keyterm=("six geese", "C++"),
    redact=("pci", "ssn"),
    replace=("a:b",),
    tags=("one", "two"),
    mip_opt_out=True,
)


def test_what_is_not_given_is_left_to_deepgram() -> None:
    assert dict(format_stream(Listening(), None)) == {
        "model": "nova-3",
        "punctuate": "true",
        "filler_words": "true",
        "language": "en-US",
        "encoding": "linear16",
        "sample_rate": "16000",
        "channels": "1",
        "interim_results": "true",
        "vad_events": "true",
        "endpointing": "25",
        "no_delay": "true",
    }


def test_every_option_has_the_name_that_deepgram_gives_it() -> None:
    assert sorted(format_stream(EVERYTHING, None)) == sorted(
        [
            ("model", "nova-2"),
            ("language", "de"),
            ("encoding", "linear16"),
            ("sample_rate", "8000"),
            ("channels", "1"),
            ("interim_results", "false"),
            ("punctuate", "false"),
            ("smart_format", "true"),
            ("dictation", "true"),
            ("numerals", "true"),
            ("no_delay", "false"),
            ("endpointing", "false"),
            ("utterance_end_ms", "1000"),
            ("vad_events", "false"),
            ("diarize", "true"),
            ("filler_words", "false"),
            ("profanity_filter", "true"),
            ("keywords", "geese:1.5"),
            ("keywords", "fly:2"),
            ("keyterm", "six geese"),
            ("keyterm", "C++"),
            ("redact", "pci"),
            ("redact", "ssn"),
            ("replace", "a:b"),
            ("tag", "one"),
            ("tag", "two"),
            ("mip_opt_out", "true"),
        ]
    )


def test_a_recording_has_no_options_of_a_live_line() -> None:
    of_a_line = {"encoding", "sample_rate", "channels", "interim_results", "vad_events"}
    of_a_line |= {"endpointing", "utterance_end_ms", "no_delay"}

    assert (
        dict(format_stream(EVERYTHING, None)).keys()
        - dict(format_recording(EVERYTHING, None)).keys()
        == of_a_line
    )


@pytest.mark.parametrize(
    ("detects", "given", "expected"),
    [
        (False, None, {"language": "en-US"}),
        (False, "de", {"language": "de"}),
        (True, None, {"detect_language": "true"}),
        (True, "de", {"language": "de"}),
    ],
)
def test_a_language_that_is_found_out_is_not_given(
    detects: bool, given: str | None, expected: dict[str, str]
) -> None:
    query = dict(format_recording(Listening(detect_language=detects), given))

    assert {name: query[name] for name in query if "language" in name} == expected


def test_flux_is_asked_by_its_own_names() -> None:
    options = TurnTaking(
        model="flux-general-multi",
        eager_eot_threshold=0.4,
        eot_threshold=0.8,
        eot_timeout_ms=3000,
        keyterm=("geese", "fly"),
        language_hint=("en", "es"),
        tags=("a",),
        mip_opt_out=False,
    )

    assert format_turns(options, None) == (
        ("model", "flux-general-multi"),
        ("encoding", "linear16"),
        ("sample_rate", "16000"),
        ("eager_eot_threshold", "0.4"),
        ("eot_threshold", "0.8"),
        ("eot_timeout_ms", "3000"),
        ("keyterm", "geese"),
        ("keyterm", "fly"),
        ("language_hint", "en"),
        ("language_hint", "es"),
        ("tag", "a"),
        ("mip_opt_out", "false"),
    )
    assert ("language_hint", "de") in format_turns(options, "de")
    assert ("language_hint", "en") not in format_turns(options, "de")


@pytest.mark.parametrize(
    ("model", "language", "hints"),
    [
        ("flux-general-multi", "en-US", ["en-US"]),
        ("flux-general-en", "en-US", []),
        ("flux-general-en", "en", []),
        ("flux-general-en", "de", ["de"]),
        ("flux-general-en", None, []),
    ],
)
def test_a_model_of_one_language_is_not_told_which(
    model: str, language: str | None, hints: list[str]
) -> None:
    query = format_turns(TurnTaking(model=model), language)

    assert [value for name, value in query if name == "language_hint"] == hints


def test_a_voice_is_asked_for_without_a_container() -> None:
    voice = Voice(model="aura-luna-en", sample_rate=8000, mip_opt_out=True)

    assert format_voice(voice) == (
        ("model", "aura-luna-en"),
        ("encoding", "linear16"),
        ("sample_rate", "8000"),
        ("mip_opt_out", "true"),
    )
    assert format_whole(voice) == (*format_voice(voice), ("container", "none"))


def test_flags_are_words_and_values_are_not_encoded() -> None:
    assert format_query({"a": True, "b": "x & y", "c": None, "d": (), "e": (1, False)}) == (
        ("a", "true"),
        ("b", "x & y"),
        ("e", "1"),
        ("e", "false"),
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (None, ("", ())),
        ("https://a.example/b", ("https://a.example/b", ())),
        ("https://a.example?x=1&y=", ("https://a.example", (("x", "1"), ("y", "")))),
    ],
)
def test_a_query_is_taken_off_a_url(url: str | None, expected: object) -> None:
    assert split_query(url) == expected


def test_one_and_many_are_many() -> None:
    assert several("geese") == ("geese",)
    assert several(["geese", "fly"]) == ("geese", "fly")


def test_a_tag_has_128_characters_at_most() -> None:
    check_tags(["x" * 128])
    with pytest.raises(ValueError, match="128"):
        check_tags(["x", "x" * 129])


@pytest.mark.parametrize("eager", [0.5, 0.7])
def test_a_turn_is_not_likely_to_end_after_it_has_ended(eager: float) -> None:
    assert TurnTaking(eager_eot_threshold=eager).eager_eot_threshold == eager
    with pytest.raises(ValueError, match="eot_threshold"):
        TurnTaking(eager_eot_threshold=eager, eot_threshold=0.4)
