from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from monorelease.model.value import replace
from monorelease.planning.foreign_names import Meaning, NameBook, meaning_of, meanings_of_glob
from values import member, named, workspace

CORE, STT, WEB = named("acme-core"), named("acme-plugin-stt"), named("site")
HERE = workspace(
    member("acme-core"),
    replace(member("acme-plugin-stt"), path=PurePosixPath("plugins/speech")),
    member("site"),
)
NOTHING = NameBook(said={}, listed={})


def meant(word: str, book: NameBook = NOTHING) -> str | None:
    meaning = meaning_of(word, HERE, book)
    return None if meaning is None else meaning.member


@pytest.mark.parametrize("word", ["acme-core", "Acme_Core", "packages/acme-core"])
def test_a_member_has_its_own_name_and_folder(word: str) -> None:
    assert meaning_of(word, HERE, NOTHING) == Meaning(member=CORE)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("@acme/core", CORE),
        ("@acme/plugin-stt", STT),
        ("@other/site", WEB),
        ("@acme/speech", STT),
        ("stt", STT),
        ("core", CORE),
    ],
)
def test_names_are_made_from_one_another(word: str, name: str) -> None:
    assert meaning_of(word, HERE, NOTHING) == Meaning(member=named(name), is_guess=True)


@pytest.mark.parametrize("word", ["@acme/web", "", "@", "acme", "/"])
def test_what_is_like_nobody_means_nobody(word: str) -> None:
    assert meaning_of(word, HERE, NOTHING) is None


def test_what_may_be_two_is_neither() -> None:
    twins = workspace(member("a-core"), member("b-core"))

    assert meaning_of("core", twins, NOTHING) is None


def test_files_know_better_than_names_and_people_know_best() -> None:
    listed = NameBook(said={}, listed={"@acme/core": STT, "site": STT})
    said = NameBook(said={"@acme/core": WEB, "site": None}, listed=listed.listed)

    assert meant("@acme/core", listed) == STT
    assert meant("site", listed) == STT
    assert meant("@acme/core", said) == WEB
    assert meaning_of("site", HERE, said) == Meaning(member=None)


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("@acme/*", (CORE, STT)),
        ("@acme/plugin-*", (STT,)),
        ("acme-*", (CORE, STT)),
        ("*-core", (CORE,)),
        ("@x/s?te", (WEB,)),
        ("@x/*", ()),
        ("@acme/core", (CORE,)),
        ("nobody", ()),
        ("*", (CORE, STT, WEB)),
    ],
)
def test_a_glob_means_several(pattern: str, names: tuple[str, ...]) -> None:
    assert meanings_of_glob(pattern, HERE, NOTHING) == names


def test_a_glob_goes_over_the_names_that_are_known() -> None:
    book = NameBook(said={"@x/page": WEB, "@x/old": None}, listed={"@x/engine": CORE})

    assert meanings_of_glob("@x/*", HERE, book) == (CORE, WEB)
    assert meanings_of_glob("@x/old", HERE, book) == ()
