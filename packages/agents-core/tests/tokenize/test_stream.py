from __future__ import annotations

import asyncio

from agents_core.tokenize import TokenData, TokenStream, basic


def stream() -> TokenStream:
    return basic.WordTokenizer().stream(language="en")


async def tokens(source: TokenStream) -> list[TokenData]:
    return [token async for token in source]


def test_tokens_of_one_flush_have_one_segment() -> None:
    async def scenario() -> list[TokenData]:
        async with stream() as source:
            source.push_text("one tw")
            source.push_text("o")
            source.flush()
            source.push_text("three")
            source.end_input()
            source.end_input()
            source.push_text("dropped")
            source.flush()
            return await tokens(source)

    found = asyncio.run(scenario())

    assert [each.token for each in found] == ["one", "two", "three"]
    assert found[0].segment_id == found[1].segment_id != found[2].segment_id


def test_the_end_stays_the_end_and_wakes_all_who_wait() -> None:
    async def scenario() -> None:
        source = stream()
        readers = [asyncio.create_task(tokens(source)) for _ in range(3)]
        await asyncio.sleep(0)
        source.end_input()
        assert await asyncio.wait_for(asyncio.gather(*readers), 5) == [[], [], []]

    asyncio.run(scenario())


def test_aclose_drops_what_waits() -> None:
    async def scenario() -> None:
        source = stream()
        source.push_text("one two three")
        await source.aclose()
        assert await tokens(source) == []

    asyncio.run(scenario())
