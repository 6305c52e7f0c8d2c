"""Defects in what a plugin makes of its vendor's ways to fail; every port can have them."""

# ruff: noqa: D102, ANN401 - the class says what is broken

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

from agents_core.errors import APIConnectionError, APIError, APIStatusError, APITimeoutError
from agents_core.testing.broken import leaving
from agents_core.testing.broken.defects import caught_by
from agents_core.testing.fakes.vendor import Connection, FakeVendor, Fault, When
from agents_core.testing.suite import Suite
from agents_core.testing.watching import HEARTBEAT

_KEY = Suite.secret
_SERVER_ERROR = 500
_UNAUTHORIZED = 401
_logger = logging.getLogger(__name__)


class BentVendor(FakeVendor):
    """Makes of each fault what a bad plugin would."""

    def bend(self, error: Exception) -> Exception | None:
        """What is raised instead of `error`; None for nothing."""
        return error

    def fail(self, error: Exception, *, times: int = 1, when: When = "connecting") -> None:
        """Have the next `times` requests fail as a bad plugin would see them fail."""
        bent = self.bend(error)
        if bent is not None:
            super().fail(bent, times=times, when=when)


@caught_by("a_refused_key_is_final", "each_failure_is_an_error_event", "the_key_is_not_in_an_error")
class RetriesARefusedKey(BentVendor):
    """Takes every status for worth another try."""

    def bend(self, error: Exception) -> Exception:
        if isinstance(error, APIStatusError):
            error.retryable = True
        return error


@caught_by("a_limit_is_waited_out_as_long_as_the_vendor_says")
class OverhearsRetryAfter(BentVendor):
    """Does not read the header."""

    def bend(self, error: Exception) -> Exception:
        if isinstance(error, APIStatusError):
            error.retry_after = None
        return error


@caught_by(
    "a_failure_and_then_success_give_one_answer",
    "each_failure_is_an_error_event",
    "failures_without_end_are_given_up",
)
class GivesUpAtOnce(BentVendor):
    """Takes a 500 for final."""

    def bend(self, error: Exception) -> Exception:
        if isinstance(error, APIStatusError) and error.status_code == _SERVER_ERROR:
            error.retryable = False
        return error


@caught_by("a_refused_key_is_final", "each_failure_is_an_error_event", "the_key_is_not_in_an_error")
class ForgetsTheStatus(BentVendor):
    """Raises a connection error where the vendor gave a status."""

    def bend(self, error: Exception) -> Exception:
        refused = _status(error) == _UNAUTHORIZED
        return APIConnectionError("failed", retryable=False) if refused else error


@caught_by("failures_without_end_are_given_up", "each_failure_is_an_error_event")
class TriesBehindTheBackOfTheCore(FakeVendor):
    """Has a loop of its own around server errors."""

    @contextlib.asynccontextmanager
    async def connect(self, to: str, **how: Any) -> AsyncIterator[Connection]:
        while self._faults and _status(self._faults[0].error) == _SERVER_ERROR:
            self._faults.popleft()
            self._urls.append("fake://vendor/again")
        async with super().connect(to, **how) as connection:
            yield connection


@caught_by("a_cut_before_the_answer_is_tried_again", "a_cut_in_the_answer_is_not_papered_over")
class LetsTheSocketErrorThrough(BentVendor):
    """Maps nothing that the socket raises."""

    def bend(self, error: Exception) -> Exception:
        cut = type(error) is APIConnectionError
        return ConnectionResetError("reset by peer") if cut else error


@caught_by("a_malformed_answer_is_an_api_error")
class BelievesEveryMessage(BentVendor):
    """Reads a malformed message as if it were whole."""

    def bend(self, error: Exception) -> Exception:
        return KeyError("data") if type(error) is APIError else error


@caught_by("a_malformed_answer_is_an_api_error")
class SkipsWhatItCannotRead(BentVendor):
    """Goes on after a malformed message as if it had not come."""

    def bend(self, error: Exception) -> Exception | None:
        return None if type(error) is APIError else error


@caught_by("an_error_that_the_vendor_tells_of_is_raised")
class OnlyLogsWhatTheVendorTells(FakeVendor):
    """Takes a message of an error for one that does not concern it."""

    def complain(self, *, times: int = 1) -> None:
        self.stall(times=times)


@caught_by("a_stall_ends_at_the_timeout")
class LetsTheTimeoutThrough(FakeVendor):
    """Raises Python's own error at a timeout."""

    async def _meet(self, fault: Fault | None, timeout: float) -> None:
        try:
            await super()._meet(fault, timeout)
        except APITimeoutError:
            raise TimeoutError from None


@caught_by("the_key_is_told_to_nobody")
class PutsTheKeyIntoTheURL(FakeVendor):
    """Asks with the key in the query."""

    def urls(self) -> tuple[str, ...]:
        return tuple(f"{url}?api_key={_KEY}" for url in super().urls())


@caught_by("the_key_is_not_in_an_error")
class PutsTheKeyIntoTheError(BentVendor):
    """Shows the request in the error."""

    def bend(self, error: Exception) -> Exception:
        if isinstance(error, APIStatusError):
            error.body = {"headers": {"Authorization": f"Bearer {_KEY}"}}
        return error


@caught_by("the_key_is_told_to_nobody", "the_key_is_not_in_an_error")
class LogsTheKey(FakeVendor):
    """Logs what it sends."""

    async def _meet(self, fault: Fault | None, timeout: float) -> None:
        _logger.debug("headers: %s", {"Authorization": f"Bearer {_KEY}"})
        await super()._meet(fault, timeout)


@caught_by("the_event_loop_is_never_blocked")
class BlocksTheLoop(FakeVendor):
    """Waits where nothing else can run; only while it is watched, to save the time of others."""

    async def _meet(self, fault: Fault | None, timeout: float) -> None:
        if any(task.get_name() == HEARTBEAT for task in asyncio.all_tasks()):
            time.sleep(1.3)  # noqa: ASYNC251 - the defect
        await super()._meet(fault, timeout)


def _status(error: Exception | None) -> int | None:
    return error.status_code if isinstance(error, APIStatusError) else None


COMMON: tuple[type[FakeVendor], ...] = (
    RetriesARefusedKey,
    OverhearsRetryAfter,
    GivesUpAtOnce,
    TriesBehindTheBackOfTheCore,
    LetsTheSocketErrorThrough,
    BelievesEveryMessage,
    OnlyLogsWhatTheVendorTells,
    LetsTheTimeoutThrough,
    PutsTheKeyIntoTheURL,
    PutsTheKeyIntoTheError,
    LogsTheKey,
    leaving.KeepsTheConnection,
    leaving.LeavesATask,
    BlocksTheLoop,
)
"""At least one for each sentence that all ports have."""

VENDORS: tuple[type[FakeVendor], ...] = (
    *COMMON,
    ForgetsTheStatus,
    SkipsWhatItCannotRead,
    leaving.LeavesADescriptor,
    leaving.LeavesAThread,
)
"""All; the sentences are the same for every port, so one port that is told of all is enough."""
