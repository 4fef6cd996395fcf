"""The body of an archived answer as its sender meant it: out of its chunks, unpacked.

Crawlers, Common Crawl's older archives among them, often store the body decoded and leave the headers that no longer
tell the truth. So a header is believed only where the bytes bear it out: what it does not describe is taken as it is.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping

from fastwarc.stream_io import BrotliReader, ChunkedReader

from service.unpacking import Coding, DamagedError, take, unpacked

_CHUNK = re.compile(rb"[0-9A-Fa-f]{1,16}[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_CODINGS: Mapping[str, tuple[Coding, bytes]] = {
    "gzip": ("gzip", b"\x1f\x8b"),
    "x-gzip": ("gzip", b"\x1f\x8b"),
    "zstd": ("zstd", b"\x28\xb5\x2f\xfd"),
}
"""Codings whose bytes can be told by how they begin."""


def decoded_body(stored: bytes, headers: Mapping[str, str], enough_bytes: int) -> bytes:
    """The body, or its first `enough_bytes`. Raises DamagedError where it is packed, but cannot be unpacked."""
    body = stored
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower() and _CHUNK.match(body):
        body = _out_of_chunks(body, enough_bytes)
    for coding in reversed((headers.get("Content-Encoding") or "").lower().split(",")):
        body = _unpacked(body, coding.strip(), enough_bytes)
    return body[:enough_bytes]


def _out_of_chunks(body: bytes, enough_bytes: int) -> bytes:
    try:
        content: bytes = ChunkedReader(io.BytesIO(body)).read(enough_bytes)
    except OSError as error:
        raise DamagedError("its chunks do not end") from error
    return content


def _unpacked(body: bytes, coding: str, enough_bytes: int) -> bytes:
    if coding in _CODINGS:
        name, beginning = _CODINGS[coding]
        return take(unpacked([body], name), enough_bytes) if body.startswith(beginning) else body
    try:
        if coding == "deflate":
            return take(unpacked([body], "deflate"), enough_bytes)
        if coding == "br":
            content: bytes = BrotliReader(io.BytesIO(body)).read(enough_bytes)
            return content
    except (DamagedError, OSError):
        pass  # nothing tells these two from a plain body but that they cannot be unpacked
    return body
