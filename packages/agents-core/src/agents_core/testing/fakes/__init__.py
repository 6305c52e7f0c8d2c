"""Stand-ins for providers in the tests of an agent: scripted, deterministic, able to fail."""

from __future__ import annotations

from agents_core.testing.fakes.avatar import FakeAvatarSession
from agents_core.testing.fakes.llm import FakeLLM
from agents_core.testing.fakes.realtime import FakeRealtimeModel
from agents_core.testing.fakes.script import Line
from agents_core.testing.fakes.stt import FakeSTT
from agents_core.testing.fakes.transcribing import Said
from agents_core.testing.fakes.tts import FakeTTS
from agents_core.testing.fakes.vad import FakeVAD
from agents_core.testing.fakes.vendor import FakeVendor
from agents_core.testing.vendor import Call

__all__ = [
    "Call",
    "FakeAvatarSession",
    "FakeLLM",
    "FakeRealtimeModel",
    "FakeSTT",
    "FakeTTS",
    "FakeVAD",
    "FakeVendor",
    "Line",
    "Said",
]
