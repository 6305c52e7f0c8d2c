"""Whether what was heard is what was asked for: by its sound, and by an ear where there is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agents_core.audio import AudioFrame, mono
from agents_core.plugins import load
from agents_core.stt import STT
from agents_core.testing.feeding import cut_sound
from agents_plugins_test.audio import loudness
from agents_plugins_test.network.real import variable
from agents_plugins_test.transcripts import word_error_rate, words

EAR = "AGENTS_TEST_EAR"
"""The variable that names a plugin whose speech to text listens to the voices under test."""

_WINDOW = 0.02
_LOUD = 0.01
"""The loudness, 0 to 1, from which somebody talks."""
_SHORTEST = 0.025
"""Seconds a character that nobody is faster than."""
_LONGEST = 0.3
_BREATH = 1.0
"""Seconds that a short text may take longer."""


def ear_at_hand() -> STT | None:
    """The speech to text that the environment names; None where it names none.

    Raises:
        PluginError: there is no such plugin.
        MissingCredentialsError: it has no key.
    """
    name = variable(EAR)
    if not name:
        return None
    ear: STT = load(name).STT()
    return ear


def what_is_no_speech(sound: Sequence[AudioFrame], text: str) -> str:
    """What keeps `sound` from being `text`, as far as loudness tells; empty where nothing does."""
    talked = sum(each.duration for each in _windows(sound) if loudness(each.data) >= _LOUD)
    shortest, longest = _SHORTEST * len(text), _BREATH + _LONGEST * len(text)
    if shortest <= talked <= longest:
        return ""
    length = sum(frame.duration for frame in sound)
    return f"({talked:.2f} s of talk in {length:.2f} s of sound)"


def same_words(text: str, expected: str, *, at_most: float) -> bool:
    """Whether both say the same, but for a share of the words.

    Args:
        text: what was understood or written.
        expected: what was said.
        at_most: the word error rate that still counts as the same.
    """
    if not words(expected):
        return not words(text)
    return word_error_rate(expected, text) <= at_most


def _windows(sound: Sequence[AudioFrame]) -> Iterator[AudioFrame]:
    for frame in map(mono, sound):
        yield from cut_sound(frame, samples=max(1, round(_WINDOW * frame.sample_rate)))
