"""Choose the forge: what speaks the protocol of the place where a repository lives."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from monorelease.model.forge import ForgeKind, Site
from monorelease.model.value import replace

if TYPE_CHECKING:
    from monorelease.adapters.forge_asking import Dialect
    from monorelease.adapters.forgejo import Forgejo
    from monorelease.adapters.github import GitHub
    from monorelease.adapters.gitlab import GitLab

_GITHUBS_OWN = re.compile(r"github\.com|[^./]+\.ghe\.com")
"""Where GitHub's own servers are; any other is one of GitHub Enterprise Server."""


def forge_at(
    site: Site,
    token: str,
    *,
    api: str = "",
    variable: str = "",
    sleep: Callable[[float], object] = time.sleep,
) -> GitHub | GitLab | Forgejo:
    """The forge of `site`, which is not asked anything yet.

    Args:
        site: which repository, and where.
        token: who we are there; empty for nobody, who may read what is public.
        api: where the forge is asked, as jobs of it are told (``GITHUB_API_URL``); empty for
            the place that is usual for its kind.
        variable: of the environment, that the token is from: hints tell of it, or else of the
            one that is usual.
        sleep: waits between tries, for as many seconds as it is told.

    Raises:
        ForgeUnavailable: the token cannot be sent there.
    """
    from monorelease.adapters.forge_api import ForgeApi

    def at(usual: str, dialect: Dialect) -> ForgeApi:
        access = replace(dialect.access, variable=variable or dialect.access.variable)
        return ForgeApi(api or usual, token, replace(dialect, access=access), sleep=sleep)

    match site.kind:
        case ForgeKind.GITHUB:
            from monorelease.adapters import github

            return github.GitHub(site, at(_github_api(site.url), github.DIALECT))
        case ForgeKind.GITLAB:
            from monorelease.adapters import gitlab

            return gitlab.GitLab(site, at(f"{site.url}/api/v4", gitlab.DIALECT))
        case ForgeKind.FORGEJO:
            from monorelease.adapters import forgejo

            return forgejo.Forgejo(site, at(f"{site.url}/api/v1", forgejo.DIALECT))


def _github_api(url: str) -> str:
    scheme, _, host = url.partition("://")
    return f"{scheme}://api.{host}" if _GITHUBS_OWN.fullmatch(host) else f"{url}/api/v3"
