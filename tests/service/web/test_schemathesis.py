"""The running API against its own description: schemathesis makes requests from it, right ones and wrong ones.

All of its checks are on. What a request is made of loses its type on the way – a number in the query is text
again, any body is a page, any line is answered for itself – so `negative_data_rejection` is asked only about what is
still wrong as sent.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema_rs
import schemathesis
from hypothesis import settings
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import negative_data_rejection

from service.web.app import create_app
from service.web.intake import RAW_TYPES
from service.web.keys import add_key
from service.web.ndjson import MEDIA_TYPES
from service.web.ratelimit import MAX_PER_MINUTE
from service.web.settings import Settings
from tests.service.conftest import FakeCleaner

MAX_EXAMPLES = 150
"""requests drawn for each operation, besides those at the edges of every schema; 10 s in all"""


@schemathesis.serializer(*RAW_TYPES, *MEDIA_TYPES)
def raw_page(_context: Any, value: Any) -> Any:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@schemathesis.deserializer(MEDIA_TYPES[0])
def lines(_context: Any, response: Any) -> Any:
    return response.content.decode()


def described_api(settings: Settings) -> Any:
    """The description with the application behind it; schemathesis' own loader would leave out /openapi.json."""
    app = create_app(FakeCleaner(), settings)
    api = schemathesis.openapi.from_dict(app.test_client().get("/openapi.json").get_json())
    api.app = app
    return api


def api_with_key() -> tuple[Any, str]:
    """An API that asks for a key, and the key. It keeps the keys it has read when their file is gone."""
    with TemporaryDirectory() as folder:
        keys_file = Path(folder) / "keys"
        key = add_key(keys_file, "schemathesis")
        return described_api(Settings(keys_file=keys_file, rate_limit=MAX_PER_MINUTE)), key


API = described_api(Settings())
PRIVATE_API, KEY = api_with_key()


@API.parametrize()  # type: ignore[untyped-decorator]  # the API is only known when it runs
@settings(max_examples=MAX_EXAMPLES, derandomize=True, deadline=None, database=None)
def test_the_api_is_what_its_description_says(case: Any) -> None:
    ask(case, {})


@PRIVATE_API.parametrize()  # type: ignore[untyped-decorator]
@settings(max_examples=MAX_EXAMPLES // 5, derandomize=True, deadline=None, database=None)
def test_the_api_with_keys_is_what_its_description_says_and_refuses_who_has_none(case: Any) -> None:
    ask(case, {"Authorization": f"Bearer {KEY}"})


def ask(case: Any, headers: dict[str, str]) -> None:
    """Send the request that schemathesis made, and let all checks that apply look at the answer."""
    if case.media_type == "application/json" and not case.meta.is_negative_at(ParameterLocation.QUERY):
        case.query = {}  # "with a JSON body the query stays empty" is a rule that OpenAPI has no words for
    response = case.call(headers=headers | {"Accept-Encoding": "identity"})  # nothing here unpacks
    is_wrong = case.media_type not in (*RAW_TYPES, *MEDIA_TYPES) or has_wrong_query(case, response.request.url)
    case.validate_response(
        response,
        headers=headers,
        excluded_checks=[] if is_wrong else [negative_data_rejection],
        transport_kwargs={"headers": headers},
    )


def has_wrong_query(case: Any, url: str) -> bool:
    """Whether the query as it was sent breaks the description."""
    document = case.operation.schema.raw_schema
    parameters = {
        parameter["name"]: parameter["schema"]
        for parameter in document["paths"][case.path].get(case.method.lower(), {}).get("parameters", ())
        if parameter["in"] == "query"
    }
    for name, values in parse_qs(urlsplit(url).query, keep_blank_values=True).items():
        schema = {**parameters.get(name, {"not": {}}), "components": document["components"]}
        sent: Any = values if schema.get("type") == "array" or len(values) > 1 else values[0]
        if not jsonschema_rs.is_valid(schema, sent):
            return True
    return False
