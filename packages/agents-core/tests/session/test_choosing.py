"""Turns are taken with the best that is at hand, or as was asked for."""

from __future__ import annotations

from typing import cast

import pytest
from realtime_stub import StubModel

from agents_core.agent import Components
from agents_core.chat import ChatContext
from agents_core.session.choosing import choose_detection, turn_options
from agents_core.testing.fakes import FakeLLM, FakeSTT, FakeVAD
from agents_core.turns import Detection, TurnOptions
from agents_core.turns.detector import TurnDetector


class Oracle:
    async def unlikely_threshold(self, language: str) -> float | None:
        return float(len(language))

    async def predict_end_of_turn(self, chat_ctx: ChatContext, *, timeout: float) -> float:
        return timeout / len(chat_ctx)


ORACLE = cast("TurnDetector", Oracle())


@pytest.mark.parametrize(
    ("parts", "detection"),
    [
        pytest.param(Components(), Detection.MANUAL, id="nothing"),
        pytest.param(Components(stt=FakeSTT()), Detection.STT, id="a transcriber"),
        pytest.param(Components(stt=FakeSTT(), vad=FakeVAD()), Detection.VAD, id="both"),
        pytest.param(Components(llm=StubModel(), vad=FakeVAD()), Detection.REALTIME, id="a model"),
        pytest.param(
            Components(llm=StubModel(turn_detection=False), stt=FakeSTT()),
            Detection.MANUAL,
            id="a model that does not detect, whose transcripts come too late",
        ),
        pytest.param(
            Components(llm=StubModel(), vad=FakeVAD(), turn_detection="vad"),
            Detection.VAD,
            id="as asked for",
        ),
        pytest.param(
            Components(stt=FakeSTT(), vad=FakeVAD(), turn_detection=ORACLE),
            Detection.VAD,
            id="a detector beside the voice detection",
        ),
    ],
)
def test_the_best_there_is_says_when_a_turn_is_over(
    parts: Components, detection: Detection
) -> None:
    assert choose_detection(parts) is detection


def test_options_are_made_to_fit_the_parts() -> None:
    base = TurnOptions(preemptive_generation=True)
    parts = Components(llm=FakeLLM(), stt=FakeSTT(), vad=FakeVAD(), turn_detection=ORACLE)
    options = turn_options(base, parts, can_pause=True, transcribes=True)

    assert (options.transcribed, options.detector) == (True, True)
    assert (options.can_pause, options.preemptive_generation) == (True, True)


def test_a_realtime_model_needs_no_transcript_and_begins_nothing_early() -> None:
    parts = Components(llm=StubModel(), stt=FakeSTT())
    base = TurnOptions(preemptive_generation=True)
    options = turn_options(base, parts, can_pause=True, transcribes=True)

    given = (options.transcribed, options.can_pause, options.preemptive_generation)
    assert given == (False, False, False)
