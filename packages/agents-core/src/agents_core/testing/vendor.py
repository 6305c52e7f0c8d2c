"""A local server that speaks a vendor's protocol, as a suite sees it."""

# ruff: noqa: ARG002 - a hook that is missing looks at nothing

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn


class HookMissing(Exception):
    """A test needs to make the vendor do, or tell, what this vendor cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A tool call that a model is to make."""

    name: str
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a model is to answer."""

    text: str = ""
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request to a model, in the words of the core instead of the vendor's."""

    messages: tuple[tuple[str, str], ...] = ()
    """Role and text, in order. Instructions have the role ``system``, whatever the vendor calls it
    or wherever it puts them; a tool call is ``call`` with the tool's name, its output ``output``
    with the output."""
    tools: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """The JSON schema of the arguments of each tool, by name, in order."""
    tool_choice: str = "auto"
    """``auto``, ``required``, ``none``, or the name of the one tool."""
    schema: Mapping[str, object] | None = None
    """The JSON schema that the answer has to fit."""


class Vendor:
    """What the suites ask of the server under a plugin; each method is optional.

    A test that calls one that is not overridden is skipped, and says which. All are called in the
    event loop of the test. A fault meets the next `times` requests (or websockets, where one serves
    many requests: the next `times` messages that ask for something); what comes after goes well.

    A server for a suite echoes, which is how a suite knows what came of what it said: a voice
    speaks the text in `agents_core.testing.tones`, a recogniser writes down what it reads of them,
    and a model that is asked `Repeat exactly, and nothing else: X` answers X, but for what
    `will_answer` told it before. It sends its answer in more than two parts.
    """

    def requests(self) -> int:
        """How many requests, or websockets, have been asked for, refused ones included."""
        self._miss("requests")

    def open_connections(self) -> int:
        """How many requests or websockets are open; a pooled socket without a request is not."""
        self._miss("open_connections")

    def urls(self) -> tuple[str, ...]:
        """The URL of each request, with its query."""
        self._miss("urls")

    def settings(self) -> Mapping[str, object]:
        """What the latest request asked for, under the names of the plugin's options."""
        self._miss("settings")

    # How it misbehaves.

    def refuse(self, status: int, *, times: int = 1, retry_after: float | None = None) -> None:
        """Answer `status`, with a ``Retry-After`` in seconds where given."""
        self._miss("refuse")

    def fail_then_succeed(self, status: int = 500, *, retry_after: float | None = None) -> None:
        """Answer `status` once, and well from then on."""
        self.refuse(status, times=1, retry_after=retry_after)

    def cut(self, *, answered: bool, times: int = 1) -> None:
        """Cut the connection in the middle of a frame.

        Args:
            answered: after the first whole part of the answer; else before it.
            times: how often.
        """
        self._miss("cut")

    def garble(self, *, lacking: bool = False, times: int = 1) -> None:
        """Answer with what is malformed.

        Args:
            lacking: a message that is well-formed and lacks what it needs, or is another one than
                was asked for; else one that breaks off.
            times: how often.
        """
        self._miss("garble")

    def complain(self, *, times: int = 1) -> None:
        """Take the request, and answer with the vendor's own message of an error, then nothing."""
        self._miss("complain")

    def stall(self, *, times: int = 1) -> None:
        """Take the request, and never answer."""
        self._miss("stall")

    def hold(self) -> None:
        """Send the first part of each answer, and nothing after it before `release`."""
        self._miss("hold")

    def release(self) -> None:
        """Go on with the answers that are held, and hold no more."""
        self._miss("release")

    # What it heard and said.

    def text_received(self) -> str:
        """All that it was asked to speak, in order, with nothing added between pieces."""
        self._miss("text_received")

    def sound_sent(self) -> bytes:
        """All samples that it spoke, in order, without headers."""
        self._miss("sound_sent")

    def sound_received(self) -> bytes:
        """All samples that it heard, in order, without headers."""
        self._miss("sound_received")

    def will_answer(self, reply: Reply) -> None:
        """Answer the next request to a model with this."""
        self._miss("will_answer")

    def asked(self) -> Asked:
        """The latest request to a model."""
        self._miss("asked")

    def invitation(self) -> tuple[str, str]:
        """The URL and the token that the latest avatar was sent into a room with."""
        self._miss("invitation")

    def _miss(self, hook: str) -> NoReturn:
        raise HookMissing(f"{type(self).__name__} has no hook {hook}()")
