"""One page of notes for a whole release."""

from __future__ import annotations

from pathlib import PurePosixPath

from packaging.utils import canonicalize_name
from packaging.version import Version

from monorelease.formats.notes import Section
from monorelease.formats.wave import roll_up
from monorelease.model.bump import Bump
from monorelease.model.channel import Stable
from monorelease.model.plan import Release, ReleasePlan

OWN = "## 1.0.44 - 2026-11-22\n\n### Fixes\n\n- Disposes. (#1042)\n"
UPDATED = "## 1.0.44 - 2026-11-22\n\n### Dependencies\n\n- Updated `core` to 1.0.44.\n"
ALONE = "## 1.0.44 - 2026-11-22\n\n### About this release\n\n- Released together.\n"


def page(title: str = "# The wave", **rendered: str) -> str:
    releases = tuple(
        Release(
            name=canonicalize_name(name),
            path=PurePosixPath(name),
            bump=Bump.PATCH,
            current=Version("1.0.43"),
            target=Version("1.0.44"),
            private=False,
            causes=(),
            fragments=(PurePosixPath("changes/1042.fix.md"),) if "#1042" in text else (),
            constraints=(),
        )
        for name, text in rendered.items()
    )
    sections = {r.name: Section(name=r.name.title(), version=r.target, notes=()) for r in releases}
    plan = ReleasePlan(channel=Stable(), releases=releases)
    return roll_up(title, plan, sections, dict(zip(sections, rendered.values(), strict=True)))


def test_direct_changes_come_first_and_the_others_once() -> None:
    assert page(a=UPDATED, core=OWN, b=UPDATED, test=ALONE) == (
        "# The wave\n\n"
        "## Core 1.0.44\n\n### Fixes\n\n- Disposes. (#1042)\n\n"
        "## 2 packages released with it\n\n"
        "Version 1.0.44 of `A` and `B`.\n\n"
        "### Dependencies\n\n- Updated `core` to 1.0.44.\n\n"
        "## Test 1.0.44\n\n### About this release\n\n- Released together.\n"
    )


def test_two_members_with_news_that_are_the_same_stay_apart() -> None:
    assert page(a=OWN, b=OWN).count("- Disposes. (#1042)") == 2


def test_company_is_named_for_what_it_keeps() -> None:
    assert "## 2 packages released with them\n" in page(a=OWN, b=OWN, c=UPDATED, d=UPDATED)
    assert "## 2 packages\n" in page(c=UPDATED, d=UPDATED)


def test_headings_fit_below_the_title() -> None:
    text = page("## 2026-11-22", core=OWN)

    assert text == "## 2026-11-22\n\n### Core 1.0.44\n\n#### Fixes\n\n- Disposes. (#1042)\n"


def test_titles_of_any_form_are_replaced() -> None:
    underlined = "1.0.44\n======\n\n# Fixes\n\n- Disposes. (#1042)\n\n```\n# code\n```\n"

    assert page(core=underlined) == (
        "# The wave\n\n## Core 1.0.44\n\n### Fixes\n\n- Disposes. (#1042)\n\n```\n# code\n```\n"
    )


def test_a_release_without_a_title_is_whole() -> None:
    assert page(core="- Disposes. (#1042)\n") == (
        "# The wave\n\n## Core 1.0.44\n\n- Disposes. (#1042)\n"
    )
