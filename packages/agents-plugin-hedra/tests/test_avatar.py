"""Hedra's avatars, against a server that speaks its protocol."""

from __future__ import annotations

from typing import BinaryIO, Self

import pytest

from agents_core.testing.suite import sentence
from agents_plugin_hedra import AvatarImage, AvatarSession, HedraException
from agents_plugins_test.avatar_suite import VendorAvatarSuite
from agents_plugins_test.vendors.hedra import HedraServer


class TestAvatarSession(VendorAvatarSuite):
    key = "HEDRA_API_KEY"
    url = "HEDRA_API_URL"
    identity = "hedra-avatar-agent"
    error = HedraException

    def open_vendor(self) -> HedraServer:
        return HedraServer(api_key=self.secret, sends=False)

    def make(self, **options: object) -> AvatarSession:
        return AvatarSession(**{"avatar_id": "7b2f", **options})

    @sentence()
    async def test_the_avatar_that_is_named_comes(self, subject: AvatarSession) -> None:
        await self._start(subject)

        assert self.vendor.asked_for["avatar_id"] == "7b2f"
        assert "avatar_image" not in self.vendor.asked_for
        assert subject.provider == "Hedra"

    @sentence()
    async def test_a_picture_is_sent_as_the_file_that_it_is(self, subject: AvatarSession) -> None:
        """Twice: the first request fails, and a form that was sent cannot be sent again."""
        picture = AvatarImage(data=b"\x89PNG", mime_type="image/png", name="face.png")
        self.vendor.refuse(503)

        await self._start(self.create(self.vendor, avatar_id=None, avatar_image=picture))

        sent = self.vendor.asked_for["avatar_image"]
        assert sent == ("face.png", "image/png", b"\x89PNG")
        assert "avatar_id" not in self.vendor.asked_for

    @sentence()
    async def test_a_large_picture_is_sent_without_a_warning(self, subject: AvatarSession) -> None:
        picture = AvatarImage(data=bytes(1_500_000), mime_type="image/png", name="face.png")

        await self._start(self.create(self.vendor, avatar_id=None, avatar_image=picture))

        assert self.vendor.asked_for["avatar_image"][2] == picture.data

    @sentence()
    async def test_a_picture_of_pillow_s_is_sent_as_a_jpeg(self, subject: AvatarSession) -> None:
        await self._start(self.create(self.vendor, avatar_image=Drawing()))

        sent = self.vendor.asked_for["avatar_image"]
        assert sent == ("avatar.jpg", "image/jpeg", b"RGB as JPEG of 95 %")


def test_an_avatar_has_a_face() -> None:
    with pytest.raises(HedraException, match="avatar_image"):
        AvatarSession(api_key="a-key")


class Drawing:
    """As much of an image of Pillow's as is needed."""

    mode = "RGBA"

    def convert(self, mode: str, /) -> Self:
        self.mode = mode
        return self

    def save(self, file: BinaryIO, /, *, format: str, quality: int) -> None:  # noqa: A002 - as Pillow has it
        file.write(f"{self.mode} as {format} of {quality} %".encode())
