from __future__ import annotations

import io
import struct
import wave
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.audio import AudioFrame, WavReader, wav_bytes

SOUND = AudioFrame(bytes(range(200)), 24_000, 2)


def chunk(kind: bytes, data: bytes, size: int | None = None) -> bytes:
    return struct.pack("<4sI", kind, len(data) if size is None else size) + data


def riff(*chunks: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + b"WAVE" + b"".join(chunks)


def form(tag: int = 1, bits: int = 16, extra: bytes = b"") -> bytes:
    return chunk(b"fmt ", struct.pack("<HHIIHH", tag, 1, 16_000, 32_000, 2, bits) + extra)


def cut(data: bytes, edges: list[int]) -> list[bytes]:
    at = [0, *sorted(edge % (len(data) + 1) for edge in edges), len(data)]
    return [data[start:end] for start, end in pairwise(at)]


@pytest.mark.property
@given(edges=st.lists(st.integers(min_value=0), max_size=8))
def test_the_header_is_taken_off_however_the_bytes_come(edges: list[int]) -> None:
    data = wav_bytes(SOUND) + chunk(b"LIST", b"names ") + wav_bytes(SOUND)
    reader = WavReader()

    heard = b"".join(reader.push(part) for part in cut(data, edges))

    assert heard == SOUND.data * 2
    assert (reader.sample_rate, reader.num_channels) == (24_000, 2)
    assert reader.flush() == b""


@pytest.mark.property
@given(data=st.binary(max_size=100), edges=st.lists(st.integers(min_value=0), max_size=5))
def test_what_has_no_header_is_handed_on_as_it_is(data: bytes, edges: list[int]) -> None:
    if data.startswith(b"RIFF"):
        return
    reader = WavReader()

    assert b"".join(reader.push(part) for part in cut(data, edges)) + reader.flush() == data
    assert reader.sample_rate is None


@pytest.mark.property
@given(data=st.binary(max_size=200))
def test_a_hostile_header_is_an_error_or_sound_and_never_anything_else(data: bytes) -> None:
    reader = WavReader()
    try:
        heard = reader.push(b"RIFF" + data)
    except ValueError:
        return
    assert len(heard) <= len(data)


@pytest.mark.parametrize("data", [b"RIFF", b"RIFF\x24\x00", b"RIFF\x24\x00\x00\x00WAVEfm"])
def test_half_a_header_is_no_sound(data: bytes) -> None:
    reader = WavReader()

    assert reader.push(data) + reader.flush() == b""


def test_what_is_written_is_a_file_that_others_read() -> None:
    with wave.open(io.BytesIO(wav_bytes(SOUND))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (24_000, 2, 2)
        assert file.readframes(1000) == SOUND.data


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFFFFF])
def test_a_size_that_the_writer_did_not_know_means_to_the_end(size: int) -> None:
    reader = WavReader()

    heard = reader.push(riff(form(), chunk(b"data", b"ab", size)))
    assert heard + reader.push(b"cd") == b"abcd"
    assert reader.flush() == b""
    assert reader.push(riff(form(), chunk(b"data", b"ef"))) == b"ef", "a new flow, a new header"


def test_chunks_before_the_sound_are_skipped() -> None:
    data = riff(chunk(b"LIST", b"abc") + b"\0", form(extra=b"\0\0"), chunk(b"data", b"ab"))

    assert WavReader().push(data) == b"ab"


def test_a_size_that_was_a_lie_does_not_make_sound_vanish() -> None:
    data = riff(form(), chunk(b"data", b"ab", 2), b"\x01\x02\x03\x04\x05\x06\x07\x08")

    assert WavReader().push(data) == b"ab\x01\x02\x03\x04\x05\x06\x07\x08"


def test_sixteen_bit_samples_by_their_long_name_are_read() -> None:
    extensible = struct.pack("<HHI", 22, 16, 4) + struct.pack("<H", 1) + bytes(14)

    data = riff(form(0xFFFE, extra=extensible), chunk(b"data", b"ab"))
    assert WavReader().push(data) == b"ab"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (riff(form(tag=3, bits=32)), "format 3 of 32 bits"),
        (riff(form(bits=24)), "24 bits"),
        (riff(chunk(b"data", b"ab")), "sound without a format"),
        (riff(chunk(b"fmt ", b"ab")), "a format of 2 bytes"),
        (riff(form(), chunk(b"LIST", b"", 1 << 30)), "before the sound"),
        (b"RIFF" + bytes(4) + b"AVI ", "something else than sound"),
    ],
    ids=["float", "24-bit", "no-format", "short-format", "endless", "video"],
)
def test_what_cannot_be_played_is_said_so(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        WavReader().push(data)
