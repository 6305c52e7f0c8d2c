"""Where a git remote's address says that a repository lives: its forge, and its name there."""

from __future__ import annotations

import re

from monorelease.model.forge import ForgeKind

LONGEST = 2000
"""Characters in an address; longer ones are none."""

_HOST = r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])"
_PATH = r"(?P<path>[A-Za-z0-9._/-]+)"

# Whoever is named before the @, and with what password, is nobody's business from here on.
_WITH_SCHEME = re.compile(
    rf"(?P<scheme>https?|ssh|git|git\+ssh|ssh\+git)://(?:[^/@\s]*@)?{_HOST}"
    rf"(?::(?P<port>[0-9]{{0,5}}))?/{_PATH}",
    re.IGNORECASE,
)
_LIKE_SCP = re.compile(rf"(?:[^/@:\s]*@)?{_HOST}:(?!//){_PATH}")
_DRIVE = re.compile(r"[A-Za-z]:")

_NAME = re.compile(r"(?!\.{1,2}$).+")
_USUAL_PORTS = {"http": "80", "https": "443"}

# For networks that let nothing but https through, these speak ssh on its port.
_OTHER_NAMES = {"ssh.github.com": "github.com", "altssh.gitlab.com": "gitlab.com"}

_KINDS = {
    "https://github.com": ForgeKind.GITHUB,
    "https://gitlab.com": ForgeKind.GITLAB,
    "https://codeberg.org": ForgeKind.FORGEJO,
}


def parse_remote(address: str) -> tuple[str, str] | None:
    """The forge as people open it, and the repository's name there.

    Credentials are dropped. A port is one of the web server only where the address is one of
    the web; people open the forges behind ssh with https. A forge that lives below a path of
    its host cannot be told from one with a further group: the configuration has to say it.

    Args:
        address: of a remote, as git has it.

    Returns:
        As `Site.url` and `Site.repository` have them; None where the address is a path, or
        names no repository of a forge.

    >>> parse_remote("git@forge.example:acme/team/tools.git")
    ('https://forge.example', 'acme/team/tools')
    """
    address = address.strip()
    if len(address) > LONGEST or _DRIVE.match(address):
        return None
    found = _WITH_SCHEME.fullmatch(address)
    if found is not None:
        return _placed(_url(found), found["path"])
    found = _LIKE_SCP.fullmatch(address)
    return _placed(f"https://{_host(found)}", found["path"]) if found is not None else None


def kind_of(url: str) -> ForgeKind | None:
    """Whose protocol a well-known public forge speaks; None for one that nobody can know."""
    return _KINDS.get(url.rstrip("/").lower())


def _url(found: re.Match[str]) -> str:
    scheme, host, port = found["scheme"].lower(), _host(found), found["port"] or ""
    if scheme not in _USUAL_PORTS:
        return f"https://{host}"
    if port not in {"", _USUAL_PORTS[scheme]}:
        return f"{scheme}://{host}:{int(port)}"
    return f"https://{host}" if f"https://{host}" in _KINDS else f"{scheme}://{host}"


def _host(found: re.Match[str]) -> str:
    host = found["host"].lower()
    return _OTHER_NAMES.get(host, host)


def _placed(url: str, path: str) -> tuple[str, str] | None:
    repository = path.strip("/").removesuffix(".git")
    names = repository.split("/")
    if len(names) == 1 or not all(_NAME.fullmatch(name) for name in names):
        return None
    return url, repository
