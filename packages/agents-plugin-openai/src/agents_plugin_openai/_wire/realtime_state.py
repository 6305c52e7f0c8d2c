"""What is known of a realtime conversation, and what follows from what happens to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from agents_core.chat import ChatItem, FunctionCall
from agents_core.errors import APIError
from agents_core.realtime import RealtimeEvent
from agents_plugin_openai._wire.realtime_options import Modality, Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation:
    """An item that the service is to have."""

    item: ChatItem
    after: str
    """The item before it; ``root`` for none, nothing for the last one."""
    event_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """An item that the service is to forget."""

    item_id: str
    event_id: str = ""


Change: TypeAlias = Creation | Deletion


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A message of which the user heard only the beginning."""

    item_id: str
    heard: str | None
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """An answer that is asked for and has not begun."""

    event_id: str
    instructions: str | None
    sent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that has begun."""

    response_id: str
    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What each of its messages says so far, by the item."""
    hushed: bool = False
    """Whether nobody listens to the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All of it, from one connection to the next."""

    setting: Setting
    online: bool = False
    serial: int = 0
    """How many names were given to what was sent."""
    items: tuple[ChatItem, ...] = ()
    """The conversation, as far as the service confirmed it."""
    pending: tuple[Change, ...] = ()
    """What it has not confirmed, in the order of sending."""
    updates: tuple[tuple[str, ...], ...] = ()
    """Changes of the setting that are not confirmed: those of one message together."""
    before: Mapping[str, tuple[str, object]] = field(default_factory=lambda: MappingProxyType({}))
    """What each of them changed, and what that was before."""
    cuts: tuple[Cut, ...] = ()
    asks: tuple[Ask, ...] = ()
    taken_back: frozenset[str] = frozenset()
    """Questions that were sent and are not to be answered any more."""
    answers: Mapping[str, Answer] = field(default_factory=lambda: MappingProxyType({}))
    occupied: bool = False
    """Whether the service answers something that is not in `answers`."""
    unheard: int = 0
    """Bytes of sound since the last turn of the user."""
    speaking: bool = False
    """Whether the user is."""
    transcripts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What is written down so far of what the user said, by the item."""

    @property
    def busy(self) -> bool:
        """Whether the service would make no further answer now: it makes one at a time."""
        return self.owed or any(question.sent for question in self.asks)

    @property
    def owed(self) -> bool:
        """Whether the service has begun an answer that it has to end, be it heard or stopped."""
        # xAI may leave an answer that was stopped without an end.
        stops = self.setting.options.dialect == "xai"
        going = any(not (answer.hushed and stops) for answer in self.answers.values())
        return self.occupied or going

    @property
    def quiet(self) -> bool:
        """Whether neither side says anything, so that a new connection loses nothing."""
        return not (self.owed or self.asks or self.pending or self.speaking)


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Tell the service; what lasts is told to the next connection where this one is lost."""

    message: Mapping[str, object]
    lasting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What was sent under this name is done."""

    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What was sent under this name is not done."""

    event_id: str
    error: APIError


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """An answer began: to a question, or by itself."""

    response_id: str
    event_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBegan:
    """An answer has one more message."""

    response_id: str
    item_id: str
    modalities: tuple[Modality, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message goes on, in text or sound."""

    response_id: str
    item_id: str
    text: str = ""
    sound: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEnded:
    """A message is whole."""

    response_id: str
    item_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """An answer calls a tool."""

    response_id: str
    call: FunctionCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Hushed:
    """Nothing more is handed on of an answer; if `over`, nothing more comes of it either."""

    response_id: str
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """An answer is over, and cost this many tokens, as the core's metrics call them."""

    response_id: str
    tokens: Mapping[str, int]
    cancelled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event for whoever listens to the session."""

    event: RealtimeEvent
    value: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The service complained; if `fatal`, it will do so again whatever is done."""

    error: APIError
    fatal: bool = False


Effect: TypeAlias = (
    Send
    | Confirmed
    | Refused
    | Began
    | MessageBegan
    | Said
    | MessageEnded
    | Called
    | Hushed
    | Measured
    | Told
    | Failed
)
Step: TypeAlias = tuple[State, tuple[Effect, ...]]
Event: TypeAlias = Mapping[str, Any]
