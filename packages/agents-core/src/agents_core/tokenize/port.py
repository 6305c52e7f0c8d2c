"""The ports of tokenizers: how a text is cut, whole or as it is written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Protocol

from agents_core.tokenize.stream import TokenStream


class Splitter(Protocol):
    """Cuts one text, of which it gets piece after piece."""

    def push(self, text: str) -> Iterable[str]:
        """The tokens that are certain once `text` has come, whatever comes after it."""

    def flush(self) -> Iterable[str]:
        """The tokens that are left, as nothing more comes; the next push begins anew."""


class Tokenizer(ABC):
    """Cuts texts into tokens, none of them blank.

    A text gives the same tokens in one piece and in many, however it is cut.
    """

    @abstractmethod
    def splitter(self, *, language: str | None = None) -> Splitter:
        """A new splitter; `language` is BCP 47, or None where nobody knows."""

    def tokenize(self, text: str, *, language: str | None = None) -> list[str]:
        """The tokens of a whole text."""
        splitter = self.splitter(language=language)
        return [*splitter.push(text), *splitter.flush()]

    def stream(self, *, language: str | None = None) -> TokenStream:
        """The tokens of a text that is still being written."""
        return TokenStream(self.splitter(language=language))


class SentenceTokenizer(Tokenizer):
    """Cuts texts into sentences."""


class WordTokenizer(Tokenizer):
    """Cuts texts into words."""
