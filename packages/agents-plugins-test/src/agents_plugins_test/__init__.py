"""What the tests of plugins share: local vendors, audio to send, transcripts to compare."""

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
