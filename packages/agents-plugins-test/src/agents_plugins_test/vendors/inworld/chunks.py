"""Sound as Inworld sends it: pieces in JSON, each a file of its own or as it is, with times."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from agents_core.audio import AudioFrame, wav_bytes
from agents_core.testing.tones import SECONDS_PER_BYTE, spell
from agents_plugins_test.local import pieces

_EVEN_SIZE = 4800
"""Bytes: a file has whole samples."""
_END_OF_FORMAT = 36
_NAMES = b"LIST\x04\x00\x00\x00INFO"


def chunks(
    text: str, asked: Mapping[str, Any], end: bytes
) -> Iterator[tuple[bytes, Mapping[str, Any]]]:
    """The samples of each piece, and what is told of it; times count from the first one."""
    rate, heard = asked["audioConfig"]["sampleRateHertz"], 0.0
    head = ENCODINGS[asked["audioConfig"]["audioEncoding"]]
    entries = tuple(_entries(text, letters=asked.get("timestampType") == "CHARACTER"))
    for samples in pieces(spell(text, sample_rate=rate).data + end, _EVEN_SIZE):
        until = heard + len(samples) / 2 / rate
        here = [each for each in entries if heard <= each[1] < until]
        chunk = {"audioContent": base64.b64encode(head(samples, rate)).decode()}
        yield samples, {**chunk, **_timestamps(here, asked.get("timestampType"))}
        heard = until


def _entries(text: str, *, letters: bool) -> Iterator[tuple[str, float, float]]:
    at = 0.0
    for entry in text if letters else re.findall(r"\S+|\s+", text):
        length = len(entry.encode()) * SECONDS_PER_BYTE
        if not entry.isspace():
            yield entry, at, at + length
        at += length


def _timestamps(
    entries: Sequence[tuple[str, float, float]], kind: str | None
) -> Mapping[str, object]:
    if kind is None:
        return {}
    texts, starts, ends = zip(*entries, strict=True) if entries else ((), (), ())
    name = kind.lower()
    times = {f"{name}s": texts, f"{name}StartTimeSeconds": starts, f"{name}EndTimeSeconds": ends}
    return {"timestampInfo": {f"{name}Alignment": times}}


def _wav(samples: bytes, rate: int) -> bytes:
    """A file, with more in its head than has to be there."""
    whole = wav_bytes(AudioFrame(samples, rate, 1))
    return whole[:_END_OF_FORMAT] + _NAMES + whole[_END_OF_FORMAT:]


ENCODINGS: Mapping[str | None, Callable[[bytes, int], bytes]] = {
    "LINEAR16": _wav,
    "PCM": lambda samples, _rate: samples,
}
"""What is known of them here, and how each has its samples."""
