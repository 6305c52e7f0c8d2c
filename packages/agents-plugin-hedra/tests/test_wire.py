"""The form that Hedra is sent."""

from __future__ import annotations

from agents_plugin_hedra import AvatarImage
from agents_plugin_hedra._wire import Part, format_form

PLACE = {"url": "wss://example.livekit.cloud", "token": "a-token"}
ROOM = (
    Part(name="livekit_url", value="wss://example.livekit.cloud"),
    Part(name="livekit_token", value="a-token"),
)


def test_an_avatar_is_asked_for_by_its_id() -> None:
    form = format_form("7b2f", None, **PLACE)

    assert form == (*ROOM, Part(name="avatar_id", value="7b2f"))


def test_an_avatar_is_asked_for_by_a_picture() -> None:
    picture = AvatarImage(data=b"\x89PNG", mime_type="image/png", name="face.png")

    [*room, image] = format_form(None, picture, **PLACE)

    assert tuple(room) == ROOM
    assert image == Part(
        name="avatar_image", value=b"\x89PNG", mime_type="image/png", filename="face.png"
    )


def test_a_picture_is_a_jpeg_unless_it_says_otherwise() -> None:
    [*_, image] = format_form(None, AvatarImage(data=b"\xff\xd8"), **PLACE)

    assert (image.mime_type, image.filename) == ("image/jpeg", "avatar.jpg")
