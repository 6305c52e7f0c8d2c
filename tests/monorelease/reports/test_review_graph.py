from __future__ import annotations

from monorelease.model.config import Config
from monorelease.model.review import Review
from monorelease.model.workspace import Workspace
from monorelease.reports.review_graph import MOST_DRAWN, Graph, graph_of, names_drawn
from reviews import Page, review_of
from values import fragment, member, requires, workspace

FAMILY = workspace(
    member("core"),
    member("app", "1.0.0", requires("core", "==1.0.0")),
    member("docs", "1.0.0", requires("core"), private=True),
)


def review(space: Workspace = FAMILY, **bumps: str) -> Review:
    return review_of(space, fragment(**(bumps or {"core": "patch"})))


def drawn(made: Review) -> Graph:
    graph = graph_of(made)
    assert graph is not None
    return graph


def page(made: Review) -> Page:
    return Page(drawn(made).figure)


def many(count: int, released: int) -> Review:
    space = workspace(*(member(f"m{number}") for number in range(count)))
    return review(space, **{f"m{number}": "patch" for number in range(released)})


def test_every_member_is_a_link_to_its_reason_and_says_it() -> None:
    links = page(review()).all("a", class_="node")

    assert {each.attributes["href"]: each.attributes["aria-label"] for each in links} == {
        "#why-core": "core 1.0.0 → 1.0.1, patch: changes/1.fix.md",
        "#why-app": "app 1.0.0 → 1.0.1, patch: core 1.0.1 leaves ==1.0.0 (project.dependencies)",
        "#why-docs": "docs stays as it is: no fragment names it",
    }


def test_the_picture_has_a_title_and_a_description() -> None:
    found = page(review())
    svg = found.one("svg")
    (title,) = (each for each in found.all("title") if each.attributes.get("id"))

    assert svg.attributes["aria-labelledby"] == title.attributes["id"]
    assert svg.attributes["aria-describedby"] == found.one("desc").attributes["id"]
    assert found.one("desc").text.startswith("3 members. ")


def test_an_arrow_says_why_or_that_it_is_no_reason() -> None:
    titles = [each.text for each in page(review()).all("title")]

    assert "app is released: core 1.0.1 leaves ==1.0.0 (project.dependencies)" in titles
    assert "docs requires core" in titles
    assert len(page(review()).all("g", class_="cause")) == 1
    assert len(page(review()).all("g", class_="plain")) == 1


def test_an_arrow_back_is_marked() -> None:
    made = review_of(FAMILY, fragment(app="patch"), config=Config(fixed=(("core", "app"),)))

    assert len(page(made).all("g", class_="back")) == 1


def test_who_is_named_who_follows_and_who_rests_look_different() -> None:
    found = page(review())
    classes = {each.attributes["href"]: each.attributes["class"].split() for each in found.all("a")}

    assert classes == {
        "#why-core": ["node", "named", "patch"],
        "#why-app": ["node", "taken", "patch"],
        "#why-docs": ["node", "rest"],
    }
    assert [each.text for each in found.all("li")] == [
        "a fragment names it",
        "taken along",
        "stays as it is",
        "requires, no cause",
    ]


def test_the_legend_tells_of_what_is_there() -> None:
    found = page(review(workspace(member("tests", private=True)), tests="minor"))

    assert [each.text for each in found.all("li")] == ["a fragment names it", "private"]
    assert found.one("a").attributes["class"] == "node named minor private"


def test_each_member_has_an_answer_of_its_own_and_a_rule_that_shows_it() -> None:
    graph = drawn(review())
    found = Page(graph.figure)

    for node in found.all("a"):
        number = node.attributes["id"].removeprefix("n")
        answer = found.one("p", id=f"s{number}")
        assert node.attributes["aria-label"] == answer.text
        assert f"#s{number}{{display:block}}" in graph.rules
        assert f"{node.attributes['href']})" in graph.rules


def test_a_low_drawing_stays_in_view_and_a_wide_one_has_the_table_below() -> None:
    chain = [member("m0"), *(member(f"m{n}", "1.0", requires(f"m{n - 1}")) for n in range(1, 9))]

    assert (drawn(review()).shape, "in-view" in drawn(review()).figure) == ("tall", True)
    assert drawn(review(workspace(*chain), m0="patch")).shape == "wide"
    assert "in-view" not in drawn(many(40, 40)).figure


def test_without_a_release_there_is_no_drawing() -> None:
    assert graph_of(review_of(FAMILY)) is None


def test_of_many_members_those_are_drawn_that_are_released() -> None:
    few, all_of, none = many(MOST_DRAWN + 1, 3), many(MOST_DRAWN, 1), many(61, MOST_DRAWN + 1)

    assert names_drawn(few) == ("m0", "m1", "m2")
    assert len(names_drawn(all_of)) == MOST_DRAWN
    assert names_drawn(none) == ()
    assert graph_of(none) is None
