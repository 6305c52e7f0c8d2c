"""One example for each rule of taking turns, and what holds whatever happens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from agents_core.turns import Detection, State, TurnOptions, step
from agents_core.turns import effects as do
from agents_core.turns import events as on
from agents_core.turns.events import Timer, TranscriptKind
from agents_core.turns.state import count_words


class Talk:
    """A conversation on a clock of its own, whose timers fire when they are due."""

    def __init__(self, **options: object) -> None:
        self.state = State(options=TurnOptions(**options))  # type: ignore[arg-type] # each of its type
        self.now = 0.0
        self.timers: dict[Timer, float] = {}
        self.effects: list[do.Effect] = []
        self.tell(on.Started)
        self.effects.clear()

    def tell(self, event: Callable[..., on.Event], **fields: object) -> None:
        self.state, effects = step(self.state, event(at=self.now, **fields))
        self.effects.extend(effects)
        for effect in effects:
            match effect:
                case do.StartTimer():
                    self.timers[effect.timer] = effect.due
                case do.CancelTimer():
                    del self.timers[effect.timer]

    def wait(self, seconds: float) -> None:
        until = self.now + seconds
        while due := [timer for timer in self.timers if self.timers[timer] <= until]:
            timer = min(due, key=lambda each: self.timers[each])
            self.now = max(self.now, self.timers.pop(timer))
            self.tell(on.TimerFired, timer=timer)
        self.now = until

    def says(self, text: str, *, seconds: float = 1.0) -> None:
        self.tell(on.UserStarted)
        self.wait(seconds)
        self.tell(on.UserStopped)
        self.tell(on.Transcript, text=text)

    def answers(self, speech: str = "a", *, interruptible: bool = True) -> None:
        self.tell(on.SpeechCreated, speech=speech, interruptible=interruptible)
        self.tell(on.PlaybackStarted, speech=speech)

    def did(self, *kinds: type) -> list[Any]:
        found = [effect for effect in self.effects if isinstance(effect, kinds)]
        self.effects.clear()
        return found

    @property
    def turns(self) -> list[str]:
        return [turn.transcript for turn in self.did(do.CommitTurn)]


class TestEndpointing:
    def test_a_turn_is_over_after_the_shortest_delay_of_silence(self) -> None:
        talk = Talk(min_endpointing_delay=0.5)
        talk.says("hello")
        talk.wait(0.4)
        assert talk.turns == []

        talk.wait(0.2)
        assert talk.turns == ["hello"]

    def test_the_delay_counts_from_when_the_user_stopped_and_not_from_when_that_was_noticed(
        self,
    ) -> None:
        talk = Talk(min_endpointing_delay=0.5)
        talk.tell(on.UserStarted)
        talk.wait(2)
        talk.tell(on.UserStopped, ago=0.4)
        talk.tell(on.Transcript, text="hello")
        talk.wait(0.15)

        [turn] = talk.did(do.CommitTurn)
        assert turn.end_of_utterance_delay == pytest.approx(0.5)
        assert turn.transcription_delay == pytest.approx(0.4)

    def test_a_user_who_goes_on_in_time_is_still_in_the_same_turn(self) -> None:
        talk = Talk(min_endpointing_delay=0.5)
        talk.says("hello")
        talk.wait(0.4)
        talk.says("world")
        talk.wait(0.6)

        assert talk.turns == ["hello world"]

    def test_a_turn_waits_for_its_words(self) -> None:
        talk = Talk(min_endpointing_delay=0.5)
        talk.tell(on.UserStarted)
        talk.wait(1)
        talk.tell(on.UserStopped)
        talk.wait(3)
        assert talk.turns == []

        talk.tell(on.Transcript, text="late")
        talk.wait(0)
        assert talk.turns == ["late"]

    def test_noise_without_words_is_no_turn(self) -> None:
        talk = Talk()
        talk.tell(on.UserStarted)
        talk.wait(1)
        talk.tell(on.UserStopped)
        talk.wait(100)

        assert talk.turns == []

    def test_words_that_the_voice_detection_missed_are_a_turn(self) -> None:
        talk = Talk(min_endpointing_delay=0.5)
        talk.tell(on.Transcript, text="whispered")
        talk.wait(0.6)

        assert talk.turns == ["whispered"]

    def test_without_a_transcriber_sound_is_a_turn(self) -> None:
        talk = Talk(transcribed=False, min_endpointing_delay=0.5)
        talk.tell(on.UserStarted)
        talk.wait(1)
        talk.tell(on.UserStopped)
        talk.wait(0.6)

        assert talk.turns == [""]

    def test_words_that_are_never_made_final_end_up_in_the_turn_after_the_longest_delay(
        self,
    ) -> None:
        talk = Talk(max_endpointing_delay=6.0)
        talk.tell(on.UserStarted)
        talk.wait(1)
        talk.tell(on.Transcript, text="hello", kind=TranscriptKind.INTERIM)
        talk.tell(on.UserStopped)
        talk.wait(5.9)
        assert talk.turns == []

        talk.wait(0.2)
        assert talk.turns == ["hello"]
        talk.tell(on.Transcript, text="hello!")
        talk.wait(10)
        assert talk.turns == []

    def test_a_transcriber_says_where_a_sentence_ends_even_if_not_where_it_began(self) -> None:
        talk = Talk(detection=Detection.STT, min_endpointing_delay=0.5)
        talk.tell(on.Transcript, text="hello")
        talk.wait(0.3)
        talk.tell(on.UserStopped)
        talk.wait(0.3)
        assert talk.turns == []

        talk.wait(0.3)
        assert talk.turns == ["hello"]


class TestTurnDetector:
    def ask(self, probability: float | None) -> Talk:
        talk = Talk(detector=True, min_endpointing_delay=0.5, max_endpointing_delay=6.0)
        talk.says("I think that")
        [asked] = talk.did(do.AskDetector)
        assert asked.transcript == "I think that"
        if probability is not None:
            talk.tell(
                on.TurnPredicted, revision=asked.revision, probability=probability, threshold=0.3
            )
        return talk

    def test_a_user_who_has_probably_finished_waits_for_the_shortest_delay(self) -> None:
        talk = self.ask(0.3)
        talk.wait(0.6)

        assert talk.turns == ["I think that"]

    def test_a_user_who_probably_goes_on_is_given_the_longest_delay(self) -> None:
        talk = self.ask(0.2)
        talk.wait(5.9)
        assert talk.turns == []

        talk.wait(0.2)
        assert talk.turns == ["I think that"]

    def test_a_detector_that_never_answers_costs_no_more_than_the_longest_delay(self) -> None:
        talk = self.ask(None)
        talk.wait(6.1)

        assert talk.turns == ["I think that"]

    def test_the_answer_to_an_old_question_is_no_answer(self) -> None:
        talk = self.ask(None)
        talk.says("you should")
        talk.tell(on.TurnPredicted, revision=1, probability=1.0, threshold=0.3)
        talk.wait(1)
        assert talk.turns == []

        talk.tell(on.TurnPredicted, revision=2, probability=1.0, threshold=0.3)
        talk.wait(0)
        assert talk.turns == ["I think that you should"]


class TestInterruption:
    def test_speaking_for_long_enough_interrupts(self) -> None:
        talk = Talk(min_interruption_duration=0.5)
        talk.answers("a")
        talk.tell(on.UserStarted, ago=0.1)
        talk.wait(0.3)
        assert talk.did(do.Interrupt) == []

        talk.wait(0.2)
        assert talk.did(do.Interrupt) == [do.Interrupt(speech="a")]
        assert talk.state.agent_state is do.AgentState.LISTENING

    def test_a_cough_does_not(self) -> None:
        talk = Talk(min_interruption_duration=0.5)
        talk.answers("a")
        talk.tell(on.UserStarted)
        talk.wait(0.3)
        talk.tell(on.UserStopped)
        talk.wait(10)

        assert talk.did(do.Interrupt, do.Pause) == []

    def test_words_interrupt_at_once(self) -> None:
        talk = Talk(min_interruption_duration=0.5)
        talk.answers("a")
        talk.tell(on.Transcript, text="stop", kind=TranscriptKind.INTERIM)

        assert talk.did(do.Interrupt) == [do.Interrupt(speech="a")]

    def test_too_few_words_do_not_and_are_answered_once_the_agent_has_finished(self) -> None:
        talk = Talk(min_interruption_words=2)
        talk.answers("a")
        talk.says("yes")
        talk.wait(10)
        assert talk.did(do.Interrupt, do.CommitTurn) == []

        talk.tell(on.SpeechDone, speech="a")
        talk.wait(0)
        assert talk.turns == ["yes"]

    def test_enough_words_in_pieces_do(self) -> None:
        talk = Talk(min_interruption_words=2)
        talk.answers("a")
        talk.says("no")
        talk.tell(on.Transcript, text="wait", kind=TranscriptKind.INTERIM)

        assert talk.did(do.Interrupt) == [do.Interrupt(speech="a")]

    def test_everything_that_waits_to_be_said_is_interrupted_too(self) -> None:
        talk = Talk()
        talk.answers("a")
        talk.tell(on.SpeechCreated, speech="b")
        talk.tell(on.Transcript, text="stop")

        assert [effect.speech for effect in talk.did(do.Interrupt)] == ["a", "b"]

    def test_an_agent_that_begins_while_the_user_speaks_is_interrupted_at_once(self) -> None:
        talk = Talk()
        talk.tell(on.UserStarted)
        talk.wait(5)
        talk.tell(on.SpeechCreated, speech="a")
        talk.wait(0)

        assert talk.did(do.Interrupt) == [do.Interrupt(speech="a")]

    def test_an_application_interrupts_what_may_be_and_by_force_everything(self) -> None:
        talk = Talk()
        talk.answers("a", interruptible=False)
        talk.tell(on.SpeechCreated, speech="b")
        talk.tell(on.InterruptAsked)
        assert talk.did(do.Interrupt) == [do.Interrupt(speech="b")]

        talk.tell(on.InterruptAsked, force=True)
        assert talk.did(do.Interrupt) == [do.Interrupt(speech="a")]

    def test_a_model_that_hears_the_user_interrupts_at_once_and_ends_no_turn_here(self) -> None:
        talk = Talk(detection=Detection.REALTIME, transcribed=False)
        talk.answers("a")
        talk.tell(on.UserStarted)
        assert talk.did(do.Interrupt) == [do.Interrupt(speech="a")]

        talk.tell(on.UserStopped)
        talk.wait(100)
        assert talk.turns == []


class TestFalseInterruption:
    def test_the_agent_is_held_and_goes_on_when_nothing_was_said(self) -> None:
        talk = Talk(can_pause=True, false_interruption_timeout=2.0)
        talk.answers("a")
        talk.tell(on.UserStarted)
        talk.wait(1)
        assert talk.did(do.Pause, do.Interrupt) == [do.Pause()]
        assert talk.state.agent_state is do.AgentState.LISTENING

        talk.tell(on.UserStopped)
        talk.wait(1.9)
        assert talk.did(do.Resume) == []
        talk.wait(0.2)
        assert talk.did(do.Resume, do.FalseInterruption) == [
            do.FalseInterruption(resumed=True),
            do.Resume(),
        ]
        assert talk.state.agent_state is do.AgentState.SPEAKING

    def test_a_word_makes_it_a_real_one(self) -> None:
        talk = Talk(can_pause=True)
        talk.answers("a")
        talk.tell(on.UserStarted)
        talk.wait(1)
        talk.did()
        talk.tell(on.Transcript, text="stop", kind=TranscriptKind.INTERIM)

        # Told to stop before it is let go: nothing of it is heard in between.
        assert talk.did(do.Interrupt, do.Resume) == [do.Interrupt(speech="a"), do.Resume()]

    def test_where_the_output_cannot_pause_the_application_is_told(self) -> None:
        talk = Talk(can_pause=False)
        talk.answers("a")
        talk.tell(on.UserStarted)
        talk.wait(1)
        assert talk.did(do.Interrupt) == [do.Interrupt(speech="a")]

        talk.tell(on.UserStopped)
        talk.wait(3)
        assert talk.did(do.FalseInterruption) == [do.FalseInterruption(resumed=False)]

    def test_a_user_who_makes_another_sound_holds_it_for_longer(self) -> None:
        talk = Talk(can_pause=True, false_interruption_timeout=2.0)
        talk.answers("a")
        talk.tell(on.UserStarted)
        talk.wait(1)
        talk.tell(on.UserStopped)
        talk.wait(1)
        talk.tell(on.UserStarted)
        talk.wait(5)
        assert talk.did(do.Resume) == []

        talk.tell(on.UserStopped)
        talk.wait(2.1)
        assert talk.did(do.Resume) == [do.Resume()]

    def test_a_speech_that_fails_while_it_is_held_holds_nothing_any_more(self) -> None:
        talk = Talk(can_pause=True)
        talk.answers("a")
        talk.tell(on.UserStarted)
        talk.wait(1)
        talk.did()
        talk.tell(on.SpeechDone, speech="a")

        assert talk.did(do.Resume) == [do.Resume()]

    def test_other_rules_let_go_of_what_was_held(self) -> None:
        talk = Talk(can_pause=True)
        talk.answers("a")
        talk.tell(on.UserStarted)
        talk.wait(1)
        talk.did()
        talk.tell(on.Reconfigured, options=TurnOptions(false_interruption_timeout=None))

        assert talk.did(do.Resume) == [do.Resume()]

    def test_a_user_who_has_said_something_is_not_doubted(self) -> None:
        talk = Talk(can_pause=True)
        talk.tell(on.UserStarted)
        talk.tell(on.Transcript, text="hello")
        talk.wait(1)
        talk.answers("a")
        talk.wait(0)

        assert talk.did(do.Pause, do.Interrupt) == [do.Interrupt(speech="a")]

    def test_it_can_be_switched_off(self) -> None:
        talk = Talk(can_pause=True, false_interruption_timeout=None)
        talk.answers("a")
        talk.tell(on.UserStarted)
        talk.wait(1)
        talk.tell(on.UserStopped)
        talk.wait(100)

        assert talk.did(do.Interrupt, do.Pause, do.FalseInterruption) == [do.Interrupt(speech="a")]


class TestUninterruptible:
    def test_the_user_is_not_listened_to_meanwhile(self) -> None:
        talk = Talk()
        talk.answers("a", interruptible=False)
        assert talk.did(do.DiscardAudio) == [do.DiscardAudio(discard=True)]

        talk.tell(on.SpeechDone, speech="a")
        assert talk.did(do.DiscardAudio) == [do.DiscardAudio(discard=False)]

    def test_what_they_said_before_is_answered_afterwards(self) -> None:
        talk = Talk()
        talk.says("hello")
        talk.answers("a", interruptible=False)
        talk.wait(10)
        assert talk.did(do.Interrupt, do.CommitTurn) == []

        talk.tell(on.SpeechDone, speech="a")
        talk.wait(0)
        assert talk.turns == ["hello"]

    def test_sound_that_nobody_listened_to_is_no_turn(self) -> None:
        talk = Talk(transcribed=False)
        talk.answers("a", interruptible=False)
        talk.tell(on.UserStarted)
        talk.wait(1)
        talk.tell(on.SpeechDone, speech="a")
        talk.wait(100)

        assert talk.turns == []

    def test_a_user_who_was_speaking_counts_as_silent(self) -> None:
        talk = Talk()
        talk.tell(on.UserStarted)
        talk.tell(on.SpeechCreated, speech="a", interruptible=False)

        assert talk.state.user_state is do.UserState.LISTENING

    def test_they_may_be_listened_to_all_the_same_and_interrupt_nothing(self) -> None:
        talk = Talk(discard_audio_if_uninterruptible=False)
        talk.answers("a", interruptible=False)
        talk.says("stop now")
        talk.wait(10)
        assert talk.did(do.Interrupt, do.DiscardAudio, do.CommitTurn) == []

        talk.tell(on.SpeechChanged, speech="a", interruptible=True)
        talk.wait(0)
        assert [type(effect) for effect in talk.did(do.Interrupt, do.CommitTurn)] == [
            do.Interrupt,
            do.CommitTurn,
        ]


class TestPreemptiveGeneration:
    def test_an_answer_begins_before_the_turn_is_over(self) -> None:
        talk = Talk(preemptive_generation=True)
        talk.says("hello")
        assert talk.did(do.StartPreemptive) == [do.StartPreemptive(transcript="hello")]

        talk.wait(1)
        [turn] = talk.did(do.CommitTurn, do.CancelPreemptive)
        assert turn.preemptive

    def test_it_is_thrown_away_when_the_user_goes_on(self) -> None:
        talk = Talk(preemptive_generation=True)
        talk.says("hello")
        talk.did()
        talk.says("world")
        assert talk.did(do.StartPreemptive, do.CancelPreemptive) == [
            do.CancelPreemptive(),
            do.StartPreemptive(transcript="hello world"),
        ]

    def test_a_preflight_transcript_is_enough(self) -> None:
        talk = Talk(preemptive_generation=True)
        talk.tell(on.Transcript, text="hello", kind=TranscriptKind.PREFLIGHT)
        assert talk.did(do.StartPreemptive) == [do.StartPreemptive(transcript="hello")]

        talk.tell(on.Transcript, text="hello")
        talk.wait(1)
        [turn] = talk.did(do.CommitTurn, do.CancelPreemptive, do.StartPreemptive)
        assert turn.preemptive

    def test_nothing_is_begun_while_the_agent_speaks(self) -> None:
        talk = Talk(preemptive_generation=True, min_interruption_words=2)
        talk.answers("a")
        talk.says("yes")
        assert talk.did(do.StartPreemptive) == []

        talk.tell(on.SpeechDone, speech="a")
        assert talk.did(do.StartPreemptive) == [do.StartPreemptive(transcript="yes")]

    def test_an_interim_one_is_not(self) -> None:
        talk = Talk(preemptive_generation=True)
        talk.tell(on.Transcript, text="hello", kind=TranscriptKind.INTERIM)

        assert talk.did(do.StartPreemptive) == []


class TestApplication:
    def test_commits_a_turn_at_once(self) -> None:
        talk = Talk(detection=Detection.MANUAL)
        talk.says("hello")
        talk.wait(100)
        assert talk.turns == []

        talk.tell(on.CommitAsked)
        talk.wait(0)
        assert talk.turns == ["hello"]

    def test_a_committed_turn_waits_a_while_for_its_last_words(self) -> None:
        talk = Talk(detection=Detection.MANUAL, transcript_timeout=2.0)
        talk.tell(on.Transcript, text="hel", kind=TranscriptKind.INTERIM)
        talk.tell(on.CommitAsked)
        talk.wait(1)
        assert talk.turns == []

        talk.tell(on.Transcript, text="hello")
        talk.wait(0)
        assert talk.turns == ["hello"]

    def test_and_then_takes_those_it_has(self) -> None:
        talk = Talk(detection=Detection.MANUAL, transcript_timeout=2.0)
        talk.tell(on.Transcript, text="hel", kind=TranscriptKind.INTERIM)
        talk.tell(on.CommitAsked)
        talk.wait(2.1)

        assert talk.turns == ["hel"]

    def test_the_final_words_of_a_turn_that_took_interim_ones_are_not_said_again(self) -> None:
        talk = Talk(detection=Detection.MANUAL, transcript_timeout=2.0)
        talk.tell(on.Transcript, text="hel", kind=TranscriptKind.INTERIM)
        talk.tell(on.CommitAsked)
        talk.wait(2.1)
        talk.tell(on.Transcript, text="hello")
        talk.tell(on.CommitAsked)
        talk.wait(3)
        assert talk.turns == ["hel"]

    def test_but_those_of_a_user_who_speaks_again_are_a_new_turn(self) -> None:
        talk = Talk(max_endpointing_delay=1.0)
        talk.tell(on.Transcript, text="hel", kind=TranscriptKind.INTERIM)
        talk.wait(2)
        assert talk.turns == ["hel"]

        talk.tell(on.UserStarted)
        talk.wait(1)
        talk.tell(on.UserStopped)
        talk.tell(on.Transcript, text="again")
        talk.wait(2)
        assert talk.turns == ["again"]

    def test_what_a_user_goes_on_to_say_after_it_was_committed_is_the_next_turn(self) -> None:
        talk = Talk(transcribed=False)
        talk.tell(on.UserStarted)
        talk.wait(1)
        talk.tell(on.CommitAsked)
        talk.wait(0)
        assert talk.turns == [""]

        talk.tell(on.UserStopped)
        talk.wait(1)
        assert talk.turns == [""]

    def test_clears_a_turn(self) -> None:
        talk = Talk()
        talk.says("hello")
        talk.tell(on.ClearAsked)
        talk.wait(10)

        assert talk.did(do.CommitTurn, do.TurnCleared) == [do.TurnCleared(transcript="hello")]

    def test_the_user_interrupts_nothing_where_the_application_decides(self) -> None:
        talk = Talk(detection=Detection.MANUAL)
        talk.answers("a")
        talk.says("stop", seconds=5)
        assert talk.did(do.Interrupt) == []

        talk.tell(on.CommitAsked)
        talk.wait(0)
        assert talk.did(do.Interrupt) == [do.Interrupt(speech="a")]


class TestStates:
    def test_the_agent_thinks_speaks_thinks_and_listens(self) -> None:
        talk = Talk()
        talk.answers("a")
        talk.tell(on.PlaybackFinished, speech="a")
        talk.tell(on.SpeechDone, speech="a")

        assert [str(effect.new) for effect in talk.did(do.AgentStateChanged)] == [
            "thinking",
            "speaking",
            "thinking",
            "listening",
        ]

    def test_the_user_goes_away_after_a_long_silence_and_comes_back_by_speaking(self) -> None:
        talk = Talk(user_away_timeout=15.0)
        talk.wait(14)
        assert talk.state.user_state is do.UserState.LISTENING

        talk.wait(2)
        assert talk.state.user_state is do.UserState.AWAY
        talk.tell(on.Transcript, text="back")
        assert talk.state.user_state is do.UserState.LISTENING

    def test_nobody_is_away_while_the_agent_speaks(self) -> None:
        talk = Talk(user_away_timeout=15.0)
        talk.answers("a")
        talk.wait(100)

        assert talk.state.user_state is do.UserState.LISTENING

    def test_draining_answers_nobody_and_keeps_what_was_said(self) -> None:
        talk = Talk()
        talk.tell(on.DrainAsked)
        assert talk.state.agent_state is do.AgentState.IDLE

        talk.says("goodbye")
        talk.wait(10)
        talk.tell(on.CloseAsked)
        kept = talk.did(do.CommitTurn, do.KeepTurn)
        assert kept == [do.KeepTurn(transcript="goodbye")]

    def test_a_time_that_runs_backwards_counts_as_the_last_one(self) -> None:
        state, _ = step(State(), on.Started(at=5.0))
        state, _ = step(state, on.UserStarted(at=3.0))

        assert state.now == 5.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("yes, please!", 2, id="Latin"),
        pytest.param("\u4f60\u597d", 2, id="Chinese"),
        pytest.param("ok \u306f\u3044", 3, id="mixed"),
        pytest.param("42 1", 2, id="numbers"),
    ],
)
def test_words_are_counted_as_a_person_would(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"min_endpointing_delay": -1.0}, id="negative"),
        pytest.param({"user_away_timeout": float("inf")}, id="infinite"),
        pytest.param({"min_interruption_words": -1}, id="negative number"),
        pytest.param({"min_endpointing_delay": 7.0}, id="longest shorter than shortest"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"negative|finite|shorter"):
        TurnOptions(**options)


_seconds = st.sampled_from([0.0, 0.05, 0.3, 0.5, 1.0, 2.0, 7.0, 20.0])
_options = st.builds(
    TurnOptions,
    # The first of each is drawn most, and leads to the most.
    detection=st.sampled_from([Detection.VAD, *Detection]),
    transcribed=st.sampled_from([True, True, True, False]),
    detector=st.booleans(),
    discard_audio_if_uninterruptible=st.booleans(),
    min_interruption_words=st.sampled_from([0, 0, 2]),
    false_interruption_timeout=st.sampled_from([2.0, 2.0, None]),
    can_pause=st.sampled_from([True, True, False]),
    preemptive_generation=st.booleans(),
)


@pytest.mark.property
class Conversations(RuleBasedStateMachine):
    """Whatever happens, in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk()
        self.told = 0
        self.said = 0
        self.settled: list[str] = []
        self.created = 0
        self.alive: list[str] = []
        self.stopped: set[str] = set()
        self.early: str | None = None
        self.paused = False
        self.agent = do.AgentState.LISTENING
        self.user = do.UserState.LISTENING

    def teardown(self) -> None:
        talk = self.talk
        self.look(talk.effects)
        for speech in self.alive:
            self.tell(on.SpeechDone, speech=speech)
        self.tell(on.UserStopped)
        self.wait(100)
        if talk.state.options.automatic and talk.state.options.transcribed:
            assert talk.state.draining or talk.state.closed or not talk.state.words
        self.tell(on.CloseAsked)
        assert sorted(self.settled) == sorted(set(self.settled))
        assert len(self.settled) == self.said, "a final transcript is in no turn"
        assert talk.timers == {}
        assert not self.paused
        assert self.early is None
        told = self.told
        for event in (on.UserStarted, on.CommitAsked, on.Started, on.CloseAsked):
            self.tell(event)
        self.tell(on.Transcript, text="anybody there")
        self.tell(on.SpeechCreated, speech="late")
        assert self.told == told, "an effect after close"

    def tell(self, event: Callable[..., on.Event], **fields: object) -> None:
        self.talk.effects.clear()
        before = self.talk.state
        self.talk.tell(event, **fields)
        after, effects = step(before, event(at=self.talk.now, **fields))
        assert (after, list(effects)) == (self.talk.state, self.talk.effects), "not determined"
        self.look(self.talk.effects)
        self.talk.effects.clear()

    def wait(self, seconds: float) -> None:
        self.talk.effects.clear()
        self.talk.wait(seconds)
        self.look(self.talk.effects)
        self.talk.effects.clear()

    def look(self, effects: Iterable[do.Effect]) -> None:
        for effect in effects:
            self.told += 1
            self.look_at_turn(effect)
            self.look_at_sound(effect)
            self.look_at_state(effect)

    def look_at_turn(self, effect: do.Effect) -> None:
        match effect:
            case do.CommitTurn() | do.KeepTurn() | do.TurnCleared():
                self.settled.extend(re.findall(r"final\d+", effect.transcript))
            case do.StartPreemptive():
                assert self.early is None
                self.early = effect.transcript
            case do.CancelPreemptive():
                assert self.early is not None
                self.early = None
        if isinstance(effect, do.CommitTurn) and effect.preemptive:
            assert self.early == effect.transcript
            self.early = None

    def look_at_sound(self, effect: do.Effect) -> None:
        match effect:
            case do.Interrupt(speech=speech):
                assert speech not in self.stopped, "interrupted twice"
                self.stopped.add(speech)
            case do.Pause() | do.Resume():
                assert self.paused is isinstance(effect, do.Resume)
                self.paused = not self.paused

    def look_at_state(self, effect: do.Effect) -> None:
        match effect:
            case do.AgentStateChanged(old=old, new=new):
                assert old is self.agent is not new
                self.agent = new
            case do.UserStateChanged(old=old_user, new=new_user):
                assert old_user is self.user is not new_user
                self.user = new_user

    @initialize(options=_options)
    def configure(self, options: TurnOptions) -> None:
        self.tell(on.Reconfigured, options=options)

    @rule(interruptible=st.sampled_from([True, True, True, False]))
    def agent_speaks(self, interruptible: bool) -> None:
        self.create(interruptible)
        self.tell(on.PlaybackStarted, speech=self.alive[-1])

    @rule(seconds=st.sampled_from([0.1, 1.0, 3.0]), stops=st.booleans())
    def user_makes_a_sound(self, seconds: float, stops: bool) -> None:
        self.tell(on.UserStarted)
        self.wait(seconds)
        if stops:
            self.tell(on.UserStopped)

    @rule(options=_options)
    def reconfigure(self, options: TurnOptions) -> None:
        self.tell(on.Reconfigured, options=options)

    @rule(ago=st.sampled_from([0.0, 0.1]))
    def user_starts(self, ago: float) -> None:
        self.tell(on.UserStarted, ago=ago)

    @rule(ago=st.sampled_from([0.0, 0.4]))
    def user_stops(self, ago: float) -> None:
        self.tell(on.UserStopped, ago=ago)

    @rule(kind=st.sampled_from([TranscriptKind.INTERIM, TranscriptKind.PREFLIGHT]))
    def hear_something(self, kind: TranscriptKind) -> None:
        self.tell(on.Transcript, text="something", kind=kind)

    @rule(text=st.sampled_from(["", " "]))
    def hear_nothing(self, text: str) -> None:
        self.tell(on.Transcript, text=text)

    @rule()
    def understand(self) -> None:
        if self.talk.state.closed:
            return
        owed = self.talk.state.owed and not self.talk.state.speaking
        word = f"final{self.said}"
        self.said += 1
        if owed:  # the turn before has its words already
            self.settled.append(word)
        self.tell(on.Transcript, text=f"{word} yes")

    @rule(back=st.integers(0, 2), probability=st.floats(0, 1))
    def predict(self, back: int, probability: float) -> None:
        revision = self.talk.state.revision - back
        self.tell(on.TurnPredicted, revision=revision, probability=probability, threshold=0.5)

    @rule(interruptible=st.booleans())
    def create(self, interruptible: bool) -> None:
        speech = f"speech{self.created}"
        self.created += 1
        self.alive.append(speech)
        self.tell(on.SpeechCreated, speech=speech, interruptible=interruptible)

    @precondition(lambda self: self.alive)
    @rule(data=st.data(), interruptible=st.booleans())
    def change(self, data: st.DataObject, interruptible: bool) -> None:
        speech = data.draw(st.sampled_from(self.alive))
        self.tell(on.SpeechChanged, speech=speech, interruptible=interruptible)

    @precondition(lambda self: self.alive)
    @rule(
        data=st.data(),
        event=st.sampled_from([on.PlaybackStarted, on.PlaybackFinished, on.SpeechDone]),
    )
    def play(self, data: st.DataObject, event: type) -> None:
        speech = data.draw(st.sampled_from(self.alive))
        self.tell(event, speech=speech)
        if event is on.SpeechDone:
            self.alive.remove(speech)

    @rule(timer=st.sampled_from(list(Timer)))
    def fire_out_of_time(self, timer: Timer) -> None:
        if self.talk.timers.get(timer, self.talk.now + 1) > self.talk.now:
            before = self.talk.state
            self.tell(on.TimerFired, timer=timer)
            assert replace(self.talk.state, now=0) == replace(before, now=0)

    @rule(seconds=_seconds)
    def pass_time(self, seconds: float) -> None:
        self.wait(seconds)

    @rule(force=st.booleans())
    def interrupt(self, force: bool) -> None:
        self.tell(on.InterruptAsked, force=force)
        left = self.talk.state.active
        assert all(not force and not speech.interruptible for speech in left)

    @rule(event=st.sampled_from([on.CommitAsked, on.ClearAsked, on.Started]))
    def ask(self, event: type) -> None:
        self.tell(event)

    @rule()
    def drain(self) -> None:
        self.tell(on.DrainAsked)

    @invariant()
    def timers_that_run_are_those_of_the_state(self) -> None:
        assert dict(self.talk.state.timers) == self.talk.timers

    @invariant()
    def the_agent_speaks_only_with_a_speech_that_nobody_stopped(self) -> None:
        playing = {s.id for s in self.talk.state.speeches if s.playing}
        assert not playing & self.stopped
        if self.agent is do.AgentState.SPEAKING:
            assert playing
        assert self.agent is self.talk.state.agent_state
        assert self.user is self.talk.state.user_state

    @invariant()
    def a_pause_always_has_somebody_to_end_it(self) -> None:
        if self.paused and not self.talk.state.speaking:
            assert Timer.FALSE_INTERRUPTION in self.talk.timers or self.talk.state.closed

    @invariant()
    def a_silent_user_with_something_to_say_gets_an_answer(self) -> None:
        state = self.talk.state
        idle = state.options.automatic and state.words and not state.speaking
        if idle and not state.active and not state.draining:
            assert Timer.ENDPOINT in self.talk.timers


Conversations.TestCase.settings = settings(
    max_examples=200, stateful_step_count=40, deadline=None, derandomize=True
)
TestConversations = Conversations.TestCase
TestConversations.pytestmark = [pytest.mark.property]
