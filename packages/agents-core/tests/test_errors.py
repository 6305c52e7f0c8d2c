from __future__ import annotations

import pickle

import pytest

from agents_core.errors import (
    AgentsError,
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    MissingCredentialsError,
)


@pytest.mark.parametrize(
    ("status", "retryable"),
    [
        (-1, True),
        (304, True),
        (400, False),
        (401, False),
        (404, False),
        (408, True),
        (409, True),
        (422, False),
        (425, True),
        (429, True),
        (499, True),
        (500, True),
        (503, True),
    ],
)
def test_a_status_says_whether_the_same_may_be_asked_again(status: int, *, retryable: bool) -> None:
    assert APIStatusError("no", status_code=status).retryable == retryable


def test_a_provider_that_knows_better_is_believed() -> None:
    assert APIStatusError("quota", status_code=429, retryable=False).retryable is False
    assert APIStatusError("odd", status_code=400, retryable=True).retryable is True


def test_a_status_is_told_with_the_request_by_which_the_provider_knows_it() -> None:
    assert str(APIStatusError("no", status_code=503)) == "no (status 503)"
    told = str(APIStatusError("no", status_code=503, request_id="req-1", body={"key": "secret"}))

    assert told == "no (status 503, request req-1)"


def test_who_catches_a_connection_error_catches_a_timeout_too() -> None:
    assert issubclass(APITimeoutError, APIConnectionError)
    assert issubclass(APIConnectionError, APIError)
    assert issubclass(APIError, AgentsError)
    assert issubclass(MissingCredentialsError, ValueError)
    assert APITimeoutError().retryable


def test_an_error_crosses_to_another_process_whole() -> None:
    error = APIStatusError("no", status_code=429, request_id="r", body="b", retry_after=3.0)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - what was just written

    assert vars(copy) == vars(error)
    assert str(copy) == str(error)
