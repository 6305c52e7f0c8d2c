"""The page of the reference that tells every key of the configuration, from what reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import cast

from markdown_words import as_written
from monorelease.formats.config_keys import CONFIG
from monorelease.formats.kinds import Choice, ListOf, MapOf, Text, TextOr
from monorelease.formats.tables import Key, Table
from monorelease.formats.towncrier_toml import _TOWNCRIER

_Keys = tuple[Key[object], ...]


def key_page() -> str:
    """The page, in Markdown."""
    path = "tool.monorelease"
    lines = [_INTRODUCTION, *_table(path, "", CONFIG, CONFIG.schema()), _TOWNCRIER_INTRODUCTION]
    schema = _TOWNCRIER.schema()
    for key in _TOWNCRIER.keys:
        lines += _entry(key, f"tool.towncrier.{key.name}", _of(schema, "properties", key.name))
    return "\n".join(lines).rstrip() + "\n"


_INTRODUCTION = """\
# Configuration

`hatch run test tests/docs --update` writes this page from what reads the keys.

All of it stands in the `pyproject.toml` at the repository's root, and all of it may be missing.
A key that is not known is an error. `monorelease schema` prints the same as a JSON schema, from
which editors complete and check the tables.
"""

_TOWNCRIER_INTRODUCTION = """\
## `[tool.towncrier]`

The categories of fragments and the looks of changelogs are towncrier's own settings, in
`towncrier.toml` or `pyproject.toml`. These are read, and other keys are left to towncrier:
<https://towncrier.readthedocs.io/en/stable/configuration.html>.
"""


def _table(path: str, doc: str, table: Table[object], schema: object) -> Iterator[str]:
    """A heading, the keys that are no tables, and then the tables."""
    yield f"## `[{path}]`\n"
    if doc:
        yield f"{as_written(doc)}\n"
    inner = []
    for key in table.keys:
        own = _of(schema, "properties", key.name)
        if (below := _below(key, path, own)) is not None:
            inner.append((key, *below))
        else:
            yield from _entry(key, f"{path}.{key.name}", own)
    for key, name, below_table, below_schema in inner:
        yield from _table(name, key.doc, below_table, below_schema)


def _below(key: Key[object], path: str, schema: object) -> tuple[str, Table[object], object] | None:
    """The table that is the key's value, or that each of its values is; where it stands."""
    if isinstance(key.kind, Table):
        return f"{path}.{key.name}", key.kind, schema
    if isinstance(key.kind, MapOf) and isinstance(key.kind.value, Table):
        value = _of(schema, "additionalProperties")
        return f"{path}.{key.name}.NAME", key.kind.value, value
    return None


def _entry(key: Key[object], path: str, schema: object) -> Iterator[str]:
    yield f"### `{path.removeprefix('tool.monorelease.')}`\n"
    if key.doc:
        yield f"{as_written(key.doc)}\n"
    yield f"- {_sentence(_kind(key.kind))}"
    if rules := _rules(key.kind):
        yield f"- {_sentence(as_written(rules))}"
    if key.needed:
        yield "- Needed"
    default = _of(schema, "default")
    if default not in (None, "", [], {}):
        yield f"- Default: `{json.dumps(default, ensure_ascii=False)}`"
    if key.example:
        yield f"- For example: `{key.name} = {key.example}`"
    yield from _fields(key)
    yield ""


def _fields(key: Key[object]) -> Iterator[str]:
    """The keys of tables that stand within lists."""
    for table in _within(key.kind):
        for inner in table.keys:
            needed = " (needed)" if inner.needed else ""
            meaning = as_written(inner.doc) if inner.doc else _kind(inner.kind)
            yield f"- A table has `{inner.name}`{needed}: {meaning}"


def _within(kind: object) -> Iterator[Table[object]]:
    match kind:
        case Table():
            yield kind
        case ListOf(item=inner) | TextOr(other=inner) | MapOf(value=inner):
            yield from _within(inner)
        case _:
            pass


def _kind(kind: object) -> str:
    """What a value may be, in words."""
    match kind:
        case Choice(words=words):
            return f"one of {', '.join(f'`{json.dumps(word)}`' for word in words)}"
        case ListOf(noun=noun, item=item) if not isinstance(item, Table):
            inner, name = _kind(item), _noun(item)
            return noun + inner.removeprefix(name) if name in noun else f"{noun}, each {inner}"
        case TextOr(other=other):
            return _kind(other)
        case _:
            return _noun(kind)


def _noun(kind: object) -> str:
    """What a list says that is in it; of two forms, the longer one speaks for both."""
    return _noun(kind.other) if isinstance(kind, TextOr) else str(getattr(kind, "noun", "\0"))


def _rules(kind: object) -> str:
    """What a text has to be like; what goes without saying, and what is advice, left out."""
    match kind:
        case Text(rules=rules):
            words = dict.fromkeys(rule.words for rule in rules)
            told = [word for word in words if re.match("must |may (?!not be blank)", word)]
            return "; ".join(told)
        case TextOr(text=text):
            return _rules(text)
        case ListOf(item=item):
            inner = _rules(item).removeprefix("each ")
            return f"each {inner}" if inner else ""
        case _:
            return ""


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _of(schema: object, *steps: str) -> object:
    for step in steps:
        schema = cast("Mapping[str, object]", schema).get(step) if schema else None
    return schema
