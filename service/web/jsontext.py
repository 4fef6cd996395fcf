"""Read JSON that strangers send: one object, of bounded depth and size of structure, and nothing more.

A body of thirty megabytes may be one long page. It may as well be ten million empty lists, which would take
hundreds of megabytes as Python objects: so the structure is measured before anything is built.
"""

from __future__ import annotations

import json
import re
from itertools import accumulate
from typing import Any

from service.web.problems import ProblemError

MAX_DEPTH = 8
"""Objects and lists inside each other; a request needs three: {"options": {"keep": […]}}. The rest is for slips."""

MAX_MARKS = 5_000
"""Brackets, colons and commas outside strings; a request with both lists of phrases full needs some hundreds."""

_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
"""One that nobody closes reaches to the end: were it looked for from each of its quotes, 32 kB would take 8 s."""

_NO_MARK = re.compile(r"[^\[\]{}:,]+")
_STEPS = {"{": 1, "[": 1, "}": -1, "]": -1}


def parse_object(body: bytes, *, advice: str = "Send one page.") -> dict[str, Any]:
    """The JSON object that `body` spells. Raises ProblemError bad-json, which says where it is wrong.

    advice   what to do about a body with more members than the request can have
    """
    try:
        text = body.decode(json.detect_encoding(body))
        _check_structure(text, advice)
        value = json.loads(text)
    except UnicodeDecodeError as error:
        detail = f"It cannot be read as JSON: byte {error.start + 1} is no {error.encoding}. Send it as UTF-8."
        raise ProblemError(400, "bad-json", detail) from error
    except json.JSONDecodeError as error:
        detail = f"It cannot be read as JSON at line {error.lineno}, column {error.colno}: {error.msg}."
        raise ProblemError(400, "bad-json", detail) from error
    except ValueError as error:  # a number of thousands of digits
        raise ProblemError(400, "bad-json", "It cannot be read as JSON: a number in it is too long.") from error
    if not isinstance(value, dict):
        raise ProblemError(400, "bad-json", 'It must be a JSON object such as {"html": "<p>…"}.')
    return value


def _check_structure(text: str, advice: str) -> None:
    marks = _NO_MARK.sub("", _STRING.sub("", text))
    if len(marks) > MAX_MARKS:
        raise ProblemError(400, "bad-json", f"The JSON has far more members than a request needs. {advice}")
    if max(accumulate(_STEPS.get(mark, 0) for mark in marks), default=0) > MAX_DEPTH:
        raise ProblemError(400, "bad-json", f"The JSON is nested deeper than {MAX_DEPTH} levels. Send it flat.")
