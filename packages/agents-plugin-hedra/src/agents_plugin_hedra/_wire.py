"""What Hedra is asked: pure, from values to values."""

from __future__ import annotations

from dataclasses import dataclass

from agents_plugin_hedra.picture import AvatarImage


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Of a form: a text, or a file with its name and type."""

    name: str
    value: str | bytes
    mime_type: str | None = None
    filename: str | None = None


def format_form(
    avatar_id: str | None, image: AvatarImage | None, *, url: str, token: str
) -> tuple[Part, ...]:
    """The form that asks for an avatar in the room that `token` opens."""
    parts = [Part(name="livekit_url", value=url), Part(name="livekit_token", value=token)]
    if avatar_id:
        parts.append(Part(name="avatar_id", value=avatar_id))
    if image is not None:
        parts.append(
            Part(
                name="avatar_image",
                value=image.data,
                mime_type=image.mime_type,
                filename=image.name,
            )
        )
    return tuple(parts)
