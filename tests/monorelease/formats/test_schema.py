"""The schema says to editors what the reader says to people."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it has no types

from monorelease.formats.config import parse_config
from monorelease.formats.schema import config_schema, format_schema

ROOT = Path(__file__).parents[3]
EXAMPLES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("config_examples.toml").read_text(encoding="utf-8")
)
SCHEMA: dict[str, Any] = config_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def described(schema: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key that the schema describes, however deep, with what it says of it."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        schema = list(schema.values())
    for part in schema if isinstance(schema, list) else ():
        yield from described(part)


def test_it_is_a_schema_itself() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("example", EXAMPLES["good"], ids=lambda example: example["toml"].strip())
def test_it_accepts_what_the_reader_accepts(example: dict[str, Any]) -> None:
    VALIDATOR.validate(tomllib.loads(example["toml"]))


@pytest.mark.parametrize("example", EXAMPLES["bad"], ids=lambda example: ascii(example["toml"]))
def test_it_refuses_what_the_reader_refuses_where_it_can(example: dict[str, Any]) -> None:
    data = tomllib.loads(example["toml"])

    if not example.get("beyond-schema"):
        assert not VALIDATOR.is_valid(data)
    elif example["code"] != "config-wrong-type":
        VALIDATOR.validate(data)


def test_every_key_is_described_with_an_example_and_a_default_that_are_good() -> None:
    keys = list(described(SCHEMA))

    assert {"members", "fixed", "path", "pattern", "authors", "after-release"} <= dict(keys).keys()
    for _, said in keys:
        assert said["description"].endswith(".")
        for value in (*said["examples"], *([said["default"]] if "default" in said else [])):
            Draft202012Validator(said).validate(value)


def test_the_reader_accepts_every_example_of_the_schema() -> None:
    for name, said in SCHEMA["properties"].items():
        for value in said["examples"]:
            assert parse_config({"tool": {"monorelease": {name: value}}})[1] == ()


def test_defaults_are_those_of_the_reader() -> None:
    defaults = {
        name: said["default"] for name, said in SCHEMA["properties"].items() if "default" in said
    }
    written, findings = parse_config({"tool": {"monorelease": defaults}})

    assert findings == ()
    assert written == parse_config({})[0]
    assert defaults["raise-constraints"] == "patch"


def test_the_file_for_editors_is_up_to_date() -> None:
    path = ROOT / "docs" / "monorelease.schema.json"
    if not path.exists():
        pytest.skip("there is no such file yet")

    assert path.read_text(encoding="utf-8") == format_schema()


def test_the_text_is_the_schema() -> None:
    assert json.loads(format_schema()) == SCHEMA
    assert format_schema().endswith("}\n")
