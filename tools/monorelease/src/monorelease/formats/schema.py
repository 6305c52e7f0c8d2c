"""The JSON Schema of ``[tool.monorelease]``, for editors; made from what the reader goes by."""

from __future__ import annotations

import json

from monorelease.formats.config_keys import CONFIG


def config_schema() -> dict[str, object]:
    """A draft 2020-12 schema, in types that `json.dumps` takes.

    It accepts everything that `parse_config` accepts. It cannot say all that the reader says:
    two spellings of one name, and quotes that do not close, are seen by the reader alone.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "[tool.monorelease]",
        "description": "How the packages of this repository are released.",
        **CONFIG.schema(),
    }


def format_schema() -> str:
    """The schema as the text of a file."""
    return json.dumps(config_schema(), indent=2, ensure_ascii=False) + "\n"
