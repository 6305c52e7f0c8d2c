"""What a function returned, as text that a model can read."""

from __future__ import annotations

import dataclasses
import json


def told(value: object) -> str:
    """Text as it is, nothing as no text, and anything else as JSON, or as Python prints it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    try:
        return json.dumps(value, ensure_ascii=False, default=_plain)
    except (TypeError, ValueError, RecursionError):  # keys that are no text, circles
        return str(value)


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    dump = getattr(value, "model_dump", None)
    if callable(dump):  # a pydantic model, known without an import of pydantic
        return dump(mode="json")
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    return str(value)
