"""GET /docs: the API described for people, made from the same document that programs get (`openapi`).

The document becomes rows of plain strings here, and the template lays them out. The page has no script and asks no
other host; only its frame is written by hand.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, render_template, request

from service import package_version
from service.web.operations import PROBLEMS
from service.web.problems import TITLES
from service.web.schemas import Schema
from service.web.settings import SETTINGS


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: a parameter, a member, a header."""

    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Example:
    """A request as a curl line, or an answer; `caption` says which."""

    caption: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One operation as the page shows it. `answers` are (status, description, media types)."""

    method: str
    path: str
    operation_id: str
    summary: str
    description: str
    needs_key: bool
    parameters: tuple[Row, ...]
    requests: tuple[Example, ...]
    answers: tuple[tuple[str, str, str], ...]
    headers: tuple[Row, ...]
    examples: tuple[Example, ...]


def register_docs(app: Flask, document: Callable[[], dict[str, Any]]) -> None:
    """Add GET /docs to the application. `document` gives the OpenAPI document."""

    @app.get("/docs")
    def docs() -> str:
        described = document()
        components = described["components"]
        return render_template(
            "docs.html",
            version=package_version(),
            info=described["info"],
            sections=list(sections(described, request.host_url.rstrip("/"))),
            schemas={name: list(members(schema)) for name, schema in components["schemas"].items()},
            problems=[(code, PROBLEMS[code][0], title, PROBLEMS[code][1]) for code, title in TITLES.items()],
            settings=SETTINGS,
        )


def sections(document: Mapping[str, Any], base_url: str) -> Iterator[Section]:
    """The operations in the order of the document; curl lines ask the service at `base_url`."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            good = operation["responses"]["200"]
            headers = {name: document["components"]["headers"][name] for name in good["headers"]}
            yield Section(
                method.upper(),
                path,
                operation["operationId"],
                operation["summary"],
                operation["description"],
                "security" in operation,
                tuple(_row(parameter["name"], parameter) for parameter in operation.get("parameters", ())),
                tuple(_curl_lines(method, base_url + path, operation)),
                tuple(_answer(status, answer) for status, answer in operation["responses"].items()),
                tuple(_row(name, header) for name, header in headers.items()),
                tuple(_examples(good["content"])),
            )


def members(schema: Schema) -> Iterator[Row]:
    """The members of an object; a schema that is no object is described by one line without a name."""
    if "properties" not in schema:
        yield Row("", type_words(schema), schema.get("description", ""))
    required = schema.get("required", ())
    for name, member in schema.get("properties", {}).items():
        yield Row(name, type_words(member) + ("" if name in required else ", optional"), member["description"])


def type_words(schema: Schema) -> str:
    """A schema in a few words, such as "list of Label" or "number 0 to 1"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(type_words(choice) for choice in schema["anyOf"])
    if "enum" in schema:
        choices = ", ".join("null" if choice is None else choice for choice in schema["enum"])
        return f"one of {choices}" + (f"; default {schema['default']}" if "default" in schema else "")
    if schema["type"] == "array":
        return f"list of {type_words(schema['items'])}"
    words = " or ".join([schema["type"]] if isinstance(schema["type"], str) else schema["type"])
    if "maximum" in schema:
        words += f" {schema['minimum']} to {schema['maximum']}"
    return words + (f", up to {schema['maxLength']:,} characters" if "maxLength" in schema else "")


def _row(name: str, described: Mapping[str, Any]) -> Row:
    return Row(name, type_words(described["schema"]), described["description"])


def _answer(status: str, answer: Mapping[str, Any]) -> tuple[str, str, str]:
    return status, answer["description"], ", ".join(answer.get("content", {}))


def _curl_lines(method: str, url: str, operation: Mapping[str, Any]) -> Iterator[Example]:
    bodies = operation.get("requestBody", {}).get("content", {})
    words = ("curl", url, *(("-H", "Authorization: Bearer KEY") if "security" in operation else ()))
    if not bodies:
        yield Example("Ask", shlex.join(words if method == "get" else (*words, "-X", method.upper())))
    for media_type, body in bodies.items():
        for example in body.get("examples", {"": {"value": body.get("example")}}).values():
            sent = ("-H", f"Content-Type: {media_type}", "--data-binary", _written(example["value"]))
            caption = f"{example['summary']}: {media_type}" if "summary" in example else media_type
            yield Example(caption, shlex.join((*words, *sent)))


def _examples(content: Mapping[str, Any]) -> Iterator[Example]:
    for media_type, answer in content.items():
        if "example" in answer:
            yield Example(f"Answer as {media_type}", _written(answer["example"], indent=1))


def _written(value: Any, indent: int | None = None) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=indent)
