"""Read a clean request: JSON with `html` or `text`, or the page as the body and options in the query."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Request

from model.decoding import without_surrogates
from model.options import OPTION_NAMES, parse_options
from model.types import Options, SourceKind
from service.web.bodies import read_body
from service.web.jsontext import parse_object
from service.web.problems import ProblemError

RAW_TYPES: Mapping[str, SourceKind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "text/markdown": "text",
}
"""Media types whose body is the page itself."""

JSON_FIELDS = ("html", "text", "url", "options")

MAX_URL_CHARS = 4_000
"""characters of a page's address; browsers and servers give up not far beyond."""

_CODEC_FAMILIES = (
    "utf-8 utf-16 utf-16-le utf-16-be ascii koi8-r koi8-u mac-roman mac-cyrillic cp866 cp874",
    "cp932 cp949 gbk gb2312 gb18030 big5 big5hkscs euc_jp euc_kr iso2022_jp shift_jis",
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258",
    " ".join(f"iso8859-{part}" for part in range(1, 17)),
)
WEB_CODECS = frozenset(" ".join(_CODEC_FAMILIES).split())
"""Python's names of the encodings of the web. Others are refused: some unpack archives or are quadratic."""

_LATIN = frozenset({"ascii", "iso8859-1"})


@dataclass(frozen=True, slots=True)
class CleanRequest:
    """One page to clean. Bytes are left for the cleaner to decode."""

    source: bytes | str
    kind: SourceKind
    url: str | None
    options: Options


def read_clean_request(request: Request) -> CleanRequest:
    """Read the request. Raises ProblemError or OptionError with the field that is wrong."""
    media_type = request.mimetype
    if media_type == "application/json" or media_type.endswith("+json"):
        return _from_json(request)
    if media_type in RAW_TYPES:
        return _from_raw(request, RAW_TYPES[media_type])
    taken = ["application/json", *RAW_TYPES]
    detail = f"Content-Type is {media_type or 'missing'}. Send one of: {', '.join(taken)}."
    raise ProblemError(415, "unsupported-media-type", detail, allowed=taken)


def _from_json(request: Request) -> CleanRequest:
    for name in request.args:
        raise bad_field(name, "is in the query. With a JSON body everything goes into the body.")
    return page_from_object(parse_object(read_body(request)))


def page_from_object(body: Mapping[str, Any]) -> CleanRequest:
    """The page that a JSON object holds. Raises ProblemError or OptionError with the field that is wrong."""
    for name in body:
        if name not in JSON_FIELDS:
            raise bad_field(name, f"is not a field. Fields: {', '.join(JSON_FIELDS)}.")
    pages: list[SourceKind] = [kind for kind in ("html", "text") if kind in body]
    if len(pages) != 1:
        raise bad_field(
            "html", "and text are both given. Send one of them." if pages else "or text is missing. Send one of them."
        )
    (kind,) = pages
    options = body.get("options", {})
    if not isinstance(options, dict):
        raise bad_field("options", f"must be an object. Its members: {', '.join(OPTION_NAMES)}.")
    source = read_string(body, kind)
    url = _url(read_string(body, "url")) if body.get("url") is not None else None
    return CleanRequest(source, kind, url, parse_options(options))


def _from_raw(request: Request, kind: SourceKind) -> CleanRequest:
    query = request.args.to_dict(flat=False)
    urls = query.pop("url", [])
    if len(urls) > 1:
        raise bad_field("url", "is given twice. A page has one address.")
    options = parse_options({name: _single(values) for name, values in query.items()})
    source = _decoded(read_body(request), request.mimetype_params.get("charset"))
    return CleanRequest(source, kind, _url(urls[0]) if urls else None, options)


def _single(values: list[str]) -> str | list[str]:
    """A query name given once is a string, so that `dial=recall` is no list; several stay a list."""
    return values[0] if len(values) == 1 else values


def read_string(body: Mapping[str, Any], name: str) -> str:
    """A member that must be a string. Raises ProblemError."""
    value = body[name]
    if not isinstance(value, str):
        raise bad_field(name, "must be a string.")
    return without_surrogates(value)


def _url(url: str) -> str:
    if len(url) > MAX_URL_CHARS:
        raise bad_field("url", f"has over {MAX_URL_CHARS:,} characters. Leave it out: it is never fetched.")
    return url


def _decoded(body: bytes, charset: str | None) -> bytes | str:
    """The body by the charset its sender named; a byte order mark tells better than any header."""
    if charset is None or body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body
    try:
        codec = codecs.lookup(charset).name
    except (LookupError, ValueError):
        codec = ""
    if codec not in WEB_CODECS:
        detail = f"charset {charset[:40]!r} is not known. Send UTF-8, or leave the charset out."
        raise ProblemError(415, "unsupported-charset", detail)
    # As in browsers, pages that claim Latin-1 are Windows-1252: curly quotes and dashes depend on it.
    return body.decode("cp1252" if codec in _LATIN else codec, errors="replace")


def bad_field(name: str, detail: str) -> ProblemError:
    """A problem with one field, which it names."""
    shown = ascii(name)[1:-1][:40]
    return ProblemError(400, "bad-field", f"{shown} {detail}", field=shown)
