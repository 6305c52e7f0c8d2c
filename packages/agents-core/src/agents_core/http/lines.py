"""Answers that come line by line, however the network cuts them."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import aclosing

from agents_core.errors import APIError

_LONGEST = 16 * 1024 * 1024
"""Bytes; some seconds of sound in base64 make a line of a megabyte."""
_END = re.compile(rb"\r\n|\n|\r(?!\Z)")
"""A carriage return that comes last may be half of an end: its line feed may follow."""


async def lines(chunks: AsyncIterable[bytes]) -> AsyncGenerator[str]:
    """The lines of an answer in UTF-8, without their ends; the last one needs none.

    Lines may be long: `aiohttp.StreamReader.readline` gives up at 128 KiB.

    Raises:
        APIError: a line is longer than 16 MiB.
        UnicodeDecodeError: it is no UTF-8; `mapped_errors` knows it.
    """
    rest: list[bytes] = []
    length = 0
    async for chunk in chunks:
        if not _may_end(chunk, rest):
            rest.append(chunk)
            length += len(chunk)
        else:
            *whole, last = _END.split(b"".join((*rest, chunk)))
            for line in whole:
                yield line.decode()
            rest, length = [last], len(last)
        if length > _LONGEST:
            raise APIError(f"a line of the answer is longer than {_LONGEST} bytes")
    final = b"".join(rest).removesuffix(b"\r")
    if final:
        yield final.decode()


async def server_events(chunks: AsyncIterable[bytes]) -> AsyncGenerator[str]:
    """The data of each server-sent event, as the HTML standard reads them.

    Comments and other fields are passed over. An event that is cut off by the end of the answer is
    none, as the standard has it; whether an answer may end there is for its reader to say.
    """
    data: list[str] = []
    async with aclosing(lines(chunks)) as whole:
        async for line in whole:
            if not line and data:
                yield "\n".join(data)
                data = []
            field, _, value = line.partition(":")
            if field == "data":
                data.append(value.removeprefix(" "))


def _may_end(chunk: bytes, rest: list[bytes]) -> bool:
    return b"\n" in chunk or b"\r" in chunk or bool(rest and rest[-1].endswith(b"\r"))
