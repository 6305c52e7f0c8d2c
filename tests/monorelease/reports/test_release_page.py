from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from monorelease.model.config import Config
from monorelease.model.forge import ForgeKind, Site
from monorelease.planning.plan import plan_release
from monorelease.reports.release_page import ReleasePage, stories
from values import fragment, member, named, workspace

COMMIT = "0123456789abcdef" * 2 + "01234567"
THERE = "https://forge.example/acme/tools"
SAME = "## 1.0.1\n\n- The same.\n"


def page(texts: Mapping[str, str], site: Site | None = None, prefix: str = "") -> ReleasePage:
    """Four members that always go together; two of them have fragments."""
    names = ("core", "kit", "plugin", "extra")
    plan = plan_release(
        workspace(*map(member, names)),
        (fragment("1.fix.md", plugin="patch"), fragment("2.fix.md", core="patch")),
        Config(fixed=(names,)),
    )
    return ReleasePage(
        plan=plan,
        changelogs={named(name): text for name, text in texts.items()},
        names={named(name): name.title() for name in names},
        findings=(),
        base="main",
        commit=COMMIT,
        head="monorelease/main",
        changelog_file="NEWS.md",
        site=site,
        prefix=PurePosixPath(prefix),
    )


def told(texts: Mapping[str, str]) -> list[tuple[list[str], str]]:
    return [([str(r.name) for r in s.releases], s.text) for s in stories(page(texts))]


def test_members_with_fragments_come_first_and_alone() -> None:
    texts = dict.fromkeys(("kit", "core", "extra", "plugin"), SAME)

    assert told(texts) == [
        (["core"], "- The same."),
        (["plugin"], "- The same."),
        (["kit", "extra"], "- The same."),
    ]


def test_those_who_say_something_else_stand_alone() -> None:
    assert told({"kit": SAME, "extra": SAME.replace("same", "other")}) == [
        (["kit"], "- The same."),
        (["extra"], "- The other."),
    ]


def test_headings_are_deeper_than_that_of_the_page() -> None:
    assert told({"core": "## 1.0.1\n\n### Fixes\n\n- One.\n"}) == [
        (["core"], "#### Fixes\n\n- One.")
    ]


def test_who_has_no_changelog_says_nothing() -> None:
    assert told({}) == []


def test_links_lead_to_the_base_to_the_branch_and_to_what_is_between() -> None:
    site = Site(kind=ForgeKind.GITHUB, url="https://forge.example", repository="acme/tools")
    here = page({}, site, "python")
    release = here.plan.releases[0]

    assert here.to_all("all") == f"[all](<{THERE}/compare/main...monorelease/main>)"
    assert here.to_base("it") == f"[it](<{THERE}/commit/{COMMIT}>)"
    assert here.to_file("f", PurePosixPath("a.py"), 3) == (
        f"[`f`](<{THERE}/blob/{COMMIT}/python/a.py#L3>)"
    )
    assert here.to_changelog("c", release) == (
        f"[c](<{THERE}/blob/monorelease/main/python/{release.path}/NEWS.md>)"
    )


def test_without_a_forge_words_are_just_words() -> None:
    here = page({})

    assert here.to_all("all") == "all"
    assert here.to_base("it") == "it"
    assert here.to_file("f", PurePosixPath("a.py")) == "`f`"
    assert here.to_changelog("c", here.plan.releases[0]) == "c"
