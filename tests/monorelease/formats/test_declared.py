from __future__ import annotations

import pytest
from packaging.specifiers import SpecifierSet

from monorelease.formats.declared import read_declared
from monorelease.formats.toml import parse
from monorelease.model.contents import Declared


def test_what_the_project_table_says_is_read() -> None:
    text = """
[project]
requires-python = ">=3.11"
readme = "README.md"
license-files = ["LICENSE*", "NOTICE"]
dynamic = ["version", "dependencies"]
"""

    assert read_declared(parse(text)) == Declared(
        requires_python=SpecifierSet(">=3.11"),
        has_readme=True,
        license_files=("LICENSE*", "NOTICE"),
        dynamic=frozenset({"version", "dependencies"}),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[project]",
        "project = 1",
        "[project]\nrequires-python = 3",
        '[project]\nrequires-python = "three"',
        f'[project]\nrequires-python = ">={"3" * 5_000}"',
        "[project]\nlicense-files = {paths = ['LICENSE']}\ndynamic = 'version'",
        "[project]\nlicense-files = [1]\ndynamic = [[]]",
    ],
)
def test_what_is_not_said_or_malformed_says_nothing(text: str) -> None:
    assert read_declared(parse(text)) == Declared()
