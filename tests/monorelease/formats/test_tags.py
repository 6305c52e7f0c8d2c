from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from monorelease.formats.tags import format_tag, newest_version, parse_tag
from values import named
from workspaces import NAMES, VERSIONS

CORE = named("agents-core")
TEMPLATES = [
    "{name}-v{version}",
    "{name}@{version}",
    "{version}/{name}",
    "r(.+)/{name}+{version}$",
]


@pytest.mark.parametrize(
    ("template", "tag"),
    [
        ("{name}-v{version}", "agents-core-v1.0.44"),
        ("{name}/{version}", "agents-core/1.0.44"),
        ("{version}@{name}", "1.0.44@agents-core"),
    ],
)
def test_a_tag_is_spelled_as_the_template_says(template: str, tag: str) -> None:
    assert format_tag(template, CORE, Version("1.0.44")) == tag


@pytest.mark.property
@given(st.sampled_from(TEMPLATES), st.sampled_from(NAMES), st.sampled_from(VERSIONS))
def test_a_tag_that_was_written_is_read_again(template: str, name: str, version: str) -> None:
    tag = format_tag(template, named(name), Version(version))

    assert parse_tag(template, named(name), tag) == Version(version)


@pytest.mark.parametrize(
    "tag",
    [
        "agents-core-1.0.44",
        "agents-core-v",
        "agents-core-vnext",
        "agents-core-v1.0.44-old",
        "my-agents-core-v1.0.44",
        "agents-core-extra-v1.0.44",
        "agentsxcore-v1.0.44",
        "agents-core-v1.0.44\n",
        "AGENTS-CORE-v1.0.44",
        "agents-core-v" + "9" * 5_000,
        "",
    ],
)
def test_what_is_no_tag_of_the_member_has_no_version(tag: str) -> None:
    assert parse_tag("{name}-v{version}", CORE, tag) is None


def test_the_newest_version_is_the_highest_and_not_the_last() -> None:
    tags = [
        "agents-core-v1.0.9",
        "agents-core-v1.0.10",
        "agents-core-v1.0.10rc1",
        "agents-plugin-x-v9.9",
        "agents-core-vnext",
        "agents-core-v1.0.2",
    ]

    assert newest_version("{name}-v{version}", CORE, tags) == Version("1.0.10")


def test_a_member_that_was_never_tagged_has_no_version() -> None:
    assert newest_version("{name}-v{version}", CORE, ["v1", "agents-plugin-x-v1"]) is None
    assert newest_version("{name}-v{version}", CORE, []) is None
