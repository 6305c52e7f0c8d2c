"""How models that are deployed at Azure are asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, TypedDict

from agents_core.http import base_url
from agents_plugin_openai._client import TokenSource
from agents_plugin_openai.services import AZURE


class AzureOptions(TypedDict, total=False):
    """Where a deployment answers, and who asks; what is not given is in the environment."""

    azure_endpoint: str | None
    """Without, ``AZURE_OPENAI_ENDPOINT``."""
    azure_deployment: str | None
    """Without, the name of the model."""
    api_version: str | None
    """Without, ``OPENAI_API_VERSION``."""
    api_key: str | None
    """Without, ``AZURE_OPENAI_API_KEY``."""
    azure_ad_token: str | None
    """A token of Entra ID instead of a key; without, ``AZURE_OPENAI_AD_TOKEN``."""
    azure_ad_token_provider: TokenSource | None
    """Asked for one before each request; may be a coroutine function."""
    organization: str | None
    """Without, ``OPENAI_ORG_ID``."""
    project: str | None
    """Without, ``OPENAI_PROJECT_ID``."""
    base_url: str | None
    """Instead of an endpoint and a deployment, all before ``/chat/completions`` and the like."""


def azure(options: Mapping[str, Any], *, default_deployment: str | None) -> dict[str, Any]:
    """What a model takes for `options`, which may have others as well: those stay as they are.

    Raises:
        MissingCredentialsError: there is neither a key nor a token; once the model is made.
        ValueError: there is no endpoint, or no version.
    """
    given = {name: value for name, value in options.items() if value is not None}
    own = {name: given.pop(name) for name in AzureOptions.__annotations__ if name in given}
    named = {
        "OpenAI-Organization": own.get("organization") or _environ("OPENAI_ORG_ID"),
        "OpenAI-Project": own.get("project") or _environ("OPENAI_PROJECT_ID"),
    }
    query, headers = given.pop("extra_query", {}), given.pop("extra_headers", {})
    return {
        **given,
        "service": AZURE,
        "api_key": own.get("api_key"),
        "token_provider": _token(own),
        "base_url": own.get("base_url") or _deployed(own, default_deployment),
        "extra_query": {**_version(own), **query},
        "extra_headers": {name: value for name, value in named.items() if value} | dict(headers),
    }


def _deployed(own: Mapping[str, Any], default: str | None) -> str:
    endpoint = base_url(own.get("azure_endpoint"), variable=AZURE.url_variable, default="")
    return f"{endpoint}/openai/deployments/{own.get('azure_deployment') or default}"


def _version(own: Mapping[str, Any]) -> dict[str, str]:
    version = own.get("api_version") or _environ("OPENAI_API_VERSION")
    if not version and not own.get("base_url"):
        raise ValueError(
            "Azure needs the version of its API: say api_version, or set OPENAI_API_VERSION"
        )
    return {"api-version": version} if version else {}


def _token(own: Mapping[str, Any]) -> TokenSource | None:
    provider: TokenSource | None = own.get("azure_ad_token_provider")
    if provider is not None:
        return provider
    token = own.get("azure_ad_token") or (
        "" if "api_key" in own else _environ("AZURE_OPENAI_AD_TOKEN")
    )
    return (lambda: token) if token else None


def _environ(variable: str) -> str:
    return os.environ.get(variable, "").strip()  # noqa: TID251 - neither a key nor an URL
