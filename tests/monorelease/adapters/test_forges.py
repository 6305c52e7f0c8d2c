"""A site is spoken to in its own words, at the place where its API is."""

from __future__ import annotations

from pathlib import Path

import pytest

from github_server import ADA, GitHubServer
from monorelease.adapters.forgejo import Forgejo
from monorelease.adapters.forges import forge_at
from monorelease.adapters.github import GitHub
from monorelease.adapters.gitlab import GitLab
from monorelease.errors import ForgeUnavailable
from monorelease.model.forge import ForgeKind, Site
from monorelease.workflows.ports import Forge


def site(kind: ForgeKind, url: str = "https://forge.example") -> Site:
    return Site(kind=kind, url=url, repository="acme/tools")


@pytest.mark.parametrize(
    ("kind", "forge"),
    [(ForgeKind.GITHUB, GitHub), (ForgeKind.GITLAB, GitLab), (ForgeKind.FORGEJO, Forgejo)],
)
def test_every_kind_of_forge_is_known(kind: ForgeKind, forge: type) -> None:
    made: Forge = forge_at(site(kind), "token")

    assert isinstance(made, forge)
    assert made.site == site(kind)
    assert made.longest > 10_000


@pytest.mark.parametrize(
    ("kind", "url", "api"),
    [
        (ForgeKind.GITHUB, "https://github.com", "https://api.github.com"),
        (ForgeKind.GITHUB, "https://acme.ghe.com", "https://api.acme.ghe.com"),
        (ForgeKind.GITHUB, "https://git.example", "https://git.example/api/v3"),
        (ForgeKind.GITHUB, "https://notgithub.com", "https://notgithub.com/api/v3"),
        (ForgeKind.GITHUB, "https://a.b.ghe.com", "https://a.b.ghe.com/api/v3"),
        (ForgeKind.GITHUB, "https://git.example/x.ghe.com", "https://git.example/x.ghe.com/api/v3"),
        (ForgeKind.GITLAB, "https://gitlab.com", "https://gitlab.com/api/v4"),
        (ForgeKind.GITLAB, "https://git.example/lab", "https://git.example/lab/api/v4"),
        (ForgeKind.FORGEJO, "https://codeberg.org", "https://codeberg.org/api/v1"),
    ],
)
def test_every_forge_is_asked_at_its_usual_place(kind: ForgeKind, url: str, api: str) -> None:
    assert forge_at(site(kind, url), "token")._api._url == api


@pytest.mark.parametrize("kind", list(ForgeKind))
def test_another_place_can_be_told(kind: ForgeKind) -> None:
    forge = forge_at(site(kind), "token", api="https://api.example/v9/")

    assert forge._api._url == "https://api.example/v9"


@pytest.mark.parametrize(
    ("kind", "variable", "told"),
    [
        (ForgeKind.GITHUB, "", "GITHUB_TOKEN"),
        (ForgeKind.GITLAB, "", "GITLAB_TOKEN"),
        (ForgeKind.FORGEJO, "", "FORGEJO_TOKEN"),
        *((kind, "OURS", "OURS") for kind in ForgeKind),
    ],
)
def test_what_is_wrong_with_the_token_is_told_of_its_variable(
    kind: ForgeKind, variable: str, told: str
) -> None:
    with pytest.raises(ForgeUnavailable, match=f"the token in {told} has"):
        forge_at(site(kind), "two words", variable=variable)


@pytest.mark.parametrize("kind", list(ForgeKind))
def test_no_token_is_sent_in_the_open(kind: ForgeKind) -> None:
    with pytest.raises(ForgeUnavailable, match="plain http"):
        forge_at(site(kind), "token", api="http://forge.example/api")


def test_a_forge_is_asked_with_the_token(tmp_path: Path) -> None:
    with GitHubServer(tmp_path) as server:
        server.create("acme/tools")
        server.let("token", ADA)
        forge = forge_at(site(ForgeKind.GITHUB, server.url), "token")

        assert forge.released(["v1"]) == frozenset()

    assert [asked.token for asked in server.requests] == ["token"]
