from __future__ import annotations

import json
import time
import traceback
from email.utils import formatdate

import aiohttp
import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from agents_core.errors import APIConnectionError, APIError, APIStatusError, APITimeoutError
from agents_core.http import malformed, mapped_errors
from agents_core.http.mapping import refusal

KEY = "a very secret key"


def _raise(error: Exception) -> None:
    raise error


def mapped(error: Exception) -> Exception:
    try:
        with mapped_errors("Example"):
            _raise(error)
    except Exception as result:  # noqa: BLE001 - whatever it is, it is the result
        return result


def of_a_request(kind: type[aiohttp.ClientResponseError], status: int) -> Exception:
    headers = CIMultiDictProxy(CIMultiDict({"Authorization": KEY}))
    url = URL(f"wss://example.test/?api_key={KEY}")
    answer = CIMultiDictProxy(CIMultiDict({"Retry-After": "2", "X-Request-Id": "r1"}))
    return kind(aiohttp.RequestInfo(url, "GET", headers, url), (), status=status, headers=answer)


@pytest.mark.parametrize(
    ("error", "kind", "retryable"),
    [
        (TimeoutError(), APITimeoutError, True),
        (aiohttp.ServerTimeoutError("late"), APITimeoutError, True),
        (aiohttp.ClientPayloadError("cut"), APIConnectionError, True),
        (aiohttp.ServerDisconnectedError(), APIConnectionError, True),
        (ConnectionResetError("reset"), APIConnectionError, True),
        (aiohttp.InvalidURL("nowhere"), APIConnectionError, False),
        (of_a_request(aiohttp.WSServerHandshakeError, 401), APIStatusError, False),
        (of_a_request(aiohttp.WSServerHandshakeError, 503), APIStatusError, True),
        (of_a_request(aiohttp.WSServerHandshakeError, 200), APIConnectionError, True),
        (of_a_request(aiohttp.ContentTypeError, 200), APIError, True),
        (json.JSONDecodeError("no", "{", 1), APIError, True),
        (RecursionError("nested"), APIError, True),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_what_goes_wrong_is_said_in_the_words_of_the_tree(
    error: Exception, kind: type[APIError], *, retryable: bool
) -> None:
    result = mapped(error)
    assert type(result) is kind
    assert isinstance(result, APIError)
    assert result.retryable is retryable
    assert "Example" in str(result)


def test_the_request_and_the_key_in_it_are_not_kept() -> None:
    error = mapped(of_a_request(aiohttp.WSServerHandshakeError, 401))
    assert KEY not in "".join(traceback.format_exception(error)) + repr(vars(error))
    assert isinstance(error, APIStatusError)
    assert (error.request_id, error.retry_after) == ("r1", 2)


@pytest.mark.parametrize("error", [KeyError("mine"), APIError("said already"), ValueError("mine")])
def test_nothing_else_is_touched(error: Exception) -> None:
    assert mapped(error) is error


def test_each_of_a_group_is_mapped() -> None:
    result = mapped(ExceptionGroup("two", [TimeoutError(), KeyError("mine")]))
    assert isinstance(result, ExceptionGroup)
    assert [type(each) for each in result.exceptions] == [APITimeoutError, KeyError]
    alone = ExceptionGroup("one", [KeyError("mine")])
    assert mapped(alone) is alone


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"Retry-After": "-3"}, 0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "inf"}, None),
        ({}, None),
    ],
)
def test_a_vendor_says_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert refusal("Example", status=429, headers=headers).retry_after == seconds


def test_a_vendor_may_say_until_when() -> None:
    headers = {"Retry-After": formatdate(time.time() + 30, usegmt=True)}
    wait = refusal("Example", status=429, headers=headers).retry_after
    assert wait is not None
    assert 20 < wait <= 30


@pytest.mark.parametrize("error", [KeyError("data"), IndexError(), TypeError(), ValueError()])
def test_an_answer_that_lacks_something_is_malformed(error: Exception) -> None:
    with pytest.raises(APIError, match="Example: the answer is malformed"), malformed("Example"):
        raise error


def test_an_answer_that_is_nested_without_end_is_malformed() -> None:
    with pytest.raises(APIError, match="malformed"), malformed("Example"):
        json.loads("[" * 200_000)
