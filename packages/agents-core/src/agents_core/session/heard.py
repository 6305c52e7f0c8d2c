"""How much of a text was heard, from how long its sound was played."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agents_core.timing import TimedWord

_FASTEST = 20.0
"""Characters a second that hardly any voice exceeds: a bound where the sound is not all there."""


def heard_text(
    text: str,
    *,
    position: float,
    duration: float | None,
    words: Sequence[TimedWord] = (),
) -> str:
    """The beginning of `text` that was heard when its sound stopped.

    With `words`, those that had begun. Else the same share of the text as of the sound, less the
    word that was cut; an honest guess.

    Args:
        text: all that was to be said.
        position: seconds of its sound that were played.
        duration: seconds of all of its sound; None where not all of it had been made.
        words: when each is said, as far as that is known.
    """
    if position <= 0:
        return ""
    if duration is not None and position >= duration:
        return text
    end = _end_of(text, [word.text for word in words if word.start_time < position])
    if end is not None:
        return text[:end]
    whole = duration if duration is not None else max(position, len(text) / _FASTEST)
    return _whole_words(text, round(len(text) * position / whole))


def _end_of(text: str, words: Sequence[str]) -> int | None:
    """Where the last of `words` ends in `text`; None where they are not to be found."""
    end = None
    for word in filter(None, map(str.strip, words)):
        at = text.find(word, end or 0)
        if at < 0:
            return end
        end = at + len(word)
    return end


def _whole_words(text: str, length: int) -> str:
    beginning = text[:length]
    if length >= len(text) or not re.search(r"\s", text):
        return beginning
    if not text[length].isspace():
        beginning = re.sub(r"\S+$", "", beginning)
    return beginning.rstrip()
