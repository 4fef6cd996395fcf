"""The running API against its own description: schemathesis makes requests from it, right ones and wrong ones.

All of its checks are on. What a request is made of loses its type on the way – a number in the query is text
again, any body is a page, any line is answered for itself – so `negative_data_rejection` is asked only about what is
still wrong as sent.

Which requests are drawn hangs on what else was imported: Hypothesis mixes the constants of all modules of the
repository in, `derandomize` or not. So these tests must hold for every request there is, and test_agreement.py looks
at the edges on purpose.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, urlsplit

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import negative_data_rejection

from service.web.app import create_app
from service.web.intake import RAW_TYPES
from service.web.keys import add_key
from service.web.ndjson import MEDIA_TYPES
from service.web.ratelimit import MAX_PER_MINUTE
from service.web.settings import Settings
from tests.service.conftest import FakeCleaner
from tests.service.web.description import Description

MAX_EXAMPLES = 150
"""requests drawn for each operation, besides those at the edges of every schema; 10 s in all"""

DRAWN = settings(
    max_examples=MAX_EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
"""No health check: how long requests take to draw says something of the machine, and nothing of the service."""


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
@DRAWN
def test_the_api_is_what_its_description_says(case: Any) -> None:
    ask(case, {})


@PRIVATE_API.parametrize()  # type: ignore[untyped-decorator]
@settings(DRAWN, max_examples=MAX_EXAMPLES // 5)
def test_the_api_with_keys_is_what_its_description_says_and_refuses_who_has_none(case: Any) -> None:
    ask(case, {"Authorization": f"Bearer {KEY}"})


def ask(case: Any, headers: dict[str, str]) -> None:
    """Send the request that schemathesis made, and let all checks that apply look at the answer."""
    if case.media_type == "application/json" and not case.meta.is_negative_at(ParameterLocation.QUERY):
        case.query = {}  # "with a JSON body the query stays empty" is a rule that OpenAPI has no words for
    response = case.call(headers=headers | {"Accept-Encoding": "identity"})  # nothing here unpacks
    case.validate_response(
        response,
        headers=headers,
        excluded_checks=[negative_data_rejection] if is_right_as_sent(case, response.request) else [],
        transport_kwargs={"headers": headers},
    )


def is_right_as_sent(case: Any, request: Any) -> bool:
    """Whether the description allows the request, whatever it was before it was written out."""
    description = Description(case.operation.schema.raw_schema)
    query = parse_qs(urlsplit(request.url).query, keep_blank_values=True)
    if not description.allows_query(case.path, case.method, query):
        return False
    if case.media_type != "application/json":
        return case.media_type in (*RAW_TYPES, *MEDIA_TYPES)  # bytes are a page, and a wrong line is told in its answer
    return not query and description.allows_json("CleanRequest", request.body or b"")
