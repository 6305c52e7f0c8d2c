"""What goes to one server must not go to another, nor where others can listen."""

from __future__ import annotations

import pytest

from monorelease.adapters.origin import is_private, leads_to, origin


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://pypi.example/", True),
        ("http://localhost:8080/", True),
        ("http://127.0.0.9/", True),
        ("http://[::1]:3141/", True),
        ("http://pypi.example/", False),
        ("http://localhost.example/", False),
        ("http://10.0.0.1/", False),
        ("http:///", False),
    ],
)
def test_https_and_this_machine_are_private(url: str, *, expected: bool) -> None:
    assert is_private(url) is expected


@pytest.mark.parametrize(
    "url",
    [
        "https://forge.example",
        "https://forge.example:443/api",
        "https://ada@FORGE.example/?x",
    ],
)
def test_one_server_has_several_addresses(url: str) -> None:
    assert origin(url) == ("https", "forge.example", 443)


@pytest.mark.parametrize(
    ("reference", "there"),
    [
        ("?page=2", "https://forge.example/api/v1/pulls?page=2"),
        ("/other", "https://forge.example/other"),
        ("https://forge.example:443/x", "https://forge.example:443/x"),
        ("", "https://forge.example/api/v1/pulls"),
        ("https://forge.example.evil.example/x", ""),
        ("https://forge.example@evil.example/x", ""),
        ("//evil.example/x", ""),
        ("http://forge.example/x", ""),
        ("https://forge.example:8443/x", ""),
        ("https://forge.example:port/x", ""),
        ("https://[::1/x", ""),
        ("file:///etc/hosts", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_a_reference_leads_to_the_same_server_or_nowhere(reference: str, there: str) -> None:
    assert leads_to("https://forge.example/api/v1/pulls", reference) == there
