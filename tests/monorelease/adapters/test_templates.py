from __future__ import annotations

from pathlib import Path

import pytest

import monorelease
from monorelease.adapters.templates import github_templates
from monorelease.formats.ci_workflows import FILES, STEPS

HOME = Path(monorelease.__file__).parent


def test_every_template_is_there_and_none_is_left_over() -> None:
    folder = HOME / "templates/github"

    assert set(github_templates()) == {*FILES, *STEPS}
    assert {path.name for path in folder.rglob("*.yml")} == {*FILES, *STEPS}


@pytest.mark.parametrize("name", [*FILES, *STEPS])
def test_a_template_is_lines(name: str) -> None:
    text = github_templates()[name]

    assert text.endswith("\n")
    assert "\r" not in text
