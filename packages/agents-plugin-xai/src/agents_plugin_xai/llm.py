"""Chat completions of xAI, which speaks OpenAI's protocol."""

from __future__ import annotations

from typing import ClassVar

import agents_plugin_openai
from agents_plugin_openai import Service
from agents_plugin_xai import models


class LLM(agents_plugin_openai.LLM):
    """A language model of xAI; its options are those of `agents_plugin_openai.LLM`.

    What xAI alone has goes into `extra_body`, such as ``search_parameters``.
    """

    service: ClassVar[Service] = Service(
        name="xAI",
        key_variable="XAI_API_KEY",
        url_variable="XAI_BASE_URL",
        base_url=models.DEFAULT_BASE_URL,
        llm_model=models.DEFAULT_LLM_MODEL,
    )
