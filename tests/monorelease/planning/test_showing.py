from __future__ import annotations

import pytest

from monorelease.model.contents import Declared
from monorelease.model.finding import Finding
from monorelease.planning.showing import check_showing
from opened import Said, metadata, opened
from values import member, workspace


def check(said: Said, *, has_readme: bool = False) -> tuple[Finding, ...]:
    core = opened(workspace(member("core")), "core", declared=Declared(has_readme=has_readme))
    return tuple(check_showing(core, "core.whl", metadata("core", **said)))


@pytest.mark.parametrize("kind", ["text/markdown", "text/x-rst", "text/plain"])
def test_a_description_whose_type_is_known_can_be_shown(kind: str) -> None:
    said: Said = {"description": "Words.", "description_content_type": kind}

    assert check(said, has_readme=True) == ()


def test_nobody_has_to_describe_anything() -> None:
    assert check({}) == ()


def test_a_readme_that_is_declared_is_not_empty() -> None:
    said: Said = {"description": "\n \n", "description_content_type": "text/markdown"}
    [finding] = check(said, has_readme=True)

    assert finding.is_error
    assert finding.code == "empty-description"
    assert finding.key == ("project", "readme")


def test_a_description_without_a_type_is_only_odd() -> None:
    [finding] = check({"description": "Words."})

    assert not finding.is_error
    assert finding.code == "untyped-description"


def test_what_is_private_is_not_published() -> None:
    [finding] = check({"classifiers": ("Typing :: Typed", "Private :: Do Not Upload")})

    assert finding.is_error
    assert finding.code == "private-upload"
    assert (
        finding.problem == "core.whl says 'Private :: Do Not Upload', and is about to be published"
    )
