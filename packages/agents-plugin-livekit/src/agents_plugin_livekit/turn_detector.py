"""End-of-turn detection by LiveKit's models: whether somebody has finished, by what they said."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from agents_core.chat import ChatContext
from agents_plugin_livekit import models
from agents_plugin_livekit._client import PROVIDER, Remote
from agents_plugin_livekit._local import Local
from agents_plugin_livekit._places import model_folder, remote_url
from agents_plugin_livekit._wire.languages import probability

if TYPE_CHECKING:
    import aiohttp

_PATIENCE = 3.0


class _TurnDetector:
    """What both models do; an `agents_core.turns.detector.TurnDetector`."""

    def __init__(
        self,
        judge: Local | Remote,
        *,
        model: models.TurnDetectorModels,
        unlikely_threshold: float | None,
    ) -> None:
        if unlikely_threshold is not None and probability(unlikely_threshold) is None:
            raise ValueError(f"unlikely_threshold is no probability: {unlikely_threshold}")
        self._judge = judge
        self._model = model
        self._unlikely = unlikely_threshold

    @property
    def model(self) -> str:
        """Which of the two it is."""
        return self._model

    @property
    def provider(self) -> str:
        """Whose model it is."""
        return PROVIDER

    async def unlikely_threshold(self, language: str) -> float | None:
        """Below which somebody who speaks `language` probably goes on; None where it is unknown.

        Args:
            language: as transcribers call it, such as ``en`` or ``pt-BR``; without a threshold of
                its own it has that of its base, ``pt``.
        """
        threshold = await self._judge.threshold(language)
        if threshold is None or self._unlikely is None:
            return threshold
        return self._unlikely

    async def supports_language(self, language: str) -> bool:
        """Whether the model knows `language`."""
        return await self.unlikely_threshold(language) is not None

    async def predict_end_of_turn(
        self, chat_ctx: ChatContext, *, timeout: float = _PATIENCE
    ) -> float:
        """How likely the user has finished, from 0 to 1, by the last six messages.

        Instructions, calls of tools, pictures and sound are not read. Of a conversation without a
        word it says 1: there is nothing to wait for.

        Raises:
            APIError: a service failed, or took longer than `timeout` or 2 s; the model in this
                process took longer than `timeout` seconds.
            ValueError: a file of the model is not what it should be.
        """
        return await self._judge.predict(chat_ctx, timeout=timeout)

    def prewarm(self) -> None:
        """Load the model in a thread, before somebody has to wait for it; returns at once."""
        self._judge.prewarm()

    async def aclose(self) -> None:
        """Close connections, where there are any; again is allowed."""
        await self._judge.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()


class EnglishModel(_TurnDetector):
    """Understands English, in this process."""

    def __init__(
        self,
        *,
        unlikely_threshold: float | None = None,
        model_path: Path | str | None = None,
    ) -> None:
        """Look for the files; the model is loaded when it is needed, once in a process.

        Args:
            unlikely_threshold: instead of the one that was found best for the language.
            model_path: a folder with the model's files; without, where the hub's tools keep them.

        Raises:
            FileNotFoundError: a file is missing; the message tells how to get it.
            ValueError: the file of languages or the threshold is none.
        """
        folder = model_folder(model_path, model="en")
        super().__init__(Local(folder), model="en", unlikely_threshold=unlikely_threshold)


class MultilingualModel(_TurnDetector):
    """Understands many languages: in this process, or asking a service."""

    def __init__(
        self,
        *,
        unlikely_threshold: float | None = None,
        model_path: Path | str | None = None,
        base_url: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
    ) -> None:
        """Look for the service, or else the files; the model is loaded when it is needed.

        Args:
            unlikely_threshold: instead of the one that was found best for each language.
            model_path: a folder with the model's files, which is used whatever the environment
                says; without, where the hub's tools keep them.
            base_url: of a service that runs the model; without, ``LIVEKIT_REMOTE_EOT_URL`` of the
                environment, else there is none.
            http_session: one of yours for the service, which is left open.

        Raises:
            FileNotFoundError: there is no service, and a file is missing.
            ValueError: the URL, the file of languages or the threshold is none.
        """
        if model_path is not None and base_url is not None:
            raise ValueError("either a model_path or a base_url: the model runs at one place")
        url = None if model_path is not None else remote_url(base_url)
        judge: Local | Remote
        if url is not None:
            judge = Remote(url, http_session=http_session)
        else:
            judge = Local(model_folder(model_path, model="multilingual"))
        super().__init__(judge, model="multilingual", unlikely_threshold=unlikely_threshold)
