"""Ask the service's own description (OpenAPI) whether it allows what was sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import jsonschema_rs


class Description:
    """An OpenAPI document, as /openapi.json gives it."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def schema(self, name: str) -> dict[str, Any]:
        """A schema that has a name."""
        found: dict[str, Any] = self._document["components"]["schemas"][name]
        return found

    def allows(self, schema: Mapping[str, Any], value: object) -> bool:
        """Whether a schema takes a value."""
        return jsonschema_rs.is_valid({**schema, "components": self._document["components"]}, value)

    def allows_json(self, name: str, body: bytes) -> bool:
        """Whether the schema of a name takes a body as it was sent."""
        try:
            return self.allows(self.schema(name), json.loads(body))
        except ValueError:  # it is no JSON
            return False

    def allows_query(self, path: str, method: str, query: Mapping[str, list[str]]) -> bool:
        """Whether an operation takes a query as it was sent: lists any number of times, all else once."""
        operation = self._document["paths"][path].get(method.lower(), {})
        known = {given["name"]: given["schema"] for given in operation.get("parameters", ()) if given["in"] == "query"}
        return all(
            name in known
            and self.allows(known[name], values if known[name].get("type") == "array" or len(values) > 1 else values[0])
            for name, values in query.items()
        )
