"""Sound cut into windows: nothing is lost, and every window knows where it was."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vowels import vowels

from agents_core.audio import AudioFrame
from agents_core.testing.feeding import cut_sound
from agents_plugin_silero._windows import Window, Windows

SIZES = {8000: 256, 16_000: 512}


def cut(sound: AudioFrame, *, samples: int, model_rate: int = 16_000) -> tuple[list[Window], bytes]:
    size = SIZES[model_rate]
    windows = Windows(input_rate=sound.sample_rate, model_rate=model_rate, size=size)
    taken = [w for frame in cut_sound(sound, samples=samples) for w in windows.push(frame)]
    taken += windows.flush()
    return taken, windows.rest()


@pytest.mark.property
@settings(max_examples=40)
@given(
    rate=st.sampled_from([8000, 16_000, 22_050, 24_000, 44_100, 48_000]),
    model_rate=st.sampled_from([8000, 16_000]),
    samples=st.integers(min_value=1, max_value=5000),
    length=st.integers(min_value=0, max_value=12_000),
)
def test_the_windows_and_the_rest_are_what_was_pushed(
    rate: int, model_rate: int, samples: int, length: int
) -> None:
    sound = AudioFrame(vowels(1.5, sample_rate=rate).data[: 2 * length], rate)
    taken, rest = cut(sound, samples=samples, model_rate=model_rate)

    size = SIZES[model_rate]
    assert b"".join(window.sound for window in taken) + rest == sound.data
    assert {len(window.samples) for window in taken} <= {2 * size}
    assert abs(len(taken) - sound.duration * model_rate / size) <= 1 + 1 / size
    ends = [at * size * rate // model_rate for at in range(1, len(taken) + 1)]
    assert [sum(len(w.sound) // 2 for w in taken[:at]) for at in range(1, len(taken) + 1)] == ends


def test_at_the_model_s_own_rate_nothing_is_changed() -> None:
    taken, rest = cut(vowels(0.1, sample_rate=16_000), samples=160)

    assert [window.samples for window in taken] == [window.sound for window in taken]
    assert len(rest) == 2 * (1600 - 3 * 512)


def test_all_channels_are_heard() -> None:
    windows = Windows(input_rate=16_000, model_rate=16_000, size=512)
    [window] = windows.push(AudioFrame(b"\x02\x00\x04\x00" * 512, 16_000, 2))

    assert window.sound == b"\x03\x00" * 512


def test_after_the_rest_it_begins_anew() -> None:
    windows = Windows(input_rate=16_000, model_rate=16_000, size=512)
    assert list(windows.push(AudioFrame(bytes(2 * 300), 16_000))) == []
    assert windows.rest() == bytes(2 * 300)

    assert list(windows.push(AudioFrame(bytes(2 * 511), 16_000))) == []
    assert len(list(windows.push(AudioFrame(bytes(2), 16_000)))) == 1
