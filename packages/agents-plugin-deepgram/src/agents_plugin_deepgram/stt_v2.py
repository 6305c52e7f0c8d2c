"""Speech to text by Deepgram's Flux, which also tells when a turn ends."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncGenerator, Iterable
from typing import TYPE_CHECKING, Any

from agents_core import stt
from agents_core.audio import AudioFrame
from agents_core.streams import Flush, Inlet
from agents_plugin_deepgram import models
from agents_plugin_deepgram._client import PROVIDER, TURNS, Client
from agents_plugin_deepgram._hearing import hear
from agents_plugin_deepgram._wire.turns import Turns, TurnTaking, format_turns

if TYPE_CHECKING:
    import aiohttp


class STTv2(stt.STT):
    """Listens over a websocket, and tells where turns begin, are about to end, and end.

    A turn that is about to end makes a PREFLIGHT_TRANSCRIPT, where `eager_eot_threshold` is set.
    What is None is left to Deepgram. A flush asks for nothing: Flux ends turns by itself.
    """

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        model: models.FluxModels | str = models.DEFAULT_FLUX_MODEL,
        sample_rate: int = models.DEFAULT_STT_SAMPLE_RATE,
        eager_eot_threshold: float | None = None,
        eot_threshold: float | None = None,
        eot_timeout_ms: int | None = None,
        keyterm: str | Iterable[str] = (),
        language_hint: str | Iterable[str] = (),
        tags: Iterable[str] = (),
        mip_opt_out: bool | None = None,
        api_key: str | None = None,
        base_url: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            model: the transcription model.
            sample_rate: samples a second that Deepgram gets.
            eager_eot_threshold: confidence from which a turn is about to end; None for no such
                events.
            eot_threshold: confidence from which a turn has ended.
            eot_timeout_ms: silence that ends a turn in any case, in milliseconds.
            keyterm: words and phrases to listen for.
            language_hint: languages that are likely, for ``flux-general-multi``; the language
                given to `stream` goes before them, and is no hint for a model of that language.
            tags: names for the vendor's report of usage, of 128 characters at most.
            mip_opt_out: whether to stay out of the vendor's model improvement program.
            api_key: without, ``DEEPGRAM_API_KEY`` of the environment.
            base_url: without, ``DEEPGRAM_BASE_URL`` of the environment, else Deepgram's own; a
                query in it goes along with every request.
            http_session: one of yours, which is left open.

        Raises:
            MissingCredentialsError: there is no key.
            ValueError: the base URL is none, a tag is too long, or `eager_eot_threshold` is above
                `eot_threshold`.
        """
        self._options = TurnTaking(
            model=model,
            sample_rate=sample_rate,
            eager_eot_threshold=eager_eot_threshold,
            eot_threshold=eot_threshold,
            eot_timeout_ms=eot_timeout_ms,
            keyterm=keyterm,  # type: ignore[arg-type]  # one or several: the options sort it out
            language_hint=language_hint,  # type: ignore[arg-type]  # likewise
            tags=tuple(tags),
            mip_opt_out=mip_opt_out,
        )
        super().__init__(
            capabilities=stt.STTCapabilities(
                streaming=True, interim_results=True, aligned_transcript="word"
            ),
            sample_rate=sample_rate,
        )
        self._client = Client(api_key=api_key, url=base_url, http_session=http_session)

    @property
    def model(self) -> str:
        """The transcription model."""
        return self._options.model

    @property
    def provider(self) -> str:
        """Who answers."""
        return PROVIDER

    def update_options(self, **options: Any) -> None:  # noqa: ANN401 - those of `TurnTaking`
        """Change options, from the next stream on; the sample rate stays.

        Raises:
            TypeError: there is no such option.
            ValueError: as of the constructor.
        """
        if "sample_rate" in options:
            raise TypeError("the sample rate stays as it is: others rely on it")
        self._options = dataclasses.replace(self._options, **options)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _listen(
        self, audio: Inlet[AudioFrame | Flush], *, language: str | None, timeout: float
    ) -> AsyncGenerator[stt.SpeechEvent]:
        query = format_turns(self._options, language)
        return hear(
            self._client.connect(TURNS, query, timeout=timeout),
            audio,
            Turns(language=language or ""),
            sample_rate=self._options.sample_rate,
            keep_alive=None,
        )
