"""Finding, reading and writing page files, odd ones included."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from model.errors import InputError
from model.types import Kind
from service.files import find_pages, page_kind, printable, read_page, write_atomically


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.html", "html"),
        ("A.HTM", "html"),
        ("a.xhtml", "html"),
        ("a.txt", "auto"),
        ("a.md", "text"),
        ("a.html.gz", "html"),
        ("a.TXT.GZ", "auto"),
        ("a.gold.txt", None),
        ("a.gold.txt.gz", None),
        ("a.pdf", None),
        ("a.gz", None),
        ("html", None),
        (".html", None),
    ],
)
def test_the_suffix_tells_what_a_file_is(name: str, kind: Kind | None) -> None:
    assert page_kind(name) == kind


def test_pages_are_found_in_order_at_every_depth(page_folder: Path) -> None:
    found = find_pages(page_folder)
    assert [page.name for page in found.pages] == ["one.html", "two.txt", "sub/one.html"]
    assert found.other_files == 1
    assert not found.unreadable


def test_the_excluded_folder_and_state_folders_are_left_out(page_folder: Path) -> None:
    (page_folder / ".winnow").mkdir()
    (page_folder / ".winnow" / "x.html").touch()
    found = find_pages(page_folder, exclude=page_folder / "sub")
    assert [page.name for page in found.pages] == ["one.html", "two.txt"]


def test_links_to_folders_are_reported_not_followed(page_folder: Path) -> None:
    (page_folder / "sub" / "loop").symlink_to(page_folder)
    found = find_pages(page_folder)
    assert found.links_to_folders == ("sub/loop",)
    assert len(found.pages) == 3


def test_a_link_to_a_page_is_a_page(page_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.html").write_text("<p>x</p>")
    (page_folder / "link.html").symlink_to(tmp_path / "elsewhere.html")
    assert "link.html" in {page.name for page in find_pages(page_folder).pages}


def test_pipes_broken_and_circular_links_are_unreadable(page_folder: Path) -> None:
    os.mkfifo(page_folder / "pipe.html")
    (page_folder / "broken.html").symlink_to("nowhere.html")
    (page_folder / "circle.html").symlink_to("circle.html")
    reasons = {entry.name: entry.reason for entry in find_pages(page_folder).unreadable}
    assert set(reasons) == {"pipe.html", "broken.html", "circle.html"}
    assert "pipe" in reasons["pipe.html"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_unreadable(page_folder: Path) -> None:
    (page_folder / "sub").chmod(0)
    try:
        assert [entry.name for entry in find_pages(page_folder).unreadable] == ["sub"]
    finally:
        (page_folder / "sub").chmod(0o700)


def test_gzip_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.html.gz"
    path.write_bytes(gzip.compress(b"one") + gzip.compress(b"two"))
    assert read_page(path, 100) == b"onetwo"


@pytest.mark.parametrize("content", [b"no gzip at all", gzip.compress(b"cut short" * 50)[:-9], b"\x1f\x8b\x08"])
def test_damaged_gzip_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.html.gz"
    path.write_bytes(content)
    with pytest.raises(InputError, match="damaged"):
        read_page(path, 10_000)


@pytest.mark.parametrize("name", ["a.html", "a.html.gz"])
def test_the_size_limit_holds_packed_and_plain(tmp_path: Path, name: str) -> None:
    content = b"x" * 1_001
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    with pytest.raises(InputError, match="1,000 bytes"):
        read_page(tmp_path / name, 1_000)
    assert read_page(tmp_path / name, 1_001) == content


def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.html")
    with pytest.raises(InputError, match="pipe"):
        read_page(tmp_path / "pipe.html", 1_000)


def test_a_failed_write_leaves_the_old_file_and_no_temporary_one(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    target.mkdir()
    with pytest.raises(IsADirectoryError):
        write_atomically(target, b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_written_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_atomically(tmp_path / "ours", b"content")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_names_are_printed_on_one_harmless_line() -> None:
    assert printable("größe.html") == "größe.html"
    assert printable("a\n\x1b[31mb\udcff") == "a\\n\\x1b[31mb\\udcff"
