from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.errors import APIError
from agents_core.http import lines, server_events


async def _chunks(data: Sequence[bytes]) -> AsyncGenerator[bytes]:
    for chunk in data:
        yield chunk


def read(*data: bytes) -> list[str]:
    async def collect() -> list[str]:
        return [line async for line in lines(_chunks(data))]

    return asyncio.run(collect())


def heard(*data: bytes) -> list[str]:
    async def collect() -> list[str]:
        return [event async for event in server_events(_chunks(data))]

    return asyncio.run(collect())


def test_every_end_of_a_line_is_known_and_the_last_line_needs_none() -> None:
    assert read(b"a\nb\r\nc\rd\n\ne") == ["a", "b", "c", "d", "", "e"]
    assert read() == []
    assert read(b"a\r") == ["a"]


@pytest.mark.property
@given(
    st.lists(st.text("aé \u2028", max_size=4), max_size=6),
    st.sampled_from(("\n", "\r\n")),
    st.data(),
)
def test_it_does_not_matter_where_the_network_cuts(
    texts: list[str], end: str, data: st.DataObject
) -> None:
    whole = "".join(text + end for text in texts).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert read(*pieces) == texts


def test_a_line_may_be_as_long_as_some_seconds_of_sound() -> None:
    chunk = b"x" * 65536
    assert read(*[chunk] * 32, b"\n") == ["x" * 65536 * 32]


def test_a_line_without_an_end_is_given_up() -> None:
    with pytest.raises(APIError, match="longer than"):
        read(*[b"x" * 1024 * 1024] * 20)


def test_events_are_their_data_alone() -> None:
    stream = b": hello\nevent: message\nid: 1\ndata: {\ndata:  1}\n\n\ndata:[DONE]\n\ndata: cut"
    assert heard(stream) == ["{\n 1}", "[DONE]"]


def test_who_leaves_early_leaves_nothing_half_read() -> None:
    left: list[object] = []

    async def leave() -> None:
        sys.set_asyncgen_hooks(finalizer=left.append)
        source = _chunks([b"data: a\n\ndata: b\n\n"])
        async with aclosing(source), aclosing(server_events(source)) as events:
            async for event in events:
                assert event == "a"
                break

    asyncio.run(leave())
    assert left == []
