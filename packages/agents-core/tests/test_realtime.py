from __future__ import annotations

import asyncio
import inspect

import pytest

from agents_core import realtime
from agents_core.realtime import RealtimeCapabilities, RealtimeModel, RealtimeSession


def test_a_session_that_lacks_a_part_cannot_be_made() -> None:
    class Half(RealtimeSession):
        pass

    with pytest.raises(TypeError, match="abstract"):
        Half()  # type: ignore[abstract]


def test_a_session_is_closed_by_its_context_and_blind_unless_it_says_otherwise() -> None:
    closed = []
    names = RealtimeSession.__abstractmethods__
    parts = dict.fromkeys(names, lambda *_, **__: None)

    async def aclose(self: RealtimeSession) -> None:
        closed.append(self)

    whole = type("Whole", (RealtimeSession,), parts | {"aclose": aclose})

    async def scenario() -> None:
        async with whole() as session:
            session.push_video(b"", mime_type="image/png")
        assert closed == [session]

    asyncio.run(scenario())


def test_a_model_tells_what_it_can_do() -> None:
    capabilities = RealtimeCapabilities(
        message_truncation=True,
        turn_detection=True,
        user_transcription=False,
        auto_tool_reply_generation=False,
        audio_output=True,
    )

    class Toy(RealtimeModel):
        def session(self) -> RealtimeSession:
            raise NotImplementedError

    assert Toy(capabilities=capabilities).capabilities is capabilities
    assert not capabilities.manual_function_calls


def test_every_event_of_a_session_is_a_value() -> None:
    values = [each for _, each in inspect.getmembers(realtime, inspect.isclass)]
    events = [each for each in values if each.__module__ == realtime.__name__]

    assert len(events) >= 9
