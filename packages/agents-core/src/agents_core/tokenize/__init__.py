"""Text cut into sentences and words, whole or as it is written."""

from __future__ import annotations

from agents_core.tokenize import basic
from agents_core.tokenize.port import SentenceTokenizer, Splitter, Tokenizer, WordTokenizer
from agents_core.tokenize.stream import TokenData, TokenStream

__all__ = [
    "SentenceTokenizer",
    "Splitter",
    "TokenData",
    "TokenStream",
    "Tokenizer",
    "WordTokenizer",
    "basic",
]
