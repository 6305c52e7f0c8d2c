"""Settings as text for ``pyproject.toml``, to be written or to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from monorelease.model.migration import Setting

_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def settings_text(settings: Sequence[Setting]) -> str:
    """The tables ``[tool.monorelease]`` and below with these settings; empty for none."""
    tables: dict[tuple[str, ...], list[str]] = {}
    for setting in settings:
        *below, last = setting.key
        line = f"{_key(last)} = {toml_value(setting.content)}\n"
        tables.setdefault(tuple(below), []).append(line)
    own = tables.pop((), [])
    lines = [_table(("tool", "monorelease"), own)] if own else []
    lines += (_table(("tool", "monorelease", *below), rows) for below, rows in tables.items())
    return "\n".join(lines)


def toml_value(value: object) -> str:
    """A text, a flag, or a tuple or mapping of them, as TOML writes it on one line."""
    match value:
        case bool():
            return str(value).lower()
        case Mapping():
            return f"{{ {_joined(f'{_key(str(k))} = {toml_value(v)}' for k, v in value.items())} }}"
        case tuple():
            return f"[{_joined(map(toml_value, value))}]"
        case _:
            return _quoted(str(value))


def _table(names: Iterable[str], lines: Iterable[str]) -> str:
    return "".join((f"[{'.'.join(map(_key, names))}]\n", *lines))


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _key(name: str) -> str:
    return name if name and set(name) <= _BARE else _quoted(name)


def _quoted(text: str) -> str:
    text = text.encode("utf-8", "replace").decode()  # JSON can hold half a character
    if "'" not in text and text.isprintable() and ('"' in text or "\\" in text):
        return f"'{text}'"
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in {'"', "\\"}:
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08X}"
