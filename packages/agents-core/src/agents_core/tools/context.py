"""What a tool may know of the conversation that called it, and how it answers without a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from agents_core.chat import FunctionCall
from agents_core.errors import AgentsError

Userdata = TypeVar("Userdata")


# Without slots: `RunContext[Data](...)` notes what it was made as, which frozen slots break.
@dataclass(frozen=True, kw_only=True)
class RunContext(Generic[Userdata]):
    """Handed to a tool that has a parameter annotated with it, under any name.

    Models never see that parameter.
    """

    session: Any
    """The `AgentSession` that called; its room lies above this one, hence no type."""
    speech_handle: Any
    """The `SpeechHandle` of the reply in which the tool was called."""
    function_call: FunctionCall
    """What the model asked for."""

    @property
    def userdata(self) -> Userdata:
        """The session's own."""
        userdata: Userdata = self.session.userdata
        return userdata


class ToolError(AgentsError):
    """A tool could not do it; the model reads `message` and may try something else."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class StopResponse(Exception):
    """A tool is done and there is nothing to say: the model is not asked for a reply."""
