from __future__ import annotations

import pytest

from agents_core.errors import MissingCredentialsError
from agents_core.http import base_url, required_key


def test_a_key_that_is_given_goes_before_the_one_in_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EXAMPLE_API_KEY", "of the environment\n")
    assert required_key("given", variable="EXAMPLE_API_KEY", provider="Example") == "given"
    for blank in (None, "", " "):
        found = required_key(blank, variable="EXAMPLE_API_KEY", provider="Example")
        assert found == "of the environment"


def test_a_key_that_is_missing_is_asked_for_by_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EXAMPLE_API_KEY", " ")
    with pytest.raises(MissingCredentialsError, match=r"Example .* EXAMPLE_API_KEY"):
        required_key(None, variable="EXAMPLE_API_KEY", provider="Example")


def test_where_a_vendor_answers_is_given_or_in_the_environment_or_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def found(url: str | None) -> str:
        return base_url(url, variable="EXAMPLE_BASE_URL", default="https://vendor.example/v1/")

    monkeypatch.delenv("EXAMPLE_BASE_URL", raising=False)
    assert found(None) == "https://vendor.example/v1"
    monkeypatch.setenv("EXAMPLE_BASE_URL", " http://127.0.0.1:8000/ ")
    assert found("") == "http://127.0.0.1:8000"
    assert found("wss://other.example") == "wss://other.example"


@pytest.mark.parametrize(
    "url",
    [
        "vendor.example",
        "ftp://vendor.example",
        "https://",
        "https://user:secret@vendor.example",
        "https://vendor.example/?key=secret",
        "https://vendor.example/#top",
    ],
)
def test_a_url_that_cannot_be_one_or_may_hold_a_key_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="EXAMPLE_BASE_URL") as refused:
        base_url(url, variable="EXAMPLE_BASE_URL", default="https://vendor.example")
    assert "secret" not in str(refused.value)
