"""What holds for the avatars of every vendor, beside what the core demands of all."""

# ruff: noqa: ARG002, D102 - the name of a test is its sentence; some make a subject of their own

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import pytest

from agents_core.avatar import AvatarSession
from agents_core.errors import APIError, APIStatusError, MissingCredentialsError
from agents_core.session import AgentSession
from agents_core.testing.avatar import AvatarSuite
from agents_core.testing.demands import demand, demand_same
from agents_core.testing.stage import HOST, empty_room
from agents_core.testing.suite import sentence
from agents_core.testing.vendor import Vendor
from agents_plugins_test.avatar_vendor import AvatarVendor


class VendorAvatarSuite(AvatarSuite):
    """Subclass it, say how the plugin's things are called, and make the vendor and the avatar."""

    key: ClassVar[str]
    """The variable for the key."""
    url: ClassVar[str]
    """The variable for where the vendor answers."""
    identity: ClassVar[str]
    """Of an avatar that is given none."""
    error: ClassVar[type[Exception]]
    """What a user may catch by the plugin's name."""
    timeout: ClassVar[float] = 0.4
    join_timeout: ClassVar[float] = 1.0
    max_retry: ClassVar[int] = 1
    patience: ClassVar[float] = 5.0  # there is a real room in between

    vendor: AvatarVendor

    @abstractmethod
    def open_vendor(self) -> AvatarVendor:
        """The vendor, which lets `secret` in, and sends no avatar: the suite plays it."""

    @abstractmethod
    def make(self, **options: object) -> AvatarSession:
        """The avatar with these options, and those that it cannot be without."""

    def create(self, vendor: Vendor, **options: object) -> AvatarSession:
        """The avatar, for a sentence."""
        known: dict[str, object] = {
            "api_key": self.secret,
            "api_url": getattr(vendor, "url", ""),
            "join_timeout": self.join_timeout,
            "conn_options": self.conn_options,
        }
        return self.make(**{**known, **options})

    @sentence()
    async def test_a_complaint_is_final_and_what_it_repeats_is_no_secret(
        self, subject: AvatarSession
    ) -> None:
        self.vendor.complain()
        error = await self._failure(subject, AgentSession(), APIStatusError)
        demand(HOST["livekit_url"] in str(error.body), f"the complaint is lost: {error.body!r}")
        demand("***" in str(error.body), "a token is in an error")
        demand_same(self.vendor.requests(), 1, "requests")

    @sentence()
    async def test_an_answer_that_lacks_something_is_an_api_error(
        self, subject: AvatarSession
    ) -> None:
        self.vendor.garble(lacking=True, times=self.max_retry + 1)
        await self._failure(subject, AgentSession(), APIError)

    @sentence()
    async def test_a_vendor_that_is_busy_is_asked_again(self, subject: AvatarSession) -> None:
        self.vendor.refuse(429)
        await self._start(subject)
        demand_same(self.vendor.requests(), 2, "requests")

    @sentence()
    async def test_a_line_that_is_cut_is_asked_again(self, subject: AvatarSession) -> None:
        self.vendor.cut(answered=False)
        await self._start(subject)
        demand_same(self.vendor.requests(), 2, "requests")

    @sentence()
    async def test_it_is_called_as_it_is_told(self, subject: AvatarSession) -> None:
        await self._start(subject)
        demand_same(subject.avatar_identity, self.identity, "avatar_identity")
        demand_same(self._called(), (self.identity, self.identity), "identity and name")
        given = {"avatar_participant_identity": "face", "avatar_participant_name": "A face"}
        await self._start(self.create(self.vendor, **given))
        demand_same(self._called(), ("face", "A face"), "identity and name")

    @sentence()
    async def test_without_a_key_there_is_no_avatar(self, subject: AvatarSession) -> None:
        with pytest.MonkeyPatch.context() as environment:
            environment.delenv(self.key, raising=False)
            with pytest.raises(self.error, match=self.key) as raised:
                self.create(self.vendor, api_key=None)
        demand(isinstance(raised.value, MissingCredentialsError), "it is no missing credential")

    @sentence()
    async def test_key_and_place_come_from_the_environment(self, subject: AvatarSession) -> None:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv(self.key, self.secret)
            environment.setenv(self.url, self.vendor.url)
            await self._start(self.create(self.vendor, api_key=None, api_url=None))
        demand_same(self.vendor.requests(), 1, "requests")

    @sentence()
    async def test_a_session_that_was_given_is_used_and_left_open(
        self, subject: AvatarSession
    ) -> None:
        import aiohttp

        async with aiohttp.ClientSession(headers={"X-Whose": "mine"}) as given:
            other = self.create(self.vendor, http_session=given)
            await self._start(other)
            await other.aclose()
            demand(not given.closed, "it was closed")
        whose = {request.headers.get("X-Whose") for request in self.vendor.seen}
        demand_same(whose, {"mine"}, "whose sessions the requests came by")

    async def _start(self, subject: AvatarSession) -> None:
        await subject.start(AgentSession(), empty_room(), **HOST)

    def _called(self) -> tuple[str, str]:
        from livekit import api

        _, token = self.vendor.invitation()
        keys = HOST["livekit_api_key"], HOST["livekit_api_secret"]
        claims = api.TokenVerifier(*keys).verify(token)
        return claims.identity, claims.name
