"""LiveKit's turn detection as a service: turns in one request, a probability in its answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from agents_plugins_test.answers import Answer
from agents_plugins_test.local import LocalVendor

if TYPE_CHECKING:
    from aiohttp import web

THRESHOLDS = {"en": 0.0289, "fr": 0.0314, "pt-br": 0.04, "pt": 0.05}
_FINISHED, _GOES_ON = 0.96, 0.003
_MOST_ITEMS = 6
_MARKS = (".", "?", "!")


class LiveKitServer(LocalVendor):
    """``POST /eot/multi``: what ends in a full stop has ended; of a language it tells a threshold.

    A service of one's own needs no key.
    """

    def routes(self) -> Iterable[web.RouteDef]:
        """See `LocalVendor`."""
        return [self.answer("POST", "/eot/multi", self._judge, needs_key=False)]

    async def _judge(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        body = await request.json()
        self.asked_for = body
        if answer.complains:
            return web.json_response({"error": "the model is not loaded"})
        if bad := answer.bad(broken='{"probab', lacking='{"probability": "high"}'):
            return web.Response(text=bad, content_type="application/json")
        await answer.part()
        if "language" in body:
            return web.json_response({"threshold": THRESHOLDS.get(body["language"].lower())})
        if not _is_question(body):
            return web.json_response({"error": "no such request"}, status=400)
        text = " ".join(body["items"][-1]["content"])
        self.texts.append(text)
        likely = _FINISHED if text.endswith(_MARKS) else _GOES_ON
        return web.json_response({"probability": likely})


def _is_question(body: Mapping[str, Any]) -> bool:
    items = body.get("items", ())
    return 0 < len(items) <= _MOST_ITEMS and all(
        item["type"] == "message"
        and item["role"] in {"user", "assistant"}
        and all(isinstance(part, str) for part in item["content"])
        for item in items
    )
