from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.forge_notes import fitting_notes
from monorelease.model.forge import ForgeKind, ForgeRelease, Site
from monorelease.model.value import replace

SITE = Site(kind=ForgeKind.GITHUB, url="https://forge.example", repository="acme/tools")
RELEASE = ForgeRelease(tag="core@1.0", commit="f00d", title="core 1.0", notes="")


def fitted(notes: str, longest: int, kind: ForgeKind = ForgeKind.GITHUB) -> str:
    return fitting_notes(replace(RELEASE, notes=notes), replace(SITE, kind=kind), longest)


def test_notes_that_fit_stay_as_they_are() -> None:
    assert fitted("x" * 1000, 1000) == "x" * 1000


def test_notes_that_do_not_fit_end_with_a_whole_line_and_say_so_first() -> None:
    text = fitted("one line\n" * 500, 1000)

    assert text.startswith("> These notes are longer than a release may be")
    assert text.endswith("\none line\none line")


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        (ForgeKind.GITHUB, "tree/core%401.0"),
        (ForgeKind.GITLAB, "-/tree/core%401.0"),
        (ForgeKind.FORGEJO, "src/tag/core%401.0"),
    ],
)
def test_all_of_them_are_where_the_tag_is(kind: ForgeKind, page: str) -> None:
    assert f"[of this version](https://forge.example/acme/tools/{page})" in fitted(
        "word " * 500, 1000, kind
    )


@pytest.mark.property
@given(st.text("ab\n", min_size=900, max_size=3000), st.integers(1000, 2000))
def test_they_never_have_more_than_is_taken(notes: str, longest: int) -> None:
    assert len(fitted(notes, longest)) <= longest
