"""What Deepgram says of its own troubles, on a socket that was opened well."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from agents_core.errors import APIError

logger = logging.getLogger("agents_plugin_deepgram")


_PARTS = (
    *("code", "err_code", "warn_code", "variant"),
    *("description", "err_msg", "warn_msg", "message"),
)


def complaint(message: Mapping[str, Any]) -> APIError:
    """The error that a message tells of; each service names its parts differently."""
    said = ": ".join(str(message[part]) for part in _PARTS if message.get(part))
    return APIError(f"Deepgram: {said or 'an error without a word'}", body=dict(message))


def log_warning(message: Mapping[str, Any]) -> None:
    """Note down a Warning message: it may say why nothing more comes."""
    logger.warning("Deepgram warns: %s", message.get("warn_msg") or message.get("description"))
