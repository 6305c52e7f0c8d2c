"""What an index lists under a name, as the simple API tells it in JSON or in HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from packaging.utils import NormalizedName, canonicalize_name

from monorelease.model.index import IndexedFile, Project

if TYPE_CHECKING:
    from monorelease.formats.html_links import Link

JSON_TYPE = "application/vnd.pypi.simple.v1+json"
"""Of PEP 691."""

HTML_TYPE = "application/vnd.pypi.simple.v1+html"
"""Of PEP 503, which older indexes call ``text/html``."""

ACCEPT = f"{JSON_TYPE}, {HTML_TYPE};q=0.2, text/html;q=0.1"
"""What a reader of these pages sends as ``Accept``: JSON if it can be had."""

_JSON_TYPES = frozenset({JSON_TYPE, JSON_TYPE.replace("v1", "latest"), "application/json"})
_HTML_TYPES = frozenset({HTML_TYPE, HTML_TYPE.replace("v1", "latest"), "text/html"})

_PACKAGE = re.compile(r".+\.(?:whl|zip|egg|exe|msi|rpm|tgz|tar(?:\.(?:gz|bz2|xz|Z))?)", re.DOTALL)
"""What any index has ever taken; a link to something else is no file of the project."""

_NEAR = re.compile(r"\.{0,2}/?(?:[?#].*)?", re.DOTALL)
"""Links of a folder listing to itself, with another order perhaps, and to the folder above."""

_LONGEST_NAME = 255


def parse_project(name: NormalizedName, content_type: str, body: bytes) -> Project:
    """What an index lists under `name`, by its answer of success.

    Files whose names could not stand in a folder are left out, and so is what is not known:
    other keys, other hashes than sha256.

    Args:
        name: what was asked for.
        content_type: the answer's header; its parameters are ignored, as both are UTF-8.
        body: the whole answer.

    Raises:
        ValueError: this is no page of the simple API, version 1 (PEP 629); says what it is
            instead, with "the index" for its subject.
    """
    media = content_type.partition(";")[0].strip().lower()
    if media in _JSON_TYPES:
        files = _read_json(name, body)
    elif media in _HTML_TYPES:
        files = _read_html(body.decode("utf-8", "replace"))
    else:
        told = repr(media) if media else "something without a content type"
        raise ValueError(f"answers with {told}, which is no page of the simple API 1.x")
    return Project(name=name, files=tuple(files))


def _read_json(name: NormalizedName, body: bytes) -> Iterator[IndexedFile]:
    import json

    page: object
    try:
        page = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError("answers with JSON that cannot be read") from error
    _check_version(_api_version(page))
    match page:
        case {"name": str(other), "files": [*_]} if canonicalize_name(other) != name:
            raise ValueError(f"answers for the project {other[:100]!r} instead")
        case {"files": [*files]}:
            return _read_json_files(files)
        case _:
            raise ValueError("answers with JSON that is no project's page: it lists no files")


def _api_version(page: object) -> str:
    match page:
        case {"meta": {"api-version": str(version)}}:
            return version
        case _:
            return "1.0"


def _check_version(version: str) -> None:
    if not re.fullmatch(r"1(?:\.\d+)*", version):
        raise ValueError(
            f"speaks version {version[:20]!r} of the simple API; only 1.x is known here"
        )


def _read_json_files(files: Iterable[object]) -> Iterator[IndexedFile]:
    for file in files:
        match file:
            case {"filename": str(name), **more}:
                if _is_plain(name):
                    digest, reason = _digest(more.get("hashes")), _reason(more.get("yanked"))
                    yield IndexedFile(filename=name, sha256=digest, yanked=reason)
            case _:
                raise ValueError("answers with JSON that is no project's page: a file has no name")


def _is_plain(name: str) -> bool:
    """Whether this could be a file in a folder: no way out, nothing that steers a terminal."""
    return (
        name.isprintable()
        and name == name.strip()
        and name not in {"", ".", ".."}
        and not set("/\\") & set(name)
        and len(name) <= _LONGEST_NAME
    )


def _digest(hashes: object) -> str | None:
    match hashes:
        case {"sha256": str(digest)} if re.fullmatch(r"[0-9a-fA-F]{64}", digest):
            return digest.lower()
    return None


def _reason(yanked: object) -> str | None:
    if isinstance(yanked, str) and yanked:
        return yanked.encode("utf-8", "replace").decode()  # JSON can hold half a character
    return "" if yanked is True else None


def _read_html(text: str) -> Iterator[IndexedFile]:
    from monorelease.formats.html_links import read_page

    page = read_page(text)
    _check_version(page.api_version)
    named = [(_filename(link), link) for link in page.links]
    if not any(name for name, _ in named) and (
        page.is_for_browsers or not all(_NEAR.fullmatch(link.href) for link in page.links)
    ):
        raise ValueError(
            "answers with a page for people, a login perhaps: it links to no package file"
        )
    return (
        IndexedFile(filename=name, sha256=_digest_in(link.href), yanked=link.yanked)
        for name, link in named
        if name
    )


def _filename(link: Link) -> str | None:
    """By the text of the link, as PEP 503 has it, or by its target where that is cut short."""
    target = re.split("[?#]", link.href, maxsplit=1)[0].rpartition("/")[2]
    for name in (link.text, _unquoted(target)):
        if _is_plain(name) and _PACKAGE.fullmatch(name):
            return name
    return None


def _digest_in(href: str) -> str | None:
    found = re.search(r"[#&]sha256=([0-9a-fA-F]{64})(?:&|$)", href)
    return found[1].lower() if found else None


def _unquoted(text: str) -> str:
    data = text.encode("utf-8", "replace")
    plain = re.sub(rb"%([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), data)
    return plain.decode("utf-8", "replace")
