"""Unpack gzip, deflate and zstd piece by piece, so that whoever asked for it can stop at a limit.

The standard library and zstandard know the formats. What they leave open stands here: a stream cut short is an
error, several members or frames are one text, and no step unpacks more than it must.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

Coding = Literal["gzip", "deflate", "zstd"]

_GZIP_BITS = 16 + zlib.MAX_WBITS
_STEP_BYTES = 65_536
"""Unpacked at once by zlib."""

_ZSTD_STEP_BYTES = 512
"""Given to zstd at once: four bytes may stand for 128 KiB, so no step unpacks more than 16 MiB."""

_ZSTD_WINDOW_BYTES = 8 * 2**20
"""The window that RFC 9659 lets a sender use, and the memory that a frame may claim before it says a word."""


class DamagedError(Exception):
    """The packed bytes cannot be unpacked; the message says why in half a sentence."""


def unpacked(pieces: Iterable[bytes], coding: Coding) -> Iterator[bytes]:
    """The content of a packed stream, in pieces. Raises DamagedError, possibly after some of them."""
    return _UNPACKERS[coding](pieces)


def take(pieces: Iterable[bytes], enough_bytes: int) -> bytes:
    """The first `enough_bytes` of a stream, or all of it when it is shorter."""
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) >= enough_bytes:
            break
    return bytes(content[:enough_bytes])


def _gunzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    member, has_begun = zlib.decompressobj(_GZIP_BITS), False
    for piece in pieces:
        packed = piece
        while packed:
            if not has_begun and not packed.strip(b"\0"):
                break  # archives pad members with zeros
            yield from _inflate(member, packed)
            has_begun, packed = not member.eof, member.unused_data
            if member.eof:
                packed = packed.lstrip(b"\0")
                member = zlib.decompressobj(_GZIP_BITS)
    if has_begun:
        raise DamagedError("it ends too early")


def _inflate_deflate(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """HTTP's deflate is zlib's format (RFC 9110); some senders leave zlib's two bytes of header out."""
    stream: zlib._Decompress | None = None
    for packed in pieces:
        if stream is None and packed:
            stream = zlib.decompressobj(zlib.MAX_WBITS if _has_zlib_header(packed) else -zlib.MAX_WBITS)
        if stream is not None:
            yield from _inflate(stream, packed)
    if stream is None or not stream.eof:
        raise DamagedError("it ends too early")


def _has_zlib_header(packed: bytes) -> bool:
    return packed[0] & 0x0F == zlib.DEFLATED and (len(packed) < 2 or int.from_bytes(packed[:2], "big") % 31 == 0)


def _inflate(stream: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    try:
        while packed and not stream.eof:
            yield stream.decompress(packed, _STEP_BYTES)
            packed = stream.unconsumed_tail
        while not stream.eof and (rest := stream.decompress(b"", _STEP_BYTES)):
            yield rest
    except zlib.error as error:
        raise DamagedError(str(error)) from error


def _unzstd(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The library's own stream reader takes a frame cut short for a whole one."""
    import zstandard  # few runs have use for it

    unpacker = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
    frame, has_begun = unpacker.decompressobj(), False
    try:
        for piece in _cut(pieces, _ZSTD_STEP_BYTES):
            packed = piece
            while packed:  # one frame may end in it and the next begin
                yield frame.decompress(packed)
                has_begun, packed = not frame.eof, frame.unused_data if frame.eof else b""
                frame = unpacker.decompressobj() if frame.eof else frame
    except zstandard.ZstdError as error:
        raise DamagedError(str(error)) from error
    if has_begun:
        raise DamagedError("it ends too early")


def _cut(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    return (piece[start : start + size] for piece in pieces for start in range(0, len(piece), size))


_UNPACKERS: Mapping[Coding, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "deflate": _inflate_deflate,
    "zstd": _unzstd,
}
