"""Anam's avatars, against a server that speaks its protocol."""

from __future__ import annotations

import pytest

from agents_core.errors import APIError, APITimeoutError
from agents_core.session import AgentSession
from agents_core.testing.suite import sentence
from agents_plugin_anam import AnamException, AvatarSession, PersonaConfig, SessionOptions
from agents_plugins_test.avatar_suite import VendorAvatarSuite
from agents_plugins_test.vendors.anam import FIRST, SECOND, AnamServer

CARA = PersonaConfig(name="Cara", avatarId="30fa96d0")


class TestAvatarSession(VendorAvatarSuite):
    key = "ANAM_API_KEY"
    url = "ANAM_API_URL"
    identity = "anam-avatar-agent"
    error = AnamException

    def open_vendor(self) -> AnamServer:
        return AnamServer(api_key=self.secret, sends=False)

    def make(self, **options: object) -> AvatarSession:
        return AvatarSession(**{"persona_config": CARA, **options})

    @sentence()
    async def test_the_persona_is_the_agent_s_face_and_nothing_more(
        self, subject: AvatarSession
    ) -> None:
        await self._start(subject)

        assert self.vendor.asked_for["personaConfig"] == {
            "type": "ephemeral",
            "name": "Cara",
            "avatarId": "30fa96d0",
            "llmId": "CUSTOMER_CLIENT_V1",
        }

    @sentence()
    async def test_options_of_the_picture_are_asked_for(self, subject: AvatarSession) -> None:
        shown = SessionOptions(video_width=720, video_height=480)

        await self._start(self.create(self.vendor, session_options=shown))

        assert self.vendor.asked_for["sessionOptions"] == {"videoWidth": 720, "videoHeight": 480}

    @sentence()
    async def test_the_session_is_known_once_it_is_agreed(self, subject: AvatarSession) -> None:
        assert subject.session_id is None
        assert subject.provider == "Anam"

        await self._start(subject)

        assert subject.session_id == self.vendor.sessions[-1]

    @sentence()
    async def test_a_token_is_used_once_and_the_key_stays_with_it(
        self, subject: AvatarSession
    ) -> None:
        """The second request fails: both are made again, the second one never with the key."""
        self.vendor.troubled = SECOND
        self.vendor.refuse(500)

        await self._start(subject)

        asked = self.vendor.seen
        assert [request.path for request in asked] == [FIRST, SECOND, FIRST, SECOND]
        keys = [self.vendor.key_of(request) for request in asked]
        assert keys[::2] == [self.secret] * 2
        assert len({*keys[1::2], self.secret}) == 3

    @sentence()
    async def test_a_session_that_does_not_begin_ends_the_start(
        self, subject: AvatarSession
    ) -> None:
        self.vendor.troubled = SECOND
        self.vendor.stall()
        once = self.create(self.vendor, conn_options=self.impatient)

        await self._failure(once, AgentSession(), APITimeoutError)

    @sentence()
    async def test_a_session_without_an_id_is_an_api_error(self, subject: AvatarSession) -> None:
        self.vendor.troubled = SECOND
        self.vendor.garble(lacking=True, times=2)

        await self._failure(subject, AgentSession(), APIError)


def test_a_picture_has_width_and_height() -> None:
    with pytest.raises(ValueError, match="together"):
        SessionOptions(video_width=720)
