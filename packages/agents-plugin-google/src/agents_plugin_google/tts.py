"""Text to speech by Gemini."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from agents_core import tts
from agents_core.chat.items import new_id
from agents_core.errors import APIError
from agents_core.http import malformed
from agents_plugin_google import models
from agents_plugin_google._client import Client
from agents_plugin_google._wire.answers import Answer
from agents_plugin_google._wire.speech import Voice, format_speech, sound_in

if TYPE_CHECKING:
    import aiohttp
    from google.auth.credentials import Credentials


class TTS(tts.TTS):
    """Speaks whole texts, and hands sound on while it comes; a session cuts its text in sentences.

    What is not given is left to Gemini, but for the model, the voice and the instructions.
    """

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        model: models.TTSModels | str = models.DEFAULT_TTS_MODEL,
        voice_name: models.TTSVoices | str = models.DEFAULT_TTS_VOICE,
        language: str | None = None,
        instructions: str | None = models.DEFAULT_TTS_INSTRUCTIONS,
        temperature: float | None = None,
        seed: int | None = None,
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
            model: the speech model.
            voice_name: the voice.
            language: of the text, such as ``de-DE``; without, Gemini finds out.
            instructions: how to speak; they are put before each text. None for the text alone,
                which the model may take for a question to answer.
            temperature: how varied the delivery is.
            seed: for sound that can be had again.
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
        super().__init__(
            capabilities=tts.TTSCapabilities(streaming=False),
            sample_rate=models.DEFAULT_TTS_SAMPLE_RATE,
        )
        self._voice = Voice(
            model=model,
            voice_name=voice_name,
            language=language,
            instructions=instructions,
            temperature=temperature,
            seed=seed,
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
        """The speech model."""
        return self._voice.model

    @property
    def provider(self) -> str:
        """Who answers: Gemini, or Vertex AI."""
        return self._client.provider

    def update_options(self, **options: Any) -> None:  # noqa: ANN401 - those of `Voice`
        """Change options of the voice, from the next text on.

        Raises:
            TypeError: there is no such option.
        """
        self._voice = dataclasses.replace(self._voice, **options)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[tts.TTSPart]:
        voice = self._voice
        answer = Answer(self.provider, name=new_id("answer_"))
        named, heard = False, False
        asked = self._client.generate(voice.model, format_speech(text, voice), timeout=timeout)
        async with aclosing(asked) as pieces:
            async for piece in pieces:
                with malformed(self.provider):
                    parts = answer.parts(json.loads(piece))
                    sound = b"".join(sound_in(parts, sample_rate=self.sample_rate))
                if not named:
                    yield tts.RequestId(answer.id)
                if sound:
                    yield sound
                named, heard = True, heard or bool(sound)
        answer.check_whole()
        if not heard:
            raise APIError(f"{self.provider} answered without sound")
