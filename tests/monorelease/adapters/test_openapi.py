"""A forge's own document decides what a request and an answer may be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from github_server import DOCUMENT, GitHubServer
from openapi import Contract, NotAllowed, renew, trim

THREE: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Toys", "version": "1", "description": "All of them"},
    "components": {
        "schemas": {
            "toy": {
                "type": "object",
                "description": "A toy",
                "required": ["name", "description", "made", "at", "owner", "tags"],
                "properties": {
                    "name": {"type": "string"},
                    "description": {"type": "string", "nullable": True, "example": "soft"},
                    "made": {"type": "string", "format": "date-time"},
                    "at": {"type": "string", "format": "uri"},
                    "owner": {"$ref": "#/components/schemas/owner"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "size": {"type": "integer"},
                },
            },
            "owner": {
                "type": "object",
                "required": ["id"],
                "properties": {"id": {"type": "integer"}},
            },
            "unused": {"type": "object"},
        },
        "parameters": {"page": {"name": "page", "in": "query", "schema": {"type": "integer"}}},
    },
    "paths": {
        "/toys/{name}": {
            "get": {
                "summary": "Look at one",
                "parameters": [
                    {"$ref": "#/components/parameters/page"},
                    {"name": "deep", "in": "query", "schema": {"type": "boolean"}},
                    {"name": "as", "in": "query", "required": True, "schema": {"enum": ["a", "b"]}},
                ],
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/toy"}}
                        }
                    },
                    "204": {"description": "None"},
                },
            },
            "delete": {"responses": {"204": {"description": "Gone"}}},
        },
        "/other": {"get": {"responses": {"200": {"description": "Fine"}}}},
    },
}
TWO: dict[str, Any] = {
    "swagger": "2.0",
    "basePath": "/api/v1",
    "info": {"title": "Toys", "version": "1"},
    "definitions": {
        "Toy": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "owner": {"$ref": "#/definitions/Owner"}},
            "required": ["name"],
        },
        "Owner": {"type": "object", "properties": {"id": {"type": "integer"}}},
    },
    "responses": {"Toy": {"description": "Toy", "schema": {"$ref": "#/definitions/Toy"}}},
    "paths": {
        "/toys": {
            "post": {
                "parameters": [
                    {"name": "loud", "in": "query", "type": "boolean"},
                    {
                        "name": "body",
                        "in": "body",
                        "required": True,
                        "schema": {"$ref": "#/definitions/Toy"},
                    },
                ],
                "responses": {"201": {"$ref": "#/responses/Toy"}},
            }
        }
    },
}
TOY = {
    "name": "Bear",
    "description": None,
    "made": "2026-11-22T10:15:00Z",
    "at": "https://toys.example/bear",
    "owner": {"id": 7},
    "tags": ["soft"],
}


def refused(check: str, *words: Any, document: Any = None, **more: Any) -> str:  # noqa: ANN401
    with pytest.raises(NotAllowed) as caught:
        getattr(Contract(document or THREE, **more), check)(*words)
    return str(caught.value)


def test_what_is_allowed_passes() -> None:
    contract = Contract(THREE)

    contract.check_request("GET", "/toys/bear%2Fbrown?as=a&page=2&deep=true")
    contract.check_response("GET", "/toys/bear", 200, TOY)
    contract.check_response("GET", "/toys/bear", 204)
    contract.check_response("GET", "/toys/bear", 403, {"message": "No"})
    contract.check_request("DELETE", "/toys/bear")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("/toys?as=a", "no such operation"),
        ("/toys/a/b?as=a", "no such operation"),
        ("/toys/a", "'as' is missing"),
        ("/toys/a?as=c", "'c' is not one of"),
        ("/toys/a?as=a&page=two", "'two' is not of type 'integer'"),
        ("/toys/a?as=a&deep=yes", "'yes' is not of type 'boolean'"),
        ("/toys/a?as=a&size=2", "no parameter 'size'"),
    ],
)
def test_an_address_that_is_not_allowed_is_told(url: str, told: str) -> None:
    assert told in refused("check_request", "GET", url)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": None}, "$.name: None is not of type 'string'"),
        ({"made": "yesterday"}, "'yesterday' is not a 'date-time'"),
        ({"made": "2026-11-22T10:15:00"}, "is not a 'date-time'"),
        ({"at": "nowhere"}, "'nowhere' is not a 'uri'"),
        ({"owner": {}}, "'id' is a required property"),
        ({"tags": [7]}, "$.tags[0]: 7 is not of type 'string'"),
        ({"size": 1.5}, "1.5 is not of type 'integer'"),
    ],
)
def test_an_answer_that_is_not_allowed_is_told(changes: dict[str, object], told: str) -> None:
    assert told in refused("check_response", "GET", "/toys/a", 200, {**TOY, **changes})


def test_an_answer_has_a_status_and_a_body_that_the_document_knows() -> None:
    assert "no such status" in refused("check_response", "GET", "/toys/a", 418, {})
    assert "a body where none is" in refused("check_response", "GET", "/toys/a", 204, {})
    assert "a body where none is" in refused("check_request", "DELETE", "/toys/a", {})


def test_a_field_that_is_null_all_the_same_can_be_named() -> None:
    answer = {**TOY, "size": None}

    assert "None is not of type" in refused("check_response", "GET", "/toys/a", 200, answer)
    Contract(THREE, nulls=("toy.size",)).check_response("GET", "/toys/a", 200, answer)


def test_older_documents_are_understood() -> None:
    contract = Contract(TWO)

    contract.check_request("POST", "/toys?loud=true", {"name": "Bear", "owner": {"id": 7}})
    contract.check_response("POST", "/toys", 201, {"name": "Bear"})
    for body, told in (({}, "'name'"), (None, "no body"), ({"name": "a", "x": 1}, "no field")):
        assert told in refused("check_request", "POST", "/toys", body, document=TWO)
    answer = {"name": "Bear", "owner": None}
    assert "None" in refused("check_response", "POST", "/toys", 201, answer, document=TWO)
    Contract(TWO, says_nulls=False).check_response("POST", "/toys", 201, answer)


@pytest.mark.parametrize(("document", "name"), [(THREE, "toy"), (TWO, "Toy")])
@pytest.mark.parametrize("says_nulls", [True, False])
def test_a_sample_fits_its_schema(document: Any, name: str, *, says_nulls: bool) -> None:  # noqa: ANN401
    contract = Contract(document, says_nulls=says_nulls)
    sample = contract.sample(name)

    method, url, status = ("GET", "/toys/a", 200) if name == "toy" else ("POST", "/toys", 201)
    contract.check_response(method, url, status, sample)
    assert "name" in sample


def test_a_document_is_trimmed_to_what_is_wanted_and_loses_only_prose() -> None:
    trimmed = trim(THREE, {"/toys/{name}": ("get",)})

    assert trimmed["info"] == {"title": "Toys", "version": "1"}
    assert list(trimmed["paths"]) == ["/toys/{name}"]
    assert list(trimmed["paths"]["/toys/{name}"]) == ["get"]
    assert sorted(trimmed["components"]["schemas"]) == ["owner", "toy"]
    assert trimmed["components"]["schemas"]["toy"]["properties"]["description"] == {
        "type": "string",
        "nullable": True,
    }
    assert "All of them" not in json.dumps(trimmed)
    Contract(trimmed).check_response("GET", "/toys/a", 200, TOY)


def test_a_copy_is_renewed_to_the_operations_it_has(tmp_path: Path) -> None:
    published, copy = tmp_path / "published.json", tmp_path / "copy.json"
    published.write_text(json.dumps(THREE), encoding="utf-8")
    copy.write_text(json.dumps({"paths": {"/other": {"get": {}}}}), encoding="utf-8")

    renew(str(published), str(copy))

    assert list(json.loads(copy.read_bytes())["paths"]) == ["/other"]


def test_githubs_copy_is_trimmed_already_and_comes_with_its_license() -> None:
    document = json.loads(DOCUMENT.read_bytes())
    wanted = {path: tuple(methods) for path, methods in document["paths"].items()}

    assert trim(document, wanted) == document
    assert DOCUMENT.stat().st_size < 200_000
    assert "MIT License" in DOCUMENT.with_suffix(".LICENSE").read_text(encoding="utf-8")
    for name in ("pull-request", "pull-request-simple", "issue-comment", "release"):
        assert GitHubServer.contract.sample(name)
