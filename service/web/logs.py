"""Logs: one JSON object per line on standard error, never a word of a page."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from flask import g, has_request_context

LOGGER = logging.getLogger("winnow")


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object; `extra={"fields": {…}}` adds members."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; exceptions are reduced to type and place, since their messages may quote a page."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line |= described(record.exc_info[1])
        return json.dumps(line)


def log_to_stderr() -> None:
    """Send this package's events to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    LOGGER.handlers[:] = [handler]
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False


def log_event(event: str, **fields: Any) -> None:
    """Log an event with the members that belong to it."""
    LOGGER.info(event, extra={"fields": fields})


def log_defect(error: BaseException) -> None:
    """Log an error that nobody foresaw: its type and where it came from."""
    request_id = g.request_id if has_request_context() else None
    LOGGER.error("defect", extra={"fields": {"request_id": request_id, **described(error)}})


def described(error: BaseException) -> dict[str, Any]:
    """An exception without its message: type, and file:line of each frame."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "places": places}
