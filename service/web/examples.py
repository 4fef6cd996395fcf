"""The example in the API's description: a small page, and the answer that Winnow gives to it.

The answer is a `Cleaned` written out by the same code as any other, so it has the same members.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from model.rendering import render, to_dict
from model.types import Cleaned, CleanedBlock, Comment, Format, Label, Position
from service.web.problems import TITLES

URL = "https://weir-gazette.example/swifts"

HTML_PAGE = """\
<html lang="en"><body>
<article>
<h1>Swifts return to the mill</h1>
<p>The first swifts of the year came back to the old mill on Thursday evening, two weeks later than last spring.</p>
</article>
<div class="newsletter"><p>Sign up for our weekly newsletter</p></div>
</body></html>
"""

TEXT_PAGE = """\
Swifts return to the mill

The first swifts of the year came back to the old mill on Thursday evening, two weeks later than last spring.

Sign up for our weekly newsletter
"""

OPTIONS: Mapping[str, Any] = {"dial": "precision", "keep": ["title"], "always_drop": ["weekly newsletter"]}

_TITLE = "Swifts return to the mill"
_BODY = "The first swifts of the year came back to the old mill on Thursday evening, two weeks later than last spring."
_PROMO = "Sign up for our weekly newsletter"
_WHY_PROMO = ("reads as a newsletter, subscription or other promotion", 'inside an element named "newsletter"')
_BLOCKS = (
    CleanedBlock(_TITLE, Label.TITLE, 0.7298, True, ("reads as the page's title",), Position(3, 1), "h1"),
    CleanedBlock(_BODY, Label.BODY, 0.9842, True, ("reads as article text",), Position(4, 1)),
    CleanedBlock(_PROMO, Label.PROMO, 0.203, False, _WHY_PROMO, Position(6, 25)),
)

MODEL_VERSION = "20260301-0a1b2c3d"

CLEANED = Cleaned(
    text=_BODY,
    title=_TITLE,
    byline=None,
    date=None,
    language="en",
    page_type=None,
    confidence=0.9437,
    blocks=_BLOCKS,
    comments=(),
    status="ok",
    warnings=(),
    model_version=MODEL_VERSION,
)

ANSWER = to_dict(CLEANED)

COMMENT = to_dict(replace(CLEANED, comments=(Comment("Lovely to see them back!", "Ida Marsh"),)))["comments"][0]


CHECK_REQUEST: Mapping[str, Any] = {
    "comments": [
        "Lovely to see them back!",
        {"text": "Great post! Visit my page", "author": "cheap pills", "link": "http://pills.example"},
    ],
    "article": {"title": _TITLE, "text": _BODY, "url": URL},
    "threshold": 0.8,
}

CHECK_ANSWER: Mapping[str, Any] = {
    "comments": [
        {"spam_probability": 0.0042, "is_spam": False, "reasons": ["reads like an ordinary comment"]},
        {"spam_probability": 0.9987, "is_spam": True, "reasons": ["it praises in set phrases and leaves a link"]},
    ],
    "model_version": MODEL_VERSION,
}


def answer_in(form: Format) -> Any:
    """The example answer in one of the formats: an object for JSON, else its text."""
    return ANSWER if form == "json" else render(CLEANED, form)


def batch_request() -> str:
    """Two lines, the second of which is no page."""
    lines: list[dict[str, Any]] = [{"id": "ferry", "html": HTML_PAGE, "url": URL}, {"id": "empty"}]
    return "".join(json.dumps(line) + "\n" for line in lines)


def batch_answer() -> str:
    """What is said to `batch_request`, without blocks."""
    answer = {name: value for name, value in ANSWER.items() if name != "blocks"}
    problem = {
        "type": "urn:winnow:problem:bad-field",
        "code": "bad-field",
        "title": TITLES["bad-field"],
        "status": 400,
        "detail": "html or text is missing. Send one of them.",
        "request_id": "4f1d2c9ab0e37756",
        "field": "html",
    }
    lines: list[dict[str, Any]] = [
        {"line": 1, "id": "ferry", "status": 200, "answer": answer},
        {"line": 2, "id": "empty", "status": 400, "problem": problem},
    ]
    return "".join(json.dumps(line) + "\n" for line in lines)
