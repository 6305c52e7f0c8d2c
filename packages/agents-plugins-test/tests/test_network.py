"""What is told to real vendors is told here to some that are as good, and to some that are not."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from typing import ClassVar

import pytest
from people import KEY, RIGHT, Ear, Person

from agents_core.audio import AudioFrame, silence
from agents_core.avatar import AvatarSession
from agents_core.errors import APIStatusError, MissingCredentialsError
from agents_core.realtime import RealtimeModel
from agents_core.stt import STT
from agents_core.testing import tones
from agents_core.testing.dialogue import WORDS
from agents_core.testing.fakes import (
    Call,
    FakeAvatarSession,
    FakeLLM,
    FakeRealtimeModel,
    FakeVendor,
    Line,
)
from agents_core.testing.suite import Suite
from agents_core.testing.trying import try_suite
from agents_core.testing.vendor import Vendor
from agents_plugins_test.network import RealAvatar, RealLLM, RealRealtime, RealSTT, RealTTS
from agents_plugins_test.network.ear import EAR, ear_at_hand, same_words, what_is_no_speech
from agents_plugins_test.network.models import ORDER, READING, WEATHER
from agents_plugins_test.network.mouth import speak
from agents_plugins_test.network.real import variable

needs_espeak = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"
)
KEPT = "test_the_key_is_told_to_nobody"
WRONG = "test_a_wrong_key_is_final_and_told_to_nobody"
WHOLE = "test_an_answer_is_whole"
SPOKEN = {
    WHOLE,
    "test_a_segment_is_said_before_the_next_one_is_known",
    "test_a_whole_text_is_one_segment",
    "test_all_can_be_collected",
    "test_each_segment_ends_once_and_in_order",
    "test_flushing_twice_makes_no_segment",
    "test_text_may_come_in_pieces_of_any_size",
    "test_two_at_once_do_not_mix",
}
WRITTEN = {
    WHOLE,
    "test_a_flush_asks_for_what_was_said",
    "test_a_recording_may_come_in_frames",
    "test_each_utterance_has_its_transcript",
    "test_other_rates_and_channels_are_understood",
    "test_two_at_once_do_not_mix",
}


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(KEY, RIGHT)
    monkeypatch.delenv(EAR, raising=False)
    yield
    assert variable(KEY) == RIGHT, "the right key was not put back"


def broken(suite: type[Suite[object]], **attributes: object) -> dict[str, str]:
    """The sentences that do not hold for `suite`, with these attributes; why not."""
    told = type(suite.__name__, (suite,), {"key": KEY, "secret": RIGHT, **attributes})
    return {each.sentence: each.words for each in try_suite(told, side_by_side=8) if each.broken}


# Voices.


class Voices(RealTTS):
    key = KEY
    streaming = True
    kind: ClassVar[type[Person]] = Person

    def create(self, vendor: Vendor) -> Person:
        return self.kind()


class Heard(Voices):
    def ear(self) -> Ear:
        return Ear()


class Silent(Person):
    def say(self, text: str) -> bytes:
        return silence(1.0, sample_rate=self.sample_rate).data


class Clicking(Person):
    def say(self, text: str) -> bytes:
        return super().say(text)[: 2 * self.sample_rate // 4]


class Rambling(Person):
    def say(self, text: str) -> bytes:
        return super().say(text) * 20


class Confused(Person):
    def say(self, text: str) -> bytes:
        return super().say("No one rang." if text == WORDS else text)


class Telling(Person):
    def check(self) -> None:
        if self.key != RIGHT:
            raise APIStatusError(f"{self.key} is no key", status_code=401)


class Logging(Person):
    def check(self) -> None:
        logging.getLogger("person").debug("asking with %s", self.key)
        super().check()


class Hoping(Person):
    def check(self) -> None:
        if self.key != RIGHT:
            raise APIStatusError("try again", status_code=401, retryable=True)


class Open(Person):
    def check(self) -> None:
        pass


@needs_espeak
def test_a_voice_that_speaks_keeps_its_promises() -> None:
    assert broken(Voices) == {}


@needs_espeak
def test_a_voice_that_an_ear_listens_to_keeps_its_promises() -> None:
    assert broken(Heard) == {}


@needs_espeak
@pytest.mark.parametrize("kind", [Silent, Clicking, Rambling])
def test_what_is_no_speech_is_caught_without_an_ear(kind: type[Person]) -> None:
    found = broken(Voices, kind=kind)

    assert found.keys() == SPOKEN
    assert "s of talk in" in found[WHOLE]


@needs_espeak
def test_other_words_are_caught_by_an_ear_alone() -> None:
    assert broken(Voices, kind=Confused) == {}
    found = broken(Heard, kind=Confused)
    assert found.keys() == SPOKEN
    assert "echoed: 'no one rang', expected 'Six geese fly.'" in found[WHOLE]


@needs_espeak
@pytest.mark.parametrize(
    ("kind", "sentences"),
    [(Telling, {WRONG}), (Logging, {WRONG, KEPT}), (Hoping, {WRONG}), (Open, {WRONG})],
)
def test_who_is_careless_with_keys_is_caught(kind: type[Person], sentences: set[str]) -> None:
    assert broken(Voices, kind=kind).keys() == sentences


@needs_espeak
def test_faults_are_asked_of_nobody() -> None:
    skipped = {each.sentence for each in try_suite(Voices, side_by_side=8) if each.words}

    assert {"test_a_stall_ends_at_the_timeout", "test_every_sample_is_handed_on"} <= skipped
    assert WHOLE not in skipped


def test_an_ear_is_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ear_at_hand() is None
    monkeypatch.setenv(EAR, "deepgram")
    monkeypatch.delenv("DEEPGRAM_API_KEY", raising=False)
    with pytest.raises(MissingCredentialsError, match="DEEPGRAM_API_KEY"):
        ear_at_hand()


@pytest.mark.parametrize(
    ("seconds", "channels", "problem"),
    [(1.0, 1, ""), (1.0, 2, ""), (0.1, 1, "(0.10 s of talk in 0.60 s of sound)")],
)
def test_speech_is_loud_for_a_while(seconds: float, channels: int, problem: str) -> None:
    rate = 24_000
    tone = tones.spell("xxxxxxxxxxxxxxxxxxxxxxxxx", sample_rate=rate, num_channels=channels)
    loud = AudioFrame(tone.data[: round(seconds * rate) * 2 * channels], rate, channels)
    quiet = silence(0.5, sample_rate=rate, num_channels=channels)

    assert what_is_no_speech([loud, quiet], WORDS) == problem


@pytest.mark.parametrize(
    ("text", "same"),
    [("6 GEESE fly", True), ("six geese flying", True), ("sick geese flew", False), ("", False)],
)
def test_one_word_of_three_may_be_misunderstood(text: str, same: bool) -> None:
    assert same_words(text, WORDS, at_most=RealSTT.error_rate) == same


# Ears.


class Ears(RealSTT):
    key = KEY
    streaming = True
    pause = 0.6
    pace = 0.0
    kind: ClassVar[type[Ear]] = Ear

    def create(self, vendor: Vendor) -> STT:
        return self.kind()


class Dreaming(Ear):
    def write(self, text: str) -> str:
        return "something else altogether"


class Deaf(Ear):
    """Hears nothing of sound that was resampled from what is no whole number of its own rate."""

    async def recognize(self, buffer, **more):  # noqa: ANN001, ANN003, ANN201 - as the port has it
        frames = [buffer] if isinstance(buffer, AudioFrame) else buffer
        rate = frames[0].sample_rate
        event = await super().recognize(buffer, **more)
        return event if rate % 8_000 == 0 else await super().recognize(silence(1, sample_rate=8000))


@needs_espeak
def test_an_ear_that_understands_people_keeps_its_promises() -> None:
    assert broken(Ears) == {}


@needs_espeak
def test_an_ear_that_dreams_is_caught() -> None:
    found = broken(Ears, kind=Dreaming)

    assert found.keys() == WRITTEN


@needs_espeak
def test_an_ear_that_does_not_know_a_usual_rate_is_caught() -> None:
    found = broken(Ears, kind=Deaf)

    assert found.keys() == {"test_other_rates_and_channels_are_understood"}
    assert "44100 Hz" in found["test_other_rates_and_channels_are_understood"]


@needs_espeak
@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (44_100, 1), (48_000, 2)])
def test_the_mouth_speaks_as_it_is_told(rate: int, channels: int) -> None:
    spoken = speak(WORDS, sample_rate=rate, num_channels=channels)

    assert (spoken.sample_rate, spoken.num_channels) == (rate, channels)
    assert what_is_no_speech([spoken], WORDS) == ""


def test_without_a_mouth_nobody_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.skip.Exception, match="espeak-ng is not installed"):
        speak(WORDS, sample_rate=16_000)


# Models.

PIZZA = {"size": "large", "toppings": ["Ham", "olives"], "note": None}
GOOD = (
    Line(when="Why did that fail", say="4711"),
    Line(when=ORDER, calls=(Call(name="order_pizza", arguments=PIZZA),)),
    Line(
        when=WEATHER,
        calls=tuple(
            Call(name="get_weather", arguments={"city": city, "days": 1})
            for city in ("Oslo", "Bern", "Rome")
        ),
    ),
    Line(when=READING, say='{"city": "Bern", "degrees": 21}'),
)


class Models(RealLLM):
    key = KEY
    structured = True
    before: ClassVar[tuple[Line, ...]] = ()

    def create(self, vendor: Vendor) -> FakeLLM:
        return FakeLLM([*self.before, *GOOD], vendor=keeper())


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            Line(when=ORDER, calls=(Call(name="order_pizza", arguments={**PIZZA, "size": "big"}),)),
            "test_a_tool_has_choices_lists_and_what_may_be_missing",
        ),
        (
            Line(when=ORDER, calls=(Call(name="order_pizza", arguments={**PIZZA, "note": "-"}),)),
            "test_a_tool_has_choices_lists_and_what_may_be_missing",
        ),
        (Line(when="Why did", say="It went well."), "test_a_tool_that_failed_is_heard_of"),
        (
            Line(when=WEATHER, calls=(Call(name="get_weather", arguments={"city": "Oslo"}),)),
            "test_three_calls_at_once_are_three",
        ),
        (Line(when=READING, say="21 degrees"), "test_what_is_written_down_fits"),
    ],
)
def test_a_model_that_does_not_follow_is_caught(line: Line, sentence: str) -> None:
    assert broken(Models, before=(line,)).keys() == {sentence}


def test_a_model_that_follows_keeps_its_promises() -> None:
    assert broken(Models) == {}


class Talkers(RealRealtime):
    key = KEY
    pace = 0.0

    def say(self, text: str) -> AudioFrame:
        return tones.speak(text, sample_rate=self.sample_rate)

    def create(self, vendor: Vendor) -> RealtimeModel:
        return FakeRealtimeModel(vendor=keeper(), conn_options=self.conn_options)


def test_a_model_that_talks_keeps_its_promises() -> None:
    assert broken(Talkers) == {}


class Faces(RealAvatar):
    key = KEY
    status: ClassVar[int] = 401

    def create(self, vendor: Vendor) -> AvatarSession:
        return FakeAvatarSession(vendor=keeper(self.status), conn_options=self.conn_options)


def test_an_avatar_that_refuses_a_wrong_key_keeps_its_promise() -> None:
    assert broken(Faces) == {}


@pytest.mark.parametrize(("status", "words"), [(0, "was let in"), (503, "worth another try")])
def test_an_avatar_that_does_not_is_caught(status: int, words: str) -> None:
    assert words in broken(Faces, status=status)[WRONG]


def keeper(status: int = 401) -> FakeVendor:
    """A vendor who lets the right key in, and refuses another with `status`; 0 for never."""
    vendor = FakeVendor()
    if variable(KEY) != RIGHT and status:
        vendor.refuse(status, times=9)
    return vendor
