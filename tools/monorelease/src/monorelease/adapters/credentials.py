"""Who may upload: credentials from the environment or the keyring, and what must not see them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from monorelease.model.index import IndexTarget
from monorelease.model.value import value

TRUSTED_PUBLISHING = "trusted publishing"
"""The source of credentials that uv gets by itself."""

TOKEN_USER = "__token__"  # noqa: S105 - the name for whom PyPI takes a token
_KEYRING_SECONDS = 20.0
"""How long the keyring may take: one that is locked asks somebody, who may not be there."""

_EXCHANGED = ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "PYPI_ID_TOKEN", "TESTPYPI_ID_TOKEN")
"""What trusted publishing exchanges for a token: at GitHub, and at GitLab (whose documentation
for PyPI calls for these names, which are also those that uv derives from PyPI's audiences).
"""

_TRUSTED_NAMES = ("ACTIONS_ID_TOKEN_REQUEST_URL", *_EXCHANGED)

_SECRET = re.compile(
    r"""
    MONORELEASE_.*                                  # our own
    | (UV_PUBLISH|TWINE|FLIT|HATCH_INDEX|PDM_PUBLISH|POETRY_PYPI_TOKEN)_.*  # other uploaders' own
    | (TEST_?)?PYPI_(.*_)?(TOKEN|PASSWORD)           # as people like to call them
    | ACTIONS_(ID_TOKEN_REQUEST|RUNTIME|RESULTS)_.* # who a workflow of GitHub is; its artifacts
    | .*_ID_TOKEN                                   # who a job of GitLab is
    | CI_JOB_(TOKEN|JWT.*) | CI_REPOSITORY_URL      # what it may do; the address has the token
    | CI_(REGISTRY|DEPLOY|DEPENDENCY_PROXY)_PASSWORD
    | (GITHUB|GH|GH_ENTERPRISE|GITHUB_ENTERPRISE|GITLAB|GITEA|FORGEJO|CODEBERG|BITBUCKET)
      _(ACCESS_|PRIVATE_|OAUTH_|DEPLOY_|API_)?(TOKEN|PAT|PASSWORD)
    """,
    re.VERBOSE,
)


@value
class Credentials:
    """A name and a password, which is in no text that is made of them."""

    username: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials(username={self.username!r}, password=***)"

    @property
    def basic(self) -> str:
        """Both as HTTP's basic authentication takes them."""
        return _base64(f"{self.username}:{self.password}")

    def spellings(self) -> tuple[str, ...]:
        """Every way in which the password may stand in what others say."""
        from json import dumps
        from urllib.parse import quote, quote_plus

        data = _bytes(self.password)
        quoted = (quote(data, ""), quote_plus(data), dumps(self.password)[1:-1])
        return (self.password, self.basic, _base64(self.password), *quoted)


def _base64(text: str) -> str:
    from base64 import b64encode

    return b64encode(_bytes(text)).decode()


def _bytes(text: str) -> bytes:
    """As it was in the environment, which takes any bytes."""
    return text.encode("utf-8", "surrogateescape")


def find_credentials(
    target: IndexTarget, environment: Mapping[str, str]
) -> tuple[Credentials | None, str]:
    """The credentials for uploads to `target`, and in words where they come from.

    The index's own variables are asked before those of uv, then trusted publishing, then the
    ``keyring`` command. An empty variable counts as none.

    Returns:
        Credentials and their source; None and `TRUSTED_PUBLISHING` where uv gets them itself;
        None and what is half there, perhaps nothing, where there are none.
    """
    own = f"MONORELEASE_INDEX_{re.sub('[^A-Z0-9]', '_', target.name.upper())}"
    halves = "; ".join(_halves(own, environment))
    for prefix in (own, "UV_PUBLISH"):
        credentials, source = _from_variables(prefix, environment)
        if credentials is not None:
            return credentials, f"{source} ({halves})" if halves else source
    if is_trusted(environment):
        return None, TRUSTED_PUBLISHING
    if (credentials := _from_keyring(target, environment)) is not None:
        return credentials, f"the keyring ({halves})" if halves else "the keyring"
    return None, halves


def is_trusted(environment: Mapping[str, str]) -> bool:
    """Whether this is a job that an index may trust: of GitHub, or of GitLab."""
    github = ("ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN")
    if all(environment.get(name) for name in github):
        return True
    gitlab = ("PYPI_ID_TOKEN", "TESTPYPI_ID_TOKEN")
    return environment.get("GITLAB_CI") == "true" and any(environment.get(n) for n in gitlab)


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for builds and trial imports, whose code nobody has looked at.

    Without what opens an index for uploads, or a forge. What it takes to read a private index
    stays: without it nothing could be built.
    """
    return {name: text for name, text in environment.items() if not _SECRET.fullmatch(name.upper())}


def trusted_part(environment: Mapping[str, str]) -> dict[str, str]:
    """What of the secrets uv needs for trusted publishing."""
    return {name: environment[name] for name in _TRUSTED_NAMES if environment.get(name)}


def exchanged_secrets(environment: Mapping[str, str]) -> tuple[str, ...]:
    """What trusted publishing exchanges for a token, and is not to be seen either."""
    return tuple(environment[name] for name in _EXCHANGED if environment.get(name))


def _from_variables(prefix: str, environment: Mapping[str, str]) -> tuple[Credentials | None, str]:
    token = environment.get(
        f"{prefix}_TOKEN", ""
    ).strip()  # secrets are often pasted with a newline
    if token:
        return Credentials(username=TOKEN_USER, password=token), f"{prefix}_TOKEN"
    username, password = (environment.get(f"{prefix}_{n}") for n in ("USERNAME", "PASSWORD"))
    if username and password:
        source = f"{prefix}_USERNAME and {prefix}_PASSWORD"
        return Credentials(username=username, password=password), source
    return None, ""


def _halves(own: str, environment: Mapping[str, str]) -> Iterator[str]:
    for prefix in (own, "UV_PUBLISH"):
        names = [f"{prefix}_USERNAME", f"{prefix}_PASSWORD"]
        there = [name for name in names if environment.get(name)]
        if len(there) == 1 and not environment.get(f"{prefix}_TOKEN"):
            (missing,) = {*names} - {*there}
            yield f"{there[0]} is set, and {missing} is not"


def _from_keyring(target: IndexTarget, environment: Mapping[str, str]) -> Credentials | None:
    """What the ``keyring`` command knows; whatever goes wrong with it, it knows nothing."""
    import shutil
    import time
    from pathlib import Path

    from monorelease.adapters.listening import listening

    program = shutil.which("keyring", path=environment.get("PATH", ""))
    if program is None or not Path(program).is_absolute():  # here, it is the repository's own
        return None
    username = target.username or TOKEN_USER
    command = (program, "get", target.upload_url, username)
    try:
        with listening(command, environment=environment, to="stdout") as keyring:
            password = keyring.hear(time.monotonic() + _KEYRING_SECONDS)
            status = keyring.end(_KEYRING_SECONDS)
    except (OSError, TimeoutError):
        return None
    password = (password or "").rstrip("\r\n")
    return Credentials(username=username, password=password) if password and status == 0 else None
