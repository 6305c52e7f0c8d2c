from __future__ import annotations

import math
from dataclasses import fields, replace

import pytest

from agents_core.worker.timings import Timings


@pytest.mark.parametrize("name", [field.name for field in fields(Timings)])
@pytest.mark.parametrize("seconds", [0, -1, math.inf, math.nan])
def test_no_timing_may_be_none_or_endless(name: str, seconds: float) -> None:
    with pytest.raises(ValueError, match=name):
        replace(Timings(), **{name: seconds})


def test_a_request_is_answered_before_a_server_stops_listening() -> None:
    assert Timings().request < 10
