"""What goes wrong over HTTP, in the words of the error tree."""

from __future__ import annotations

import binascii
import contextlib
import json
import math
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from agents_core.errors import APIConnectionError, APIError, APIStatusError, APITimeoutError

_REQUEST_IDS = ("x-request-id", "request-id", "dg-request-id", "x-amzn-requestid", "cf-ray")
_UNREADABLE = (json.JSONDecodeError, UnicodeDecodeError, binascii.Error, RecursionError)
"""What only an answer can be to blame for; the last one is JSON that is nested without end."""


@contextlib.contextmanager
def mapped_errors(provider: str) -> Iterator[None]:
    """Inside, whatever aiohttp or the network raises becomes an `APIError`.

    Time that is up becomes `APITimeoutError`, a refusal `APIStatusError`, the rest of what a
    network does `APIConnectionError`, JSON, base64 or text that cannot be read `APIError`. Of an
    `ExceptionGroup` each is mapped. Nothing else is touched: a mistake of the plugin stays what it
    is. The errors of aiohttp are not kept as causes, because they hold the headers of the request,
    and so the key.

    Raises:
        APIError: as said.
    """
    try:
        yield
    except Exception as error:
        mapped = _mapped(error, provider)
        if mapped is error:
            raise
        raise mapped from None


@contextlib.contextmanager
def malformed(provider: str) -> Iterator[None]:
    """Inside, an answer is read: what it lacks, or has too much of, becomes an `APIError`.

    For the few lines that take a message apart, and for nothing more: a mistake in them looks like
    the vendor's.

    Raises:
        APIError: for any LookupError, TypeError, ValueError or AttributeError, and for what is
            nested too deeply.
    """
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise APIError(f"{provider}: the answer is malformed: {error!r}") from error


def refusal(
    provider: str, *, status: int, headers: Mapping[str, str] | None, body: object = None
) -> APIStatusError:
    """The error for an answer with this status; `headers` are asked without regard to case."""
    known = {name.lower(): value for name, value in (headers or {}).items()}
    return APIStatusError(
        f"{provider} refused the request",
        status_code=status,
        request_id=next((known[name] for name in _REQUEST_IDS if name in known), None),
        body=body,
        retry_after=_retry_after(known),
    )


def hidden(text: str, secrets: Iterable[str]) -> str:
    """`text` without them; a longer one first, of which a shorter one may be a part."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def _mapped(error: Exception, provider: str) -> Exception:
    if isinstance(error, ExceptionGroup):
        each = [_mapped(one, provider) for one in error.exceptions]
        same = all(new is old for new, old in zip(each, error.exceptions, strict=True))
        return error if same else ExceptionGroup(str(error.message), each)
    if isinstance(error, TimeoutError):
        return APITimeoutError(f"{provider} did not answer in time")
    if isinstance(error, _UNREADABLE):
        return APIError(f"{provider}: the answer cannot be read: {type(error).__name__}")
    return _mapped_of_aiohttp(error, provider)


def _mapped_of_aiohttp(error: Exception, provider: str) -> Exception:
    import aiohttp

    match error:
        case aiohttp.ContentTypeError():  # of an answer that went well, and is something else
            return APIError(f"{provider} answered something that is no JSON")
        case aiohttp.ClientResponseError() if error.status >= HTTPStatus.BAD_REQUEST:
            return refusal(provider, status=error.status, headers=error.headers)
        case aiohttp.InvalidURL() | aiohttp.ClientConnectorCertificateError():
            kind = type(error).__name__
            return APIConnectionError(f"{provider} cannot be trusted: {kind}", retryable=False)
        case aiohttp.ClientConnectorError():
            return APIConnectionError(f"{provider} cannot be reached: {error}")
        case aiohttp.ClientError() | OSError():
            return APIConnectionError(f"the connection to {provider} broke: {type(error).__name__}")
        case _:
            return error


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds; RFC 9110 knows a number of them, or a date."""
    with contextlib.suppress(ValueError):
        return _seconds(float(headers.get("retry-after-ms", "")) / 1000)
    value = headers.get("retry-after", "")
    with contextlib.suppress(ValueError):
        return _seconds(float(value))
    with contextlib.suppress(ValueError, TypeError):
        date = parsedate_to_datetime(value)
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
        return _seconds(date.timestamp() - time.time())
    return None


def _seconds(value: float) -> float | None:
    return max(0.0, value) if math.isfinite(value) else None
