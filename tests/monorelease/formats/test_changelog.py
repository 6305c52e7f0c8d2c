"""A changelog's sections."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from monorelease.errors import ReleaseError
from monorelease.formats.changelog import (
    Changelog,
    insert,
    line_of_section,
    newest_version,
    section_of,
)

MARKER = "<!-- towncrier release notes start -->"
NEW = "## 1.0.44 - 2026-11-22\n\n### Fixes\n\n- New (#1)\n"
TO = Version("1.0.44")
PATH = PurePosixPath("packages/agents-core/CHANGELOG.md")
OLD_ONLY = "## 0.1.0\n\n- Old\n"


def changelog(text: str | None) -> Changelog:
    return Changelog(path=PATH, text=text, heading="agents-core", start_string=MARKER)


def inserted(text: str | None, section: str = NEW, version: Version | None = TO) -> str:
    return insert(changelog(text), section, version)


# ── where a section goes ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", [None, ""], ids=["no file", "an empty file"])
def test_a_new_file_has_heading_marker_and_section(text: str | None) -> None:
    assert inserted(text) == f"# agents-core\n\n{MARKER}\n\n{NEW}"


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (f"# agents-core\n\nBy hand.\n\n{MARKER}\n\n", "## 1.0.43 - 2026-01-01\n\n- Old\n"),
        (f"# agents-core\n\n{MARKER}\n\n", "Older notes are elsewhere.\n"),
        (f"{MARKER}\n\n\n\n", "## 1.0.43\n"),
        (f"```\n{MARKER}\n```\n\n{MARKER}\n\n", "## 1.0.43\n"),
        (f"{MARKER}\n\n## [Unreleased]\n\n- Soon\n\n", "## 1.0.43\n"),
        (f"{MARKER}\n\n## Unreleased\n### Added\n- Soon\n\n", "## 1.0.43\n"),
        ("# Changelog\n\n## Unreleased\n\n### Python 3.12\n\n- Soon\n\n", "## 1.0.43\n"),
        ("# Changelog\n\nBy hand.\n\n", "## 1.0.43\n\n- Old\n"),
        ("# Changelog\n\n## [Unreleased]\n\n- Soon\n\n", "## [1.0.43] - 2026-01-01\n"),
        ("# Changelog\n\n```\n## 0.9\n```\n\n", "## 1.0.43\n"),
        ("# Changelog\n\n<!--\n## 0.9\n-->\n\n", "## 1.0.43\n"),
        ("Changelog\n=========\n\n", "1.0.43\n------\n\n- Old\n"),
        ("", "## 1.0.43\n"),
        ("\ufeff", "## 1.0.43\n"),
        ("# Changelog of all\n\n", "## 2026-01-01\n\n- A day\n"),
        (f"# Changelog\n\nSay {MARKER} here.\n\n", "## 1.0.43\n"),
    ],
    ids=[
        "under the marker and the introduction",
        "under the marker whatever follows",
        "below blank lines",
        "not at a marker in code",
        "below what is unreleased",
        "below what is unreleased and has parts",
        "below what is unreleased and has numbers",
        "above the first version",
        "above the first version, below what is unreleased",
        "not at a version in code",
        "not at a version in a comment",
        "above an underlined version",
        "on top",
        "behind the byte order mark",
        "above the last day",
        "not at a marker within a line",
    ],
)
def test_a_section_goes(above: str, below: str) -> None:
    assert inserted(above + below) == f"{above}{NEW}\n{below}"


@pytest.mark.parametrize(
    ("text", "between"),
    [
        (f"# agents-core\n\n{MARKER}\n", "\n"),
        (f"# agents-core\n\n{MARKER}\n\n", ""),
        (f"# agents-core\n\n{MARKER}", "\n\n"),
        ("# Changelog\n\nNothing yet.", "\n\n"),
        ("# Changelog\n\n## Unreleased\n\n- Soon\n", "\n"),
        ("\ufeff", f"# agents-core\n\n{MARKER}\n\n"),
    ],
)
def test_the_end_of_a_file_is_a_place_too(text: str, between: str) -> None:
    assert inserted(text) == f"{text}{between}{NEW}"


def test_a_heading_right_below_the_marker_is_pushed_down() -> None:
    assert inserted(f"{MARKER}\n## 1.0.43\n") == f"{MARKER}\n\n{NEW}\n## 1.0.43\n"


def test_a_file_with_windows_newlines_keeps_them() -> None:
    old = f"\ufeff# agents-core\n\n{MARKER}\n\n## 1.0.43\n\n- Old\n".replace("\n", "\r\n")

    text = inserted(old)

    assert text.count("\n") == text.count("\r\n")
    assert text.replace("\r\n", "\n") == (
        f"\ufeff# agents-core\n\n{MARKER}\n\n{NEW}\n## 1.0.43\n\n- Old\n"
    )


def test_without_a_marker_of_its_own_a_repository_gets_none() -> None:
    place = Changelog(path=PATH, text=None, heading="agents-core", start_string="")

    assert insert(place, NEW, TO) == f"# agents-core\n\n{NEW}"


# ── a version has one section ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "title",
    [
        "## 1.2",
        "## 1.2.0",
        "## [1.2] - 2026-01-01",
        "## v1.2 (2026-01-01)",
        "### agents-core 1.2",
        "## agents-core@1.2.0.0",
        "1.2.0\n-----",
    ],
)
@pytest.mark.parametrize("version", ["1.2", "1.2.0.0"])
def test_a_section_that_is_there_is_refused(title: str, version: str) -> None:
    text = f"# Changelog\n\n{MARKER}\n\n## 1.3\n\n{title}\n\n- Old\n"

    with pytest.raises(ReleaseError) as refused:
        inserted(text, version=Version(version))

    assert refused.value.where == f"{PATH}:7"
    assert refused.value.problem == f"there is a section on {version} already"
    assert refused.value.hint


@pytest.mark.parametrize(
    "title",
    ["## 1.2.3", "## 1.2rc1", "## 1.2.post1", "## 1.20", "## 11.2", "## 1.2.1.0", "## 1!1.2"],
)
def test_another_version_is_no_reason_to_refuse(title: str) -> None:
    text = f"# Changelog\n\n{MARKER}\n\n{title}\n\n- About 1.2\n\n```\n## 1.2\n```\n"

    assert NEW in inserted(text, version=Version("1.2"))


def test_where_no_marker_is_configured_there_is_none() -> None:
    before = Changelog(path=PurePosixPath("NEWS.md"), text=OLD_ONLY, heading="x", start_string="")

    assert insert(before, NEW).startswith(NEW)


def test_a_section_of_no_version_is_never_refused() -> None:
    assert inserted(f"{MARKER}\n\n{NEW}", version=None).count(NEW) == 2


# ── reading a section back ──────────────────────────────────────────────────────────────

OLDER = "## 1.0.43\n\n- Old\n"


@pytest.mark.parametrize(
    "section",
    [
        NEW,
        "# agents-core 1.0.44\n\n## Fixes\n\n- x\n",
        "## [v1.0.44]\n\n```\n## 1.0.43\n```\n",
        "## 1.0.44\n\n- x\n\n  ## 1.0.43\n\n  ---\n",
        "## 1.0.44\n\n### Python 3.12\n\n- x\n\n### 3.12 and later\n",
        "1.0.44\n------\n\n- x\n",
    ],
    ids=["usual", "first level", "code", "in a list", "numbers", "underlined"],
)
def test_a_section_is_read_back_whole(section: str) -> None:
    text = f"# Changelog\n\n{section}\n{OLDER}"

    assert section_of(text, TO) == section
    assert section_of(text, Version("1.0.43")) == OLDER


def test_a_patch_release_may_have_a_deeper_heading() -> None:
    text = "## [1.1.0] (2026-02-02)\n\n- b\n\n### [1.0.1] (2026-01-01)\n\n- a\n"

    assert section_of(text, Version("1.1")) == "## [1.1.0] (2026-02-02)\n\n- b\n"


def test_a_section_is_read_with_line_feeds() -> None:
    text = f"\ufeff{NEW}\n{OLDER}".replace("\n", "\r\n")

    assert section_of(text, TO) == NEW


def test_a_version_without_a_section_has_none() -> None:
    assert section_of(f"{NEW}\n{OLDER}- About 1.0.42\n", Version("1.0.42")) is None


# ── the newest version ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("# core\n\n## 1.1.0 - 2026-11-22\n\n- New\n\n## 1.0.0\n", "1.1.0"),
        ("\ufeff# [v2.0rc1]\r\n\r\n- New\r\n", "2.0rc1"),
        ("core 1.0\n========\n", "1.0"),
        ("# core\n\n## Unreleased\n\n- Soon\n\n## 1.0.0\n", "1.0.0"),
        ("# core\n\n## 1.1.0 (UNRELEASED)\n\n- Soon\n\n## 1.0.0\n", "1.0.0"),
        ("# core\n\n```\n## 1.1.0\n```\n\n## 1.0.0\n", "1.0.0"),
        ("# core\n\n## Python 3.12 support\n", None),
        ("", None),
    ],
)
def test_the_newest_version_is_that_of_the_topmost_section(text: str, version: str | None) -> None:
    assert newest_version(text) == (Version(version) if version else None)


# ── properties ──────────────────────────────────────────────────────────────────────────

LINES = st.sampled_from(
    [
        "",
        "",
        "# Changelog",
        "By hand.",
        MARKER,
        f"  {MARKER}",
        "## Unreleased",
        "## 1.0.43",
        "## [1.0.42] - 2026-01-01",
        "1.0.41",
        "------",
        "### Fixes",
        "- Old",
        "  more",
        "```",
        "<!-- hidden",
        "-->",
    ]
)
ENDS = st.sampled_from(["\n", "\r\n"])
TEXTS = st.builds(
    lambda mark, lines, end, last: mark + end.join(lines) + (end if last else ""),
    st.sampled_from(["", "\ufeff"]),
    st.lists(LINES, max_size=14),
    ENDS,
    st.booleans(),
)


@pytest.mark.property
@given(TEXTS | st.text())
def test_nothing_that_was_there_moves(text: str) -> None:
    after = inserted(text, "NEW\n", None)
    at = after.index("NEW")
    added = len(after) - len(text)

    assert any(
        text[:cut] + after[cut : cut + added] + text[cut:] == after
        for cut in range(max(0, at - added), min(at, len(text)) + 1)
    )


@pytest.mark.property
@given(TEXTS)
def test_a_section_stands_between_blank_lines(text: str) -> None:
    lines = inserted(text, "NEW\n", None).removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    at = lines.index("NEW")

    assert at == 0 or not lines[at - 1].strip()
    assert not lines[at + 1].strip()


@pytest.mark.property
@given(st.lists(st.sampled_from(["0.9", "1.0", "1.0.1", "2.0"]), unique=True), st.booleans(), ENDS)
def test_what_was_inserted_is_read_back(versions: list[str], has_marker: bool, end: str) -> None:  # noqa: FBT001 - drawn
    marker = f"\n{MARKER}\n" if has_marker else ""
    old = "".join(f"\n## {version}\n\n- Old\n" for version in versions)
    text = f"# Changelog\n{marker}{old}".replace("\n", end)

    after = inserted(text)

    assert section_of(after, TO) == NEW
    for version in versions:
        assert section_of(after, Version(version)) == section_of(text, Version(version))
    with pytest.raises(ReleaseError):
        inserted(after)


@pytest.mark.parametrize(("version", "line"), [("1.0.43", 3), ("1.0.44", None)])
def test_a_section_is_found_by_its_line(version: str, line: int | None) -> None:
    assert line_of_section("# Changelog\n\n## 1.0.43\n\n- Old\n", Version(version)) == line


@pytest.mark.property
@given(st.lists(st.sampled_from(["1.0.44", "1.0.45", "2.0rc1"]), unique=True, min_size=1))
def test_the_newest_section_is_always_on_top(versions: list[str]) -> None:
    text: str | None = None
    for version in versions:
        text = inserted(text, f"## {version}\n\n- x\n", Version(version))

    found = [line for line in (text or "").splitlines() if line.startswith("## ")]
    assert found == [f"## {version}" for version in reversed(versions)]
    assert newest_version(text or "") == Version(versions[-1])
