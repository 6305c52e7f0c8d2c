"""What Deepgram says of its own troubles, on a socket that was opened well."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from agents_core.errors import APIError

logger = logging.getLogger("agents_plugin_deepgram")


def complaint(message: Mapping[str, Any]) -> APIError:
    """The error that an Error message tells of; each service names its parts differently."""
    parts = ("code", "err_code", "variant", "description", "err_msg", "message")
    said = ": ".join(str(message[part]) for part in parts if message.get(part))
    return APIError(f"Deepgram: {said or 'an error without a word'}", body=dict(message))


def log_warning(message: Mapping[str, Any]) -> None:
    """Note down a Warning message: it may say why nothing more comes."""
    logger.warning("Deepgram warns: %s", message.get("warn_msg") or message.get("description"))
