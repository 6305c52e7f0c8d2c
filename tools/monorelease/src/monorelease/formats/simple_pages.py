"""Pages of the simple API, as an index of our own serves them."""

from __future__ import annotations

from collections.abc import Iterable

from packaging.utils import NormalizedName

from monorelease.model.index import IndexedFile, Project

_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def format_json(project: Project) -> str:
    """The page of `project` in JSON (PEP 691); files lie beside it."""
    import json

    page = {
        "meta": {"api-version": "1.0"},
        "name": project.name,
        "files": [_json_file(file) for file in project.files],
    }
    return json.dumps(page, indent=2) + "\n"


def format_html(project: Project) -> str:
    """The page of `project` in HTML (PEP 503); files lie beside it."""
    return _html_page(project.name, (_html_file(file) for file in project.files))


def format_root(names: Iterable[NormalizedName]) -> str:
    """The page of all projects in HTML; each has a folder beside it."""
    return _html_page("Simple index", (f'<a href="{name}/">{name}</a>' for name in names))


def _quoted(text: str) -> str:
    return "".join(chr(byte) if byte in _SAFE else f"%{byte:02X}" for byte in text.encode())


def _json_file(file: IndexedFile) -> dict[str, object]:
    return {
        "filename": file.filename,
        "url": _quoted(file.filename),
        "hashes": {} if file.sha256 is None else {"sha256": file.sha256},
        "yanked": False if file.yanked is None else file.yanked or True,
    }


def _html_file(file: IndexedFile) -> str:
    from html import escape

    fragment = "" if file.sha256 is None else f"#sha256={file.sha256}"
    yanked = "" if file.yanked is None else f' data-yanked="{escape(file.yanked)}"'
    name = escape(file.filename)
    return f'<a href="{_quoted(file.filename)}{fragment}"{yanked}>{name}</a>'


def _html_page(title: str, lines: Iterable[str]) -> str:
    body = "".join(f"    {line}<br>\n" for line in lines)
    return f"""\
<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8">
    <meta name="pypi:repository-version" content="1.0">
    <title>{title}</title>
  </head>
  <body>
{body}  </body>
</html>
"""
