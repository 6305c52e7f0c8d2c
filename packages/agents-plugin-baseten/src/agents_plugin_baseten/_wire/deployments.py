"""Where the models that somebody deployed answer, and what they are called."""

from __future__ import annotations

from urllib.parse import urlsplit

from agents_plugin_baseten import models


def find_endpoint(
    endpoint: str | None, *, model_id: str | None = None, chain_id: str | None = None
) -> str:
    """`endpoint`, or that of the model or the chain; empty where nothing is given."""
    if endpoint:
        return endpoint
    if model_id:
        return models.STT_MODEL_ENDPOINT.format(id=model_id)
    return models.STT_CHAIN_ENDPOINT.format(id=chain_id) if chain_id else ""


def deployment_of(endpoint: str) -> str:
    """What answers there, by name: ``model-abc123``, or the host if it is none of Baseten's."""
    host = urlsplit(endpoint).hostname or ""
    name = host.partition(".")[0]
    return name if name.startswith(("model-", "chain-")) else host
