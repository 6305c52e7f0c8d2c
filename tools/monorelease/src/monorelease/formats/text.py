"""Bytes to text and back, with nothing lost on the way: newlines and byte order mark stay."""

from __future__ import annotations

from pathlib import PurePosixPath

from monorelease.errors import UnreadableFile

BOM = "\ufeff"
"""U+FEFF, as some editors put it in front of a file; it stays in the text that was decoded."""


def decode(data: bytes, path: PurePosixPath) -> str:
    """The text of a file: ``encode(decode(data, path)) == data``.

    Newlines are not translated, and a byte order mark is kept as the first character.

    Args:
        data: the whole file.
        path: what to call it when it cannot be read.

    Raises:
        UnreadableFile: when `data` is not UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            f"not UTF-8 text: byte 0x{data[error.start]:02x} at offset {error.start}",
            where=f"{path}:{line}",
            hint="save the file as UTF-8",
        ) from error


def encode(text: str) -> bytes:
    """The bytes of `text`: the way back from `decode`."""
    return text.encode("utf-8")
