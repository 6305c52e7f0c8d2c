"""An avatar whose service is a fake; it is in the room once somebody plays it."""

from __future__ import annotations

import asyncio

from agents_core.avatar import AvatarSession, Invitation
from agents_core.errors import APIError
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions, wait_before_retry
from agents_core.testing.fakes.vendor import FakeVendor


class FakeAvatarSession(AvatarSession):
    """Asks its vendor to send an avatar, which is left to the test: join the room as `identity`.

    Args:
        vendor: where faults are asked for, and what was asked is seen; one of its own else.
        identity: of the avatar in the room.
        sample_rate: of the sound that it is sent.
        join_timeout: seconds that the avatar may take to come.
        conn_options: when the service is asked again, and how long it may take.
    """

    def __init__(
        self,
        *,
        vendor: FakeVendor | None = None,
        identity: str = "fake-avatar",
        sample_rate: int = 24_000,
        join_timeout: float = 5.0,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> None:
        super().__init__(identity=identity, sample_rate=sample_rate, join_timeout=join_timeout)
        self.vendor = vendor or FakeVendor()
        self.dismissed = False
        """Whether the service was told that it is over."""
        self._options = conn_options

    async def _launch(self, invitation: Invitation) -> None:
        failed = 0
        while (error := await self._ask(invitation)) is not None:
            failed += 1
            wait = wait_before_retry(error, attempt=failed, options=self._options, answered=False)
            if wait is None:
                raise error
            await asyncio.sleep(wait)

    async def _dismiss(self) -> None:
        self.dismissed = True

    async def _ask(self, invitation: Invitation) -> APIError | None:
        timeout = self._options.timeout
        try:
            async with self.vendor.connect("avatar", timeout=timeout) as connection:
                await connection.part()
                self.vendor.last_invitation = (invitation.url, invitation.token)
        except APIError as error:
            return error
        return None
