from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.audio import FrameCutter


@pytest.mark.property
@given(
    parts=st.lists(st.binary(max_size=700), max_size=12),
    num_channels=st.integers(min_value=1, max_value=3),
    hold=st.sampled_from([0.0, 0.01]),
)
def test_however_bytes_come_nothing_is_lost_and_frames_keep_their_lengths(
    parts: list[bytes], num_channels: int, hold: float
) -> None:
    cutter = FrameCutter(
        sample_rate=1000, num_channels=num_channels, shortest=0.02, longest=0.1, hold=hold
    )
    early = [frame for part in parts for frame in cutter.push(part)]
    last = cutter.flush()

    data = b"".join(parts)
    whole = len(data) - len(data) % (2 * num_channels)
    assert b"".join(frame.data for frame in (*early, *last)) == data[:whole]
    assert all(0 < frame.duration <= 0.1 for frame in (*early, *last))
    if hold and whole:
        assert last, "there is always a frame left to be the last one"
    assert cutter.flush() == ()


def test_a_part_is_handed_on_at_once_but_for_what_is_held() -> None:
    cutter = FrameCutter(sample_rate=1000, shortest=0.02, longest=0.2, hold=0.01)

    assert [frame.duration for frame in cutter.push(bytes(2 * 100))] == [0.09]
    assert cutter.push(bytes(2 * 15)) == (), "less than the shortest waits"
    assert [frame.duration for frame in cutter.flush()] == [0.025]


def test_lengths_that_make_no_sense_are_refused() -> None:
    for lengths in ({"shortest": 0.0}, {"shortest": 0.3}, {"hold": -1.0}):
        with pytest.raises(ValueError, match="no lengths of frames"):
            FrameCutter(sample_rate=8000, **lengths)
