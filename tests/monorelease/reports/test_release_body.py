from __future__ import annotations

from functools import cache
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monorelease.model.channel import Channel, Label, Prerelease, Stable
from monorelease.model.config import Config
from monorelease.model.finding import Finding, Severity
from monorelease.model.forge import ForgeKind, Site
from monorelease.model.value import replace
from monorelease.planning.plan import plan_release
from monorelease.reports.release_body import body
from monorelease.reports.release_page import ReleasePage
from values import fragment, member, named, requires, workspace

SITE = Site(kind=ForgeKind.GITHUB, url="https://forge.example", repository="acme/tools")
COMMIT = "0123456789abcdef" * 2 + "01234567"
PLENTY = 65_536
CHANNELS: tuple[Channel, ...] = (Stable(), Prerelease(label=Label.CANDIDATE))
WARNING = Finding(
    code="odd",
    problem="is odd, @ada <b>",
    hint="look at it",
    severity=Severity.WARNING,
    path=PurePosixPath("changes/1.fix.md"),
    line=3,
)


def page(channel: Channel = CHANNELS[0], **changes: object) -> ReleasePage:
    """The core with a fragment, a plugin that follows, and two that say the same."""
    members = (
        member("core", "1.0.0"),
        member("plugin", "1.0.0", requires("core", "==1.0.0")),
        member("kit", "1.0.0", private=True),
        member("extra", "1.0.0"),
    )
    plan = plan_release(
        workspace(*members),
        (fragment("1.fix.md", core="minor"),),
        Config(fixed=(("core", "plugin", "kit", "extra"),)),
        channel,
    )
    same = "## 1.1.0 - 2026-11-22\n\n### About this release\n\n- Released with `core`.\n"
    texts = {
        "core": "## 1.1.0 - 2026-11-22\n\n### Fixes\n\n- Freed at last. @ada (#1)\n",
        "plugin": "## 1.1.0 - 2026-11-22\n\n### Dependencies\n\n- Updated `core` to 1.1.0.\n",
        "kit": same,
        "extra": same,
    }
    usual = ReleasePage(
        plan=plan,
        changelogs={named(name): text for name, text in texts.items()},
        names={m.name: m.written_name for m in members},
        findings=(),
        base="main",
        commit=COMMIT,
        head="monorelease/main",
        changelog_file="CHANGELOG.md",
        site=SITE,
    )
    return replace(usual, **changes)


def large(members: int, words: str = "Words of some length, to fill the page.") -> ReleasePage:
    """A wave in which each member says something of its own."""
    names = [f"plugin-{number:04}" for number in range(members)]
    plan = plan_release(
        workspace(*(member(name, "1.0.0") for name in names)),
        [fragment(f"{n}.fix.md", **{name: "patch"}) for n, name in enumerate(names)],
        Config(),
    )
    section = "## 1.0.1 - 2026-11-22\n\n### Fixes\n\n"
    return page(
        plan=plan,
        changelogs={named(name): f"{section}- {name}: {words}\n" for name in names},
        names={named(name): name for name in names},
    )


large_once = cache(large)


def test_a_release_reads_so() -> None:
    golden = Path(__file__).with_name("release_body.md").read_text("utf-8")

    assert body(page(findings=(WARNING,)), PLENTY) == golden


def test_without_a_forge_there_are_no_links() -> None:
    text = body(page(site=None, findings=(WARNING,)), PLENTY)

    assert "](" not in text
    assert "changes/1.fix.md:3" in text.replace("\\", "")


def test_a_candidate_says_what_it_is() -> None:
    text = body(page(CHANNELS[1]), PLENTY)

    assert "Merging this makes **pre-releases** (rc) of **4 packages** from `main`." in text
    assert "| core | 1.0.0 → **1.1.0rc1** (pre-release) | minor |" in text


def test_warnings_stand_before_the_changelogs_with_their_place() -> None:
    text = body(page(findings=(WARNING,)), PLENTY)

    place = f"https://forge.example/acme/tools/blob/{COMMIT}/changes/1.fix.md?plain=1#L3"
    assert place in text
    assert "<b>" not in text
    assert "@ada" not in text
    assert text.index("### Warnings") < text.index("### Changelogs")


def test_a_workspace_below_the_top_is_linked_there() -> None:
    text = body(page(prefix=PurePosixPath("python")), PLENTY)

    assert f"/blob/{COMMIT}/python/changes/1.fix.md" in text


def test_a_release_without_changelogs_has_no_heading_for_them() -> None:
    assert "### Changelogs" not in body(page(changelogs={}), PLENTY)


def test_words_of_strangers_do_nothing() -> None:
    bad = (
        "## 1.1.0\n\n- <img src=x onerror=alert(1)> </details> closes #7 @ada\n\n"
        "/merge\n\n```\n<!-- unclosed"
    )
    text = body(page(changelogs={named("core"): bad, named("kit"): bad}), PLENTY)

    assert "<img" not in text
    assert text.count("<details>") == text.count("</details>") == 4
    assert "<!-- unclosed" not in text.replace("\n```\n<!-- unclosed", "")
    assert "closes #7" not in text
    assert "@ada" not in text
    assert not any(line.startswith("/merge") for line in text.splitlines())


# ── cut ─────────────────────────────────────────────────────────────────────────────────


def test_the_whole_is_taken_wherever_it_fits() -> None:
    whole = body(page(), PLENTY)

    assert body(page(), len(whole)) == whole


def test_changelogs_go_first_for_a_link_each() -> None:
    whole = body(page(), PLENTY)
    there = "https://forge.example/acme/tools/blob/monorelease/main/packages"

    shorter = body(page(), len(whole) - 1)
    long = {**page().changelogs, named("core"): f"## 1.1.0\n\n- {'Words. ' * 200}\n"}
    without = body(page(changelogs=long), len(body(page(changelogs={}), PLENTY)) + 500)

    assert "<summary>plugin 1.1.0</summary>" in shorter
    assert "kit 1.1.0 and 1 more" not in shorter
    assert "2 more changelogs would not fit here" in shorter
    assert "4 changelogs would not fit here" in without
    assert f"- [core 1.1.0](<{there}/core/CHANGELOG.md>)" in without
    assert "extra/CHANGELOG.md" not in without
    assert "1 constraint raised</summary>" in without


def test_then_constraints_go_row_by_row() -> None:
    names = [f"plugin-{number:03}" for number in range(200)]
    core = member("core", "1.0.0")
    others = [
        member(name, "1.0.0", requires("core", f">=0.{number},<=1.0.0"))
        for number, name in enumerate(names)
    ]
    plan = plan_release(workspace(core, *others), (fragment("1.fix.md", core="patch"),), Config())
    wide = page(plan=plan, changelogs={}, names={m.name: m.written_name for m in (core, *others)})

    some, none = body(wide, 30_000), body(wide, 18_000)

    assert "<summary>200 constraints raised</summary>" in some
    assert "more: [all changes]" in some
    assert "200 constraints raised: [all changes]" in none
    assert none.count("| core 1.0.1 leaves ==1.0.0") < none.count("| plugin-") == 200


def test_then_why_and_then_who() -> None:
    why, who = body(large_once(300), 25_000), body(large_once(300), 12_000)

    assert why.count("| plugin-") == 300
    assert "Why is left out for" in why
    assert "<summary>plugin-0000" not in why
    assert who.count("| plugin-") < 300
    assert f"And {300 - who.count('| plugin-')} more packages: [all changes]" in who


def test_a_text_too_short_for_any_row_still_says_what_is_released() -> None:
    text = body(large_once(300), 10)

    assert "| plugin-" not in text
    assert "And 300 more packages: [all changes]" in text


@pytest.mark.parametrize("longest", [6000, 45_000, PLENTY])
def test_a_thousand_members_stay_below_any_limit(longest: int) -> None:
    text = body(large_once(1000), longest)

    assert 0.95 * longest < len(text) <= longest


@pytest.mark.property
@settings(max_examples=15)
@given(st.integers(6000, 40_000), st.sampled_from([1, 7, 60, 300]))
def test_nothing_is_cut_in_the_middle_and_all_that_is_missing_is_said(
    longest: int, members: int
) -> None:
    text = body(large_once(members), longest)

    assert len(text) <= longest
    assert text.count("<details>") == text.count("</details>")
    rows = [line for line in text.splitlines() if line.startswith("| plugin-")]
    assert all(line.count("|") == 5 for line in rows)
    assert ("more package" in text) == (len(rows) < members)
    silent = sum(line.endswith("|  |") for line in rows)
    assert ("Why is left out for" in text) == (silent > 0)
    shown = text.count("<summary>plugin-")
    assert (f"{members - shown} more changelog" in text) == (0 < shown < members)
    assert ("\n\n1 changelog" in text or f"\n\n{members} changelogs" in text) == (shown == 0)
    assert text.endswith("made anew whenever that branch moves.\n")
