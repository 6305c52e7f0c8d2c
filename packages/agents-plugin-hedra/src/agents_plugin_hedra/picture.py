"""The picture that an avatar is made of."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from agents_plugin_hedra import models

_QUALITY = 95
"""Of JPEG, in percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AvatarImage:
    """A picture as it is in a file."""

    data: bytes = field(repr=False)
    mime_type: str = models.DEFAULT_IMAGE_TYPE
    name: str = models.DEFAULT_IMAGE_NAME
    """Of the file."""


class Picture(Protocol):
    """What ``PIL.Image.Image`` can do; Pillow itself is not needed."""

    def convert(self, mode: str, /) -> Picture:
        """The same with other channels."""

    def save(self, file: BinaryIO, /, *, format: str, quality: int) -> None:  # noqa: A002 - as Pillow has it
        """Write it."""


def as_image(picture: AvatarImage | Picture) -> AvatarImage:
    """The file of a picture: as it was given, or a JPEG, which knows no transparency."""
    if isinstance(picture, AvatarImage):
        return picture
    file = io.BytesIO()
    picture.convert("RGB").save(file, format="JPEG", quality=_QUALITY)
    return AvatarImage(data=file.getvalue())
