"""Packed streams: whole ones, ones cut short, several in one, and bombs."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable, Iterator

import pytest
import zstandard

from service.unpacking import Coding, DamagedError, take, unpacked

TEXT = random.Random(1).randbytes(50_000) + b"The boat left at dawn. " * 40_000


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


PACKERS: dict[str, tuple[Coding, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "deflate without a header": ("deflate", raw_deflate),
    "zstd": ("zstd", zstandard.ZstdCompressor().compress),
}


def pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[start : start + size] for start in range(0, len(content), size))


@pytest.mark.parametrize("size", [1_000, 10**9])
@pytest.mark.parametrize("packer", PACKERS)
def test_what_was_packed_comes_out_whole(packer: str, size: int) -> None:
    coding, pack = PACKERS[packer]
    assert b"".join(unpacked(pieces(pack(TEXT), size), coding)) == TEXT


@pytest.mark.parametrize("packer", PACKERS)
def test_a_stream_cut_short_is_damaged(packer: str) -> None:
    coding, pack = PACKERS[packer]
    with pytest.raises(DamagedError):
        b"".join(unpacked([pack(TEXT)[:-9]], coding))


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
def test_what_is_not_packed_is_damaged(coding: Coding) -> None:
    with pytest.raises(DamagedError):
        b"".join(unpacked([b"<p>no archive</p>"], coding))


@pytest.mark.parametrize("packer", ["gzip", "zstd"])
def test_several_members_are_one_text(packer: str) -> None:
    coding, pack = PACKERS[packer]
    packed = pack(b"one ") + pack(b"two ") + pack(b"three")
    assert b"".join(unpacked(pieces(packed, 7), coding)) == b"one two three"


def test_zeros_after_a_gzip_member_are_padding() -> None:
    assert b"".join(unpacked([gzip.compress(b"page") + b"\0" * 600], "gzip")) == b"page"


@pytest.mark.parametrize("packer", PACKERS)
def test_a_bomb_is_unpacked_no_further_than_asked(packer: str) -> None:
    coding, pack = PACKERS[packer]
    bomb = unpacked([pack(b"\0" * 200_000_000)], coding)
    assert take(bomb, 1_001) == b"\0" * 1_001
    assert len(next(bomb)) <= 2**24
