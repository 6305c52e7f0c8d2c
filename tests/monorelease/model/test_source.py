from __future__ import annotations

import pytest

from modules import sources


@pytest.mark.parametrize(
    ("name", "is_test"),
    [
        ("core__tests__a", True),
        ("core__test__a__b", True),
        ("core__tests", True),
        ("core__conftest", True),
        ("core__test_a", True),
        ("core__a_test", True),
        ("core__testing", False),
        ("core__latest", False),
    ],
)
def test_tests_that_are_packed_are_known(name: str, *, is_test: bool) -> None:
    inside = {f"{name}__inner": ""} if name.endswith("tests") else {}
    source = sources(**{name: "", **inside})[name.replace("__", ".")]

    assert source.is_test is is_test


def test_a_plain_module_may_be_called_tests() -> None:
    assert not sources(core__tests="")["core.tests"].is_test


def test_packages_and_stubs_are_told_by_their_files() -> None:
    package = sources(core="", core__a="")

    assert package["core"].is_package
    assert not package["core.a"].is_package
    assert not package["core.a"].is_stub
