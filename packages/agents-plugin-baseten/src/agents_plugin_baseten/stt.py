"""Speech to text by a model that is deployed at Baseten."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import AsyncGenerator, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from agents_core import stt
from agents_core.audio import AudioFrame
from agents_core.errors import APIConnectionError
from agents_core.streams import Flush, Inlet
from agents_plugin_baseten import models
from agents_plugin_baseten._client import PROVIDER, Client, understand
from agents_plugin_baseten._wire.deployments import find_endpoint
from agents_plugin_baseten._wire.listening import (
    END_AUDIO,
    Chunks,
    Listening,
    format_metadata,
    parse_message,
)

if TYPE_CHECKING:
    import aiohttp

    from agents_core.http import Socket


class STT(stt.STT):
    """Listens over a websocket, by the protocol of Baseten's streaming Whisper.

    What is None is left to the deployment. A flush asks for nothing: the service finds the ends of
    utterances by itself.
    """

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        model_endpoint: str | None = None,
        model_id: str | None = None,
        chain_id: str | None = None,
        language: str = models.DEFAULT_STT_LANGUAGE,
        language_options: Iterable[str] = (),
        prompt: str | None = None,
        sample_rate: int = models.DEFAULT_STT_SAMPLE_RATE,
        enable_partial_transcripts: bool = True,
        partial_transcript_interval_s: float | None = None,
        final_transcript_max_duration_s: int | None = None,
        show_word_timestamps: bool = True,
        vad_threshold: float = models.DEFAULT_STT_VAD_THRESHOLD,
        vad_min_silence_duration_ms: int = models.DEFAULT_STT_VAD_MIN_SILENCE_MS,
        vad_speech_pad_ms: int = models.DEFAULT_STT_VAD_SPEECH_PAD_MS,
        api_key: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            model_endpoint: where the deployment answers; goes before `model_id` and `chain_id`.
                Without all three, ``BASETEN_MODEL_ENDPOINT`` of the environment, else that of the
                model ``BASETEN_STT_MODEL_ID``.
            model_id: of a model.
            chain_id: of a chain.
            language: what is spoken; ``auto`` to find it out.
            language_options: languages to choose from when it is found out.
            prompt: words that are likely to be said.
            sample_rate: samples a second that the deployment gets.
            enable_partial_transcripts: whether to tell what was understood so far.
            partial_transcript_interval_s: seconds between two such transcripts.
            final_transcript_max_duration_s: seconds after which an utterance is cut.
            show_word_timestamps: whether to tell when each word was said.
            vad_threshold: probability of speech, 0 to 1, from which it hears a voice.
            vad_min_silence_duration_ms: silence that ends an utterance.
            vad_speech_pad_ms: sound that is kept around speech.
            api_key: without, ``BASETEN_API_KEY`` of the environment.
            http_session: one of yours, which is left open.

        Raises:
            MissingCredentialsError: there is no key.
            ValueError: the endpoint is none, or there is none.
        """
        self._options = Listening(
            language=language,
            language_options=tuple(language_options),
            prompt=prompt,
            sample_rate=sample_rate,
            enable_partial_transcripts=enable_partial_transcripts,
            partial_transcript_interval_s=partial_transcript_interval_s,
            final_transcript_max_duration_s=final_transcript_max_duration_s,
            show_word_timestamps=show_word_timestamps,
            vad_threshold=vad_threshold,
            vad_min_silence_duration_ms=vad_min_silence_duration_ms,
            vad_speech_pad_ms=vad_speech_pad_ms,
        )
        super().__init__(capabilities=_capabilities(self._options), sample_rate=sample_rate)
        known = os.environ.get("BASETEN_STT_MODEL_ID", "").strip()  # noqa: TID251 - asked nowhere else
        self._client = Client(
            api_key=api_key,
            endpoint=find_endpoint(model_endpoint, model_id=model_id, chain_id=chain_id),
            otherwise=find_endpoint(None, model_id=known),
            http_session=http_session,
        )

    @property
    def model(self) -> str:
        """The deployment."""
        return self._client.deployment

    @property
    def provider(self) -> str:
        """Who answers."""
        return PROVIDER

    def update_options(self, **options: Any) -> None:  # noqa: ANN401 - those of `Listening`
        """Change options, from the next stream on; the sample rate stays.

        Raises:
            TypeError: there is no such option.
        """
        if "sample_rate" in options:
            raise TypeError("the sample rate stays as it is: others rely on it")
        self._options = dataclasses.replace(self._options, **options)
        self._capabilities = _capabilities(self._options)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _listen(
        self, audio: Inlet[AudioFrame | Flush], *, language: str | None, timeout: float
    ) -> AsyncGenerator[stt.SpeechEvent]:
        options = self._options
        read = partial(parse_message, language=language or options.language)
        chunks = Chunks(sample_rate=options.sample_rate)
        async with self._client.connect(timeout=timeout) as socket, asyncio.TaskGroup() as group:
            await socket.send(format_metadata(options, language))
            sending = group.create_task(_send(socket, audio, chunks))
            async for message in socket:
                heard = understand(read, message)
                for event in heard.events:
                    yield event
                if heard.over:
                    break
            else:
                if audio.exhausted:
                    raise APIConnectionError(f"{PROVIDER} hung up before it had told all")
            sending.cancel()


async def _send(socket: Socket, audio: Inlet[AudioFrame | Flush], chunks: Chunks) -> None:
    async for piece in audio:
        if isinstance(piece, AudioFrame):
            for chunk in chunks.push(piece.data):
                await socket.send(chunk)
    for chunk in chunks.rest():
        await socket.send(chunk)
    await socket.send(END_AUDIO)
    socket.expect()


def _capabilities(options: Listening) -> stt.STTCapabilities:
    return stt.STTCapabilities(
        streaming=True,
        interim_results=options.enable_partial_transcripts,
        aligned_transcript="word" if options.show_word_timestamps else "chunk",
    )
