"""The fakes keep the promises of their ports: the suites are told to them, as to any plugin."""

from __future__ import annotations

from agents_core.testing.broken.quick import (
    QuickLLMSuite,
    QuickRealtimeSuite,
    QuickSTTSuite,
    QuickTTSSuite,
    QuickVADSuite,
)
from agents_core.testing.broken.quick_avatar import QuickAvatarSuite


class TestFakeSTT(QuickSTTSuite):
    pass


class TestFakeTTS(QuickTTSSuite):
    pass


class TestFakeLLM(QuickLLMSuite):
    pass


class TestFakeVAD(QuickVADSuite):
    pass


class TestFakeRealtimeModel(QuickRealtimeSuite):
    pass


class TestFakeAvatarSession(QuickAvatarSuite):
    pass
