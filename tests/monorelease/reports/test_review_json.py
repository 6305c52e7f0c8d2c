from __future__ import annotations

from monorelease.model.forge import ForgeConfig, ForgeKind
from monorelease.model.review import Stage
from monorelease.model.value import replace
from monorelease.reports.json import json_text
from monorelease.reports.review_json import review_value
from reviews import review_of
from values import fragment, member, requires, workspace

FAMILY = workspace(
    member("core"),
    member("app", "1.0.0", requires("core", "==1.0.0"), private=True),
    member("docs"),
)
MADE = review_of(FAMILY, fragment(core="patch"))


def test_it_is_what_release_prints_and_all_that_comes_of_it() -> None:
    value = review_value(MADE, "review.html")

    assert value["schema"] == 1
    assert {"releases", "findings", "files", "channel"} <= value.keys()
    assert (value["stage"], value["date"], value["page"]) == (
        "waiting",
        "2026-11-22",
        "review.html",
    )
    assert value["changelogs"] == {
        "core": "## 1.0.1\n\n- Words.\n",
        "app": "## 1.0.1\n\n- Updated.\n",
    }
    assert value["resting"] == {"docs": ["no fragment names it"]}
    assert value["publishing"] == {
        "index": "local",
        "waves": [["core"]],
        "tags": {"core": "core-v1.0.1"},
        "private": ["app"],
        "remote": None,
        "forge": None,
    }
    assert json_text(value)


def test_what_is_not_known_is_null_and_what_is_has_its_name() -> None:
    forge = ForgeConfig(kind=ForgeKind.GITHUB)
    prospect = replace(MADE.prospect, forge=forge, remote="origin")
    made = replace(MADE, stage=Stage.WRITTEN, date="", prospect=prospect, afterwards=("uv lock",))

    value = review_value(made, "x")

    assert (value["stage"], value["date"], value["afterwards"]) == ("written", None, ["uv lock"])
    publishing = value["publishing"]
    assert isinstance(publishing, dict)
    assert (publishing["forge"], publishing["remote"]) == ("github", "origin")
