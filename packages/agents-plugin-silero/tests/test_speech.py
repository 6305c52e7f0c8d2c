"""What is speech, by the probabilities alone."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.vad import VADEvent, VADEventType
from agents_plugin_silero._speech import Sensitivity, Speech

START = VADEventType.START_OF_SPEECH
END = VADEventType.END_OF_SPEECH
DONE = VADEventType.INFERENCE_DONE

RATE = 16_000
WINDOW = 512
INTERVAL = WINDOW / RATE
PLAIN = Sensitivity(
    min_speech_duration=2 * INTERVAL,
    min_silence_duration=3 * INTERVAL,
    prefix_padding_duration=INTERVAL,
    max_buffered_speech=60.0,
)


def sound(window: int, samples: int = WINDOW) -> bytes:
    """Samples that tell which window they are of."""
    return struct.pack("<h", window) * samples


def windows_of(event: VADEvent) -> list[int]:
    [frame] = event.frames
    return [
        struct.unpack_from("<h", frame.data, at)[0] for at in range(0, len(frame.data), 2 * WINDOW)
    ]


def hear(
    probabilities: Sequence[float], sensitivity: Sensitivity = PLAIN
) -> tuple[Speech, list[VADEvent]]:
    speech = Speech(sensitivity, sample_rate=RATE, interval=INTERVAL)
    events = [
        event
        for at, probability in enumerate(probabilities)
        for event in speech.hear(sound(at), probability)
    ]
    return speech, events


def bounds(events: Sequence[VADEvent]) -> list[tuple[VADEventType, int]]:
    """Beginnings and ends, and after how many windows each."""
    return [(event.type, event.samples_index // WINDOW) for event in events if event.type != DONE]


def test_speech_begins_when_it_has_lasted_and_ends_when_silence_has() -> None:
    _, events = hear([0, 0, 1, 1, 1, 0, 0, 0, 0, 0])

    assert bounds(events) == [(START, 4), (END, 8)]
    start, end = (event for event in events if event.type != DONE)
    assert start.speech_duration == pytest.approx(2 * INTERVAL)
    assert start.silence_duration == pytest.approx(2 * INTERVAL)
    assert (start.speaking, end.speaking) == (True, False)
    assert end.speech_duration == pytest.approx(3 * INTERVAL)
    assert end.silence_duration == pytest.approx(3 * INTERVAL)
    assert end.raw_accumulated_silence == pytest.approx(3 * INTERVAL)


def test_a_beginning_brings_the_sound_before_it_and_an_end_all_of_it() -> None:
    _, events = hear([0, 0, 1, 1, 1, 0, 0, 0, 0, 0])
    start, end = (event for event in events if event.type != DONE)

    assert windows_of(start) == [1, 2, 3]
    assert windows_of(end) == [1, 2, 3, 4, 5, 6, 7]


def test_the_end_of_one_utterance_is_the_sound_before_the_next() -> None:
    _, events = hear([1, 1, 0, 0, 0, 0, 1, 1])
    assert bounds(events) == [(START, 2), (END, 5), (START, 8)]
    again = [event for event in events if event.type == START][1]

    assert windows_of(again) == [5, 6, 7]
    assert again.silence_duration == pytest.approx(4 * INTERVAL)


def test_a_short_noise_is_no_speech_and_silence_goes_on_through_it() -> None:
    _, events = hear([0, 1, 0, 0, 1, 0, 0])

    assert bounds(events) == []
    assert events[-1].silence_duration == pytest.approx(7 * INTERVAL)
    assert events[1].raw_accumulated_speech == pytest.approx(INTERVAL)
    assert events[2].raw_accumulated_speech == 0


def test_a_pause_is_part_of_what_was_said() -> None:
    _, events = hear([1, 1, 0, 0, 1, 1, 0, 0, 0, 0])

    assert bounds(events) == [(START, 2), (END, 9)]
    assert events[-1].speech_duration == pytest.approx(6 * INTERVAL)
    pausing = events[4]
    assert pausing.silence_duration == pytest.approx(2 * INTERVAL)
    assert pausing.speech_duration == pytest.approx(2 * INTERVAL)
    assert pausing.speaking


def test_a_voice_that_is_heard_needs_less_to_go_on_than_to_begin() -> None:
    _, unsure = hear([0.45] * 8)
    _, heard = hear([1.0, 1.0] + [0.45] * 8)

    assert bounds(unsure) == []
    assert bounds(heard) == [(START, 2)]
    assert not heard[-1].raw_accumulated_silence


@pytest.mark.parametrize(
    ("activation", "deactivation", "still"),
    [(0.5, None, 0.35), (0.1, None, 0.01), (0.005, None, 0.005), (0.5, 0.5, 0.5), (0.9, 0.2, 0.2)],
)
def test_the_threshold_to_go_on_is_somewhat_lower(
    activation: float, deactivation: float | None, still: float
) -> None:
    rules = Sensitivity(activation_threshold=activation, deactivation_threshold=deactivation)

    assert rules.still == pytest.approx(still)


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_speech_duration": -0.1},
        {"min_silence_duration": float("nan")},
        {"prefix_padding_duration": float("inf")},
        {"max_buffered_speech": -1},
        {"activation_threshold": 0},
        {"activation_threshold": 1.1},
        {"deactivation_threshold": 0},
        {"deactivation_threshold": 0.6},
    ],
)
def test_what_is_no_threshold_and_no_duration_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong)).partition("_")[2]):
        Sensitivity(**wrong)


def test_probabilities_are_smoothed() -> None:
    _, events = hear([0.2, 1.0, 0.0])

    assert [event.probability for event in events] == pytest.approx([0.2, 0.72, 0.252])


def test_no_more_is_kept_of_an_utterance_than_was_asked_for() -> None:
    rules = Sensitivity(
        min_speech_duration=INTERVAL,
        min_silence_duration=2 * INTERVAL,
        prefix_padding_duration=INTERVAL,
        max_buffered_speech=3 * INTERVAL,
    )
    speech, events = hear([0, 0, *[1] * 6], rules)
    assert speech.overflowed
    events += [event for at in range(8, 12) for event in speech.hear(sound(at), 0.0)]
    events += [event for at in range(12, 14) for event in speech.hear(sound(at), 1.0)]

    ends = [event for event in events if event.type == END]
    starts = [event for event in events if event.type == START]
    assert windows_of(ends[0]) == [1, 2, 3, 4]
    assert not speech.overflowed
    assert ends[0].speech_duration == pytest.approx(6 * INTERVAL)
    assert windows_of(starts[1]) == [11, 12], "and not what the first one kept"


def test_what_was_kept_of_a_long_utterance_does_not_come_before_the_next() -> None:
    rules = Sensitivity(
        min_speech_duration=INTERVAL,
        min_silence_duration=INTERVAL,
        prefix_padding_duration=4 * INTERVAL,
        max_buffered_speech=INTERVAL,
    )
    _, events = hear([*[1] * 8, 0, 0, 0, 1, 1, 1], rules)
    starts = [event for event in events if event.type == START]

    assert windows_of(starts[0]) == [0]
    assert bounds(events)[:2] == [(START, 1), (END, 9)]
    assert windows_of(starts[1]) == [9, 10, 11]


def test_an_end_ends_what_goes_on_and_forgets_it() -> None:
    speech, _ = hear([0, 1, 1])
    [ended] = speech.end(sound(3, 100))

    assert ended.type == END
    assert ended.samples_index == 3 * WINDOW + 100
    assert ended.speech_duration == pytest.approx(2 * INTERVAL)
    assert ended.silence_duration == 0
    assert ended.frames[0].data == sound(0) + sound(1) + sound(2) + sound(3, 100)
    assert speech.end() == ()
    [looked, begun] = [*speech.hear(sound(4), 1.0), *speech.hear(sound(5), 1.0)][1:]
    assert (looked.type, begun.type) == (DONE, START)
    assert windows_of(begun) == [4, 5]


def test_rules_may_change_in_the_middle() -> None:
    speech, _ = hear([0.4, 0.4, 0.4])
    speech.sensitivity = Sensitivity(activation_threshold=0.3)

    assert [event.type for event in speech.hear(sound(3), 0.4)] == [DONE]
    assert [event.type for event in speech.hear(sound(4), 0.4)] == [DONE, START]


def test_no_duration_at_all_is_one_window() -> None:
    rules = Sensitivity(min_speech_duration=0, min_silence_duration=0, prefix_padding_duration=0)
    _, events = hear([0, 1, 0, 0, 0], rules)

    assert bounds(events) == [(START, 2), (END, 3)]
    assert windows_of(next(event for event in events if event.type == START)) == [1]


@pytest.mark.property
@given(
    probabilities=st.lists(st.sampled_from([0.0, 0.3, 0.45, 0.7, 1.0]), max_size=60),
    sensitivity=st.builds(
        Sensitivity,
        min_speech_duration=st.sampled_from([0.0, 0.05, 0.1]),
        min_silence_duration=st.sampled_from([0.0, 0.1, 0.2]),
        prefix_padding_duration=st.sampled_from([0.0, 0.04, 0.5]),
        max_buffered_speech=st.sampled_from([0.0, 0.1, 60.0]),
        activation_threshold=st.sampled_from([0.4, 0.5, 0.9]),
    ),
    flushed=st.booleans(),
)
def test_whatever_is_heard_the_events_tell_one_story(
    probabilities: list[float],
    sensitivity: Sensitivity,
    flushed: bool,
) -> None:
    speech, events = hear(probabilities, sensitivity)
    if flushed:
        events += speech.end()
    kinds = [event.type for event in events if event.type != DONE]
    whole = b"".join(sound(at) for at in range(len(probabilities)))
    padding = 2 * round(sensitivity.prefix_padding_duration * RATE)
    most = padding + 2 * round(sensitivity.max_buffered_speech * RATE)

    assert kinds == ([START, END] * len(kinds))[: len(kinds)]
    assert [e.type for e in events].count(DONE) == len(probabilities)
    assert not flushed or kinds.count(START) == kinds.count(END)
    for event in events:
        [frame] = event.frames
        heard = 2 * event.samples_index
        if event.type == DONE:
            assert frame.data == whole[heard - 2 * WINDOW : heard]
        elif event.type == START:
            spoken = 2 * round(event.speech_duration * RATE)
            assert event.speech_duration >= sensitivity.min_speech_duration - 1e-9
            assert whole[:heard].endswith(frame.data)
            assert len(frame.data) <= spoken + padding
        else:
            assert frame.data in whole
            assert len(frame.data) <= max(most, padding + 2 * round(0.1 * RATE) + 4 * WINDOW)
            assert event.silence_duration == event.raw_accumulated_silence
        assert 0 <= event.speech_duration <= event.timestamp + 1e-9
        assert 0 <= event.silence_duration <= event.timestamp + 1e-9
