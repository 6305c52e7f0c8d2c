"""A vendor in a process of its own."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from importlib import import_module

import pytest

from agents_plugins_test.local import LocalVendor
from agents_plugins_test.serving import serving
from agents_plugins_test.vendors import VENDORS, open_server


def speak(url: str, text: str) -> bytes:
    body = json.dumps({"text": text, "speaker": "luna", "modelId": "arcana"}).encode()
    request = urllib.request.Request(  # noqa: S310 - on loopback
        f"{url}/rime-tts", data=body, headers={"Authorization": "Bearer a-key"}
    )
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - likewise
        sound: bytes = response.read()
    return sound


def test_it_answers_while_inside_and_is_gone_afterwards() -> None:
    with serving("rime") as url:
        assert len(speak(url, "hello")) > 1000
    with pytest.raises(OSError, match="refused"):
        speak(url, "hello")


def test_a_vendor_that_nobody_knows_does_not_start(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError, match="nobody"), serving("nobody"):
        pass
    assert "invalid choice" in capfd.readouterr().err


def test_a_test_may_ask_for_several(local_vendor: Callable[[str], str]) -> None:
    assert local_vendor("rime") != local_vendor("rime")


@pytest.mark.parametrize("vendor", sorted(VENDORS))
def test_every_vendor_has_its_server(vendor: str) -> None:
    server = open_server(vendor)

    assert isinstance(server, LocalVendor)
    assert type(server).__name__ == VENDORS[vendor]
    assert import_module(f"agents_plugins_test.vendors.{vendor}").__doc__
    assert list(server.routes())
