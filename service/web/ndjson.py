"""POST /v1/clean/batch: many pages in one request, a JSON object per line in and out, streamed.

Lines are read, cleaned and answered one after the other, so memory holds one page whatever their number, and
answers always come in the order of the lines. `unordered=1` permits another order and changes nothing: threads would
not clean faster, and who wants more workers for one job sends several streams. What is wrong with a line is told in
its answer; the others go on. When the client is gone the next answer cannot be written, and gunicorn drops the rest.

A client must read while it sends, or send no more at once than the system buffers: what it does not take stops us.
Nor may it wait for an answer before it sends on: the body is read 64 kB at a time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Flask, Request, Response, current_app, g, request, stream_with_context

from model.decoding import without_surrogates
from model.rendering import to_dict
from service.contract import PageCleaner
from service.web.bodies import UNLIMITED, body_pieces
from service.web.intake import page_from_object
from service.web.jsontext import parse_object
from service.web.logs import log_event
from service.web.metrics import METRICS
from service.web.problems import ProblemError, as_problem, page_clock, problem_document
from service.web.settings import Settings

MEDIA_TYPES = ("application/x-ndjson", "application/ndjson", "application/jsonl")
"""Taken as Content-Type; the first is the answer's."""

FLAGS = ("blocks", "unordered")
"""Names in the query, each 0 or 1: whether answers list blocks, and whether another order is permitted (never used)."""

MAX_ID_CHARS = 1_000
"""characters of a line's id: a URL may be one"""

HEARTBEAT = "winnow.heartbeat"
"""Where the server leaves in `app.extensions` what tells it that the worker lives: the time limit is a page's."""

Line = tuple[int, bytes | ProblemError]
"""A line's number, counted from 1, and what it holds or why it was not read."""


def register_batch(app: Flask, ready: Callable[[], PageCleaner], settings: Settings) -> None:
    """Add the route. `ready` gives the cleaner or raises ProblemError 503."""

    @app.post("/v1/clean/batch")
    def clean_batch() -> Response:
        flags = _flags(request)
        if request.mimetype not in MEDIA_TYPES:
            detail = f"Content-Type is {request.mimetype or 'missing'}. Send one of: {', '.join(MEDIA_TYPES)}."
            raise ProblemError(415, "unsupported-media-type", detail, allowed=list(MEDIA_TYPES))
        request.max_content_length = UNLIMITED  # a line has the limit, the stream has none
        lines = _lines(body_pieces(request), settings.max_body_bytes)
        answers = _answers(lines, ready(), settings.timeout_s, with_blocks=flags.get("blocks", True))
        return Response(stream_with_context(answers), content_type=MEDIA_TYPES[0])


def _flags(request: Request) -> dict[str, bool]:
    flags = {}
    for name, values in request.args.to_dict(flat=False).items():
        if name not in FLAGS:
            shown = ascii(name)[1:-1][:40]
            detail = f"{shown} is not known in the query. Names: {', '.join(FLAGS)}; options go into each line."
            raise ProblemError(400, "bad-field", detail, field=shown)
        if values not in (["0"], ["1"]):
            raise ProblemError(400, "bad-field", f"{name} must be 0 or 1, given once.", field=name)
        flags[name] = values == ["1"]
    return flags


def _lines(pieces: Iterator[bytes], most_bytes: int) -> Iterator[Line]:
    """The lines that are not blank. Of one that is too long no more than the limit is held."""
    number, line = 1, bytearray()
    for piece in pieces:
        *ended, tail = piece.split(b"\n")
        for end in ended:
            line += end
            yield from _line(number, line, most_bytes)
            number, line = number + 1, bytearray()
        line += tail[: most_bytes + 1 - len(line)] if len(line) <= most_bytes else b""
    yield from _line(number, line, most_bytes)


def _line(number: int, line: bytearray, most_bytes: int) -> Iterator[Line]:
    if len(line) > most_bytes:
        detail = f"The line has over {most_bytes:,} bytes. Send a smaller page, or raise WINNOW_MAX_BODY_BYTES."
        yield number, ProblemError(413, "too-large", detail)
    elif line.strip():
        yield number, bytes(line)


def _answers(lines: Iterator[Line], cleaner: PageCleaner, timeout_s: int, *, with_blocks: bool) -> Iterator[bytes]:
    """An answer for each line, encoded. They are counted for the log, also when the client goes away."""
    counts = {"answered": 0, "failed": 0}
    beat: Callable[[], object] = current_app.extensions.get(HEARTBEAT, lambda: None)
    number = 0
    try:
        while True:
            beat()
            try:
                with page_clock(timeout_s):
                    number, line = next(lines)
            except StopIteration:
                return
            except ProblemError as problem:  # the stream broke off or stands still: nothing can follow
                counts["failed"] += 1
                yield _encoded({"line": number + 1, **_failure(problem)})
                return
            answer = _answer(number, line, cleaner, timeout_s)
            if "answer" in answer and not with_blocks:
                del answer["answer"]["blocks"]
            counts["answered" if "answer" in answer else "failed"] += 1
            current_app.extensions[METRICS].count_line(answer["status"])
            yield _encoded(answer)
    finally:
        log_event("batch-over", request_id=g.request_id, **counts)


def _answer(number: int, line: bytes | ProblemError, cleaner: PageCleaner, timeout_s: int) -> dict[str, Any]:
    """What is said to one line; its `id`, if it has one, names it in the answer as well."""
    answer: dict[str, Any] = {"line": number}
    try:
        if isinstance(line, ProblemError):
            raise line
        with page_clock(timeout_s):
            members = parse_object(line)
            if "id" in members:
                answer["id"] = _id(members.pop("id"))
            page = page_from_object(members)
            cleaned = cleaner.clean(page.source, kind=page.kind, url=page.url, options=page.options)
    except Exception as error:  # noqa: BLE001 - a defect met by one page must not spoil the others
        return {**answer, **_failure(as_problem(error))}
    current_app.extensions[METRICS].count_page(cleaned)
    return {**answer, "status": 200, "answer": to_dict(cleaned)}


def _id(value: object) -> str | int:
    if isinstance(value, str) and len(value) <= MAX_ID_CHARS:
        return without_surrogates(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return value
    raise ProblemError(400, "bad-field", f"id must be a string of up to {MAX_ID_CHARS} characters or a whole number.")


def _failure(problem: ProblemError) -> dict[str, Any]:
    document = problem_document(problem.status, problem.code, problem.detail, g.request_id, **problem.members)
    return {"status": problem.status, "problem": json.loads(document)}


def _encoded(answer: Mapping[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode() + b"\n"
