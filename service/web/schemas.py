"""JSON Schemas of what goes in and comes out, read from the types and tables that the code itself runs on.

Names, types, choices and defaults come from the code; the words and bounds beside them are here. A member
without words stops the build of the document, so a new field cannot go undescribed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from model.dial import DIALS, PROMISE_PATTERN
from model.options import MAX_PHRASE_CHARS, MAX_PHRASES, OPTION_NAMES
from model.page_model import PAGE_TYPES
from model.types import Cleaned, CleanedBlock, Comment, Label, Options, Position
from service.web.comment_schemas import check_answer, check_request
from service.web.examples import ANSWER, COMMENT
from service.web.intake import JSON_FIELDS, MAX_URL_CHARS
from service.web.problems import TITLES

Schema = dict[str, Any]

_CHANCE = {"minimum": 0, "maximum": 1}

_WORDS: Mapping[str, tuple[str, Schema]] = {
    "Cleaned.text": (
        "The article: body, headings, captions. A blank line parts blocks; inside one, line ends are the page's.",
        {},
    ),
    "Cleaned.title": ("The page's title, null where it has none.", {}),
    "Cleaned.byline": ("Who wrote it, null where the page does not say.", {}),
    "Cleaned.date": ("Day of publication, null where the page does not say.", {"format": "date"}),
    "Cleaned.language": ("Language of the page, null where it is not known.", {"pattern": "^[a-z]{2,3}$"}),
    "Cleaned.site_name": ("Name of the site, null where the page does not say.", {}),
    "Cleaned.page_type": ("Kind of page; null for plain text.", {"enum": [*PAGE_TYPES, None]}),
    "Cleaned.confidence": ("The word F1 to expect of the text, or how sure it is that there is no article.", _CHANCE),
    "Cleaned.status": ("empty: nothing was worth keeping; degraded: not read as usual, see warnings.", {}),
    "Cleaned.warnings": ("Why the page could not be read as usual.", {}),
    "Cleaned.kind": ("What the page was read as.", {}),
    "Cleaned.blocks": ("Every block of the page in reading order, kept or not.", {}),
    "Cleaned.comments": ("Readers' comments, apart from the article.", {}),
    "Cleaned.model_version": ("Version of the model that decided.", {"minLength": 1}),
    "CleanedBlock.text": ("The block's text; line ends in it are the page's line breaks.", {}),
    "CleanedBlock.label": ("What the block is.", {}),
    "CleanedBlock.probability": ("Calibrated chance that the block belongs to the article.", _CHANCE),
    "CleanedBlock.kept": ("Whether it is part of the article.", {}),
    "CleanedBlock.reasons": ("Why, the weightiest first.", {}),
    "CleanedBlock.tag": ("Its HTML element, of a heading h1 to h6; p in plain text.", {}),
    "CleanedBlock.position": (
        "Where it starts in the source, or in the markup made of its JSON-LD (see warnings).",
        {},
    ),
    "Position.line": ("Line, counted from 1.", {"minimum": 1}),
    "Position.column": ("Column, counted from 1.", {"minimum": 1}),
    "Comment.author": ("Who wrote the comment, null where the page does not say.", {}),
    "Comment.date": ("When, in the page's own words.", {}),
    "Comment.text": ("The comment's text; line ends in it are the page's, blank lines part its blocks.", {}),
    "Comment.spam_probability": ("Chance that it is spam, null where it was not judged.", _CHANCE),
    "Comment.spam_reasons": ("Why, the weightiest first.", {}),
    "Comment.depth": ("How many replies deep it stands; 0 for a comment on the article itself.", {"minimum": 0}),
    "Comment.parent": ("Place in comments of the one it replies to, counted from 0; null at the top.", {"minimum": 0}),
    "Comment.position": ("Where it starts in the source.", {}),
    "Options.dial": (
        "How sure Winnow must be before it keeps a block, or what share of the article's words it may lose: "
        '"lose at most 1 %", short "lose<=1%".',
        {},
    ),
    "Options.keep": (
        "Labels (see Label) that stay in the text besides body, heading and caption; commas part several.",
        {},
    ),
    "Options.comments": ("separate: in comments; drop: nowhere; keep: in the text as well.", {}),
    "Options.always_drop": ("A block that contains one of these phrases is dropped; case does not matter.", {}),
    "Options.always_keep": ("A block that contains one of these phrases is kept; wins over always_drop.", {}),
    "CleanRequest.html": ("The page as HTML.", {}),
    "CleanRequest.text": ("The page as text that was already extracted.", {}),
    "CleanRequest.url": ("Where the page came from. It is never fetched.", {"maxLength": MAX_URL_CHARS}),
    "CleanRequest.options": ("How to clean.", {}),
}

# Binary data is refused; the one character that is never text stands for it here.
_TEXT: Schema = {"type": "string", "pattern": "^[^\\u0000]*$"}

_SPACE = r"\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""What Python strips, spelled out for a character class: \\s is another set in every dialect of regular expressions."""

_PHRASE: Schema = {"type": "string", "maxLength": MAX_PHRASE_CHARS, "pattern": f"[^{_SPACE}]"}


def component_schemas() -> dict[str, Schema]:
    """Every schema that others refer to by name."""
    answers = (Position, CleanedBlock, Comment, Cleaned)
    return {
        "CleanRequest": _clean_request(),
        "Options": _options(),
        **{kind.__name__: _answer_object(kind) for kind in answers},
        "Label": {"type": "string", "enum": [label.value for label in Label], "description": "What a block is."},
        "CheckRequest": check_request(),
        "CheckAnswer": check_answer(),
        "Manifest": _manifest(),
        "Problem": _problem(),
    }


def closed_object(properties: Mapping[str, Schema], required: Iterable[str] | None = None) -> Schema:
    """An object with these members and no others; all are required unless told otherwise."""
    names = list(properties) if required is None else list(required)
    return {
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
        **({"required": names} if names else {}),
    }


def reference(name: str) -> Schema:
    """A reference to one of `component_schemas`."""
    return {"$ref": f"#/components/schemas/{name}"}


def option_parameters() -> list[Schema]:
    """The options as query parameters of a raw body: a list is the name given several times."""
    parameters = []
    for name, schema in _options()["properties"].items():
        several = next((choice for choice in schema.get("anyOf", ()) if choice["type"] == "array"), None)
        given = several or {key: value for key, value in schema.items() if key != "description"}
        parameters.append(
            {"name": name, "in": "query", "description": schema["description"], "required": False, "schema": given}
        )
    return parameters


def url_parameter() -> Schema:
    """The page's address as a query parameter of a raw body."""
    words, bounds = _WORDS["CleanRequest.url"]
    return {
        "name": "url",
        "in": "query",
        "description": words,
        "required": False,
        "schema": {"type": "string", **bounds},
    }


def raw_body() -> Schema:
    """A body that is the page itself."""
    return dict(_TEXT)


def _clean_request() -> Schema:
    schemas: Mapping[str, Schema] = {
        "html": _TEXT,
        "text": _TEXT,
        "url": {"type": ["string", "null"]},
        "options": reference("Options"),
    }
    properties = {name: _described(f"CleanRequest.{name}", schemas[name]) for name in JSON_FIELDS}
    return {**closed_object(properties, ()), "oneOf": [{"required": ["html"]}, {"required": ["text"]}]}


def _options() -> Schema:
    hints = get_type_hints(Options)
    known = {field.name: field for field in fields(Options)}
    properties = {name: _option(known[name], hints[name]) for name in OPTION_NAMES}
    return closed_object(properties, ())


def _option(field: Field[Any], hint: Any) -> Schema:
    """One option. Those that hold several values take one string or a list of strings."""
    if hint == frozenset[Label]:
        several = [_label_list(), {"type": "array", "items": _label_list()}]
        return _described(f"Options.{field.name}", {"anyOf": several})
    if hint == tuple[str, ...]:
        several = [_PHRASE, {"type": "array", "items": _PHRASE, "maxItems": MAX_PHRASES}]
        return _described(f"Options.{field.name}", {"anyOf": several})
    if field.name == "dial":
        several = [{"type": "string", "enum": list(DIALS)}, {"type": "string", "pattern": f"^{PROMISE_PATTERN}$"}]
        return _described(f"Options.{field.name}", {"anyOf": several, "default": field.default})
    default = {} if field.default is MISSING else {"default": field.default}
    return _described(f"Options.{field.name}", {**_schema_of(hint), **default})


def _label_list() -> Schema:
    """Labels in one string, parted by commas."""
    label = f"[{_SPACE}]*({'|'.join(Label)})?[{_SPACE}]*"
    return {"type": "string", "pattern": f"^{label}(,{label})*$"}


def _answer_object(kind: type) -> Schema:
    """A dataclass as `to_dict` writes it: those of its fields that the example answer has."""
    written = {Position: ANSWER["blocks"][0]["position"], CleanedBlock: ANSWER["blocks"][0], Comment: COMMENT}
    example = written.get(kind, ANSWER)
    hints = get_type_hints(kind)
    members = {name: _described(f"{kind.__name__}.{name}", _schema_of(hints[name])) for name in example}
    return {**closed_object(members), "examples": [example]}


def _schema_of(hint: Any) -> Schema:
    """The schema of a type hint of `model.types`."""
    scalars: Mapping[Any, str] = {str: "string", float: "number", int: "integer", bool: "boolean"}
    if hint in scalars:
        return {"type": scalars[hint]}
    if get_origin(hint) is Literal:
        return {"type": "string", "enum": list(get_args(hint))}
    if get_origin(hint) in (Union, UnionType):
        (inner,) = (_schema_of(part) for part in get_args(hint) if part is not NoneType)
        return {**inner, "type": [inner["type"], "null"]}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _schema_of(get_args(hint)[0])}
    return reference(hint.__name__)


def _manifest() -> Schema:
    """The model's manifest; only its version is certain, since models may be trained elsewhere."""
    words = {"type": "object", "additionalProperties": {"type": "string"}}
    numbers = {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "number"}}}
    names = {"type": "array", "items": {"type": "string"}}
    members: Mapping[str, Schema] = {
        "version": {"type": "string", "description": "Version of the model."},
        "schema": {"type": "integer", "description": "Layout of the model folder."},
        "libraries": {**words, "description": "Versions of the libraries it was made with."},
        "digests": {**words, "description": "SHA-256 of each file."},
        "kinds": {**names, "description": "Labels the model tells apart."},
        "columns": {"type": "object", "additionalProperties": names, "description": "Features by kind of page."},
        "self_test": {**numbers, "description": "What it must answer on the pages of its self-test."},
        "trained_at": {"type": "string", "format": "date-time", "description": "When it was trained."},
        "data_digest": {"type": "string", "description": "SHA-256 of the training data."},
        "sources": {"type": "object", "description": "What it was trained on: [how many, of what]."},
        "scores": {"type": "object", "description": "What it reached on the pages that measure."},
    }
    return closed_object(members, ("version",))


def _problem() -> Schema:
    members: Mapping[str, Schema] = {
        "type": {"type": "string", "format": "uri", "description": "The code as a URN."},
        "code": {"type": "string", "enum": list(TITLES), "description": "What went wrong, for programs."},
        "title": {"type": "string", "enum": list(TITLES.values()), "description": "What went wrong, for people."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599, "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What is wrong here, why, and what to do."},
        "request_id": {"type": "string", "description": "Names this request in the log."},
        "allowed": {"type": "array", "items": {"type": "string"}, "description": "What would have been taken."},
        "field": {"type": "string", "description": "The field that is wrong."},
    }
    return closed_object(members, [name for name in members if name not in ("allowed", "field")])


def _described(name: str, schema: Schema) -> Schema:
    words, bounds = _WORDS[name]
    return {**schema, **bounds, "description": words}
