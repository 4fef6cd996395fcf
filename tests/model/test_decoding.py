"""Bytes become text by their mark, then by UTF-8, then by what the page declares; binary data is refused."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest

from model import InputError, Limits, OptionError
from model.decoding import decode_page, sniff_kind
from model.types import Kind, Page

NAME = "Zürich – “Ωmega”"


def decoded(source: bytes | str, kind: Kind = "auto", limits: Limits | None = None) -> Page:
    return decode_page(source, kind=kind, url="https://example.org/a", limits=limits or Limits())


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(NAME.encode(), id="UTF-8 without a mark"),
        pytest.param(b"\xef\xbb\xbf" + NAME.encode(), id="UTF-8 mark"),
        pytest.param(b"\xff\xfe" + NAME.encode("utf-16-le"), id="UTF-16 little-endian mark"),
        pytest.param(b"\xfe\xff" + NAME.encode("utf-16-be"), id="UTF-16 big-endian mark"),
        pytest.param(NAME.encode("utf-32"), id="UTF-32 mark"),
        pytest.param(b"\0\0\xfe\xff" + NAME.encode("utf-32-be"), id="UTF-32 big-endian mark"),
        pytest.param("\ufeff" + NAME, id="text with a mark"),
        pytest.param(NAME, id="text"),
    ],
)
def test_a_byte_order_mark_decides_and_is_removed(source: bytes | str) -> None:
    assert decoded(source).source == NAME


@pytest.mark.parametrize(
    "charset", ["iso-8859-1", "windows-1252", "utf-16", "shift_jis", "us-ascii", "no-such-charset"]
)
def test_valid_utf8_wins_over_a_wrong_declaration(charset: str) -> None:
    page = decoded(f'<html><head><meta charset="{charset}"></head><p>Größe, 東京</p></html>'.encode())
    assert "Größe, 東京" in page.source
    assert page.warnings == ()


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("windows-1252", "“Größe” – 3 €"),
        ("iso-8859-1", "café déjà"),  # by the Encoding Standard this label means windows-1252
        ("iso-8859-2", "źródło"),
        ("windows-1251", "Привет, мир"),
        ("koi8-r", "Привет, мир"),
        ("shift_jis", "日本語の文章"),
        ("euc-jp", "日本語の文章"),
        ("gb18030", "中文文章"),
        ("big5", "中文文章"),
        ("euc-kr", "한국어 문장"),
    ],
)
def test_a_declared_legacy_encoding_is_used_where_the_bytes_are_not_utf8(charset: str, text: str) -> None:
    source = f'<html><head><meta charset="{charset}"></head><p>{text}</p></html>'.encode(charset)
    assert text in decoded(source).source


@pytest.mark.parametrize("charset", ["x-user-defined", "replacement", "hz-gb-2312", "iso-2022-kr", "utf-7", "nonsense"])
def test_a_declaration_that_nothing_can_decode_still_gives_text(charset: str) -> None:
    source = f'<meta charset="{charset}"><p>plain words'.encode() + b" caf\xe9 \xff\x80</p>"
    assert isinstance(decoded(source).source, str)


def test_windows_1252_is_recognised_without_a_declaration() -> None:
    text = "“Das ist größer”, sagte sie – und ging über die Brücke. "
    assert decoded((text * 5).encode("windows-1252")).source == text * 5


def test_iso_2022_jp_is_not_taken_for_ascii() -> None:
    assert decoded("こんにちは、世界".encode("iso-2022-jp")).source == "こんにちは、世界"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda good: good + "ü".encode()[:1], id="cut inside the last character"),
        pytest.param(lambda good: good + b"\xff" + good, id="a byte that no encoding of text has"),
        pytest.param(lambda good: good + "café".encode("windows-1252") + b" " + good, id="a word pasted from Windows"),
        pytest.param(lambda good: b"<meta charset=iso-8859-1><p>" + good + b"\xe9", id="and a wrong declaration"),
    ],
)
def test_a_broken_byte_does_not_turn_a_utf8_page_into_mojibake(damage: Callable[[bytes], bytes]) -> None:
    page = decoded(damage(("größer, über die “Brücke” " * 20).encode()))
    assert page.source.count("größer, über die “Brücke” ") >= 20
    assert page.warnings == ()


def test_mixed_encodings_are_answered_with_a_warning() -> None:
    page = decoded(("größer ".encode() * 5 + b"caf\xe9 \x81 ") * 100, kind="html")
    assert page.source.count("größer") == 500
    assert page.warnings == ("200 characters could not be decoded as UTF-8: the charset is broken or mixed.",)


def test_replacement_characters_that_the_page_itself_shows_are_no_damage() -> None:
    page = decoded("\ufffd\ufffd\ufffd what a mess \ufffd\ufffd\ufffd".encode())
    assert page.source.startswith("\ufffd\ufffd\ufffd what")
    assert page.warnings == ()


def test_lone_surrogates_become_replacement_characters_and_pairs_become_one() -> None:
    assert decoded("a \ud800 b \ud83d\ude00").source == "a \ufffd b \U0001f600"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (b"%PDF-1.7 \n1 0 obj", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "a PNG picture"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "a JPEG picture"),
        (b"GIF89a" + bytes(40), "a GIF picture"),
        (b"PK\x03\x04" + bytes(40), "a ZIP archive or office document"),
        (gzip.compress(b"<p>hello</p>"), "gzip-compressed data"),
        (b"\x28\xb5\x2f\xfd" + bytes(40), "zstd-compressed data"),
        (b"\x7fELF" + bytes(40), "a program"),
        (bytes(range(256)) * 20, "binary data"),
        ("\x01\x02\x03\x04" * 50, "binary data"),
    ],
)
def test_binary_data_is_refused_by_name_with_what_to_do(source: bytes | str, told: str) -> None:
    with pytest.raises(InputError, match=f"{told}, not HTML or text. Extract its text first"):
        decoded(source)


def test_a_few_nul_bytes_are_dropped_not_refused() -> None:
    assert decoded(b"<p>one\x00 two</p>" + b"<p>and more words</p>" * 20).source.startswith("<p>one two</p>")


def test_the_size_limit_is_inclusive_and_says_what_to_do() -> None:
    limits = Limits(max_page_bytes=10)
    assert decoded(b"x" * 10, limits=limits).source == "x" * 10
    with pytest.raises(InputError, match=r"11 bytes, more than the limit of 10.*raise Limits\.max_page_bytes"):
        decoded(b"x" * 11, limits=limits)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "text"),
        ("Just a line.", "text"),
        ("<p>One paragraph.</p>", "html"),
        ("<!DOCTYPE html><html></html>", "html"),
        ("  \n<div>indented</div>", "html"),
        ("<?xml version='1.0'?><html><body>x</body></html>", "html"),
        ("<TABLE><TR><TD>upper case</TABLE>", "html"),
        ("Intro words <p>one</p><p>two</p>", "html"),
        ("a < b and b > c", "text"),
        ("<3 this song", "text"),
        ("Write to <ada@example.org> for more.", "text"),
        ("<ada@example.org> wrote: hello", "text"),
        ("In HTML the <p> tag opens a paragraph.", "text"),
        ("Use <div> or <span>. " + "Prose about markup goes on. " * 100, "text"),
        ("# Markdown\n\nwith <br> once\n", "text"),
        ("<pizza> is not a tag", "text"),
        ("<ol><li>One</li><li>Two</li></ol>", "html"),
        ("\n<blockquote class=q>Said <b>once</b></blockquote>", "html"),
        ("<pre>x = 1</pre>", "html"),
        ("<pre> keeps white space in HTML.", "text"),
        ("<header@example.org> wrote: see </home>", "text"),
    ],
)
def test_markup_is_told_from_text_that_mentions_tags(text: str, kind: Kind) -> None:
    assert sniff_kind(text) == kind


@pytest.mark.parametrize("kind", ["html", "text"])
def test_a_stated_kind_is_not_questioned(kind: Kind) -> None:
    assert decoded("<p>hello</p>", kind=kind).kind == kind
    assert decoded("hello", kind=kind).kind == kind


def test_the_address_is_kept() -> None:
    assert decoded("x").url == "https://example.org/a"


def test_a_kind_that_is_none_is_refused_by_name() -> None:
    wrong: Any = "xml"
    with pytest.raises(OptionError, match=r"kind cannot be 'xml'\. Allowed: auto, html, text"):
        decode_page("x", kind=wrong, url=None, limits=Limits())


@pytest.mark.parametrize("text", ["A few words.", "Привет, мир: 3 слова и 24 числа 7 8 9", NAME * 900])
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read(text: str, codec: str) -> None:
    assert decoded(text.encode(codec)).source == text


@pytest.mark.parametrize("source", [b"\0" * 400, b"a\0b\0c\0d\0\0\0" * 90, b"\1\0\2\0\3\0" * 90, b"a\0b\0c\0d"])
def test_zeros_that_are_no_utf_16_are_binary(source: bytes) -> None:
    with pytest.raises(InputError, match="binary"):
        decoded(source)
