"""The API's description: complete, valid, and true to what the service answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import jsonschema_rs
import pytest
from flask.testing import FlaskClient
from schemathesis.specs.openapi.definitions import OPENAPI_31

from model import Cleaner
from model.options import OPTION_NAMES
from model.rendering import to_dict
from model.types import CommentMode, Dial, Label
from service.contract import PageCleaner
from service.web import examples
from service.web.answers import FORMATS
from service.web.app import _SANE_REQUEST_ID, create_app
from service.web.intake import JSON_FIELDS, RAW_TYPES
from service.web.openapi import openapi_document, routes
from service.web.operations import OPERATIONS, PROBLEMS
from service.web.problems import TITLES
from service.web.safety import PUBLIC_ENDPOINTS
from service.web.settings import Settings

GUARDED = Settings(keys_file=Path("keys"), rate_limit=600)
"""With everything that a document can speak of; only the description reads it."""

BARE = create_app(None, Settings())
DOCUMENT = openapi_document(BARE, GUARDED)


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def media_types() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body of the document, going in or coming out, by a name that finds it."""
    for route, operation in operations():
        for name, content in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{route} takes {name}", content
        for status, answer in operation["responses"].items():
            for name, content in answer.get("content", {}).items():
                yield f"{route} {status} {name}", content


def examples_of(content: Mapping[str, Any]) -> list[Any]:
    named = [example["value"] for example in content.get("examples", {}).values()]
    return named + ([content["example"]] if "example" in content else [])


def validator(schema: Mapping[str, Any]) -> jsonschema_rs.Validator:
    """A validator that finds the document's components and takes formats seriously."""
    whole = {**schema, "components": DOCUMENT["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def walk(value: Any) -> Iterator[Any]:
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(inner)


# What is described


def test_every_route_is_described_and_nothing_else() -> None:
    assert {route for route, _ in routes(BARE)} == set(OPERATIONS)
    assert {route for route, _ in operations()} == set(OPERATIONS)


def test_every_problem_has_its_status_and_its_example() -> None:
    assert set(PROBLEMS) == set(TITLES)


def test_every_problem_belongs_to_some_route() -> None:
    given = (answer.get("content", {}) for _, operation in operations() for answer in operation["responses"].values())
    codes = {code for content in given for code in content.get("application/problem+json", {}).get("examples", ())}
    assert set(TITLES) - codes == {"not-found"}


def test_keys_are_asked_for_where_the_guard_asks() -> None:
    private = {route for route, operation in operations() if "security" in operation}
    assert private == {route for route, endpoint in routes(BARE) if endpoint not in PUBLIC_ENDPOINTS}
    assert {"POST /v1/clean", "GET /v1/model"} <= private
    assert all("401" in operation["responses"] for route, operation in operations() if route in private)


def test_a_service_without_keys_and_limits_speaks_of_none() -> None:
    document = openapi_document(BARE, Settings())
    assert "securitySchemes" not in document["components"]
    for item in document["paths"].values():
        for operation in item.values():
            assert "security" not in operation
            assert not {"401", "429"} & set(operation["responses"])


def test_fields_options_and_formats_are_those_of_the_code() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    clean = DOCUMENT["paths"]["/v1/clean"]["post"]
    assert tuple(schemas["CleanRequest"]["properties"]) == JSON_FIELDS
    assert tuple(schemas["Options"]["properties"]) == OPTION_NAMES
    positions, promise = schemas["Options"]["properties"]["dial"]["anyOf"]
    assert tuple(positions["enum"]) == get_args(Dial)
    assert re.search(promise["pattern"], "lose at most 1 %")
    assert not re.search(promise["pattern"], "lose at most 1 % or so")
    assert tuple(schemas["Options"]["properties"]["comments"]["enum"]) == get_args(CommentMode)
    assert schemas["Label"]["enum"] == list(Label)
    assert [parameter["name"] for parameter in clean["parameters"]] == [*OPTION_NAMES, "url"]
    assert list(clean["requestBody"]["content"]) == ["application/json", *RAW_TYPES]
    assert list(clean["responses"]["200"]["content"]) == list(FORMATS)


def test_the_limit_of_the_body_is_that_of_the_settings() -> None:
    document = openapi_document(BARE, Settings(max_body_bytes=12_345))
    assert "12,345 bytes" in document["paths"]["/v1/clean"]["post"]["responses"]["413"]["description"]


def test_the_request_id_is_described_as_it_is_checked() -> None:
    described = DOCUMENT["components"]["headers"]["X-Request-Id"]["schema"]["pattern"]
    assert described == f"^{_SANE_REQUEST_ID.pattern}$"


# The document as such


def test_it_is_openapi_3_1() -> None:
    jsonschema_rs.validate(OPENAPI_31, DOCUMENT)


def test_every_schema_is_a_json_schema() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_every_reference_leads_somewhere() -> None:
    for node in walk(DOCUMENT):
        if isinstance(node, dict) and "$ref" in node:
            target: Any = DOCUMENT
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]


def test_every_object_with_members_is_closed() -> None:
    described = [node for node in walk(DOCUMENT) if isinstance(node, dict) and isinstance(node.get("properties"), dict)]
    is_closed = [node["additionalProperties"] is False for node in described if node.get("type") == "object"]
    assert is_closed
    assert all(is_closed)


@pytest.mark.parametrize(("name", "content"), list(media_types()), ids=[name for name, _ in media_types()])
def test_every_example_is_valid(name: str, content: dict[str, Any]) -> None:
    check = validator(content["schema"])
    for example in examples_of(content):
        check.validate(example)


@pytest.mark.parametrize("name", ["Cleaned", "CleanedBlock", "Comment", "Position"])
def test_every_schema_of_the_answer_has_a_valid_example(name: str) -> None:
    schema = DOCUMENT["components"]["schemas"][name]
    for example in schema["examples"]:
        validator(schema).validate(example)


# The document against the service


REFUSED = {
    "an unknown field": {"html": "", "htlm": ""},
    "no page": {"url": "http://x.test/"},
    "two pages": {"html": "", "text": ""},
    "an unknown option": {"html": "", "options": {"dail": "recall"}},
    "an unknown value": {"html": "", "options": {"dial": "high"}},
    "an unknown label": {"html": "", "options": {"keep": "title,nonsense"}},
    "an empty phrase": {"html": "", "options": {"always_drop": [" "]}},
    "a long phrase": {"html": "", "options": {"always_drop": "x" * 501}},
    "a long address": {"html": "", "url": "u" * 4_001},
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_what_the_schema_refuses_the_service_refuses(client: FlaskClient, body: dict[str, Any]) -> None:
    assert not validator({"$ref": "#/components/schemas/CleanRequest"}).is_valid(body)
    assert client.post("/v1/clean", json=body).status_code == 400


TAKEN = {
    "labels in one string": {"html": "", "options": {"keep": "title, byline,"}},
    "no labels": {"html": "", "options": {"keep": ""}},
    "a list of labels": {"html": "", "options": {"keep": ["title"]}},
    "one phrase": {"text": "", "options": {"always_keep": " swifts "}},
    "no address": {"text": "", "url": None},
}


@pytest.mark.parametrize("body", TAKEN.values(), ids=TAKEN)
def test_what_the_schema_takes_the_service_takes(client: FlaskClient, body: dict[str, Any]) -> None:
    validator({"$ref": "#/components/schemas/CleanRequest"}).validate(body)
    assert client.post("/v1/clean", json=body).status_code == 200


PROBLEM_REQUESTS: Mapping[str, dict[str, Any]] = {
    "bad-json": {"data": "{", "content_type": "application/json"},
    "bad-field": {"json": {"htlm": ""}},
    "bad-option": {"json": {"html": "", "options": {"dail": "recall"}}},
    "not-acceptable": {"json": {"html": ""}, "headers": {"Accept": "image/png"}},
    "too-large": {"json": {"html": "x" * 5_000}},
    "unsupported-media-type": {"data": "x", "content_type": "image/png"},
    "unsupported-charset": {"data": "x", "content_type": "text/plain; charset=klingon"},
    "unreadable-input": {"data": b"\0", "content_type": "text/plain"},
    "method-not-allowed": {"method": "PUT"},
    "defect": {"json": {"text": "BOOM"}},
}


@pytest.mark.parametrize(("code", "request_words"), PROBLEM_REQUESTS.items(), ids=PROBLEM_REQUESTS)
def test_problems_are_as_described(client: FlaskClient, code: str, request_words: dict[str, Any]) -> None:
    response = client.open("/v1/clean", **{"method": "POST", **request_words})
    described = DOCUMENT["paths"]["/v1/clean"]["post"]["responses"][str(response.status_code)]
    problem = response.get_json()
    assert problem["code"] == code
    assert response.status_code == PROBLEMS[code][0]
    validator(described["content"][response.content_type]["schema"]).validate(problem)
    assert set(described["headers"]) <= set(response.headers.keys())


def test_the_examples_are_what_winnow_answers() -> None:
    cleaner = Cleaner.load()
    html = to_dict(cleaner.clean(examples.HTML_PAGE, kind="html"))
    text = to_dict(cleaner.clean(examples.TEXT_PAGE, kind="text"))
    for answer in (html, text):
        validator({"$ref": "#/components/schemas/Cleaned"}).validate(answer)
        assert answer["text"] == examples.ANSWER["text"]
    decided = [(block["label"], block["kept"], block["position"], block["tag"]) for block in html["blocks"]]
    assert decided == [
        (block["label"], block["kept"], block["position"], block["tag"]) for block in examples.ANSWER["blocks"]
    ]
    validator({"$ref": "#/components/schemas/Manifest"}).validate(cleaner.manifest)


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (b"", "html"),
        ("Grüße \ud800 aus dem Moor\n\n" * 40, "text"),
        (b"<html lang=de-CH><meta name=date content=2024-05-02><title>A</title><p>" + b"word " * 400, "html"),
        (b"<p>\x81\x81\xff\xfe caf\xe9 " + b"\xc3" * 90 + b" words and more words</p>", "html"),
        (
            b"<div class=comments>" + b"<div class=comment><b class=author>Ann</b><p>I like it a lot.</p></div>" * 5,
            "html",
        ),
    ],
)
def test_real_answers_are_as_described(page: bytes | str, kind: Any) -> None:
    answer = json.loads(json.dumps(to_dict(Cleaner.load().clean(page, kind=kind))))
    validator({"$ref": "#/components/schemas/Cleaned"}).validate(answer)


# How it is served


def test_it_is_the_same_bytes_each_time(cleaner: PageCleaner) -> None:
    first, second = (create_app(cleaner, Settings()).test_client().get("/openapi.json") for _ in range(2))
    assert first.content_type == "application/json"
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]


def test_who_has_it_is_not_sent_it_again(client: FlaskClient) -> None:
    first = client.get("/openapi.json")
    second = client.get("/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (second.status_code, second.data) == (304, b"")
    assert second.headers["ETag"] == first.headers["ETag"]
    assert first.headers["Cache-Control"] == "no-cache"


def test_it_needs_no_model() -> None:
    client = BARE.test_client()
    assert client.get("/openapi.json").status_code == 200
    assert client.get("/docs").status_code == 200
