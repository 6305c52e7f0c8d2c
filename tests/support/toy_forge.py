"""A forge of the tests with nothing but things on it: what any forge's API has in common."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlencode

from forge_server import Asked, ForgeFault, ForgeServer, Told
from monorelease.adapters.forge_asking import Dialect
from monorelease.formats.forge_refusals import Access
from monorelease.model.value import replace
from openapi import Contract

TOKEN = "tok/en+5"  # noqa: S105 - not one
ACCESS = Access(variable="TOY_TOKEN", needs="to write things")
NUMBERED = Dialect(access=ACCESS, token_prefix="Bearer ")  # noqa: S106 - what stands before one
LINKED = replace(NUMBERED, is_numbered=False)

_THING = {"content": {"application/json": {"schema": {"type": "object"}}}}
_DOCUMENT = {
    "components": {"schemas": {}},
    "paths": {
        "/things": {
            "get": {
                "parameters": [
                    {"name": name, "in": "query", "schema": {"type": "integer"}}
                    for name in ("per_page", "limit", "page")
                ],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"type": "array"}}}}
                },
            },
            "post": {"requestBody": {**_THING, "required": True}, "responses": {"201": _THING}},
        },
        "/things/{name}": {
            "get": {
                "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}],
                "responses": {"200": {"content": {"application/json": {"schema": {}}}}},
            },
            "patch": {"requestBody": _THING, "responses": {"200": _THING, "422": _THING}},
            "delete": {"responses": {"204": {}}},
        },
    },
}


class ToyForge(ForgeServer):
    """Things by name; a list of numbers, of as many pages as are wanted."""

    api = "/api"
    may_push = frozenset()
    contract = Contract(_DOCUMENT)

    def __init__(self, folder: Path, *, faults: Sequence[ForgeFault] = ()) -> None:
        """One with nothing on it."""
        super().__init__(folder, faults=faults)
        self.things: dict[str, object] = {}
        self.count = 0
        """How many numbers are in the list."""
        self.most = 100
        """How many of them it gives at once."""
        self.tells: Literal["link", "next", "total", "nothing"] = "nothing"
        """How it says whether there are more."""

    def answer(self, asked: Asked) -> Told:
        """See `ForgeServer`."""
        _, _, *rest = map(unquote, asked.path.split("/"))
        match asked.method, rest:
            case "GET", []:
                return self._numbers(asked)
            case "POST", []:
                self.things[str(len(self.things))] = asked.body
                return Told(201, asked.body)
            case _, [name] if name not in self.things:
                return Told(404, {"message": "Not Found"})
            case "DELETE", [name]:
                del self.things[name]
                return Told(204)
            case "PATCH", [name]:
                self.things[name] = asked.body
            case _:
                pass
        return Told(200, self.things[rest[0]])

    def _numbers(self, asked: Asked) -> Told:
        page = int(asked.query.get("page", 1))
        numbers = list(range(self.count))[(page - 1) * self.most : page * self.most]
        has_more = page * self.most < self.count
        more = f"{self.api_url}/things?{urlencode({**asked.query, 'page': page + 1})}"
        headers = {
            "link": {"Link": f'<{more}>; rel="next"'} if has_more else {},
            "next": {"X-Next-Page": str(page + 1) if has_more else ""},
            "total": {"X-Total-Count": str(self.count)},
            "nothing": {},
        }
        return Told(200, numbers, headers[self.tells])
