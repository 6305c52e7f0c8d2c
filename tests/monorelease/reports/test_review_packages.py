from __future__ import annotations

from pathlib import PurePosixPath

from packaging.version import Version

from monorelease.model.config import Config, DependentsPolicy
from monorelease.model.fragment import Origin
from monorelease.model.plan import Scope
from monorelease.model.review import Review
from monorelease.model.value import replace
from monorelease.reports.review_graph import MOST_DRAWN, graph_of
from monorelease.reports.review_packages import packages_html
from reviews import Page, names_of, review_of
from values import fragment, member, named, requires, workspace

FAMILY = workspace(
    member("core"),
    member("app", "2.3.0", requires("core", "==1.0.0")),
    member("suite", private=True),
)
FIX = fragment("7.fix.md", "Frees the `handle`. And more.", core="patch")


def page(made: Review) -> Page:
    return Page(f"<main>{packages_html(made, graph_of(made))}</main>")


def row(found: Page, name: str) -> str:
    return found.one("tr", id=f"why-{name}").text


def test_a_row_tells_from_to_how_far_and_why_with_links() -> None:
    found = page(review_of(FAMILY, FIX))

    assert names_of(found) == ["core", "app", "suite"]
    assert row(found, "core") == "core1.0.0 → 1.0.1patchchanges/7.fix.md Frees the handle."
    assert row(found, "app") == (
        "app2.3.0 → 2.3.1patchcore 1.0.1 leaves ==1.0.0 (project.dependencies)"
    )
    assert [
        each.attributes["href"] for each in found.all("a") if "class" not in each.attributes
    ] == [
        "#notes-core",
        "#notes-app",
        "#why-core",
    ]


def test_who_only_follows_is_said_to() -> None:
    config = Config(dependents=DependentsPolicy.ALWAYS)
    space = workspace(member("core"), member("app", "1.0.0", requires("core", ">=1")))

    assert row(page(review_of(space, FIX, config=config)), "app").endswith(
        "follows core 1.0.1 (project.dependencies)"
    )


def test_groups_and_requests_are_reasons_too() -> None:
    tied = review_of(FAMILY, FIX, config=Config(fixed=(("core", "suite"),)))
    asked = review_of(FAMILY, scope=Scope(versions={named("suite"): Version("2.0")}))

    assert row(page(tied), "suite") == "suiteprivate1.0.0 → 1.0.1patchwith core (fixed group)"
    assert row(page(asked), "suite").endswith("2.0 was asked for")


def test_where_git_knows_it_a_fragment_has_an_author() -> None:
    origin = Origin(commit="a1b2c3d4e5f6", author="Ada <x>", pull_request=12)
    told = {PurePosixPath("changes/7.fix.md"): origin}
    made = review_of(FAMILY, FIX)

    known = replace(made, origins=told)
    unnumbered = replace(made, origins={p: replace(o, pull_request=None) for p, o in told.items()})

    assert row(page(known), "core").endswith("Ada <x> in a1b2c3d, #12")
    assert row(page(unnumbered), "core").endswith("Ada <x> in a1b2c3d")
    assert row(page(replace(made, origins={})), "core").endswith("not committed yet")


def test_a_fragment_without_words_is_named_alone() -> None:
    made = review_of(FAMILY, fragment("7.fix.md", "<!-- -->", core="patch"))

    assert row(page(made), "core").endswith("changes/7.fix.md")


def test_who_stays_as_it_is_has_a_reason_below() -> None:
    found = page(review_of(FAMILY, FIX))

    assert row(found, "suite") == "suite1.0.0no fragment names it"
    assert found.one("summary").text == "1 member not in this release"
    assert "open" in found.one("details").attributes


def test_a_member_without_a_version_says_so() -> None:
    made = review_of(workspace(member("core"), member("odd", None)), FIX)

    assert row(page(made), "odd") == "oddno versionno fragment names it"


def test_many_at_rest_are_folded() -> None:
    space = workspace(member("core"), *(member(f"m{number}") for number in range(20)))

    assert "open" not in page(review_of(space, FIX)).one("details").attributes


def test_of_a_release_of_all_nobody_rests() -> None:
    assert page(review_of(workspace(member("core")), FIX)).all("details") == []


def test_without_a_release_that_is_said() -> None:
    found = page(review_of(FAMILY))

    assert found.all("p")[0].text == "Nothing to release: no pending fragment moves a member."
    assert len(names_of(found)) == 3


def test_whom_the_drawing_leaves_out_is_said() -> None:
    space = workspace(*(member(f"m{number}") for number in range(MOST_DRAWN + 5)))
    some = page(review_of(space, fragment(m0="patch", m1="patch")))
    all_of = page(review_of(space, fragment(**{f"m{n}": "patch" for n in range(MOST_DRAWN + 5)})))

    assert some.one("p", class_="quiet").text == (
        f"The graph leaves {MOST_DRAWN + 3} members out that stay as they are."
    )
    assert all_of.one("p", class_="quiet").text == (
        "65 packages are too many to draw (the graph ends at 60): each reason links to the row "
        "that it is about."
    )
    assert all_of.all("svg") == []
