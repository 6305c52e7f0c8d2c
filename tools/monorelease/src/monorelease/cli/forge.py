"""The forge behind the configuration, the remote and the environment, and who we are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from monorelease.errors import UsageProblem
from monorelease.model.forge import ForgeKind, Site
from monorelease.model.words import all_of

if TYPE_CHECKING:
    from monorelease.cli.wiring import Surroundings
    from monorelease.workflows.ports import Forge
    from monorelease.workflows.read import Snapshot

OWN_TOKEN = "MONORELEASE_FORGE_TOKEN"  # noqa: S105 - the name of a variable
_USUAL_TOKENS = {
    ForgeKind.GITHUB: ("GITHUB_TOKEN", "GH_TOKEN"),
    ForgeKind.GITLAB: ("GITLAB_TOKEN",),
    ForgeKind.FORGEJO: ("FORGEJO_TOKEN", "GITEA_TOKEN"),
}
_GIT_USERS = {
    ForgeKind.GITHUB: "x-access-token",
    ForgeKind.GITLAB: "oauth2",
    ForgeKind.FORGEJO: "oauth2",  # any name does there
}
_JOBS = (
    ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_API_URL"),
    ("CI_SERVER_URL", "CI_PROJECT_PATH", "CI_API_V4_URL"),
)
"""What a job is told: its forge, its repository there, and where that is asked. Forgejo's runner
uses GitHub's names."""


def find_site(snapshot: Snapshot, around: Surroundings) -> Site | None:
    """Where the repository lives; None where nothing tells.

    The configuration decides. What it leaves open is in the address of the remote, else a job
    of CI is told it. Nobody is asked.
    """
    said = snapshot.config.forge
    for url, repository in _places(snapshot, around):
        kind = said.kind or _kind_of(url, around.environment)
        if kind is not None and said.url in {"", url}:
            return Site(kind=kind, url=url, repository=said.repository or repository)
    return None


def open_forge(snapshot: Snapshot, around: Surroundings) -> Forge:
    """The forge, ready to be told something; it is not asked yet.

    Raises:
        UsageProblem: the configuration does not say that it may be, or where it is; or there is
            no token.
        ForgeUnavailable: the token cannot be sent there.
    """
    from monorelease.adapters.forges import forge_at

    site = demand_site(snapshot, around)
    token, variable = forge_token(site, around.environment)
    if not token:
        names = [OWN_TOKEN, *_USUAL_TOKENS[site.kind]]
        raise UsageProblem(
            f"there is no token for {site.url}",
            hint=f"put one into the environment, as {' or '.join(names)}"
            + _on_another_server(site, around.environment),
        )
    api = _api(site, around.environment)
    return forge_at(site, token, api=api, variable=variable)


def demand_site(snapshot: Snapshot, around: Surroundings) -> Site:
    """Where the repository lives, if the configuration says that it may be told something.

    Raises:
        UsageProblem: it does not, or where that is remains open.
    """
    kinds = all_of([f'"{kind.value}"' for kind in ForgeKind])
    if snapshot.config.forge.kind is None:
        raise UsageProblem(
            "the configuration names no forge that could be told",
            hint=f"set kind of [tool.monorelease.forge] to one of {kinds}",
        )
    site = find_site(snapshot, around)
    if site is None:
        raise UsageProblem(
            f"neither the configuration nor the remote {snapshot.config.publish.remote} says "
            "where the repository lives",
            hint="set url and repository of [tool.monorelease.forge]",
        )
    return site


def forge_token(site: Site, environment: Mapping[str, str]) -> tuple[str, str]:
    """The token for `site` and the variable that it is in; two empty texts for none.

    The variables that are usual for the forge belong to the server of the job, if this is one:
    a configuration that names another is not to get hold of them.
    """
    usual = () if _on_another_server(site, environment) else _USUAL_TOKENS[site.kind]
    for name in (OWN_TOKEN, *usual):
        if token := environment.get(name, "").strip():  # secrets are often pasted with a newline
            return token, name
    return "", ""


def git_key(site: Site, environment: Mapping[str, str]) -> dict[str, str]:
    """With what git reaches `site`: in a job, or by a token that is meant for us, with that.

    Whoever works elsewhere has set git up already, perhaps with more rights than a token has.
    """
    token, variable = forge_token(site, environment)
    is_ours = variable == OWN_TOKEN or bool(token and environment.get("CI"))
    return git_credentials(site, token, environment) if is_ours else {}


def git_credentials(site: Site, token: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Variables with which git says who we are to `site`, and to no other server.

    They come after what `environment` configures already, and replace what it, or an earlier
    step of the job, says of us there. The token is in no argument.
    """
    from monorelease.adapters.credentials import Credentials

    count = environment.get("GIT_CONFIG_COUNT", "")
    first = int(count) if count.isascii() and count.isdigit() else 0
    basic = Credentials(username=_GIT_USERS[site.kind], password=token).basic
    variables = {"GIT_CONFIG_COUNT": str(first + 2)}
    # An empty value forgets the headers before it: with two of them the forge would refuse us.
    for number, header in enumerate(("", f"Authorization: Basic {basic}"), first):
        variables[f"GIT_CONFIG_KEY_{number}"] = f"http.{site.url}/.extraHeader"
        variables[f"GIT_CONFIG_VALUE_{number}"] = header
    return variables


def _places(snapshot: Snapshot, around: Surroundings) -> Iterator[tuple[str, str]]:
    """Addresses of forges, with the repository's name there; the likeliest first."""
    said = snapshot.config.forge
    if said.url and said.repository:
        yield said.url, said.repository
        return
    from monorelease.formats.remote_url import parse_remote

    if place := parse_remote(_remote_address(snapshot)):
        yield place
    for server, repository, _ in _JOBS:
        url, name = (around.environment.get(variable, "") for variable in (server, repository))
        if url and name:
            yield url.rstrip("/"), name


def _remote_address(snapshot: Snapshot) -> str:
    from monorelease.adapters.git import Repository
    from monorelease.adapters.git_process import GitProcess

    if Repository.at(snapshot.root) is None:
        return ""
    remote = snapshot.config.publish.remote
    answer = GitProcess(snapshot.root).read("remote", "get-url", "--", remote)
    return answer.text.strip() if answer.status == 0 else ""


def _kind_of(url: str, environment: Mapping[str, str]) -> ForgeKind | None:
    from monorelease.formats.remote_url import kind_of

    if (kind := kind_of(url)) is not None:
        return kind
    if url == environment.get("CI_SERVER_URL", "").rstrip("/"):
        return ForgeKind.GITLAB
    if url != environment.get("GITHUB_SERVER_URL", "").rstrip("/"):
        return None
    is_forgejo = environment.get("GITEA_ACTIONS") or environment.get("FORGEJO_ACTIONS")
    return ForgeKind.FORGEJO if is_forgejo else ForgeKind.GITHUB


def _on_another_server(site: Site, environment: Mapping[str, str]) -> str:
    """What to add where this is a job of another forge; empty where it is not."""
    servers = [environment.get(server, "").rstrip("/") for server, _, _ in _JOBS]
    if not any(servers) or site.url in servers:
        return ""
    return f" (only as {OWN_TOKEN}: this job runs on another server)"


def _api(site: Site, environment: Mapping[str, str]) -> str:
    """Where the job's own forge is asked; empty for the usual place."""
    for server, _, api in _JOBS:
        if site.url == environment.get(server, "").rstrip("/"):
            return environment.get(api, "")
    return ""
