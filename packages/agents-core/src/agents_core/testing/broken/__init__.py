"""Broken on purpose: for each sentence of a suite, something that the sentence catches."""

from __future__ import annotations

from typing import Any

from agents_core.testing.broken import avatar, llm, realtime, stt, tts, vad
from agents_core.testing.broken.defects import Defect
from agents_core.testing.broken.quick import (
    QuickLLMSuite,
    QuickRealtimeSuite,
    QuickSTTSuite,
    QuickTTSSuite,
    QuickVADSuite,
)
from agents_core.testing.broken.quick_avatar import QuickAvatarSuite
from agents_core.testing.suite import Suite

SUITES: tuple[type[Suite[Any]], ...] = (
    QuickSTTSuite,
    QuickTTSSuite,
    QuickLLMSuite,
    QuickVADSuite,
    QuickRealtimeSuite,
    QuickAvatarSuite,
)
"""Every suite, as it is told to a fake."""

DEFECTS: tuple[Defect, ...] = (
    *stt.DEFECTS,
    *tts.DEFECTS,
    *llm.DEFECTS,
    *vad.DEFECTS,
    *realtime.DEFECTS,
    *avatar.DEFECTS,
)
"""Every defect."""

__all__ = ["DEFECTS", "SUITES", "Defect"]
