from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from monorelease.model.channel import Snapshot
from monorelease.model.forge import ForgeConfig, ForgeKind
from monorelease.model.index import IndexTarget
from monorelease.model.review import Review
from monorelease.model.value import replace
from monorelease.reports.review_publishing import (
    index_words,
    news_words,
    publishing_html,
    tag_words,
    wave_words,
)
from reviews import Page, review_of
from values import fragment, member, named, requires, workspace

FAMILY = workspace(
    member("core"),
    member("app", "1.0.0", requires("core", "==1.0.0")),
    member("suite", "1.0.0", requires("core", "==1.0.0"), private=True),
)
MADE = review_of(FAMILY, fragment(core="patch"))
PYPI = IndexTarget(name="pypi", url="https://x.example/", upload_url="https://up.example/legacy/")


def page(made: Review) -> Page:
    return Page(f"<main>{publishing_html(made)}</main>")


def prospect(**changes: object) -> Review:
    return replace(MADE, prospect=replace(MADE.prospect, **changes))


def steps(made: Review) -> list[str]:
    return [each.text for each in page(made).all("li") if each.above[-1] == "ol"]


def test_waves_tags_news_and_who_stays_private_come_in_their_order() -> None:
    upload, tags, news, private = steps(MADE)

    assert upload == (
        "Upload to local: the folder dist/index, for a rehearsal Wave 1 of 2core 1.0.1 "
        "Wave 2 of 2app 1.0.1"
    )
    assert tags == "2 tags on the release commit, kept in this clone:core-v1.0.1app-v1.0.1"
    assert news.startswith("No forge is configured")
    assert private == "Private, and so never published:suite 1.0.1"


def test_waves_are_numbered() -> None:
    assert wave_words(MADE.prospect) == (
        ("Wave 1 of 2", ("core",)),
        ("Wave 2 of 2", ("app",)),
    )


def test_where_it_goes_is_a_folder_or_an_address() -> None:
    folder = IndexTarget(name="local", folder=PurePosixPath("dist/index"))

    assert index_words(prospect(index=folder).prospect) == (
        "local: the folder dist/index, for a rehearsal"
    )
    assert index_words(prospect(index=PYPI).prospect) == "pypi: https://up.example/legacy/"


def test_tags_are_pushed_and_some_come_first() -> None:
    words, tags = tag_words(prospect(remote="origin", tagged_first=frozenset({named("app")})))

    assert words == (
        "2 tags on the release commit, pushed to origin; before the upload where the tag is the "
        "version (app):"
    )
    assert tags == ("core-v1.0.1", "app-v1.0.1")


def test_many_tags_are_folded() -> None:
    made = prospect(tags={named(f"m{n}"): f"m{n}-v1" for n in range(31)})

    assert page(made).one("summary").text == "All of them"


def test_where_everybody_is_private_nothing_is_uploaded_or_tagged() -> None:
    made = review_of(workspace(member("suite", private=True)), fragment(suite="patch"))

    assert steps(made)[0] == "There is nothing to tag."


def test_a_snapshot_is_neither_tagged_nor_announced() -> None:
    made = review_of(FAMILY, fragment(core="patch"), channel=Snapshot(stamp=7))

    assert tag_words(made) == ("A snapshot is not tagged.", ())
    assert news_words(made) == "A snapshot is announced to nobody."


@pytest.mark.parametrize(
    ("forge", "words"),
    [
        (ForgeConfig(kind=ForgeKind.GITHUB), "Announced: one github release for each tag."),
        (
            ForgeConfig(kind=ForgeKind.GITLAB, announce=False, roll_up="wave-{date}"),
            "Announced: one for the whole wave (wave-{date}).",
        ),
        (
            ForgeConfig(kind=ForgeKind.FORGEJO, roll_up="wave-{date}"),
            "Announced: one forgejo release for each tag and one for the whole wave (wave-{date}).",
        ),
        (
            ForgeConfig(kind=ForgeKind.GITHUB, announce=False),
            "Announcements are switched off.",
        ),
    ],
    ids=["each", "wave", "both", "none"],
)
def test_who_is_told_is_said(forge: ForgeConfig, words: str) -> None:
    assert news_words(prospect(forge=forge, index=PYPI)) == words


def test_a_rehearsal_tells_no_forge() -> None:
    made = prospect(forge=ForgeConfig(kind=ForgeKind.GITHUB))

    assert news_words(made) == "A rehearsal is announced to nobody."
