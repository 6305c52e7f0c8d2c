from __future__ import annotations

import pytest

from agents_core.errors import MissingCredentialsError
from agents_core.http import required_key


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
