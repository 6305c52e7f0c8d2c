"""Which version a heading speaks of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from monorelease.formats.markdown import Heading
from monorelease.formats.section_titles import is_section, leads_with_version, version_in


def heading(title: str, level: int = 2) -> Heading:
    return Heading(line=0, level=level, title=title)


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize(
    "title",
    [
        "1.2.0",
        "v1.2.0",
        "V1.2.0",
        "[1.2.0]",
        "[1.2.0](https://x.example/compare/v1.1.0...v1.2.0) (2026-01-01)",
        "[v1.2.0] - 2026-11-22",
        "1.2.0 - 2026-11-22",
        "1.2.0 (2026-11-22)",
        "1.2.0 (2026.11.22)",
        "1.2.0: 2026.11.22",
        "`1.2.0`",
        "**1.2.0**",
        "Version 1.2.0",
        "Release notes for 1.2.0",
        "agents-core 1.2.0",
        "agents-core 1.2.0 (2026-11-22)",
        "agents-core v1.2.0 - 2026-11-22",
        "agents-core-v1.2.0",
        "agents-core@1.2.0",
        "agents-core==1.2.0 (2026.11.22)",
        "@scope/agents-core@1.2.0",
        "foo-2 1.2.0",
        "foo-2-1.2.0",
        "11labs-1.2.0",
        "2026-11-22: 1.2.0",
        "22 November 2026 - 1.2.0",
        "1.2",
        "1.2.0.0",
    ],
)
def test_versions_are_read_however_they_are_spelled(title: str, level: int) -> None:
    assert version_in(heading(title, level)) == Version("1.2.0")


@pytest.mark.parametrize(
    "title",
    [
        "Unreleased",
        "9" * 5_000,
        "agents-core-" + "9" * 5_000,
        "[Unreleased]",
        "Changelog",
        "agents-core",
        "3to2 changelog",
        "2026-11-22",
        "1.2.x",
        "",
        "#",
        "One two three four five six 1.2.0",
    ],
)
def test_other_headings_speak_of_none(title: str) -> None:
    assert version_in(heading(title)) is None


def test_a_part_of_a_section_may_begin_with_a_number() -> None:
    assert version_in(heading("3.12 support", level=3)) is None
    assert version_in(heading("Python 3.12 support", level=2)) is None
    assert version_in(heading("3.12 Aurora", level=2)) == Version("3.12")


def test_a_section_opens_with_its_version_at_any_level() -> None:
    assert leads_with_version(heading("[1.2.0] - 2026-11-22", level=4))
    assert not leads_with_version(heading("Python 3.12", level=4))


def test_days_have_sections_too() -> None:
    assert is_section(heading("2026-11-22"))
    assert not is_section(heading("Fixes"))


@pytest.mark.property
@given(st.text())
def test_any_text_may_be_a_heading(title: str) -> None:
    version_in(heading(title))


@pytest.mark.property
@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=4),
    st.sampled_from(["", "rc1", ".post2", ".dev3", "+local.1", "a1.dev2"]),
    st.sampled_from(["{}", "[{}]", "v{}", "{} - 2026-11-22", "name {} (2026-11-22)", "name@{}"]),
)
def test_every_version_is_read_as_itself(numbers: list[int], suffix: str, spelling: str) -> None:
    version = Version(".".join(map(str, numbers)) + suffix)

    assert version_in(heading(spelling.format(version))) == version
