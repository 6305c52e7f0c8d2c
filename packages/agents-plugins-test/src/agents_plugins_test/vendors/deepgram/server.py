"""The places where Deepgram answers, and what it refuses there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.deepgram.queries import RECORDING, SPEECH, STREAM, TURNS, problem
from agents_plugins_test.vendors.deepgram.transcripts import answer_recording, listen
from agents_plugins_test.vendors.deepgram.turns import take_turns
from agents_plugins_test.vendors.deepgram.voice import answer_text, speak

if TYPE_CHECKING:
    from aiohttp import web

    from agents_plugins_test.vendors.deepgram.queries import Known


class DeepgramServer(LocalVendor):
    """``/v1/listen`` (GET and POST), ``/v2/listen`` and ``/v1/speak`` (GET and POST).

    Attributes:
        patience: seconds without a message after which a listener hangs up.
        deaf: whether a listener hangs up on the first sound, as on some that it cannot read.
        goodbyes: how many more times a listener takes its leave where somebody begins to speak, or
            a voice where it has said something.
        falters: whether a voice takes its leave after the first piece of sound, in good order.
        summarizes: whether a listener sends its summary at the beginning too.
        wraps: whether a whole text is a WAV, whatever was asked for.
        repeats: whether a voice says twice that it has said all.
        longest: bytes of the longest message of sound that came over a websocket.
        told: the control messages that came over websockets, in order.
    """

    def __init__(self, *, api_key: str | None = None) -> None:
        """See `LocalVendor`."""
        super().__init__(api_key=api_key)
        self.patience = 10.0
        self.deaf = False
        self.goodbyes = 0
        self.falters = False
        self.summarizes = False
        self.wraps = False
        self.repeats = False
        self.longest = 0
        self.told: list[str] = []

    def key_of(self, request: web.Request) -> str | None:
        """See `LocalVendor`."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        return key if scheme == "Token" and key else None

    def refusal(self, status: int) -> Mapping[str, object]:
        """See `LocalVendor`."""
        code = "INVALID_AUTH" if status == 401 else "ERROR"  # noqa: PLR2004 - of HTTP
        return {"err_code": code, "err_msg": f"refused with {status}", "request_id": "r"}

    def routes(self) -> Iterable[web.RouteDef]:
        """See `LocalVendor`."""
        return [
            _checked(self.converse("/v1/listen", lambda s, a: listen(self, s, a)), STREAM),
            _checked(
                self.answer("POST", "/v1/listen", lambda r, a: answer_recording(self, r, a)),
                RECORDING,
            ),
            _checked(self.converse("/v2/listen", lambda s, a: take_turns(self, s, a)), TURNS),
            _checked(self.converse("/v1/speak", lambda s, a: speak(self, s, a)), SPEECH),
            _checked(
                self.answer("POST", "/v1/speak", lambda r, a: answer_text(self, r, a)), SPEECH
            ),
        ]


def _checked(route: web.RouteDef, known: Known) -> web.RouteDef:
    """The same, where the query is one that Deepgram takes."""
    from aiohttp import web

    async def handle(request: web.Request) -> web.StreamResponse:
        if wrong := problem(request.query, known):
            body = {"err_code": "INVALID_QUERY_PARAMETER", "err_msg": wrong, "request_id": "r"}
            return web.json_response(body, status=400)
        response: web.StreamResponse = await route.handler(request)
        return response

    return web.route(route.method, route.path, handle)
