"""Where the repository lives, who we are there, and that nobody else is told."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import pytest

from github_server import ADA, WRITER, GitHubServer
from monorelease.cli.console import Console
from monorelease.cli.forge import demand_site, find_site, forge_token, git_credentials, open_forge
from monorelease.cli.wiring import Surroundings
from monorelease.errors import UsageProblem
from monorelease.model.forge import ForgeKind, Site
from monorelease.workflows.read import Snapshot, read
from sandbox import Sandbox, toy

FORGE = '[tool.monorelease.forge]\nkind = "{kind}"\n'
WHOLE = f'{FORGE.format(kind="gitlab")}url = "https://git.example/"\nrepository = "a/b/c"\n'
SITE = Site(kind=ForgeKind.GITHUB, url="https://forge.example", repository="acme/tools")


SECRET = "a-secret"  # noqa: S105 - not one


def around(**environment: str) -> Surroundings:
    """A job with this environment, and nothing else."""
    return Surroundings(
        cwd=Path(),
        console=Console(),
        is_interactive=False,
        uv=None,
        editor=None,
        source_date_epoch=None,
        environment=environment,
    )


def cloned(folder: Path, address: str = "", config: str = "") -> Snapshot:
    """A repository whose remote has this address, and whose configuration says this."""
    sandbox = toy(folder / "repository", config)
    if address:
        sandbox.git("remote", "add", "origin", address)
    return read(sandbox.root)


@pytest.mark.parametrize(
    ("address", "config", "environment", "expected"),
    [
        ("", "", {}, None),
        ("git@github.com:acme/tools.git", "", {}, ("github", "https://github.com", "acme/tools")),
        ("https://forge.example/acme/tools.git", "", {}, None),
        (
            "https://forge.example/acme/tools.git",
            FORGE.format(kind="forgejo"),
            {},
            ("forgejo", "https://forge.example", "acme/tools"),
        ),
        ("git@github.com:x/y.git", WHOLE, {}, ("gitlab", "https://git.example", "a/b/c")),
        (
            "git@github.com:x/y.git",
            f'{FORGE.format(kind="github")}repository = "acme/tools"\n',
            {},
            ("github", "https://github.com", "acme/tools"),
        ),
        (
            "git@github.com:x/y.git",
            f'{FORGE.format(kind="github")}url = "https://forge.example"\n',
            {},
            None,
        ),
        (
            "/somewhere/tools.git",
            "",
            {"GITHUB_SERVER_URL": "https://ghe.example/", "GITHUB_REPOSITORY": "acme/tools"},
            ("github", "https://ghe.example", "acme/tools"),
        ),
        (
            "",
            "",
            {
                "GITHUB_SERVER_URL": "https://git.example",
                "GITHUB_REPOSITORY": "acme/tools",
                "GITEA_ACTIONS": "true",
            },
            ("forgejo", "https://git.example", "acme/tools"),
        ),
        (
            "https://git.example/a/b/c.git",
            "",
            {"CI_SERVER_URL": "https://git.example", "CI_PROJECT_PATH": "a/b/c"},
            ("gitlab", "https://git.example", "a/b/c"),
        ),
        ("", "", {"CI_SERVER_URL": "https://git.example"}, None),
    ],
)
def test_what_the_configuration_leaves_open_the_remote_or_the_job_tells(
    tmp_path: Path,
    address: str,
    config: str,
    environment: dict[str, str],
    expected: tuple[str, str, str] | None,
) -> None:
    site = find_site(cloned(tmp_path, address, config), around(**environment))

    assert (site and (site.kind, site.url, site.repository)) == expected


def test_without_git_a_job_tells(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.monorelease]\n")
    job = around(GITHUB_SERVER_URL="https://github.com", GITHUB_REPOSITORY="acme/tools")

    site = find_site(read(tmp_path), job)

    assert site is not None
    assert site.address == "https://github.com/acme/tools"


def test_nothing_is_told_to_a_forge_that_the_configuration_does_not_name(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="names no forge") as caught:
        demand_site(cloned(tmp_path, "git@github.com:acme/tools.git"), around())

    assert 'one of "github", "gitlab" and "forgejo"' in caught.value.hint


def test_a_forge_that_nobody_could_find_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="where the repository lives") as caught:
        demand_site(cloned(tmp_path, config=FORGE.format(kind="github")), around())

    assert "set url and repository" in caught.value.hint


def test_a_token_is_taken_from_our_own_variable_first() -> None:
    tokens = {"MONORELEASE_FORGE_TOKEN": "ours\n", "GITHUB_TOKEN": "theirs", "GH_TOKEN": "other"}

    assert forge_token(SITE, tokens) == ("ours", "MONORELEASE_FORGE_TOKEN")
    assert forge_token(SITE, {**tokens, "MONORELEASE_FORGE_TOKEN": " "}) == (
        "theirs",
        "GITHUB_TOKEN",
    )
    assert forge_token(SITE, {"GITLAB_TOKEN": "x"}) == ("", "")


def test_a_jobs_token_does_not_leave_the_jobs_server() -> None:
    """A configuration that was changed in a pull request must not fetch the token."""
    job = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_TOKEN": "secret"}

    assert forge_token(SITE, job) == ("", "")
    assert forge_token(SITE, {**job, "GITHUB_SERVER_URL": "https://forge.example/"})[0] == "secret"
    assert forge_token(SITE, {**job, "MONORELEASE_FORGE_TOKEN": "meant"})[0] == "meant"


def test_without_a_token_it_is_told_where_one_is_looked_for(tmp_path: Path) -> None:
    snapshot = cloned(tmp_path, "git@github.com:acme/tools.git", FORGE.format(kind="github"))

    with pytest.raises(UsageProblem, match="there is no token") as caught:
        open_forge(snapshot, around(GITHUB_TOKEN=""))
    assert "MONORELEASE_FORGE_TOKEN or GITHUB_TOKEN or GH_TOKEN" in caught.value.hint

    with pytest.raises(UsageProblem) as caught:
        open_forge(snapshot, around(CI_SERVER_URL="https://git.example", GITHUB_TOKEN=SECRET))
    assert "this job runs on another server" in caught.value.hint
    assert SECRET not in str(caught.value)


def test_the_forge_is_asked_where_its_jobs_are_told(tmp_path: Path) -> None:
    with GitHubServer(tmp_path / "forge") as server:
        server.create("acme/tools")
        server.let(SECRET, ADA, *WRITER)
        server.commit("acme/tools", "main", {"a": ""}, "Begin")
        server.commit("acme/tools", "change", {"b": ""}, "Change")
        pull = server.open("acme/tools", head="change")
        job = around(
            GITHUB_SERVER_URL=server.url,
            GITHUB_REPOSITORY="acme/tools",
            GITHUB_API_URL=server.api_url,
            GITHUB_TOKEN=SECRET,
        )

        forge = open_forge(cloned(tmp_path, config=FORGE.format(kind="github")), job)
        assert forge.pull_request(pull.number).head == "change"

        elsewhere = around(MONORELEASE_FORGE_TOKEN=SECRET, GITHUB_API_URL="http://127.0.0.1:1")
        config = f'{FORGE.format(kind="github")}url = "{server.url}"\nrepository = "acme/tools"\n'
        snapshot = cloned(tmp_path / "other", config=config)
        assert open_forge(snapshot, elsewhere).pull_request(pull.number).head == "change"


@pytest.mark.parametrize(
    ("kind", "user"), [("github", "x-access-token"), ("gitlab", "oauth2"), ("forgejo", "oauth2")]
)
def test_git_is_told_who_we_are_for_one_server_alone(kind: str, user: str) -> None:
    site = Site(kind=ForgeKind(kind), url="https://forge.example", repository="a/b")

    variables = git_credentials(
        site, "sécret", {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "a.b"}
    )

    header = variables.pop("GIT_CONFIG_VALUE_2")
    assert header.startswith("Authorization: Basic ")
    assert b64decode(header.rpartition(" ")[2]).decode() == f"{user}:sécret"
    assert variables == {
        "GIT_CONFIG_COUNT": "3",
        "GIT_CONFIG_KEY_1": "http.https://forge.example/.extraHeader",
        "GIT_CONFIG_VALUE_1": "",
        "GIT_CONFIG_KEY_2": "http.https://forge.example/.extraHeader",
    }


@pytest.mark.parametrize("count", ["", "many", "-1", "²"])
def test_a_count_that_is_none_is_begun_anew(count: str) -> None:
    assert git_credentials(SITE, "x", {"GIT_CONFIG_COUNT": count})["GIT_CONFIG_COUNT"] == "2"


def test_git_pushes_with_it_and_other_servers_are_not_told(tmp_path: Path) -> None:
    with (
        GitHubServer(tmp_path / "one") as server,
        GitHubServer(tmp_path / "other") as other,
    ):
        for each in (server, other):
            each.create("acme/tools")
        server.let(SECRET, ADA, *WRITER)
        sandbox = Sandbox(tmp_path / "repository")
        sandbox.write({"a": "a"})
        sandbox.commit("Begin")
        site = Site(kind=ForgeKind.GITHUB, url=server.url, repository="acme/tools")
        # What actions/checkout leaves behind: with two of them, the forge would refuse.
        sandbox.git("config", f"http.{server.url}/.extraheader", "Authorization: Basic eDp5")
        variables = git_credentials(site, SECRET, {})

        pushed = sandbox.run("git", "push", server.address("acme/tools"), "main", **variables)
        fetched = sandbox.run("git", "ls-remote", other.address("acme/tools"), **variables)

        assert pushed.status == 0, pushed.stderr
        assert server.tip("acme/tools", "refs/heads/main")
        assert fetched.status == 0, fetched.stderr
        assert all(asked.token == "" for asked in other.requests)
        assert {asked.token for asked in server.requests} == {SECRET}
