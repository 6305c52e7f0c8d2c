from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.model.channel import Label, Prerelease, Snapshot
from monorelease.model.config import Config
from monorelease.model.finding import Finding, Severity
from monorelease.model.fragment import Origin
from monorelease.model.patch import FileEdit, Patch
from monorelease.model.review import Review, Stage
from monorelease.model.value import replace
from monorelease.reports.review_page import MARK, page_html
from reviews import Page, review_of
from values import fragment, member, requires, workspace

GOLDEN = Path(__file__).with_name("review_page.html")

FAMILY = workspace(
    member("core", "1.0.43"),
    member("plugin-voice", "1.0.43", requires("core", ">=1.0.43,<2")),
    member("plugin-sight", "1.0.43", requires("core", "==1.0.43")),
    member("suite", "1.0.43", requires("core", ">=1"), private=True),
    member("docs", "0.3.0"),
)
FIX = fragment(
    "1042.fix.md",
    "Native resources are freed by `dispose()` before a process ends. See "
    "[the guide](https://example.org/guide).",
    core="patch",
)
GROUP = Config(fixed=(("core", "plugin-voice", "plugin-sight", "suite"),))
ERROR = Finding(code="bad", problem="is bad", hint="mend it", path=PurePosixPath("a.md"), line=3)
WARNING = Finding(code="old", problem="is old", hint="renew it", severity=Severity.WARNING)
HOSTILE = "</style></script><script>alert(1)</script>\u202e\x1b[2J' \" &"


def waiting() -> Review:
    """A release of four, beside one that stays; with a file that is no changelog."""
    made = review_of(FAMILY, FIX, config=GROUP)
    manifest = FileEdit(
        path=PurePosixPath("packages/core/pyproject.toml"),
        before=b'[project]\nname = "core"\nversion = "1.0.43"\n',
        after=b'[project]\nname = "core"\nversion = "1.0.44"\n',
    )
    origin = Origin(commit="5f1d7a8b9c0d", author="Ada Lovelace", pull_request=1042)
    return replace(
        made,
        patch=Patch.of((*made.patch.edits, manifest)),
        origins={FIX.path: origin},
        findings=(WARNING,),
    )


def page(made: Review) -> Page:
    return Page(page_html(made))


def facts(made: Review) -> dict[str, str]:
    found = page(made)
    names, words = ([each.text for each in found.all(tag)] for tag in ("dt", "dd"))
    return dict(zip(names, words, strict=True))


def test_the_page_is_what_it_was(request: pytest.FixtureRequest) -> None:
    """Read the diff in a browser before you accept it with ``--update``."""
    html = page_html(waiting())

    if request.config.getoption("--update"):
        GOLDEN.write_text(html, "utf-8")
    assert html == GOLDEN.read_text("utf-8")


def test_it_is_one_file_without_scripts() -> None:
    found = page(waiting())
    targets = [target for _, target in found.references()]

    assert not {each.tag for each in found.elements} & {"script", "link", "img", "iframe", "base"}
    assert "https://example.org/guide" in targets
    assert all(target.startswith(("#", "https://")) for target in targets)
    assert not [key for each in found.elements for key in each.attributes if key.startswith("on")]


def test_a_policy_forbids_everything_but_its_own_style() -> None:
    policy = page(waiting()).one("meta", **{"http-equiv": "Content-Security-Policy"})

    assert policy.attributes["content"] == (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    )


def test_every_link_within_it_leads_somewhere_and_no_id_is_taken_twice() -> None:
    found = page(waiting())
    inner = {target[1:] for _, target in found.references() if target.startswith("#")}

    assert inner <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    referred = {
        name
        for each in found.elements
        for key in ("aria-labelledby", "aria-describedby")
        for name in each.attributes.get(key, "").split()
    }
    assert referred <= set(found.ids)


def test_headings_are_in_order_and_parts_are_landmarks() -> None:
    found = page(waiting())
    levels = [int(each.tag[1]) for each in found.elements if re.fullmatch("h[1-6]", each.tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert [len(found.all(tag)) for tag in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    assert found.all("a")[0].text == "Skip to the release"


def test_it_says_what_it_is_so_that_nothing_else_is_written_over() -> None:
    assert MARK in page_html(waiting())[:2048]


def test_the_same_release_is_the_same_page() -> None:
    assert page_html(waiting()) == page_html(waiting())


def test_the_release_at_a_glance() -> None:
    assert facts(waiting()) == {
        "Version": "1.0.43 → 1.0.44",
        "Packages": "3 to publish, 1 private",
        "Bumps": "4 patch",
        "Channel": "stable",
        "Date": "2026-11-22",
        "Fragments": "1 consumed",
        "Constraints": "3",
        "Files": "5",
        "Findings": "1 warning",
    }


def test_what_differs_between_members_is_counted() -> None:
    space = workspace(member("core"), member("app", "2.0.0"))
    made = review_of(space, fragment(core="major", app="patch"))

    assert "Version" not in facts(made)
    assert facts(made)["Bumps"] == "1 major, 1 patch"
    assert facts(made)["Packages"] == "2 to publish"


def test_without_a_release_there_is_little_to_say() -> None:
    made = replace(review_of(FAMILY), date="")

    assert page(made).one("h1").text == "Nothing to release"
    assert page(made).one("section", id="files").text == "Other files No other file changes."
    assert facts(made) == {
        "Packages": "0 to publish",
        "Bumps": "none",
        "Channel": "stable",
        "Fragments": "none",
        "Constraints": "0",
        "Files": "0",
        "Findings": "none",
    }


def test_a_candidate_keeps_its_fragments() -> None:
    made = review_of(FAMILY, FIX, channel=Prerelease(label=Label.CANDIDATE))

    assert facts(made)["Fragments"] == "1 kept for the final release"
    assert facts(made)["Channel"] == "rc"


@pytest.mark.parametrize(
    ("stage", "title", "words"),
    [
        (Stage.WAITING, "4 packages to release", "Nothing is written yet: this is what"),
        (Stage.WRITTEN, "4 packages released, not committed yet", "It is in the work tree."),
        (Stage.STOPPED, "1 error to put right", "Nothing is written, and nothing can be"),
    ],
    ids=lambda value: value.value if isinstance(value, Stage) else "",
)
def test_it_says_how_far_the_release_has_come(stage: Stage, title: str, words: str) -> None:
    found = page(replace(waiting(), stage=stage, findings=(ERROR,)))

    assert found.one("h1").text == title
    assert found.one("p", class_="state").text.startswith(words)


def test_what_runs_afterwards_is_said() -> None:
    found = page(replace(waiting(), afterwards=("uv lock", "make docs")))

    assert found.one("p", class_="state").text.endswith(
        "Then it runs uv lock, make docs; what that changes is not on this page."
    )


def test_findings_are_a_part_of_the_page_where_there_are_any() -> None:
    some, none = page(waiting()), page(replace(waiting(), findings=()))

    assert "findings" in some.ids
    assert "findings" not in none.ids
    assert [found.one("nav").text.split()[0] for found in (some, none)] == ["Findings", "Packages"]


def test_a_snapshot_has_a_page_too() -> None:
    found = page(review_of(FAMILY, FIX, config=GROUP, channel=Snapshot(stamp=20261122)))

    assert "A snapshot writes no changelog." in [each.text for each in found.all("p")]


@pytest.mark.property
@given(words=st.sampled_from([HOSTILE, "]]>", "<!--", "\\"]) | st.text(max_size=20))
def test_whatever_is_hostile_is_shown_and_harmless(words: str) -> None:
    made = waiting()
    path = PurePosixPath("changes", f"x{words.replace('/', '')}.fix.md")
    odd = FileEdit(path=path, before=words.encode("utf-8", "replace"), after=None)
    made = replace(
        made,
        title=words,
        patch=Patch.of((*made.patch.edits, odd)),
        fragments=tuple(replace(each, text=words) for each in made.fragments),
        origins={FIX.path: Origin(commit="a" * 40, author=words, pull_request=None)},
        notes=dict.fromkeys(made.notes, f"## 1\n\n{words}"),
        resting=dict.fromkeys(made.resting, (words,)),
        findings=(replace(ERROR, problem=words, hint=words, path=path),),
        afterwards=(words,),
    )
    html = page_html(made)
    found = Page(html)

    assert not {each.tag for each in found.elements} & {"script", "img", "iframe", "object"}
    assert not [key for each in found.elements for key in each.attributes if key.startswith("on")]
    assert all(t.startswith(("#", "http://", "https://", "mailto:")) for _, t in found.references())
    assert len(found.all("style")) == 1
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", html)
