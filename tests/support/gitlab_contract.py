"""What the tests know of GitLab's API: its operations from its documentation, answers from types.

GitLab's OpenAPI document is in no package of a registry. So the operations are written here after
GitLab's pages about its REST API. What answers look like comes from `gitlab_shapes.json`: the types
of npm's @gitbeaker/core 43.8.0 (MIT, Copyright (c) 2025 Justin Dalrymple), made a JSON Schema by
ts-json-schema-generator, without prose. Both are stricter than GitLab, which answers with more.
"""

from __future__ import annotations

import json
from pathlib import Path

from openapi import Contract, Json

_SHAPES = json.loads(Path(__file__).with_name("gitlab_shapes.json").read_bytes())["schemas"]

_WORDS = {"type": "string"}
_FLAG = {"type": "boolean"}
_NUMBER = {"type": "integer"}
_TIME = {"type": "string", "format": "date-time"}
_ERROR = {
    "type": "object",
    "properties": {
        "message": {"anyOf": [_WORDS, {"type": "array", "items": _WORDS}, {"type": "object"}]},
        "error": _WORDS,
        "error_description": _WORDS,
        "scope": _WORDS,
    },
    "additionalProperties": False,
}


def _one_of(*words: str) -> Json:
    return {"type": "string", "enum": list(words)}


def _query(**parameters: Json) -> Json:
    return [{"name": name, "in": "query", "schema": schema} for name, schema in parameters.items()]


_PAGES = _query(page={**_NUMBER, "minimum": 1}, per_page={**_NUMBER, "minimum": 1, "maximum": 100})


def _body(fields: Json, *required: str) -> Json:
    schema = {"type": "object", "properties": fields, "additionalProperties": False}
    # A schema of JSON may not require nothing.
    wanted = {"required": list(required)} if required else {"minProperties": 1}
    return {"required": True, "content": {"application/json": {"schema": {**schema, **wanted}}}}


def _operation(
    status: int, schema: Json, *refusals: int, body: Json = None, query: Json = ()
) -> Json:
    content = {"content": {"application/json": {"schema": schema}}} if schema else {}
    errors = {"content": {"application/json": {"schema": _ERROR}}}
    refused = {str(code): errors for code in (401, 403, 404, 429, *refusals)}
    operation = {"parameters": list(query), "responses": {str(status): content, **refused}}
    return {**operation, "requestBody": body} if body else operation


def _shape(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _list_of(name: str) -> Json:
    return {"type": "array", "items": _shape(name)}


_PROJECT = "/projects/{id}"
_REQUESTS = f"{_PROJECT}/merge_requests"
_REQUEST = f"{_REQUESTS}/{{merge_request_iid}}"
_RELEASES = f"{_PROJECT}/releases"

_EDITABLE = {
    "allow_collaboration": _FLAG,
    "assignee_id": _NUMBER,
    "description": {**_WORDS, "maxLength": 1_048_576},
    "labels": _WORDS,
    "remove_source_branch": _FLAG,
    "squash": _FLAG,
    "target_branch": _WORDS,
    "title": {**_WORDS, "maxLength": 255},
}
_NOTE = {"body": {**_WORDS, "maxLength": 1_000_000}, "created_at": _TIME, "internal": _FLAG}
_RELEASE = {
    "description": _WORDS,
    "name": _WORDS,
    "ref": _WORDS,
    "released_at": _TIME,
    "tag_message": _WORDS,
    "tag_name": _WORDS,
}
_LISTED = _query(
    order_by=_one_of("created_at", "title", "updated_at"),
    sort=_one_of("asc", "desc"),
    source_branch=_WORDS,
    state=_one_of("opened", "closed", "locked", "merged", "all"),
    target_branch=_WORDS,
)
_SAID = _query(order_by=_one_of("created_at", "updated_at"), sort=_one_of("asc", "desc"))

_PATHS = {
    "/user": {"get": _operation(200, _shape("User"))},
    _PROJECT: {"get": _operation(200, _shape("Project"))},
    _REQUESTS: {
        "get": _operation(200, _list_of("ListedMergeRequest"), query=[*_LISTED, *_PAGES]),
        "post": _operation(
            201,
            _shape("MergeRequest"),
            *(400, 409, 422),
            body=_body(
                {"source_branch": _WORDS, "target_project_id": _NUMBER, **_EDITABLE},
                *("source_branch", "target_branch", "title"),
            ),
        ),
    },
    _REQUEST: {
        "get": _operation(200, _shape("MergeRequest")),
        "put": _operation(
            200,
            _shape("MergeRequest"),
            *(400, 409, 422),
            body=_body({"state_event": _one_of("close", "reopen"), **_EDITABLE}),
        ),
    },
    f"{_REQUEST}/notes": {
        "get": _operation(200, _list_of("Note"), query=[*_SAID, *_PAGES]),
        "post": _operation(201, _shape("Note"), 400, body=_body(_NOTE, "body")),
    },
    f"{_REQUEST}/notes/{{note_id}}": {
        "put": _operation(200, _shape("Note"), 400, body=_body(_NOTE, "body")),
        "delete": _operation(204, None),
    },
    _RELEASES: {
        "post": _operation(
            201,
            _shape("Release"),
            *(400, 409, 422),
            body=_body(_RELEASE, "tag_name"),
        )
    },
    f"{_RELEASES}/{{tag_name}}": {"get": _operation(200, _shape("Release"))},
}

CONTRACT = Contract(
    {"openapi": "3.0.3", "paths": _PATHS, "components": {"schemas": _SHAPES}},
    # A fork may be gone, and a branch with it.
    nulls=[
        f"{name}.{field}"
        for name in ("MergeRequest", "ListedMergeRequest")
        for field in ("source_project_id", "sha")
    ],
)
