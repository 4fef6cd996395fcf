"""Bytes to text, and HTML or plain text: the first step, before anything is parsed."""

from __future__ import annotations

import re
from typing import get_args

from turbohtml.detect import detect

from model.errors import InputError, OptionError
from model.limits import Limits
from model.types import Kind, Page, SourceKind

_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|div|p|br|table|article|section|main|span|a\s|ul|h[1-6]|meta|script)\b",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(
    r"\s*<(address|aside|blockquote|center|details|dl|fieldset|figure|font|footer|form|header|li|nav|ol|pre|td|tr)"
    r"(?=[\s>])[^<>]*>.*?</[a-z]",
    re.IGNORECASE | re.DOTALL,
)
"""A piece of a page: it begins with one of these elements, and closes an element."""

_MARKUP_EVERY_CHARS = 2_000
"""A text that shows markup code has a tag now and then; a page has one in every few hundred characters."""

_CONTROL = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_MAX_CONTROL_SHARE = 0.02
"""Share of control characters in the first 64 KiB above which the input is binary; text has none."""

_OTHERS_PER_BROKEN = 4
"""Valid multi-byte characters for each broken one from which a page is damaged UTF-8; by accident there are fewer."""

_UTF_32_MARKS = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
_WIDE_BYTES, _WIDE_SHARE = 1_024, 0.3
"""Bytes that tell UTF-16 without a mark, and the share of characters below U+0100: spaces and digits in any script."""

_SIGNATURES = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed data"),
    (b"\x7fELF", "a program"),
)


def decode_page(source: bytes | str, *, kind: Kind, url: str | None, limits: Limits) -> Page:
    """Decode `source` and settle whether it is markup.

    A byte-order mark decides the encoding, then structurally valid UTF-8, a little damage allowed (a wrong
    charset declaration is common, valid multi-byte UTF-8 by accident is not), then what the page declares or its
    letters suggest.

    Raises InputError when the source is too large or is not text at all, OptionError for a kind that does not exist.
    """
    if kind not in get_args(Kind):
        raise OptionError(f"kind cannot be {kind!r}. Allowed: {', '.join(get_args(Kind))}.")
    if not isinstance(source, str | bytes | bytearray):
        raise InputError(f"The page is of type {type(source).__name__}. Pass the content of one page as str or bytes.")
    if len(source) > limits.max_page_bytes:
        raise InputError(
            f"The page is {len(source):,} bytes, more than the limit of {limits.max_page_bytes:,}. "
            "Split it, or raise Limits.max_page_bytes."
        )
    warnings: list[str] = []
    text = without_surrogates(source) if isinstance(source, str) else _decode(source, warnings)
    text = text.removeprefix("\ufeff")
    _refuse_binary(text)
    text = text.replace("\x00", "")
    settled: SourceKind = sniff_kind(text) if kind == "auto" else kind
    return Page(text, settled, url, tuple(warnings))


def sniff_kind(text: str) -> SourceKind:
    """Tell markup from plain text by how often real tags occur at its start."""
    head = text[:20_000]
    tags = len(_MARKUP.findall(head))
    starts_with_tag = head.lstrip()[:1] == "<" and (tags > 0 or _FRAGMENT.match(head) is not None)
    return "html" if starts_with_tag or tags > 1 + len(head) // _MARKUP_EVERY_CHARS else "text"


def without_surrogates(text: str) -> str:
    """Lone surrogates, which JSON can spell and nothing can encode, become replacement characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _decode(source: bytes, warnings: list[str]) -> str:
    for signature, name in _SIGNATURES:
        if source.startswith(signature):
            raise InputError(f"The page is {name}, not HTML or text. Extract its text first.")
    text, encoding = None, "UTF-8"
    wide = _wide_text(source)
    if wide is not None:
        return wide
    if not source.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x1b$" not in source:
        try:
            return source.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = _damaged_utf8(source)
    if text is None:
        match = detect(source)
        text, encoding = source.decode(match.codec or "utf-8", "replace"), match.encoding or encoding
    broken = text.count("\ufffd")
    if broken > 3 + len(text) // 1_000:
        warnings.append(f"{broken:,} characters could not be decoded as {encoding}: the charset is broken or mixed.")
    return text


def _wide_text(source: bytes) -> str | None:
    """UTF-32 behind its mark, or UTF-16 without one, in which many a second byte is 0; None for everything else."""
    head = source[:_WIDE_BYTES]
    zeros = head[::2].count(0), head[1::2].count(0)
    codec = "utf-32" if source.startswith(_UTF_32_MARKS) else ""
    if not codec and min(zeros) == 0 and max(zeros) > _WIDE_SHARE * len(head) / 2:
        codec = "utf-16-le" if zeros[1] else "utf-16-be"
    try:
        return source.decode(codec) if codec else None
    except UnicodeDecodeError:
        return None


def _damaged_utf8(source: bytes) -> str | None:
    """UTF-8 with a few broken bytes, or None: one cut character must not turn a whole page into mojibake."""
    text = source.decode("utf-8-sig", "replace")
    broken = text.count("\ufffd")
    others = len(text) - len(text.encode("ascii", "ignore")) - broken
    return text if others >= _OTHERS_PER_BROKEN * broken else None


def _refuse_binary(text: str) -> None:
    head = text[:65_536]
    coded = head.encode("utf-8", "replace")  # bytes lose what is unwanted in a tenth of the time that a search takes
    if head and len(coded) - len(coded.translate(None, _CONTROL)) > 2 + _MAX_CONTROL_SHARE * len(head):
        raise InputError("The page is binary data, not HTML or text. Extract its text first.")
