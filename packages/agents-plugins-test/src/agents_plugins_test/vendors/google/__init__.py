"""Google: Gemini's answers in text and in sound, and conversations, with a key or with tokens."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from agents_core.testing.vendor import Asked
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.google.generating import Generating
from agents_plugins_test.vendors.google.live import Conversation, Memory

if TYPE_CHECKING:
    from aiohttp import web

_MODEL = "{model:[^/:]+}"
_PROJECT = "/v1/projects/{project}/locations/{location}/publishers/{publisher}/models/"
_GEMINI = "google.ai.generativelanguage.{version:v1alpha|v1beta}.GenerativeService"
_VERTEX = "google.cloud.aiplatform.{version:v1|v1beta1}.LlmBidiService"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class GoogleServer(LocalVendor):
    """``POST …/models/…:streamGenerateContent``, and the websockets of the Live API.

    The Gemini API wants its key in ``x-goog-api-key``; Vertex AI wants a token of ``/token``, which
    gives one for whatever a service account signs.
    """

    def __init__(self, *, api_key: str | None = None, tokens_last: int = 3600) -> None:
        """Describe it.

        Args:
            api_key: the one that is let in; None for any.
            tokens_last: seconds.
        """
        super().__init__(api_key=api_key)
        self.last_asked = Asked()
        self.tokens: list[str] = []
        """All that were given."""
        self.memories: dict[str, Memory] = {}
        """What was said in conversations, by the handles to go on with them."""
        self.setups: list[Mapping[str, object]] = []
        """How each conversation was asked for."""
        self.said_by_clients: list[Mapping[str, object]] = []
        """What came in conversations, but for their sound."""
        self.silent = False
        """Whether the next speech has no sound, as Gemini's has now and then."""
        self._tokens_last = tokens_last
        self._conversations: set[Conversation] = set()

    def routes(self) -> Iterable[web.RouteDef]:
        """See `LocalVendor`."""
        from aiohttp import web

        generate = Generating(self).answer
        return [
            web.post("/token", self._give_token),
            self.answer("POST", f"/v1beta/models/{_MODEL}:streamGenerateContent", generate),
            self.answer("POST", f"{_PROJECT}{_MODEL}:streamGenerateContent", generate),
            self.converse(f"/ws/{_GEMINI}.BidiGenerateContent", self._converse, many=True),
            self.converse(f"/ws/{_VERTEX}/BidiGenerateContent", self._converse, many=True),
        ]

    def key_of(self, request: web.Request) -> str | None:
        """See `LocalVendor`; a token that was given here is as good as the key."""
        if "projects" not in request.path and "aiplatform" not in request.path:
            return request.headers.get("x-goog-api-key")
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return (self._api_key or token) if token in self.tokens else None

    def refusal(self, status: int) -> Mapping[str, object]:
        """See `LocalVendor`."""
        error: dict[str, object] = {"code": status, "message": "refused", "status": "REFUSED"}
        if status == HTTPStatus.TOO_MANY_REQUESTS:  # the wait is told here, without a header
            error["details"] = [{"@type": "RetryInfo", "retryDelay": "4.5s"}]
        return {"error": error}

    def asked(self) -> Asked:
        """See `Vendor`."""
        return self.last_asked

    def keep_silent(self) -> None:
        """Answer the next request for speech without a sound."""
        self.silent = True

    async def go_away(self, *, at_once: bool = False) -> None:
        """Tell everyone who converses that the line will be closed soon; `at_once`, close it."""
        for conversation in tuple(self._conversations):
            await conversation.leave(at_once=at_once)

    async def _give_token(self, request: web.Request) -> web.Response:
        from aiohttp import web

        form = await request.post()
        if form.get("grant_type") != _GRANT or str(form.get("assertion")).count(".") != 2:  # noqa: PLR2004 - of a JWT
            return web.json_response({"error": "invalid_grant"}, status=400)
        self.tokens.append(f"ya29.{secrets.token_hex(8)}")
        token = {"access_token": self.tokens[-1], "expires_in": self._tokens_last}
        return web.json_response(token | {"token_type": "Bearer"})

    async def _converse(self, socket: web.WebSocketResponse, answer: Answer) -> None:
        conversation = Conversation(self, socket, answer.request)
        self._conversations.add(conversation)
        try:
            await conversation.hold()
        finally:
            self._conversations.remove(conversation)
