"""The bytes of a request: whole or as a stream, unpacked, and never more of them than the limit.

What arrives packed counts as what it unpacks to, so a small bomb is refused like a large page.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import partial

from flask import Request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from service.unpacking import Coding, DamagedError, take, unpacked
from service.web.problems import ProblemError

CODINGS: Mapping[str, Coding] = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate", "zstd": "zstd"}
"""Names that Content-Encoding may have, besides identity and none."""

UNLIMITED = sys.maxsize
"""bytes; None would mean the application's limit to Flask"""

_READ_BYTES = 65_536
"""bytes; gunicorn gives a body in pieces of exactly this size"""

_CUT_SHORT = "The body ended before its Content-Length or last chunk. Send all of it."


def read_body(request: Request) -> bytes:
    """The whole body, unpacked. Raises ProblemError, and RequestEntityTooLarge beyond the request's limit."""
    most = request.max_content_length or UNLIMITED
    body = take(body_pieces(request), most + 1)
    if len(body) > most:
        raise RequestEntityTooLarge
    return body


def body_pieces(request: Request) -> Iterator[bytes]:
    """The body, unpacked, as it comes in. Raises ProblemError, possibly after some pieces."""
    coding = _coding(request)
    if (request.content_length or 0) > (request.max_content_length or UNLIMITED):
        raise RequestEntityTooLarge
    pieces = _pieces(request)
    return pieces if coding is None else _unpacked(pieces, coding)


def _pieces(request: Request) -> Iterator[bytes]:
    """The body as it was sent. Werkzeug would cut a chunked one short at the limit without a word."""
    request.max_content_length = UNLIMITED
    received = 0
    try:
        for piece in iter(partial(request.stream.read, _READ_BYTES), b""):
            received += len(piece)
            yield piece
    except ClientDisconnected as error:
        raise ProblemError(400, "bad-request", _CUT_SHORT) from error
    if request.content_length is not None and received < request.content_length:
        raise ProblemError(400, "bad-request", _CUT_SHORT)


def _unpacked(pieces: Iterator[bytes], coding: Coding) -> Iterator[bytes]:
    try:
        yield from unpacked(pieces, coding)
    except DamagedError as error:
        detail = f"The body cannot be unpacked as {coding} ({error}). Pack it anew, or send it as it is."
        raise ProblemError(400, "bad-request", detail) from error


def _coding(request: Request) -> Coding | None:
    name = request.headers.get("Content-Encoding", "").strip().lower()
    if name in ("", "identity"):
        return None
    if name not in CODINGS:
        detail = f"Content-Encoding is {name[:40]!a}. Send the body as it is, or packed once as one of: "
        taken = list(dict.fromkeys(CODINGS.values()))
        headers = {"Accept-Encoding": ", ".join(taken)}  # RFC 9110, 15.5.16
        raise ProblemError(415, "unsupported-encoding", f"{detail}{', '.join(taken)}.", headers=headers, allowed=taken)
    return CODINGS[name]
