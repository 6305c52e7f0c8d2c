"""Addresses of pages on a forge, for people to open."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from monorelease.model.forge import ForgeKind, Site

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
"""What RFC 3986 leaves unreserved."""

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def commit_link(site: Site, commit: str) -> str:
    """The page of a commit."""
    return f"{_pages(site)}/commit/{quoted(commit)}"


def file_link(site: Site, ref: str, path: PurePosixPath, line: int | None = None) -> str:
    """The page of a file at a commit or on a branch; with a `line`, as it is written there."""
    where = f"{_blob(site, ref)}/{quoted(str(path), '/')}"
    if line is None:
        return where
    return f"{where}{_as_text(site) if path.suffix == '.md' else ''}#L{line}"


def request_link(site: Site, number: int) -> str:
    """The page of a pull request; on GitLab, of a merge request."""
    words = {ForgeKind.GITHUB: "pull", ForgeKind.GITLAB: "merge_requests"}
    return f"{_pages(site)}/{words.get(site.kind, 'pulls')}/{number}"


def comparison_link(site: Site, base: str, head: str) -> str:
    """The page with all that `head`, a branch or commit, has beyond `base`."""
    return f"{_pages(site)}/compare/{quoted(base, '/')}...{quoted(head, '/')}"


def new_file_link(site: Site, branch: str, path: PurePosixPath, content: str) -> str:
    """The page on which a new file is written, with its name and its content filled in.

    GitLab's editor takes the name alone, whatever the page is given as content.
    """
    file = {"filename": str(path), "value": content}
    word = "new"
    if site.kind is ForgeKind.GITLAB:
        file = {"file_name": str(path), "content": content}
    elif site.kind is ForgeKind.FORGEJO:
        word = "_new"
    query = "&".join(f"{key}={quoted(text)}" for key, text in file.items())
    return f"{_pages(site)}/{word}/{quoted(branch, '/')}?{query}"


def quoted(text: str, kept: str = "") -> str:
    """`text` as a part of an address: all but plain letters and signs that are `kept` encoded."""
    plain = _PLAIN | frozenset(kept.encode())
    data = text.encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if byte in plain else f"%{byte:02X}" for byte in data)


def _pages(site: Site) -> str:
    between = "/-" if site.kind is ForgeKind.GITLAB else ""
    return f"{site.url}/{quoted(site.repository, '/')}{between}"


def _blob(site: Site, ref: str) -> str:
    if site.kind is not ForgeKind.FORGEJO:
        return f"{_pages(site)}/blob/{quoted(ref, '/')}"
    kind = "commit" if _COMMIT.fullmatch(ref) else "branch"
    return f"{_pages(site)}/src/{kind}/{quoted(ref, '/')}"


def _as_text(site: Site) -> str:
    """What shows the lines of a file, rather than what they render to."""
    return "?display=source" if site.kind is ForgeKind.FORGEJO else "?plain=1"
