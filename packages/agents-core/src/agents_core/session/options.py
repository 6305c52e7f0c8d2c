"""What an application decides about a whole conversation."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields

from agents_core.retry import APIConnectOptions
from agents_core.turns import TurnOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionConnectOptions:
    """How patiently each provider is asked, and how many final failures a conversation survives."""

    stt_conn_options: APIConnectOptions = field(default_factory=APIConnectOptions)
    llm_conn_options: APIConnectOptions = field(default_factory=APIConnectOptions)
    tts_conn_options: APIConnectOptions = field(default_factory=APIConnectOptions)
    max_unrecoverable_errors: int = 3
    """Failures in a row of one kind of provider; one more closes the session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDeadlines:
    """The longest that each wait on something foreign may take, in seconds.

    Raises:
        ValueError: one of them is not a positive, finite number.
    """

    hook: float = 10.0
    """`on_enter`, `on_exit` and `on_user_turn_completed`, each."""
    drain: float = 30.0
    """What is still being said when the session drains."""
    interruption: float = 5.0
    """A speech that was told to stop, until it is left behind."""
    playout: float = 10.0
    """An output's report that a segment was played, beyond the length of the segment."""
    realtime_reply: float = 10.0
    """A realtime model's first sign of an answer."""
    detector: float = 3.0
    """A turn detector's answer."""
    io: float = 5.0
    """Closing each input, output, stream and the room's part."""

    def __post_init__(self) -> None:
        for one in fields(self):
            seconds = getattr(self, one.name)
            if not (seconds > 0 and math.isfinite(seconds)):
                raise ValueError(f"deadline {one.name!r} must be positive and finite: {seconds}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOptions:
    """All of it, as `AgentSession.options` shows it."""

    turns: TurnOptions = field(default_factory=TurnOptions)
    allow_interruptions: bool = True
    """Whether what the agent says may be interrupted, where a call does not say otherwise."""
    max_tool_steps: int = 3
    """How many times in one reply the model may call tools and go on."""
    conn_options: SessionConnectOptions = field(default_factory=SessionConnectOptions)
    deadlines: SessionDeadlines = field(default_factory=SessionDeadlines)

    def __post_init__(self) -> None:
        if self.max_tool_steps < 0:
            raise ValueError(f"max_tool_steps is negative: {self.max_tool_steps}")
