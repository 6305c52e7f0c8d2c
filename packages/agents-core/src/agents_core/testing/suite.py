"""What all conformance suites have in common: sentences, each told in an event loop of its own."""

from __future__ import annotations

import contextlib
import functools
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import ClassVar, Generic, NoReturn, Protocol, TypeVar

from agents_core.retry import APIConnectOptions
from agents_core.testing.running import run
from agents_core.testing.vendor import HookMissing, Vendor

ALONE = "alone"
"""The mark of a sentence that looks at the whole process."""

logger = logging.getLogger("agents_core.testing")


class Closing(Protocol):
    """Whatever is under test can be closed."""

    async def aclose(self) -> None:
        """Let go of everything."""


M = TypeVar("M", bound=Closing)
S = TypeVar("S", bound="Suite")  # type: ignore[type-arg]  # a variable cannot be bound to one of another


class Suite(Generic[M]):
    """Sentences that hold for every implementation of a port.

    Subclass the suite of the port, say with class attributes what is supported, and make the
    object under test in `create`; pytest finds the rest, and needs no plugin for it. What does not
    apply is skipped, and the reason says why. For example::

        class TestExampleTTS(TTSSuite):
            streaming = True
            words = True

            def open_vendor(self):
                return ExampleServer()  # its `async with` gives a Vendor

            def create(self, vendor):
                return example.TTS(api_key=self.secret, base_url=vendor.url)
    """

    secret: ClassVar[str] = "conformance-5fe1c0de-key"  # noqa: S105 - a secret made up for looking for it
    """The key to hand to the vendor; the suite looks for it where it must not be."""
    deadline: ClassVar[float] = 15.0
    """Seconds for each sentence."""
    timeout: ClassVar[float] = 0.5
    """Seconds after which a stalled vendor has to be given up, and `APIConnectOptions.timeout`."""
    retry_after: ClassVar[float] = 1.0
    """What the vendor asks to wait, in seconds; HTTP knows whole ones only."""
    max_retry: ClassVar[int] = 2
    grace: ClassVar[float] = 5.0
    """Seconds after the timeout in which a stalled request has to be given up."""
    patience: ClassVar[float] = 2.0
    """Seconds after which what depends on nothing more has to be there."""
    settle: ClassVar[float] = 2.0
    """Seconds in which what was closed has to be gone, at the other end too."""
    options: ClassVar[dict[str, object]] = {}
    """What `update_options` is called with; see `Vendor.settings`. Empty: there are none."""

    vendor: Vendor
    """While a sentence is told."""

    def create(self, vendor: Vendor) -> M:
        """The object under test, which talks to `vendor`; new for each sentence."""
        raise NotImplementedError(f"{type(self).__name__}.create() makes the object under test")

    def open_vendor(self) -> AbstractAsyncContextManager[Vendor]:
        """The vendor, entered before `create` and left after the object is closed.

        Without one of your own nothing can be seen or broken behind the object under test, and the
        sentences about that are skipped.
        """
        return contextlib.nullcontext(Vendor())

    @property
    def conn_options(self) -> APIConnectOptions:
        """For an object that is given them once, in `create`."""
        return APIConnectOptions(
            max_retry=self.max_retry, retry_interval=0.01, timeout=self.timeout
        )

    @property
    def again(self) -> APIConnectOptions:
        """For a request that is tried again, soon; a slow machine may take its time."""
        return APIConnectOptions(
            max_retry=self.max_retry, retry_interval=0.01, timeout=self.deadline
        )

    @property
    def impatient(self) -> APIConnectOptions:
        """For a request that is not answered, and not tried again."""
        return APIConnectOptions(max_retry=0, timeout=self.timeout)

    @property
    def patient(self) -> APIConnectOptions:
        """For a request that goes well; a slow machine may take its time."""
        return APIConnectOptions(max_retry=0, timeout=self.deadline)


def sentence(
    *needs: str, alone: bool = False
) -> Callable[[Callable[[S, M], Awaitable[None]]], Callable[[S], None]]:
    """Make a coroutine method with the object under test as argument a test that pytest can call.

    Args:
        needs: attributes of the suite that have to be true; else the test is skipped.
        alone: it looks at the whole process, in which nothing else may happen meanwhile.
    """

    def decorate(test: Callable[[S, M], Awaitable[None]]) -> Callable[[S], None]:
        @functools.wraps(test)
        def call(suite: S) -> None:
            for need in needs:
                if not getattr(suite, need):
                    skip(f"{type(suite).__name__} says {need} = {getattr(suite, need)!r}")
            run(_tell(suite, test), within=suite.deadline)

        setattr(call, ALONE, alone)
        del call.__wrapped__  # pytest would look for fixtures there
        return call

    return decorate


async def _tell(suite: S, test: Callable[[S, M], Awaitable[None]]) -> None:
    try:
        async with suite.open_vendor() as vendor:
            suite.vendor = vendor
            subject = suite.create(vendor)
            try:
                await test(suite, subject)
            finally:
                await _close(subject)
    except HookMissing as missing:
        skip(str(missing))


async def _close(subject: Closing) -> None:
    try:
        await subject.aclose()
    except Exception:  # judged by the sentence about closing, and not by all of them
        logger.debug("%r could not be closed", subject, exc_info=True)


def skip(reason: str) -> NoReturn:
    """End this sentence: it does not apply, because of `reason`."""
    import pytest

    pytest.skip(reason)
