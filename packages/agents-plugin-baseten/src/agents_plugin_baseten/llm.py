"""Language models that Baseten serves by the protocol of OpenAI."""

from __future__ import annotations

from typing import ClassVar

import agents_plugin_openai as openai
from agents_plugin_baseten import models
from agents_plugin_baseten._client import PROVIDER


class LLM(openai.LLM):
    """Answers by chat completions; `model` has to be said, all other options are OpenAI's.

    The key is ``BASETEN_API_KEY``, the base URL ``BASETEN_BASE_URL`` of the environment, where they
    are not given.
    """

    service: ClassVar[openai.Service] = openai.Service(
        name=PROVIDER,
        key_variable="BASETEN_API_KEY",
        url_variable="BASETEN_BASE_URL",
        base_url=models.DEFAULT_LLM_BASE_URL,
    )
