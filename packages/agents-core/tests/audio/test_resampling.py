from __future__ import annotations

import math
import struct
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents_core.audio import AudioFrame, MonoResampler, Resampler, combine, mono


def tone(seconds: float, rate: int, channels: int = 1) -> AudioFrame:
    samples = [
        round(8000 * math.sin(2 * math.pi * 440 * at / rate)) for at in range(round(seconds * rate))
    ]
    data = b"".join(struct.pack("<h", sample) * channels for sample in samples)
    return AudioFrame(data, rate, channels)


def cut(frame: AudioFrame, at: list[int]) -> list[AudioFrame]:
    size = 2 * frame.num_channels
    edges = [0, *sorted(edge % (frame.samples_per_channel + 1) for edge in at)]
    edges.append(frame.samples_per_channel)
    return [
        AudioFrame(frame.data[size * start : size * end], frame.sample_rate, frame.num_channels)
        for start, end in pairwise(edges)
    ]


def samples_of(frame: AudioFrame) -> tuple[int, ...]:
    return struct.unpack(f"<{len(frame.data) // 2}h", frame.data)


@pytest.mark.property
@settings(max_examples=30)
@given(
    rates=st.sampled_from([(48000, 16000), (24000, 48000), (22050, 24000), (8000, 8000)]),
    channels=st.integers(min_value=1, max_value=2),
    edges=st.lists(st.integers(min_value=0), max_size=5),
)
def test_what_comes_out_is_as_long_as_what_went_in_and_how_it_is_cut_does_not_matter(
    rates: tuple[int, int], channels: int, edges: list[int]
) -> None:
    source = tone(0.05, rates[0], channels)

    def resampled(frames: list[AudioFrame]) -> AudioFrame:
        resampler = Resampler(input_rate=rates[0], output_rate=rates[1], num_channels=channels)
        ready = [out for frame in frames for out in resampler.push(frame)]
        return combine([*ready, *resampler.flush()])

    whole = resampled([source])
    assert abs(whole.samples_per_channel - round(0.05 * rates[1])) <= 1
    assert (whole.sample_rate, whole.num_channels) == (rates[1], channels)
    again = resampled(cut(source, edges))
    assert again == whole


def test_a_tone_is_still_the_same_tone() -> None:
    resampler = Resampler(input_rate=48000, output_rate=16000)
    out = combine((*resampler.push(tone(0.5, 48000)), *resampler.flush()))

    heard = samples_of(out)
    crossings = sum(1 for left, right in pairwise(heard) if left < 0 <= right)
    assert abs(crossings - 220) <= 1
    assert 7500 < max(heard[4000:5000]) < 8500


def test_silence_stays_silent() -> None:
    resampler = Resampler(input_rate=48000, output_rate=16000)
    quiet = combine([*resampler.push(AudioFrame(bytes(96000), 48000)), *resampler.flush()])

    assert quiet.data == bytes(32000)


def test_what_is_as_loud_as_can_be_stays_so() -> None:
    loud = AudioFrame(struct.pack("<h", -32768) * 4800 + struct.pack("<h", 32767) * 4800, 48000)
    resampler = Resampler(input_rate=48000, output_rate=16000)
    heard = combine([*resampler.push(loud), *resampler.flush()])
    samples = samples_of(heard)

    assert max(samples[50:1550]) < -30000, "and no sample has turned over"
    assert min(samples[1650:3150]) > 30000


def test_after_a_flush_it_starts_anew() -> None:
    resampler = Resampler(input_rate=48000, output_rate=16000)
    first = (*resampler.push(tone(0.1, 48000)), *resampler.flush())

    assert resampler.flush() == ()
    assert combine((*resampler.push(tone(0.1, 48000)), *resampler.flush())) == combine(first)


def test_a_frame_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 48000 Hz x 1"):
        Resampler(input_rate=48000, output_rate=16000).push(tone(0.01, 24000))
    with pytest.raises(ValueError, match="no sound"):
        Resampler(input_rate=0, output_rate=16000)


def test_one_channel_is_the_mean_of_all() -> None:
    stereo = AudioFrame(struct.pack("<4h", 100, 300, 32767, 32767), 8000, 2)

    assert mono(stereo) == AudioFrame(struct.pack("<2h", 200, 32767), 8000)
    assert mono(mono(stereo)) == mono(stereo)


def test_frames_that_differ_become_one_channel_at_one_rate() -> None:
    resampler = MonoResampler(sample_rate=16000)
    frames = [tone(0.1, 48000, 2), tone(0.1, 16000), tone(0.1, 24000)]
    out = combine([*(f for frame in frames for f in resampler.push(frame)), *resampler.flush()])

    assert (out.sample_rate, out.num_channels) == (16000, 1)
    assert abs(out.duration - 0.3) < 0.001
