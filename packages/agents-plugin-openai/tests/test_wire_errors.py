"""What the service says is wrong."""

from __future__ import annotations

import pytest

from agents_core.errors import APIStatusError
from agents_plugin_openai._wire.errors import complaint


@pytest.mark.parametrize(
    ("error", "message", "retryable"),
    [
        (
            {
                "message": "The server had an error",
                "type": "server_error",
                "param": None,
                "code": None,
            },
            "OpenAI: The server had an error",
            True,
        ),
        (
            {
                "message": "Too long",
                "type": "invalid_request_error",
                "code": "context_length_exceeded",
            },
            "OpenAI: Too long",
            False,
        ),
        ({"type": "insufficient_quota"}, "OpenAI: insufficient_quota", False),
        ({"message": "Slow down", "code": "rate_limit_exceeded"}, "OpenAI: Slow down", True),
        ({}, "OpenAI: an error without a word", True),
        ("overloaded", "OpenAI: overloaded", True),
    ],
)
def test_an_error_is_told_in_the_words_of_the_service(
    error: object, message: str, retryable: bool
) -> None:
    told = complaint(error, "OpenAI")

    assert (told.message, told.retryable, told.body) == (message, retryable, error)


@pytest.mark.parametrize(
    ("error", "status", "retryable"),
    [
        ({"message": "No credit", "code": 402}, 402, False),
        ({"message": "Busy", "code": "429"}, 429, True),
        ({"message": "Down", "code": "down", "status": 503}, 503, True),
    ],
)
def test_a_status_is_told_as_one(error: object, status: int, retryable: bool) -> None:
    told = complaint(error, "OpenAI")

    assert isinstance(told, APIStatusError)
    assert (told.status_code, told.retryable) == (status, retryable)


@pytest.mark.parametrize("code", [True, 200, 1000, 4.5, "x", None])
def test_other_codes_are_no_status(code: object) -> None:
    assert not isinstance(complaint({"message": "m", "code": code}, "OpenAI"), APIStatusError)
