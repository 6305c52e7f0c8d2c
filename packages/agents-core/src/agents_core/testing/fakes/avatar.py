"""An avatar whose service is a fake; it is in the room once somebody plays it."""

from __future__ import annotations

from agents_core.avatar import AvatarSession, Invitation
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions, keep_asking
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
        await keep_asking(lambda: self._ask(invitation), options=self._options)

    async def _dismiss(self) -> None:
        self.dismissed = True

    async def _ask(self, invitation: Invitation) -> None:
        async with self.vendor.connect("avatar", timeout=self._options.timeout) as connection:
            await connection.part()
            self.vendor.last_invitation = (invitation.url, invitation.token)
