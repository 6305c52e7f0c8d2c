"""Language models of Google."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from agents_core import llm
from agents_core.chat.items import new_id
from agents_core.http import malformed
from agents_plugin_google import models
from agents_plugin_google._client import Client
from agents_plugin_google._wire.answers import Answer
from agents_plugin_google._wire.chat import Chat, Fields, format_request

if TYPE_CHECKING:
    import aiohttp
    from google.auth.credentials import Credentials


class LLM(llm.LLM):
    """Gemini, asked at the Gemini API or at Vertex AI.

    Options that are mappings hold fields of Google's API, in its names or in Python's. What is not
    given is left to Google. Gemini decides by itself whether it calls several tools at once, so
    that `parallel_tool_calls` is not sent; `extra_kwargs` of `chat` are fields of the request, such
    as ``{"generationConfig": {...}}``, and are added to what is there.
    """

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        model: models.LLMModels | str = models.DEFAULT_LLM_MODEL,
        temperature: float | None = None,
        max_output_tokens: int | None = None,
        top_p: float | None = None,
        top_k: int | None = None,
        presence_penalty: float | None = None,
        frequency_penalty: float | None = None,
        seed: int | None = None,
        stop_sequences: Sequence[str] | None = None,
        media_resolution: str | None = None,
        thinking_config: Fields | None = None,
        safety_settings: Sequence[Fields] | None = None,
        cached_content: str | None = None,
        retrieval_config: Fields | None = None,
        gemini_tools: Sequence[Fields] = (),
        tool_choice: llm.ToolChoice | None = None,
        api_key: str | None = None,
        vertexai: bool | None = None,
        project: str | None = None,
        location: str | None = None,
        credentials: Credentials | None = None,
        base_url: str | None = None,
        api_version: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            model: the model; ``publisher/model`` for another publisher's at Vertex AI.
            temperature: how varied the answers are.
            max_output_tokens: of an answer, thoughts included.
            top_p: of the most probable tokens, those that make up this much are looked at.
            top_k: likewise, this many.
            presence_penalty: against tokens that were used before.
            frequency_penalty: against them, the more often they were.
            seed: for answers that can be had again.
            stop_sequences: after which an answer ends.
            media_resolution: of pictures, such as ``MEDIA_RESOLUTION_LOW``.
            thinking_config: such as ``{"thinking_budget": 0}``.
            safety_settings: each such as ``{"category": ..., "threshold": ...}``.
            cached_content: the name of a cache that the conversation goes on from; instructions and
                tools are those of the cache, and no others are sent.
            retrieval_config: such as ``{"lat_lng": ..., "language_code": ...}``.
            gemini_tools: Google's own, such as ``{"google_search": {}}``.
            tool_choice: the one that holds where `chat` is not given another.
            api_key: without, ``GOOGLE_API_KEY`` of the environment, else ``GEMINI_API_KEY``.
            vertexai: whether to ask Vertex AI; without, ``GOOGLE_GENAI_USE_VERTEXAI``.
            project: of Vertex AI; without, ``GOOGLE_CLOUD_PROJECT``, else that of the credentials.
            location: of Vertex AI; without, ``GOOGLE_CLOUD_LOCATION``, else us-central1.
            credentials: of google-auth, for Vertex AI; without, Application Default Credentials.
            base_url: without, ``GOOGLE_BASE_URL`` of the environment, else Google's own.
            api_version: without, v1beta of the Gemini API, v1 of Vertex AI.
            http_session: one of yours, which is left open.

        Raises:
            MissingCredentialsError: the Gemini API is asked, and there is no key.
            ValueError: the base URL is none.
        """
        super().__init__()
        self._chat_options = Chat(
            model=model,
            temperature=temperature,
            max_output_tokens=max_output_tokens,
            top_p=top_p,
            top_k=top_k,
            presence_penalty=presence_penalty,
            frequency_penalty=frequency_penalty,
            seed=seed,
            stop_sequences=stop_sequences,
            media_resolution=media_resolution,
            thinking_config=thinking_config,
            safety_settings=safety_settings,
            cached_content=cached_content,
            retrieval_config=retrieval_config,
            gemini_tools=gemini_tools,
            tool_choice=tool_choice,
        )
        self._client = Client(
            api_key=api_key,
            vertexai=vertexai,
            project=project,
            location=location,
            credentials=credentials,
            url=base_url,
            version=api_version,
            http_session=http_session,
        )

    @property
    def model(self) -> str:
        """The model."""
        return self._chat_options.model

    @property
    def provider(self) -> str:
        """Who answers: Gemini, or Vertex AI."""
        return self._client.provider

    def update_options(self, **options: Any) -> None:  # noqa: ANN401 - those of `Chat`
        """Change options of the answers, from the next one on.

        Raises:
            TypeError: there is no such option.
        """
        self._chat_options = dataclasses.replace(self._chat_options, **options)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _chat(
        self, request: llm.ChatRequest, *, timeout: float
    ) -> AsyncGenerator[llm.ChatChunk]:
        options = self._chat_options
        body = format_request(request, options)
        answer = Answer(self.provider, name=new_id("answer_"))
        asked = self._client.generate(options.model, body, timeout=timeout)
        async with aclosing(asked) as pieces:
            async for piece in pieces:
                with malformed(self.provider):
                    chunks = tuple(answer.read(json.loads(piece)))
                for chunk in chunks:
                    yield chunk
        with malformed(self.provider):
            last = answer.end()
        yield last
