"""What OpenAI says is wrong, in the words of the error tree."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from agents_core.errors import APIError, APIStatusError

_FINAL = frozenset(
    (
        "access_terminated",
        "authentication_error",
        "billing_hard_limit_reached",
        "content_filter",
        "content_policy_violation",
        "context_length_exceeded",
        "insufficient_quota",
        "invalid_api_key",
        "invalid_prompt",
        "invalid_request_error",
        "invalid_value",
        "model_not_found",
        "not_found_error",
        "permission_error",
        "unsupported_parameter",
        "unsupported_value",
    )
)
"""Types and codes that mean "not this", where others mean "not now"."""


def complaint(error: object, provider: str) -> APIError:
    """The error for what came under ``error`` where an answer was expected.

    Most send an object with a message, a type and a code; some a text; some a status as code.
    """
    if not isinstance(error, Mapping):
        return APIError(f"{provider}: {error}", body=error)
    message = (
        f"{provider}: {error.get('message') or error.get('type') or 'an error without a word'}"
    )
    status = _status(error.get("code")) or _status(error.get("status"))
    if status is not None:
        return APIStatusError(message, status_code=status, body=error)
    final = any(error.get(name) in _FINAL for name in ("type", "code"))
    return APIError(message, body=error, retryable=not final)


def _status(code: object) -> int | None:
    """`code`, where it is a status of HTTP that is an error."""
    if not isinstance(code, int | str) or isinstance(code, bool) or not str(code).isdecimal():
        return None
    number = int(code)
    return number if HTTPStatus.BAD_REQUEST <= number < 600 else None  # noqa: PLR2004 - no such word in HTTPStatus
