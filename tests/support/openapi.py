"""What a forge's own OpenAPI document allows: requests, answers, and samples of what it answers.

Documents of OpenAPI 3.0 and of Swagger 2.0 are understood, as far as forges use them. They are
kept trimmed to what the tests need. To make one anew from what the forge publishes:

    python -c 'import openapi; openapi.renew("api.github.com.json", "openapi_github.json")'
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from jsonschema import Draft7Validator, FormatChecker  # type: ignore[import-untyped] # no types

Json = Any
Operations = Mapping[str, Sequence[str]]
"""Methods by path: ``{"/user": ("get",)}``."""

_PROSE = frozenset(
    {"description", "example", "examples", "externalDocs", "operationId", "summary", "tags"}
)
_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_ANYWHERE = frozenset({301, 307, 401, 403, 404, 429})
"""Statuses that every operation may have; documents name them for some."""


def _formats() -> FormatChecker:
    def is_time(text: object) -> bool:
        return not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is not None

    def is_address(text: object) -> bool:
        return not isinstance(text, str) or bool(urlsplit(text).scheme)

    checker = FormatChecker(formats=())
    checker.checks("date-time", raises=ValueError)(is_time)
    checker.checks("uri", raises=ValueError)(is_address)
    return checker


FORMATS = _formats()


class NotAllowed(AssertionError):
    """A request or an answer that the document does not allow."""


class _Operation(NamedTuple):
    name: str
    parameters: Sequence[Json]
    body: Json
    """The schema of the request's body, or None."""
    needs_body: bool
    answers: Mapping[str, Json]
    """The schema of the answer by its status; None for no body."""


class Contract:
    """One document, asked for one request after the other."""

    def __init__(
        self,
        document: Json,
        *,
        nulls: Sequence[str] = (),
        says_nulls: bool = True,
    ) -> None:
        """Read a document.

        Args:
            document: as JSON; of Swagger 2.0, or OpenAPI 3.0.
            nulls: fields that are null at times although the document denies it, as
                ``schema.field.field`` below the schemas that have names.
            says_nulls: whether the document tells of null at all; else every field may be.
        """
        document = json.loads(json.dumps(document))
        self._schemas = "definitions" if "definitions" in document else "components/schemas"
        for place in nulls:
            _find(document, self._schemas, place)["nullable"] = True
        self._document = _as_json_schema(document, says_nulls=says_nulls)
        self._operations = [
            (re.compile(_pattern(path)), method.upper(), _Operation(*self._read(path, method)))
            for path, methods in document["paths"].items()
            for method in methods
            if method in _METHODS
        ]
        self._validators: dict[str, Draft7Validator] = {}

    def check_request(self, method: str, url: str, body: Json = None) -> None:
        """Refuse a request that the document does not allow.

        Args:
            method: in capitals.
            url: path and query, from the API's root, quoted as it was sent.
            body: parsed; None for none.

        Raises:
            NotAllowed: there is no such operation, parameter or field; or they are not filled.
        """
        parts = urlsplit(url)
        operation = self._operation(method, parts.path)
        known = {p["name"]: p for p in operation.parameters if p["in"] == "query"}
        given = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        for name, texts in given.items():
            if name not in known:
                raise NotAllowed(f"{operation.name}: no parameter {name!r}")
            schema = known[name].get("schema") or _bare(known[name])
            for text in texts:
                self._validate(f"{operation.name}?{name}", schema, _typed(text, schema))
        for name, parameter in known.items():
            if parameter.get("required") and name not in given:
                raise NotAllowed(f"{operation.name}: {name!r} is missing")
        self._check_body(operation, body)

    def check_response(self, method: str, url: str, status: int, body: Json = None) -> None:
        """Refuse an answer that the document does not allow; arguments as in `check_request`.

        Raises:
            NotAllowed: no such status, or another body than it has.
        """
        operation = self._operation(method, urlsplit(url).path)
        name = f"{operation.name} {status}"
        if str(status) not in operation.answers:
            if status not in _ANYWHERE:
                raise NotAllowed(f"{name}: no such status")
            return
        schema = operation.answers[str(status)]
        if schema is None and body is not None:
            raise NotAllowed(f"{name}: a body where none is")
        if schema is not None:
            self._validate(name, schema, body)

    def sample(self, name: str) -> Json:
        """The least that fits the schema of this name: for tests to write over."""
        return self._sample(self._named(name))

    def _named(self, name: str) -> Json:
        found = self._document
        for step in self._schemas.split("/"):
            found = found[step]
        return found[name]

    def _operation(self, method: str, path: str) -> _Operation:
        fitting = [o for p, m, o in self._operations if m == method and p.fullmatch(path)]
        if not fitting:
            raise NotAllowed(f"{method} {path}: no such operation")
        return fitting[0]

    def _read(self, path: str, method: str) -> Iterator[Json]:
        methods = self._document["paths"][path]
        operation = methods[method]
        both = [*methods.get("parameters", ()), *operation.get("parameters", ())]
        parameters = [self._resolved(parameter) for parameter in both]
        yield f"{method.upper()} {path}"
        yield parameters
        request = self._resolved(operation.get("requestBody", {}))
        of_body = [p for p in parameters if p["in"] == "body"]
        yield of_body[0]["schema"] if of_body else _content(request)
        yield any(p.get("required") for p in of_body) or bool(request.get("required"))
        answers = {s: self._resolved(a) for s, a in operation["responses"].items()}
        yield {
            status: answer.get("schema") or _content(answer) for status, answer in answers.items()
        }

    def _check_body(self, operation: _Operation, body: Json) -> None:
        if body is None:
            if operation.needs_body:
                raise NotAllowed(f"{operation.name}: no body")
            return
        if operation.body is None:
            raise NotAllowed(f"{operation.name}: a body where none is")
        self._validate(operation.name, operation.body, body)
        known = self._fields(operation.body)
        if known and isinstance(body, dict) and not known >= body.keys():
            raise NotAllowed(f"{operation.name}: no field {sorted(body.keys() - known)}")

    def _fields(self, schema: Json) -> set[str]:
        """The fields that it names; a document never means that others are welcome."""
        schema = self._resolved(schema)
        parts = [part for key in ("allOf", "anyOf", "oneOf") for part in schema.get(key, ())]
        return set(schema.get("properties", ())).union(*map(self._fields, parts))

    def _validate(self, name: str, schema: Json, value: Json) -> None:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            rest = {k: v for k, v in self._document.items() if k in {"components", "definitions"}}
            whole = {"allOf": [schema], **rest}
            self._validators[key] = Draft7Validator(whole, format_checker=FORMATS)
        for error in self._validators[key].iter_errors(value):
            raise NotAllowed(f"{name}: {error.json_path}: {error.message[:300]}")

    def _resolved(self, value: Json) -> Json:
        while "$ref" in value:
            found = self._document
            for step in value["$ref"].removeprefix("#/").split("/"):
                found = found[unquote(step).replace("~1", "/").replace("~0", "~")]
            value = found
        return value

    def _sample(self, schema: Json) -> Json:
        schema = self._resolved(schema)
        kinds = schema.get("type", ())
        if "enum" in schema:
            return schema["enum"][0]
        if choices := schema.get("anyOf") or schema.get("oneOf"):
            nothing = {"type": "null"}
            return None if nothing in choices else self._sample(choices[0])
        if "allOf" in schema:
            return {k: v for part in schema["allOf"] for k, v in self._sample(part).items()}
        if "properties" in schema or kinds == "object":
            fields = schema.get("properties", {})
            return {name: self._sample(fields[name]) for name in schema.get("required", ())}
        texts = {"uri": "https://forge.example/", "date-time": "2026-11-22T10:15:00Z"}
        least = {"array": [], "boolean": False, "integer": 0, "number": 0}
        return least.get(kinds, texts.get(schema.get("format"), ""))


def trim(document: Json, wanted: Operations) -> Json:
    """Only these operations of a document, what they refer to, and no prose."""
    kept = {
        "info": {k: v for k, v in document["info"].items() if k in {"license", "title", "version"}},
        "paths": {
            path: {
                name: _without_prose(operation)
                for name, operation in document["paths"][path].items()
                if name in {*methods, "parameters"}
            }
            for path, methods in wanted.items()
        },
    }
    for version in {"openapi", "swagger", "basePath"} & document.keys():
        kept[version] = document[version]
    todo = list(_references(kept))
    while todo:
        steps = todo.pop().removeprefix("#/").split("/")
        here, there = kept, document
        for step in steps[:-1]:
            here, there = here.setdefault(step, {}), there[step]
        if steps[-1] not in here:
            here[steps[-1]] = _without_prose(there[steps[-1]])
            todo += _references(here[steps[-1]])
    return kept


def renew(published: str, trimmed: str) -> None:
    """Trim what a forge publishes to the operations that the copy of the tests has."""
    copy = Path(trimmed)
    paths = json.loads(copy.read_bytes())["paths"]
    wanted = {path: tuple(_METHODS & methods.keys()) for path, methods in paths.items()}
    write(trim(json.loads(Path(published).read_bytes()), wanted), copy)


def write(document: Json, path: Path) -> None:
    """Write a document as small as it can be, the same each time."""
    text = json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")


def _without_prose(value: Json, *, are_names: bool = False) -> Json:
    """Without what is for readers alone; `are_names` says that the keys are names of fields."""
    if isinstance(value, list):
        return [_without_prose(item) for item in value]
    if not isinstance(value, dict):
        return value
    named = {"properties", "definitions", "schemas"}
    return {
        key: _without_prose(item, are_names=key in named and not are_names)
        for key, item in value.items()
        if are_names or (key not in _PROSE and (not key.startswith("x-") or key == "x-nullable"))
    }


def _references(value: Json) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from _references(item)


def _as_json_schema(value: Json, *, says_nulls: bool, is_field: bool = False) -> Json:
    """The same with JSON Schema's way to say that something may be null."""
    if isinstance(value, list):
        return [_as_json_schema(item, says_nulls=says_nulls) for item in value]
    if not isinstance(value, dict):
        return value
    read: dict[str, Json] = {}
    for key, item in value.items():
        if key == "properties" and not is_field:
            read[key] = {
                name: _as_json_schema(field, says_nulls=says_nulls, is_field=True)
                for name, field in item.items()
            }
        else:
            read[key] = _as_json_schema(item, says_nulls=says_nulls)
    told = read.get("nullable") is True or read.get("x-nullable") is True
    return {"anyOf": [read, {"type": "null"}]} if told or (is_field and not says_nulls) else read


def _find(document: Json, schemas: str, place: str) -> Json:
    name, *fields = place.split(".")
    found = document
    for step in (*schemas.split("/"), name):
        found = found[step]
    for field in fields:
        found = found["properties"][field]
    return found


def _pattern(path: str) -> str:
    return re.sub(r"\\\{[^{}]*\\\}", "[^/]+", re.escape(path))


def _content(value: Json) -> Json:
    for media, content in value.get("content", {}).items():
        if "json" in media:
            return content.get("schema")
    return None


def _bare(parameter: Json) -> Json:
    """The schema that a parameter of Swagger 2.0 itself is."""
    return {k: v for k, v in parameter.items() if k in {"type", "enum", "format", "items"}}


def _typed(text: str, schema: Json) -> Json:
    match schema.get("type"):
        case "integer" if re.fullmatch("-?[0-9]+", text):
            return int(text)
        case "boolean" if text in {"true", "false"}:
            return text == "true"
        case "array":
            return [text]
        case _:
            return text
