"""Chat completions: language models of OpenAI, and of whoever speaks its protocol."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self

from agents_core import llm
from agents_core.http import malformed
from agents_plugin_openai import models, services
from agents_plugin_openai._client import Client, TokenSource
from agents_plugin_openai._wire.llm import ChatOptions, format_request
from agents_plugin_openai._wire.llm_answer import Answer
from agents_plugin_openai.azure import azure
from agents_plugin_openai.compatible import At
from agents_plugin_openai.services import Service

if TYPE_CHECKING:
    import aiohttp

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class LLM(llm.LLM):
    """A language model that is asked for chat completions, and streams them.

    The `extra` of an answer has its ``finish_reason``, and a ``refusal``, which is text of the
    answer as well.

    A plugin for a service that speaks this protocol needs to say which::

        class LLM(openai.LLM):
            service = Service(
                name="Example",
                key_variable="EXAMPLE_API_KEY",
                url_variable="EXAMPLE_BASE_URL",
                base_url=models.DEFAULT_BASE_URL,
                llm_model=models.DEFAULT_LLM_MODEL,
            )
    """

    service: ClassVar[Service] = services.OPENAI
    """Whom to ask, where the constructor is not told."""

    with_cerebras = At(services.CEREBRAS)
    with_deepseek = At(services.DEEPSEEK)
    with_fireworks = At(services.FIREWORKS)
    with_groq = At(services.GROQ)
    with_meta = At(services.META)
    with_ollama = At(services.OLLAMA)
    with_openrouter = At(services.OPENROUTER)
    with_ovhcloud = At(services.OVHCLOUD)
    with_perplexity = At(services.PERPLEXITY)
    with_telnyx = At(services.TELNYX)
    with_together = At(services.TOGETHER)
    with_x_ai = At(services.X_AI)

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        model: models.LLMModels | str | None = None,
        temperature: float | None = None,
        top_p: float | None = None,
        frequency_penalty: float | None = None,
        presence_penalty: float | None = None,
        max_completion_tokens: int | None = None,
        stop: str | tuple[str, ...] | None = None,
        seed: int | None = None,
        reasoning_effort: str | None = None,
        verbosity: str | None = None,
        service_tier: str | None = None,
        store: bool | None = None,
        metadata: Mapping[str, str] | None = None,
        user: str | None = None,
        safety_identifier: str | None = None,
        prompt_cache_key: str | None = None,
        prompt_cache_retention: str | None = None,
        parallel_tool_calls: bool | None = None,
        tool_choice: llm.ToolChoice | None = None,
        strict_tool_schema: bool | None = None,
        extra_body: Mapping[str, object] = _NOTHING,
        extra_headers: Mapping[str, str] = _NOTHING,
        extra_query: Mapping[str, str] = _NOTHING,
        api_key: str | None = None,
        token_provider: TokenSource | None = None,
        base_url: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
        service: Service | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            model: which one; without, the service's default.
            temperature: how varied the answers are.
            top_p: of how much of the probability they are drawn.
            frequency_penalty: against words that came often.
            presence_penalty: against words that came at all.
            max_completion_tokens: the longest answer, reasoning included.
            stop: what ends an answer.
            seed: for answers that are the same again, as far as the service can.
            reasoning_effort: how long to think; models that do not reason refuse it.
            verbosity: how long to talk.
            service_tier: how fast to be served.
            store: whether the service keeps the answer.
            metadata: what to keep with it.
            user: for whom the answer is; the next two have taken its place.
            safety_identifier: for whom the answer is, without saying who.
            prompt_cache_key: what requests with the same beginning have in common.
            prompt_cache_retention: how long that beginning is kept.
            parallel_tool_calls: whether several tools may be called at once.
            tool_choice: for requests that leave the choice to the model.
            strict_tool_schema: whether to hold the model to the schemas of tools; without, if the
                service is known to be able to.
            extra_body: for the body of each request; None takes a field away.
            extra_headers: for the headers.
            extra_query: for the URL; no keys: URLs are logged.
            api_key: without, that of the environment.
            token_provider: asked for a bearer token before each request, instead of a key.
            base_url: without, that of the environment, else the service's own.
            http_session: one of yours, which is left open.
            service: whom to ask; without, what the class says.

        Raises:
            MissingCredentialsError: there is no key.
            ValueError: the base URL is none, or there is no model.
        """
        super().__init__()
        self._service = service or self.service
        self._options = ChatOptions(
            model=services.chosen(model, self._service.llm_model, self._service),
            temperature=temperature,
            top_p=top_p,
            frequency_penalty=frequency_penalty,
            presence_penalty=presence_penalty,
            max_completion_tokens=max_completion_tokens,
            stop=stop,
            seed=seed,
            reasoning_effort=reasoning_effort,
            verbosity=verbosity,
            service_tier=service_tier,
            store=store,
            metadata=metadata,
            user=user,
            safety_identifier=safety_identifier,
            prompt_cache_key=prompt_cache_key,
            prompt_cache_retention=prompt_cache_retention,
            parallel_tool_calls=parallel_tool_calls,
            tool_choice=tool_choice,
            strict_tool_schema=_either(strict_tool_schema, self._service.strict_tool_schema),
            extra_body=extra_body,
        )
        self._client = Client(
            api_key=api_key,
            url=base_url,
            http_session=http_session,
            service=self._service,
            token=token_provider,
            headers=extra_headers,
            query=extra_query,
        )

    @classmethod
    def with_azure(cls, *, model: str | None = None, **options: Any) -> Self:  # noqa: ANN401 - see `AzureOptions`
        """One that is deployed at Azure; `options` are those of `AzureOptions`, and of the class.

        Raises:
            MissingCredentialsError: there is neither a key nor a token.
            ValueError: there is no endpoint, or no version of the API.
        """
        deployed = model or services.AZURE.llm_model
        return cls(model=model, **azure(options, default_deployment=deployed))

    @property
    def model(self) -> str:
        """Which one."""
        return self._options.model

    @property
    def provider(self) -> str:
        """Who answers."""
        return self._service.name

    def update_options(self, **options: Any) -> None:  # noqa: ANN401 - those of `ChatOptions`
        """Change how it answers, from the next request on; extra headers and queries stay.

        Raises:
            TypeError: there is no such option.
        """
        self._options = dataclasses.replace(self._options, **options)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _chat(
        self, request: llm.ChatRequest, *, timeout: float
    ) -> AsyncGenerator[llm.ChatChunk]:
        body = format_request(
            request, self._options, instruction_role=self._service.instruction_role
        )
        answer = Answer(self.provider)
        async with aclosing(self._client.chat(body, timeout=timeout)) as events:
            async for data in events:
                with malformed(self.provider):
                    chunks = tuple(answer.read(data))
                for chunk in chunks:
                    yield chunk
        with malformed(self.provider):
            chunks = tuple(answer.end())
        for chunk in chunks:
            yield chunk


def _either(said: bool | None, default: bool) -> bool:  # noqa: FBT001 - two of a kind
    return default if said is None else said
