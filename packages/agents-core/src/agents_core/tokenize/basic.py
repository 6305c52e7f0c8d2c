"""Tokenizers that go by characters alone, for any language and without a model."""

from __future__ import annotations

from agents_core.tokenize import port
from agents_core.tokenize.sentences import SentenceSplitter
from agents_core.tokenize.words import WordSplitter


class SentenceTokenizer(port.SentenceTokenizer):
    """Cuts after what ends a sentence in the scripts of the world.

    Not after abbreviations, initials, decimals, the dots of addresses, or in the middle of a
    quotation that the sentence goes on after. In doubt two sentences stay one: that is heard less
    than one sentence in two.
    """

    def __init__(
        self,
        *,
        min_sentence_len: int = 20,
        stream_context_len: int = 1,
        retain_format: bool = False,
    ) -> None:
        """Set the lengths.

        Args:
            min_sentence_len: characters; what is shorter is said together with what follows it.
            stream_context_len: characters after a sentence that have to be known before a stream
                hands it on. More than one changes nothing but the wait.
            retain_format: whether tokens keep the spaces around them, so that they make up the
                text again.

        Raises:
            ValueError: a length below 1.
        """
        if min(min_sentence_len, stream_context_len) < 1:
            raise ValueError(f"no lengths: {min_sentence_len}, {stream_context_len}")
        self._min_sentence_len = min_sentence_len
        self._stream_context_len = stream_context_len
        self._retain_format = retain_format

    def splitter(self, *, language: str | None = None) -> SentenceSplitter:  # noqa: ARG002 - any
        """A new splitter; the language does not matter."""
        return SentenceSplitter(
            shortest=self._min_sentence_len,
            context=self._stream_context_len,
            retain_format=self._retain_format,
        )


class WordTokenizer(port.WordTokenizer):
    """Cuts at spaces, and between ideographs where that is wanted."""

    def __init__(
        self,
        *,
        ignore_punctuation: bool = True,
        split_character: bool = False,
        retain_format: bool = False,
    ) -> None:
        """Say what a word is.

        Args:
            ignore_punctuation: whether punctuation around words is dropped, and all of what has
                nothing else.
            split_character: whether each Chinese or Japanese character is a word.
            retain_format: whether words keep the spaces after them, so that they make up the text
                again; punctuation stays then.
        """
        self._ignore_punctuation = ignore_punctuation and not retain_format
        self._split_character = split_character
        self._retain_format = retain_format

    def splitter(self, *, language: str | None = None) -> WordSplitter:  # noqa: ARG002 - any
        """A new splitter; the language does not matter."""
        return WordSplitter(
            ignore_punctuation=self._ignore_punctuation,
            split_character=self._split_character,
            retain_format=self._retain_format,
        )
