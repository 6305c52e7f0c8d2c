"""What can go wrong, as one tree, with the rule for what may be tried again."""

from __future__ import annotations

_CLIENT_ERRORS = range(400, 500)
_WORTH_ANOTHER_TRY = frozenset({408, 409, 425, 429, 499})
"""Client errors that say "not now", not "not this": RFC 9110, RFC 6585, and 499 of proxies."""


class AgentsError(Exception):
    """Anything that this package, or a plugin for it, says went wrong."""


class APIError(AgentsError):
    """A provider could not do what it was asked for.

    Attributes:
        message: what happened, without secrets.
        body: what the provider answered, where it did.
        retryable: whether the same request may succeed if it is sent again.
    """

    def __init__(self, message: str, *, body: object = None, retryable: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.body = body
        self.retryable = retryable


class APIStatusError(APIError):
    """A provider answered, with a status that is an error.

    Unless `retryable` says otherwise, a status from 400 to 499 is final, but for those that mean
    "not now" (408, 409, 425, 429, 499).

    Attributes:
        status_code: of HTTP, or -1 where the provider gave none.
        request_id: by which the provider knows the request.
        retry_after: seconds that the provider asked to wait, from its ``Retry-After``.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each thing a provider may say
        self,
        message: str,
        *,
        status_code: int = -1,
        request_id: str | None = None,
        body: object = None,
        retryable: bool | None = None,
        retry_after: float | None = None,
    ) -> None:
        if retryable is None:
            retryable = status_code not in _CLIENT_ERRORS or status_code in _WORTH_ANOTHER_TRY
        super().__init__(message, body=body, retryable=retryable)
        self.status_code = status_code
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        request = f", request {self.request_id}" if self.request_id else ""
        return f"{self.message} (status {self.status_code}{request})"


class APIConnectionError(APIError):
    """A provider could not be reached, or went away in the middle of an answer."""

    def __init__(self, message: str = "connection error", *, retryable: bool = True) -> None:
        super().__init__(message, retryable=retryable)


class APITimeoutError(APIConnectionError):
    """A provider did not answer in time."""

    def __init__(self, message: str = "request timed out", *, retryable: bool = True) -> None:
        super().__init__(message, retryable=retryable)


class MissingCredentialsError(AgentsError, ValueError):
    """A key is neither given nor in the environment; the message names the variable."""


class WorkerError(AgentsError):
    """The worker cannot go on: refused by the server, or misconfigured."""


class AssignmentTimeoutError(AgentsError):
    """A job was accepted, and the server did not assign it in time."""
