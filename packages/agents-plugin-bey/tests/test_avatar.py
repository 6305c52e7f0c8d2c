"""Beyond Presence's avatars, against a server that speaks its protocol."""

from __future__ import annotations

from agents_core.testing.suite import sentence
from agents_plugin_bey import AvatarSession, BeyException, models
from agents_plugins_test.avatar_suite import VendorAvatarSuite
from agents_plugins_test.vendors.bey import BeyServer


class TestAvatarSession(VendorAvatarSuite):
    key = "BEY_API_KEY"
    url = "BEY_API_URL"
    identity = "bey-avatar-agent"
    error = BeyException

    def open_vendor(self) -> BeyServer:
        return BeyServer(api_key=self.secret, sends=False)

    def make(self, **options: object) -> AvatarSession:
        return AvatarSession(**options)

    @sentence()
    async def test_the_stock_avatar_comes_where_none_is_named(self, subject: AvatarSession) -> None:
        await self._start(subject)

        assert self.vendor.asked_for["avatar_id"] == models.DEFAULT_AVATAR_ID

    @sentence()
    async def test_the_avatar_that_is_named_comes(self, subject: AvatarSession) -> None:
        await self._start(self.create(self.vendor, avatar_id="01234567"))

        assert self.vendor.asked_for["avatar_id"] == "01234567"

    @sentence()
    async def test_the_session_is_known_once_it_is_agreed(self, subject: AvatarSession) -> None:
        assert subject.session_id is None
        assert subject.provider == "Beyond Presence"

        await self._start(subject)

        assert subject.session_id == self.vendor.sessions[-1]
