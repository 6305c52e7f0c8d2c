"""Which options Deepgram takes where, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from multidict import MultiMapping

Known: TypeAlias = Mapping[str, str]
"""How the value of each option is written: a word, a number, a flag, or several words."""

_WRITTEN: Known = {
    **dict.fromkeys(("punctuate", "smart_format", "dictation", "numerals"), "flag"),
    **dict.fromkeys(("diarize", "filler_words", "profanity_filter", "mip_opt_out"), "flag"),
    **dict.fromkeys(("keywords", "keyterm", "redact", "replace", "tag"), "several"),
    "model": "word",
    "kept": "word",
}
"""`kept` stands for what the query of a base URL may hold."""

RECORDING: Known = {**_WRITTEN, "language": "word", "detect_language": "flag"}
STREAM: Known = {
    **_WRITTEN,
    **dict.fromkeys(("interim_results", "vad_events", "no_delay"), "flag"),
    **dict.fromkeys(("sample_rate", "channels", "utterance_end_ms"), "number"),
    "language": "word",
    "encoding": "word",
    "endpointing": "number or false",
}
TURNS: Known = {
    **dict.fromkeys(("sample_rate", "eot_timeout_ms"), "number"),
    **dict.fromkeys(("eot_threshold", "eager_eot_threshold"), "fraction"),
    **dict.fromkeys(("keyterm", "language_hint", "tag"), "several"),
    **dict.fromkeys(("model", "encoding", "kept"), "word"),
    "mip_opt_out": "flag",
}
SPEECH: Known = {
    **dict.fromkeys(("model", "encoding", "container", "kept"), "word"),
    "sample_rate": "number",
    "mip_opt_out": "flag",
}


_MISPLACED: Mapping[str, str] = {
    "nova-3": "keywords",
    "nova-2": "keyterm",
    "flux-general-en": "language_hint",
}
"""What a model does not take."""
_FRACTIONS = (0.3, 1.0)
"""The lowest and the highest threshold that Flux takes."""


def problem(query: MultiMapping[str], known: Known) -> str | None:
    """What Deepgram would refuse; None where all is well."""
    for name, value in query.items():
        if name not in known:
            return f"unknown option {name}"
        if not _fits(value, known[name]):
            return f"{name} is no {known[name]}: {value}"
        if known[name] != "several" and len(query.getall(name)) > 1:
            return f"{name} twice"
    if (other := _MISPLACED.get(query.get("model", ""))) in query:
        return f"{other} is not for {query['model']}"
    missing = {"model", "encoding", "sample_rate"} & set(known) - set(query)
    if missing:
        return f"without {sorted(missing)}"
    return None if query.get("encoding", "linear16") == "linear16" else "another encoding"


def flag(query: MultiMapping[str], name: str) -> bool:
    """Whether an option is on."""
    return query.get(name, "false") == "true"


def asked_for(query: MultiMapping[str]) -> dict[str, object]:
    """The options under the names of the plugin's."""
    values: dict[str, object] = {}
    for name in query:
        several = tuple(query.getall(name))
        values[name] = several if len(several) > 1 else _value(several[0])
    return {
        **values,
        "tags": tuple(query.getall("tag", ())),
        "keyterm": tuple(query.getall("keyterm", ())),
        "enable_diarization": flag(query, "diarize"),
        "endpointing_ms": values.get("endpointing") or 0,
    }


def _value(written: str) -> object:
    if written in {"true", "false"}:
        return written == "true"
    for number in (int, float):
        try:
            return number(written)
        except ValueError:
            continue
    return written


def _fits(written: str, kind: str) -> bool:
    value = _value(written)
    match kind:
        case "flag":
            return isinstance(value, bool)
        case "number":
            return type(value) is int
        case "number or false":
            return value is False or type(value) is int
        case "fraction":
            lowest, highest = _FRACTIONS
            return isinstance(value, int | float) and lowest <= value <= highest
        case _:
            return bool(written)
