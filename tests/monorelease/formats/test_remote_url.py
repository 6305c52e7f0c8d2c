"""Where a git remote's address says that a repository lives."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monorelease.formats.remote_url import LONGEST, kind_of, parse_remote
from monorelease.model.forge import ForgeKind

HOME = ("https://forge.example", "acme/tools")


@pytest.mark.parametrize(
    "address",
    [
        "https://forge.example/acme/tools.git",
        "https://forge.example/acme/tools",
        "https://forge.example/acme/tools/",
        "https://forge.example/acme/tools.git/",
        "https://forge.example:443/acme/tools.git",
        "https://forge.example:/acme/tools.git",
        "HTTPS://Forge.Example/acme/tools.git",
        " https://forge.example/acme/tools.git\n",
        "https://ann@forge.example/acme/tools.git",
        "https://ann:s3cret:x@forge.example/acme/tools.git",
        "ssh://git@forge.example/acme/tools.git",
        "ssh://git@forge.example:2222/acme/tools.git",
        "ssh://forge.example/acme/tools",
        "git+ssh://git@forge.example/acme/tools.git",
        "git://forge.example/acme/tools.git",
        "git@forge.example:acme/tools.git",
        "git@forge.example:/acme/tools.git",
        "forge.example:acme/tools",
    ],
)
def test_people_open_with_https_what_git_reaches_in_many_ways(address: str) -> None:
    assert parse_remote(address) == HOME


@pytest.mark.parametrize(
    ("address", "url", "repository"),
    [
        ("https://forge.example:8443/acme/tools", "https://forge.example:8443", "acme/tools"),
        ("http://127.0.0.1:3000/acme/tools.git", "http://127.0.0.1:3000", "acme/tools"),
        ("http://forge.example:80/acme/tools", "http://forge.example", "acme/tools"),
        ("http://github.com/acme/tools", "https://github.com", "acme/tools"),
        ("git@[2001:db8::1]:acme/tools.git", "https://[2001:db8::1]", "acme/tools"),
        ("https://[::1]:3000/acme/tools", "https://[::1]:3000", "acme/tools"),
        ("git@gitlab.com:acme/team/tools.git", "https://gitlab.com", "acme/team/tools"),
        ("ssh://git@ssh.github.com:443/acme/tools", "https://github.com", "acme/tools"),
        ("ssh://git@altssh.gitlab.com:443/a/b.git", "https://gitlab.com", "a/b"),
        ("https://forge.example/acme/tools.git.git", "https://forge.example", "acme/tools.git"),
        ("https://forge.example/acme/.github", "https://forge.example", "acme/.github"),
    ],
)
def test_ports_and_groups_are_kept_and_other_names_known(
    address: str, url: str, repository: str
) -> None:
    assert parse_remote(address) == (url, repository)


@pytest.mark.parametrize(
    "address",
    [
        "",
        ".",
        "../tools.git",
        "/srv/git/acme/tools.git",
        "C:/git/acme/tools.git",
        r"C:\git\acme\tools.git",
        "file:///srv/git/acme/tools.git",
        "https://forge.example",
        "https://forge.example/",
        "https://forge.example/tools.git",
        "https://forge.example/acme/.git",
        "https://forge.example/acme//tools",
        "https://forge.example/acme/../tools",
        "https://forge.example/acme/tools?token=x",
        "https://forge.example/acme/tools#x",
        "https://forge.example/acme/t%6Fols",
        "https://forge.example/acme/to ols",
        "https://forge.example:port/acme/tools",
        "https:///acme/tools",
        "ssh://git@forge.example/~ann/tools.git",
        "ext::sh -c evil% acme/tools",
        "-oProxyCommand=evil:acme/tools",
        "https://forge.example\n/acme/tools",
        "https://forge.example/acme/" + "a" * LONGEST,
    ],
)
def test_paths_and_what_names_no_repository_are_none(address: str) -> None:
    assert parse_remote(address) is None


def test_the_public_forges_are_known_and_no_others() -> None:
    assert kind_of("https://github.com") is ForgeKind.GITHUB
    assert kind_of("https://GitLab.com/") is ForgeKind.GITLAB
    assert kind_of("https://codeberg.org") is ForgeKind.FORGEJO
    assert kind_of("https://github.com.forge.example") is None
    assert kind_of("http://github.com") is None


NAMES = st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,8}[A-Za-z0-9_-]", fullmatch=True)
HOSTS = st.from_regex(r"[a-z][a-z0-9-]{1,8}\.(example|test)", fullmatch=True)
LOGINS = st.sampled_from(["", "git@", "ann:s3cret@", "oauth2:s3cret@"])


@pytest.mark.property
@given(host=HOSTS, names=st.lists(NAMES, min_size=2, max_size=4), login=LOGINS)
def test_every_way_to_write_an_address_comes_to_the_same(
    host: str, names: list[str], login: str
) -> None:
    repository = "/".join(names)
    ways = (
        f"https://{login}{host}/{repository}.git",
        f"ssh://{login}{host}:22/{repository}",
        f"{login.partition(':')[0].removesuffix('@')}@{host}:{repository}.git/",
    )

    assert {parse_remote(way) for way in ways} == {(f"https://{host}", repository)}


@pytest.mark.property
@given(
    st.text()
    | st.from_regex(r"(https?|ssh)://([a-z:@]*@)?[a-z.:\[\]0-9]*/[a-z./@:%-]*", fullmatch=True)
    | st.from_regex(r"[a-z@:/.~%-]*", fullmatch=True)
)
@example("https://a:secret@b.example/c/d@e")
def test_whatever_it_is_what_comes_out_can_be_opened_and_names_nobody(address: str) -> None:
    found = parse_remote(address)

    if found is not None:
        url, repository = found
        assert url.startswith(("https://", "http://"))
        assert not set("@%?#\\ \n") & set(f"{url}/{repository}")
        assert "/" not in url.partition("://")[2]
        assert not {"", ".", ".."} & set(repository.split("/"))
        assert len(repository.split("/")) > 1
        assert parse_remote(f"{url}/{repository}.git") == found
