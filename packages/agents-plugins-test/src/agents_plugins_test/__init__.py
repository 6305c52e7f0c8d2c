"""What the tests of speech plugins share: audio to send and transcripts to compare."""

from agents_plugins_test.audio import is_silent, loudness, silence, tone
from agents_plugins_test.transcripts import assert_same_words, word_error_rate, words

__all__ = [
    "assert_same_words",
    "is_silent",
    "loudness",
    "silence",
    "tone",
    "word_error_rate",
    "words",
]
