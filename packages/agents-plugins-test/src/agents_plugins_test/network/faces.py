"""What a real avatar can be asked without paying for one: to refuse a wrong key."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from agents_core.avatar import AvatarSession
from agents_core.errors import APIError
from agents_core.session import AgentSession
from agents_core.testing.stage import HOST, empty_room
from agents_core.testing.vendor import Vendor
from agents_plugins_test.network.keyed import WRONG_KEY, Keyed


class RealAvatar(Keyed[AvatarSession]):
    """One sentence, for which no key is needed: every avatar that comes costs money."""

    @classmethod
    def wanted(cls) -> tuple[str, ...]:
        """No key: it would not be used."""
        return cls.needs

    @contextlib.asynccontextmanager
    async def open_vendor(self) -> AsyncIterator[Vendor]:
        """None of ours; meanwhile the key is a wrong one, whatever the environment has."""
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv(self.key, WRONG_KEY)
            yield Vendor()

    async def fail(self, subject: AvatarSession) -> APIError:
        """How the invitation is refused."""
        try:
            async with asyncio.timeout(self.patience):
                await subject.start(AgentSession(), empty_room(), **HOST)
        except APIError as error:
            return error
        raise AssertionError("a wrong key was let in")
