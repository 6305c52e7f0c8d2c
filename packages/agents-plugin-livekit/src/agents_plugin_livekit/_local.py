"""A judge of turns in this process: a model's files, in a folder."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from agents_core.chat import ChatContext
from agents_core.errors import APITimeoutError
from agents_plugin_livekit import models
from agents_plugin_livekit._model import load
from agents_plugin_livekit._wire.languages import look_up, thresholds_of
from agents_plugin_livekit._wire.turns import Turn, spoken, turns

logger = logging.getLogger("agents_plugin_livekit")

_NOTHING_SAID = 1.0


class Local:
    """Reads the thresholds at once, and loads the model when it is needed, in a thread.

    Raises:
        ValueError: the file of languages is none.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._thresholds = _read_thresholds(folder / models.LANGUAGES_FILE)

    async def threshold(self, language: str) -> float | None:
        """Below which the user goes on; None where the language is not known."""
        return look_up(self._thresholds, language)

    async def predict(self, chat_ctx: ChatContext, *, timeout: float) -> float:
        """How likely the last turn has ended.

        Raises:
            APITimeoutError: it takes longer than `timeout` seconds; the thread goes on to its end.
            ValueError: the model's files are not what they should be.
        """
        said = turns(spoken(chat_ctx))
        if not said:
            return _NOTHING_SAID
        try:
            async with asyncio.timeout(timeout):
                return await asyncio.to_thread(partial(self._judge, said))
        except TimeoutError as error:
            raise APITimeoutError(f"the turn detector took longer than {timeout:g} s") from error

    def prewarm(self) -> None:
        """Load the model in a thread; a failure shows when it is needed."""
        threading.Thread(target=self._try_to_load, name="turn detector").start()

    async def aclose(self) -> None:
        """Nothing: the model stays for others."""

    def _judge(self, said: tuple[Turn, ...]) -> float:
        return load(self._folder).judge(said)

    def _try_to_load(self) -> None:
        try:
            load(self._folder)
        except (OSError, ValueError, ImportError):
            logger.warning("the turn detector was not loaded ahead", exc_info=True)


def _read_thresholds(file: Path) -> Mapping[str, float]:
    try:
        return thresholds_of(json.loads(file.read_bytes()))
    except ValueError as error:
        raise ValueError(f"{file} has no thresholds by language: {error}") from error
