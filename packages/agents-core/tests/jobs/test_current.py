"""Which job code belongs to."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from agents_core.jobs.current import get_job_context, set_job_context


def test_outside_a_job_there_is_none() -> None:
    assert get_job_context(required=False) is None
    with pytest.raises(RuntimeError, match="there is no job here"):
        get_job_context()


def test_a_task_belongs_to_the_job_that_started_it() -> None:
    async def life() -> None:
        job = cast("Any", object())

        async def ask() -> object:
            return get_job_context()

        before = asyncio.create_task(asyncio.sleep(0, get_job_context(required=False)))
        set_job_context(job)
        assert await asyncio.create_task(ask()) is job
        assert await before is None

    asyncio.run(life())
