"""A judge of turns elsewhere: a service that runs the multilingual model, over HTTP."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from agents_core.chat import ChatContext
from agents_core.errors import APIError
from agents_core.http import HttpClient, malformed, mapped_errors
from agents_core.jobs.current import get_job_context
from agents_plugin_livekit import models
from agents_plugin_livekit._places import agent_id
from agents_plugin_livekit._wire import remote
from agents_plugin_livekit._wire.languages import normal
from agents_plugin_livekit._wire.turns import spoken

if TYPE_CHECKING:
    import aiohttp

logger = logging.getLogger("agents_plugin_livekit")

PROVIDER = "LiveKit"


class Remote:
    """Asks at one URL, over connections that are kept.

    In a job they are closed when it ends; elsewhere, and before, by `aclose`.
    """

    def __init__(self, url: str, *, http_session: aiohttp.ClientSession | None) -> None:
        self._url = url
        self._http = HttpClient(PROVIDER, session=http_session)
        self._thresholds: dict[str, float | None] = {}
        self._closes_with_job = http_session is not None

    async def threshold(self, language: str) -> float | None:
        """Below which the user goes on; None where the language is not known.

        It is asked for once for each language. While the service cannot tell, none is known.
        """
        name = normal(language)
        if name and name not in self._thresholds:
            try:
                answer = await self._ask(remote.format_language(language), models.REMOTE_TIMEOUT)
                with malformed(PROVIDER):
                    self._thresholds[name] = remote.read_threshold(answer)
            except APIError as error:
                logger.warning("no threshold for the language %s: %s", language, error)
        return self._thresholds.get(name)

    async def predict(self, chat_ctx: ChatContext, *, timeout: float) -> float:
        """How likely the last turn has ended.

        Raises:
            APIError: whatever went wrong; 2 s without an answer at the latest.
        """
        body = remote.format_question(spoken(chat_ctx), _asker())
        answer = await self._ask(body, min(timeout, models.REMOTE_TIMEOUT))
        with malformed(PROVIDER):
            return remote.read_probability(answer)

    def prewarm(self) -> None:
        """Nothing: the service has its model loaded."""

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _ask(self, body: dict[str, object], timeout: float) -> Any:  # noqa: ANN401 - what JSON holds
        self._close_with_job()
        asked = self._http.request("POST", self._url, json=body, timeout=timeout)
        with mapped_errors(PROVIDER):
            async with asyncio.timeout(timeout), asked as response:
                return await response.json()

    def _close_with_job(self) -> None:
        job = None if self._closes_with_job else get_job_context(required=False)
        if job is not None:
            job.add_shutdown_callback(self.aclose)
            self._closes_with_job = True


def _asker() -> remote.Asker:
    job = get_job_context(required=False)
    if job is None:
        return remote.Asker(agent_id=agent_id())
    return remote.Asker(job_id=job.job.id, worker_id=job.worker_id, agent_id=agent_id())
