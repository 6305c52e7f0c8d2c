"""The suites as they are told to fakes: everything supported, and little patience."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import ClassVar

from agents_core.testing.fakes.llm import FakeLLM
from agents_core.testing.fakes.realtime import FakeRealtimeModel
from agents_core.testing.fakes.stt import FakeSTT
from agents_core.testing.fakes.tts import FakeTTS
from agents_core.testing.fakes.vad import FakeVAD
from agents_core.testing.fakes.vendor import FakeVendor
from agents_core.testing.llm import LLMSuite
from agents_core.testing.realtime import RealtimeSuite
from agents_core.testing.stt import STTSuite
from agents_core.testing.tts import TTSSuite
from agents_core.testing.vad import VADSuite
from agents_core.testing.vendor import Vendor


class Quick:
    """What holds for all fakes: they answer at once."""

    timeout: ClassVar[float] = 0.12
    grace: ClassVar[float] = 2.0
    retry_after: ClassVar[float] = 0.1
    patience: ClassVar[float] = 2.0
    settle: ClassVar[float] = 1.0
    longest_block: ClassVar[float] = 1.0
    behind: ClassVar[type[FakeVendor]] = FakeVendor
    """What stands behind the fake."""

    def open_vendor(self) -> AbstractAsyncContextManager[FakeVendor]:
        """A vendor of its own for each sentence."""
        return _opened(self.behind())


class QuickTTSSuite(Quick, TTSSuite):
    """`TTSSuite`, told to `FakeTTS`."""

    streaming = words = True
    options: ClassVar[dict[str, object]] = {"voice": "another"}
    kind: ClassVar[type[FakeTTS]] = FakeTTS

    def create(self, vendor: Vendor) -> FakeTTS:
        """The fake, or a broken one."""
        return self.kind(vendor=fake_vendor(vendor))


class QuickSTTSuite(Quick, STTSuite):
    """`STTSuite`, told to `FakeSTT`."""

    streaming = interim = speech_events = times = words = usage = True
    options: ClassVar[dict[str, object]] = {"language": "fr"}
    kind: ClassVar[type[FakeSTT]] = FakeSTT

    def create(self, vendor: Vendor) -> FakeSTT:
        """The fake, or a broken one."""
        return self.kind(vendor=fake_vendor(vendor))

    def create_without_interim(self, vendor: Vendor) -> FakeSTT:
        """Likewise, without interim results."""
        return self.kind(vendor=fake_vendor(vendor), interim_results=False)


class QuickLLMSuite(Quick, LLMSuite):
    """`LLMSuite`, told to `FakeLLM`."""

    strict = structured = True
    options: ClassVar[dict[str, object]] = {"model": "another"}
    kind: ClassVar[type[FakeLLM]] = FakeLLM

    def create(self, vendor: Vendor) -> FakeLLM:
        """The fake, or a broken one."""
        return self.kind(vendor=fake_vendor(vendor))


class QuickRealtimeSuite(Quick, RealtimeSuite):
    """`RealtimeSuite`, told to `FakeRealtimeModel`."""

    timeout = 0.4  # bounds every reply, not only those that stall
    kind: ClassVar[type[FakeRealtimeModel]] = FakeRealtimeModel

    def create(self, vendor: Vendor) -> FakeRealtimeModel:
        """The fake, or a broken one."""
        return self.kind(vendor=fake_vendor(vendor), conn_options=self.conn_options)


class QuickVADSuite(VADSuite):
    """`VADSuite`, told to `FakeVAD`."""

    patience: ClassVar[float] = 2.0
    settle: ClassVar[float] = 1.0
    longest_block = 1.0
    kind: ClassVar[type[FakeVAD]] = FakeVAD

    def create(self, vendor: Vendor) -> FakeVAD:  # noqa: ARG002 - there is none behind a detector
        """The fake, or a broken one."""
        return self.kind()


def fake_vendor(vendor: Vendor) -> FakeVendor:
    """The same vendor, which has to be a fake.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(vendor, FakeVendor):
        raise TypeError(f"{vendor!r} does not stand behind a fake")
    return vendor


@contextlib.asynccontextmanager
async def _opened(vendor: FakeVendor) -> AsyncIterator[FakeVendor]:
    try:
        yield vendor
    finally:
        vendor.shut()
