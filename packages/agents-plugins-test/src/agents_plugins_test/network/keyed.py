"""What a vendor who wants a key has to do with a wrong one, and a plugin with what comes of it."""

# ruff: noqa: D102 - the name of a test is its sentence

from __future__ import annotations

from typing import ClassVar, TypeVar

import pytest

from agents_core.errors import APIError
from agents_core.testing.demands import demand
from agents_core.testing.suite import Closing, Suite, sentence
from agents_core.testing.watching import log_lines, told
from agents_plugins_test.network.real import Real, variable

M = TypeVar("M", bound=Closing)

WRONG_KEY = "wrong-0d5f2a94-key"


class Keyed(Real[M]):
    """A mixin for vendors who want a key; it is the `secret` that has to be told to nobody.

    `create` leaves it to the plugin to find the key in the environment: ``return TTS()``.
    """

    key: ClassVar[str]
    """The variable with the key."""

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.secret = variable(getattr(cls, "key", "")) or Suite.secret

    @classmethod
    def wanted(cls) -> tuple[str, ...]:
        """The variable with the key, and all others."""
        return (cls.key, *cls.needs)

    async def fail(self, subject: M) -> APIError:
        """How `subject`, whose key is wrong, is refused.

        Raises:
            AssertionError: it is not, or by something that is no `APIError`.
        """
        raise NotImplementedError(f"{type(self).__name__}.fail() asks with a wrong key")

    @sentence(alone=True)
    async def test_a_wrong_key_is_final_and_told_to_nobody(self, subject: M) -> None:
        await subject.aclose()
        with pytest.MonkeyPatch.context() as environment, log_lines() as lines:
            environment.setenv(self.key, WRONG_KEY)
            wrong = self.create(self.vendor)
            try:
                error = await self.fail(wrong)
            finally:
                await wrong.aclose()
        places = {"repr()": repr(wrong), "the log": "\n".join(lines)}
        places["an error"] = told(error) + repr(vars(error))
        for place, text in places.items():
            demand(WRONG_KEY not in text, f"the key is in {place}")
        demand(not error.retryable, f"a wrong key is said to be worth another try: {error!r}")
