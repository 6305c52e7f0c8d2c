"""Bodies that are sent without the event loop standing still."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

_AT_ONCE = 2**18
"""Bytes that go in one piece. What is longer aiohttp sends in pieces only where it comes as a
file, and warns of beyond a megabyte where it does not."""


def in_pieces(options: Mapping[str, Any], *, dumps: Callable[[Any], str]) -> dict[str, Any]:
    """The options of a request whose `json`, or whose bytes in `data`, may be long.

    Forms stay as they are: what is long in one has to be a file in it already.
    """
    rest = dict(options)
    if (value := rest.pop("json", None)) is not None:
        rest["data"] = dumps(value).encode()
        rest["headers"] = _as_json(rest.get("headers"))
    data = rest.get("data")
    if isinstance(data, bytes | bytearray) and len(data) > _AT_ONCE:
        rest["data"] = io.BytesIO(data)
    return rest


def _as_json(headers: Mapping[str, str] | None) -> dict[str, str]:
    given = dict(headers or {})
    said = any(name.lower() == "content-type" for name in given)
    return given if said else {**given, "Content-Type": "application/json"}
