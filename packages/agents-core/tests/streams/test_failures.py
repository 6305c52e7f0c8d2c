from __future__ import annotations

from agents_core.errors import APIConnectionError, APIError, APIStatusError
from agents_core.streams.failures import blamed, final


def test_of_a_group_that_may_be_tried_again_the_first_is_blamed() -> None:
    first, second = APIConnectionError("one"), APIError("two")

    assert blamed(ExceptionGroup("all", [ExceptionGroup("in", [first]), second])) is first
    assert blamed(second) is second


def test_one_that_is_final_is_blamed_before_all_others() -> None:
    refused = APIStatusError("no key", status_code=401)

    assert blamed(ExceptionGroup("all", [APIError("lost"), refused])) is refused


def test_the_only_try_is_raised_as_it_is_and_the_last_of_many_with_their_number() -> None:
    lost, refused = APIError("lost"), APIError("no", retryable=False)

    assert final(lost, "port", 1) is lost
    assert final(refused, "port", 3) is refused
    last = final(lost, "port", 3)
    assert str(last) == "port: failed after 3 attempts: lost"
    assert last.__cause__ is lost
