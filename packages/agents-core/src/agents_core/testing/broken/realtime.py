"""Defects of a realtime model."""

# ruff: noqa: D102 - the class says what is broken

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from agents_core.audio import AudioFrame
from agents_core.errors import APIConnectionError
from agents_core.realtime import (
    Generated,
    InputSpeechStarted,
    RealtimeCapabilities,
    RealtimeEvent,
)
from agents_core.testing.broken import leaving, realtime_answers, vendors
from agents_core.testing.broken.defects import Defect, caught_by, defects
from agents_core.testing.broken.ports import ClosesOnce, SaysNotWho
from agents_core.testing.broken.quick import QuickRealtimeSuite
from agents_core.testing.fakes.answering import Answer, Question
from agents_core.testing.fakes.conversing import FakeRealtimeSession
from agents_core.testing.fakes.realtime import FakeRealtimeModel
from agents_core.testing.fakes.vendor import FakeVendor
from agents_core.testing.tones import Heard
from agents_core.tools import FunctionTool


@caught_by("it_can_do_what_it_says")
class HidesTruncation(FakeRealtimeModel):
    """Says that its messages cannot be cut."""

    @property
    def capabilities(self) -> RealtimeCapabilities:
        return replace(super().capabilities, message_truncation=False)


@caught_by("what_the_user_said_is_written_down")
class WritesNothingDownForGood(FakeRealtimeSession):
    """Has no final transcripts."""

    def emit(self, event: RealtimeEvent, *args: Any) -> None:  # noqa: ANN401 - any event
        if event == "input_audio_transcription_completed":
            args = (replace(args[0], is_final=False),)
        super().emit(event, *args)


@caught_by("each_answer_is_measured")
class MeasuresTwice(FakeRealtimeSession):
    """Says twice what each answer took."""

    def emit(self, event: RealtimeEvent, *args: object) -> None:
        for _ in range(1 + (event == "metrics_collected")):
            super().emit(event, *args)


@caught_by("speech_is_noticed_in_order")
class SaysTheEndFirst(FakeRealtimeSession):
    """Says that speech began when it is over."""

    def _start_speech(self) -> None:
        self._speaking = True

    def _end_speech(self, heard: Heard) -> None:
        super()._end_speech(heard)
        self.emit("input_speech_started", InputSpeechStarted())


@caught_by("every_sample_reaches_the_vendor")
class SendsWholeChunks(FakeRealtimeSession):
    """Sends chunks of 5 ms, and forgets the rest."""

    _rest = b""

    def push_audio(self, frame: AudioFrame) -> None:
        size = frame.sample_rate // 200 * 2
        data = self._rest + frame.data
        whole = len(data) - len(data) % size
        self._rest = data[whole:]
        super().push_audio(AudioFrame(data[:whole], frame.sample_rate))


@caught_by("the_conversation_reaches_the_vendor")
class ForgetsItsTools(FakeRealtimeSession):
    """Does not tell the vendor of tools."""

    async def update_tools(self, tools: Sequence[FunctionTool]) -> None:  # noqa: ARG002 - the defect
        await super().update_tools(())


@caught_by("two_at_once_do_not_mix")
class KeepsTheQuestionInTheModel(FakeRealtimeSession):
    """Has one place for the questions of all conversations."""

    def generate_reply(self, *, instructions: str | None = None) -> Generated:
        vars(self._model)["question"] = instructions
        return super().generate_reply(instructions=instructions)

    async def _reply(self, question: Question) -> None:
        if question.asked_for:
            question.words = vars(self._model)["question"] or question.words
        await super()._reply(question)


@caught_by("an_answer_follows_what_a_tool_said")
class AnswersInstructionsOnly(FakeRealtimeSession):
    """Does not answer where it is not told what to say."""

    def generate_reply(self, *, instructions: str | None = None) -> Generated:
        if instructions is None:
            return self._loop.create_future()
        return super().generate_reply(instructions=instructions)


@caught_by("an_interruption_ends_the_answer")
class OverhearsInterruptions(FakeRealtimeSession):
    """Finishes what it has to say."""

    def interrupt(self) -> None:
        """Do nothing."""


@caught_by("what_was_not_heard_is_forgotten")
class RemembersWhatNobodyHeard(FakeRealtimeSession):
    """Keeps all of a message of which the beginning was heard."""

    def truncate(self, **_what: object) -> None:
        """Do nothing."""


@caught_by("an_answer_that_is_cut_ends", "closing_ends_every_stream_at_once")
class LeavesStreamsOpen(FakeRealtimeSession):
    """Ends the streams of whole answers only."""

    def _end(self, answer: Answer, *, whole: bool) -> None:
        if whole:
            answer.end()


@caught_by("a_lost_connection_is_made_anew")
class ForgetsItsInstructions(FakeRealtimeSession):
    """Does not tell a new connection what the old one was told."""

    async def _converse(self) -> None:
        if self._ready.done():
            self._instructions = ""
        await super()._converse()


@caught_by("closing_again_changes_nothing")
class ClosesAConversationOnce(FakeRealtimeSession):
    """Has conversations that cannot be closed twice."""

    _closed = False

    async def aclose(self) -> None:
        if self._closed:
            raise RuntimeError("the conversation is closed")
        self._closed = True
        await super().aclose()


@caught_by("a_refused_key_is_final", "the_key_is_told_to_nobody")
class RetriesARefusedKey(vendors.RetriesARefusedKey):
    """Takes every status for worth another try."""


@caught_by("a_failure_and_then_success_make_a_conversation")
class GivesUpAtOnce(vendors.GivesUpAtOnce):
    """Takes a 500 for final."""


@caught_by("a_lost_connection_is_made_anew")
class LetsGoForGood(vendors.BentVendor):
    """Takes a lost connection for the end."""

    def bend(self, error: Exception) -> Exception:
        if isinstance(error, APIConnectionError):
            error.retryable = False
        return error


@caught_by("closing_ends_every_stream_at_once")
class KeepsTheConnection(leaving.KeepsTheConnection):
    """Closes a connection only where nothing went wrong."""


@caught_by("a_malformed_message_ends_nothing")
class BelievesEveryMessage(vendors.BelievesEveryMessage):
    """Reads a malformed message as if it were whole."""


@caught_by("the_key_is_told_to_nobody")
class PutsTheKeyIntoTheError(vendors.PutsTheKeyIntoTheError):
    """Shows the request in the error."""


def _model(session: type[FakeRealtimeSession]) -> type[FakeRealtimeModel]:
    marks = {"session_kind": session, "caught_by": vars(session)["caught_by"]}
    return type(session.__name__, (FakeRealtimeModel,), marks)


SESSIONS: tuple[type[FakeRealtimeSession], ...] = (
    realtime_answers.SaysNotThatItWasAsked,
    realtime_answers.SaysThatItWasAsked,
    realtime_answers.NamesAllAnswersTheSame,
    realtime_answers.LosesItsVoice,
    realtime_answers.WaitsForTheWholeText,
    realtime_answers.CutsArguments,
    WritesNothingDownForGood,
    MeasuresTwice,
    SaysTheEndFirst,
    SendsWholeChunks,
    ForgetsItsTools,
    KeepsTheQuestionInTheModel,
    AnswersInstructionsOnly,
    OverhearsInterruptions,
    RemembersWhatNobodyHeard,
    realtime_answers.SaysNotThatItWasLate,
    LeavesStreamsOpen,
    ForgetsItsInstructions,
    ClosesAConversationOnce,
)


BEHIND: tuple[type[FakeVendor], ...] = (
    RetriesARefusedKey,
    GivesUpAtOnce,
    LetsGoForGood,
    KeepsTheConnection,
    BelievesEveryMessage,
    PutsTheKeyIntoTheError,
    vendors.PutsTheKeyIntoTheURL,
    vendors.LogsTheKey,
    leaving.LeavesATask,
    vendors.BlocksTheLoop,
)


DEFECTS: tuple[Defect, ...] = (
    *defects(QuickRealtimeSuite, BEHIND, made_with="behind"),
    *defects(
        QuickRealtimeSuite, (SaysNotWho, ClosesOnce), made_with="kind", fake=FakeRealtimeModel
    ),
    *defects(QuickRealtimeSuite, (HidesTruncation, *map(_model, SESSIONS)), made_with="kind"),
)
