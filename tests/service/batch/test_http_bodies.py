"""Bodies of archived answers, stored as they came or decoded, under headers that are true or no longer so."""

from __future__ import annotations

import errno
import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping

import pytest
import zstandard
from fastwarc.stream_io import BrotliWriter

from service.batch.archive import archive_rows
from service.batch.http_bodies import decoded_body
from service.batch.rows import Row
from service.unpacking import DamagedError

PAGE = b"<p>Plain words of a page.</p>" * 100


def in_chunks(body: bytes) -> bytes:
    chunks = [body[at : at + 900] for at in range(0, len(body), 900)]
    return b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)


def brotli(body: bytes) -> bytes:
    packed = io.BytesIO()
    writer = BrotliWriter(packed)
    writer.write(body)
    writer.close()
    return packed.getvalue()


PACKED: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "zstd": zstandard.compress,
    "br": brotli,
}


@pytest.mark.parametrize("coding", PACKED)
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("form", ["as it came", "out of its chunks", "decoded"])
def test_a_body_is_decoded_as_far_as_it_is_not_yet(coding: str, chunked: bool, form: str) -> None:
    headers = {"Content-Encoding": coding} | ({"Transfer-Encoding": "chunked"} if chunked else {})
    packed = PACKED[coding](PAGE)
    as_it_came = in_chunks(packed) + b"0\r\n\r\n" if chunked else packed
    stored = {"as it came": as_it_came, "out of its chunks": packed, "decoded": PAGE}[form]
    assert decoded_body(stored, headers, 1_000_000) == PAGE
    assert decoded_body(stored, headers, 100) == PAGE[:100]


@pytest.mark.parametrize(
    ("stored", "headers"),
    [
        (gzip.compress(PAGE)[:-12], {"Content-Encoding": "gzip"}),
        (in_chunks(PAGE)[:-300], {"Transfer-Encoding": "chunked"}),
    ],
)
def test_a_body_cut_short_is_damaged(stored: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(DamagedError):
        decoded_body(stored, headers, 1_000_000)


def record(body: bytes, headers: bytes) -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n%b\r\n%b" % (headers, body)
    head = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\n"
    return b"%bContent-Length: %d\r\n\r\n%b\r\n\r\n" % (head, len(answer), answer)


def test_a_record_that_cannot_be_decoded_costs_no_other_record() -> None:
    """One that named chunks it did not have ended the run as "damaged from here on"."""
    archive = (
        record(PAGE, b"transfer-encoding: chunked\r\n")
        + record(gzip.compress(PAGE)[:-12], b"content-encoding: gzip\r\n")
        + record(PAGE * 10, b"")
        + record(gzip.compress(PAGE), b"content-encoding: gzip\r\n")
    )
    rows = [source.row for source in archive_rows([archive], "a", 5_000)]
    assert [row.content for row in rows] == [PAGE, None, None, PAGE]
    assert "body is damaged" in (rows[1].problem or "")
    assert rows[2].problem == "It has more than 5,000 bytes. Leave it out."


@pytest.mark.parametrize("whole", [0, 1, 2])
def test_an_archive_whose_source_fails_is_not_taken_for_a_damaged_one(whole: int) -> None:
    """Else a table without the rest of its rows would stand there as if it were finished."""

    def breaking_off() -> Iterator[bytes]:
        yield from [record(PAGE, b"")] * whole
        yield record(PAGE, b"")[:200]
        raise OSError(errno.EIO, "broken off")

    read: list[Row] = []
    with pytest.raises(OSError, match="broken off"):
        read.extend(source.row for source in archive_rows(breaking_off(), "a", 5_000))
    assert [row.content for row in read if not row.problem] == [PAGE] * whole
