"""LemonSlice's avatars, against a server that speaks its protocol."""

from __future__ import annotations

import pytest

from agents_core.testing.suite import sentence
from agents_core.testing.watching import log_lines
from agents_plugin_lemonslice import AvatarSession, LemonSliceException
from agents_plugins_test.avatar_suite import VendorAvatarSuite
from agents_plugins_test.vendors.lemonslice import LemonSliceServer

PICTURE = "https://example.com/agent.png"


class TestAvatarSession(VendorAvatarSuite):
    key = "LEMONSLICE_API_KEY"
    url = "LEMONSLICE_API_URL"
    identity = "lemonslice-avatar-agent"
    error = LemonSliceException

    def open_vendor(self) -> LemonSliceServer:
        return LemonSliceServer(api_key=self.secret, sends=False)

    def make(self, **options: object) -> AvatarSession:
        return AvatarSession(**{"agent_id": "agent_abc123", **options})

    @sentence()
    async def test_the_agent_that_is_named_comes(self, subject: AvatarSession) -> None:
        await self._start(subject)

        assert self.vendor.asked_for["agent_id"] == "agent_abc123"
        assert subject.provider == "LemonSlice"

    @sentence()
    async def test_options_reach_the_service_under_their_own_names(
        self, subject: AvatarSession
    ) -> None:
        options = {"agent_prompt": "smiling", "agent_idle_prompt": "waiting", "idle_timeout": 90}
        other = {"agent_id": None, "agent_image_url": PICTURE, "aspect_ratio": "2x3"}

        await self._start(self.create(self.vendor, **other, **options))

        asked = {**self.vendor.asked_for}
        asked.pop("properties")
        assert asked == {
            "transport_type": "livekit",
            "agent_image_url": PICTURE,
            "aspect_ratio": "2x3",
            **options,
        }

    @sentence()
    async def test_closing_ends_the_session_that_was_begun(self, subject: AvatarSession) -> None:
        assert subject.session_id is None

        await self._start(subject)
        self.vendor.refuse(503)
        await subject.aclose()
        await subject.aclose()

        assert self.vendor.ended == [subject.session_id]

    @sentence(alone=True)
    async def test_a_session_that_is_over_already_is_nothing_to_speak_of(
        self, subject: AvatarSession
    ) -> None:
        await self._start(subject)
        self.vendor.ended += self.vendor.sessions

        with log_lines() as lines:
            await subject.aclose()

        assert not lines

    @sentence()
    async def test_one_that_never_came_is_not_sent_away(self, subject: AvatarSession) -> None:
        await subject.aclose()

        assert self.vendor.requests() == 0


@pytest.mark.parametrize("faces", [{}, {"agent_id": "1", "agent_image_url": PICTURE}])
def test_an_avatar_has_one_face(faces: dict[str, str]) -> None:
    with pytest.raises(LemonSliceException, match="either"):
        AvatarSession(api_key="a-key", **faces)
