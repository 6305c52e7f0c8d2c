"""Text to speech by Rime."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from agents_core import tts
from agents_plugin_rime import models
from agents_plugin_rime._client import PROVIDER, Client
from agents_plugin_rime._wire import Voice, format_request, sample_rate_of

if TYPE_CHECKING:
    import aiohttp


class TTS(tts.TTS):
    """Speaks whole texts, and hands sound on while it comes; a session cuts its text in sentences.

    Rime's names for the options are in its documentation; what is not given is left to Rime.
    """

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        model: models.TTSModels | str = models.DEFAULT_TTS_MODEL,
        speaker: models.TTSVoices | str = models.DEFAULT_TTS_VOICE,
        lang: str | None = None,
        sample_rate: int | None = None,
        repetition_penalty: float | None = None,
        temperature: float | None = None,
        top_p: float | None = None,
        max_tokens: int | None = None,
        speed_alpha: float | None = None,
        reduce_latency: bool | None = None,
        pause_between_brackets: bool | None = None,
        phonemize_between_brackets: bool | None = None,
        inline_speed_alpha: str | None = None,
        no_text_normalization: bool | None = None,
        save_oovs: bool | None = None,
        api_key: str | None = None,
        base_url: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            model: the speech model.
            speaker: the voice.
            lang: the language of the text, such as ``eng``.
            sample_rate: samples a second; without, what suits the model.
            repetition_penalty: of the arcana models, as the next three.
            temperature: how varied the delivery is.
            top_p: likewise.
            max_tokens: the most sound for one text.
            speed_alpha: of the mist models, as all that follow: below 1 is faster.
            reduce_latency: whether to begin sooner, at some cost in quality.
            pause_between_brackets: whether ``<200>`` is a pause of 200 ms.
            phonemize_between_brackets: whether ``{h'El.o}`` is spelled in phonemes.
            inline_speed_alpha: the speed of each ``[stretch in brackets]``, between commas.
            no_text_normalization: whether numbers and the like stay as they are, to begin sooner.
            save_oovs: whether Rime keeps the words that its dictionary has not.
            api_key: without, ``RIME_API_KEY`` of the environment.
            base_url: without, ``RIME_BASE_URL`` of the environment, else Rime's own.
            http_session: one of yours, which is left open.

        Raises:
            MissingCredentialsError: there is no key.
            ValueError: the base URL is none.
        """
        super().__init__(
            capabilities=tts.TTSCapabilities(streaming=False),
            sample_rate=sample_rate or sample_rate_of(model),
        )
        self._voice = Voice(
            model=model,
            speaker=speaker,
            lang=lang,
            sample_rate=self.sample_rate,
            repetition_penalty=repetition_penalty,
            temperature=temperature,
            top_p=top_p,
            max_tokens=max_tokens,
            speed_alpha=speed_alpha,
            reduce_latency=reduce_latency,
            pause_between_brackets=pause_between_brackets,
            phonemize_between_brackets=phonemize_between_brackets,
            inline_speed_alpha=inline_speed_alpha,
            no_text_normalization=no_text_normalization,
            save_oovs=save_oovs,
        )
        self._client = Client(api_key=api_key, url=base_url, http_session=http_session)

    @property
    def model(self) -> str:
        """The speech model."""
        return self._voice.model

    @property
    def provider(self) -> str:
        """Who answers."""
        return PROVIDER

    def update_options(self, **options: Any) -> None:  # noqa: ANN401 - those of `Voice`
        """Change options of the voice, from the next text on; the sample rate stays.

        Raises:
            TypeError: there is no such option.
        """
        if "sample_rate" in options:
            raise TypeError("the sample rate stays as it is: others rely on it")
        self._voice = dataclasses.replace(self._voice, **options)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[tts.TTSPart]:
        body = format_request(text, self._voice)
        async with aclosing(self._client.speak(body, timeout=timeout)) as sound:
            async for piece in sound:
                yield piece
