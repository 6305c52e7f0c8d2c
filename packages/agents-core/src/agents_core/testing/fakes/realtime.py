"""A realtime model that reads tones, follows a script, and answers in tones."""

# ruff: noqa: D102 - what the methods of a port promise is written there

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import ClassVar

from agents_core.realtime import RealtimeCapabilities, RealtimeModel
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
from agents_core.testing.fakes.conversing import FakeRealtimeSession
from agents_core.testing.fakes.script import Line, Script
from agents_core.testing.fakes.vendor import FakeVendor


class FakeRealtimeModel(RealtimeModel):
    """Understands what `FakeTTS` says, and answers what its script says, else the same words.

    Args:
        lines: the script, shared by all sessions.
        vendor: where faults are asked for, and what was told is seen; one of its own else. A
            fault that refuses or stalls meets the next connection, any other the next answer.
        turn_detection: whether it answers by itself when there is silence after speech.
        auto_tool_reply_generation: whether it answers by itself when it is told what a tool said.
        audio_output: whether it speaks.
        sample_rate: of its sound, 8000 at least.
        pace: seconds that it takes for a second of sound; 0 for all at once, 1 for real time.
        conn_options: when a connection is tried again, and how long an answer may take to begin.
    """

    session_kind: ClassVar[type[FakeRealtimeSession]] = FakeRealtimeSession
    """What `session` makes."""

    def __init__(  # noqa: PLR0913 - options, each by keyword
        self,
        lines: Sequence[Line] = (),
        *,
        vendor: FakeVendor | None = None,
        turn_detection: bool = True,
        auto_tool_reply_generation: bool = False,
        audio_output: bool = True,
        sample_rate: int = 24000,
        pace: float = 0.0,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> None:
        super().__init__(
            capabilities=RealtimeCapabilities(
                message_truncation=True,
                turn_detection=turn_detection,
                user_transcription=True,
                auto_tool_reply_generation=auto_tool_reply_generation,
                audio_output=audio_output,
            )
        )
        self.vendor = vendor or FakeVendor()
        self.script = Script(lines)
        self.sample_rate = sample_rate
        self.pace = pace
        self.conn_options = conn_options
        self.counter = itertools.count(1)

    @property
    def model(self) -> str:
        return "tones"

    @property
    def provider(self) -> str:
        return "fake"

    def session(self) -> FakeRealtimeSession:
        return self.session_kind(self)
