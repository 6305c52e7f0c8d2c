"""A request is sent as it was meant, and its headers are nobody else's business."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from monorelease.adapters.exchange import (
    Hopeless,
    Limits,
    Passing,
    Question,
    Reply,
    exchange,
    opener,
)
from toy_forge import ToyForge


def ask(
    url: str,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> Reply:
    question = Question(url=url, headers=headers, method=method, body=body)
    return exchange(opener(), question, Limits())


def test_method_headers_and_body_are_sent_and_the_answers_come_back(tmp_path: Path) -> None:
    with ToyForge(tmp_path) as forge:
        headers = {"X-Kind": "b", "Content-Type": "application/json"}
        url = f"{forge.api_url}/things"
        reply = ask(url, method="POST", body=b'{"name": "x"}', headers=headers)

    (asked,) = forge.requests
    assert (asked.words, asked.body, asked.headers["x-kind"]) == (
        "POST /things",
        {"name": "x"},
        "b",
    )
    assert (reply.status, reply.body) == (201, b'{"name": "x"}')
    assert reply.headers["content-type"].startswith("application/json")


def test_nothing_can_come_back(tmp_path: Path) -> None:
    with ToyForge(tmp_path) as forge:
        forge.things["x"] = 1
        reply = ask(f"{forge.api_url}/things/x", method="DELETE")

    assert (reply.status, reply.body) == (204, b"")


def test_what_is_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    with ToyForge(tmp_path) as forge:
        forge.things["x"] = "x" * 100
        question = Question(url=f"{forge.api_url}/things/x", headers={})

        with pytest.raises(Hopeless, match="more than 0 MiB"):
            exchange(opener(), question, Limits(largest=99))


def test_what_is_direct_asks_no_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with ToyForge(tmp_path) as forge:
        question = Question(url=f"{forge.api_url}/things", headers={})

        assert exchange(opener(is_direct=True), question, Limits()).status == 200
        with pytest.raises(Passing, match="cannot be reached"):
            exchange(opener(), question, Limits())


@pytest.mark.parametrize("header", ["line\r\nX-More: 1", "sn\u2603w"])
def test_what_cannot_be_a_header_is_told_without_it(tmp_path: Path, header: str) -> None:
    with ToyForge(tmp_path) as forge, pytest.raises(Hopeless) as caught:
        ask(f"{forge.api_url}/things", headers={"Authorization": header})

    assert header not in str(caught.value)
    assert not forge.requests


def test_a_question_does_not_show_its_headers() -> None:
    question = Question(url="https://ada:secret@forge.example", headers={"Authorization": "secret"})

    assert "secret" not in repr(question)
