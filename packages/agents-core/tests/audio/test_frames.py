from __future__ import annotations

import pytest

from agents_core.audio import AudioFrame, combine, silence


def test_a_frame_tells_how_long_it_is() -> None:
    frame = AudioFrame(bytes(2 * 2 * 480), 48_000, 2)

    assert frame.samples_per_channel == 480
    assert frame.duration == 0.01
    assert repr(frame) == "<AudioFrame 0.010 s, 48000 Hz x 2>"


@pytest.mark.parametrize(
    ("data", "rate", "channels"),
    [(b"", 0, 1), (b"", 8000, 0), (b"\0", 8000, 1), (b"\0\0", 8000, 2)],
    ids=["no-rate", "no-channel", "half-a-sample", "one-channel-missing"],
)
def test_what_is_no_sound_is_no_frame(data: bytes, rate: int, channels: int) -> None:
    with pytest.raises(ValueError, match=r"no sound|no whole samples"):
        AudioFrame(data, rate, channels)


def test_frames_of_one_kind_are_combined_in_order() -> None:
    joined = combine([AudioFrame(b"\1\0", 8000), AudioFrame(b"\2\0", 8000)])

    assert joined == AudioFrame(b"\1\0\2\0", 8000)
    with pytest.raises(ValueError, match="2 kinds"):
        combine([silence(0.1, sample_rate=8000), silence(0.1, sample_rate=16000)])
    with pytest.raises(ValueError, match="0 kinds"):
        combine([])


def test_silence_is_as_long_as_was_asked_for() -> None:
    assert silence(0.25, sample_rate=8000, num_channels=2).duration == 0.25
