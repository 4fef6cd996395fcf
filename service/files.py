"""Pages as files: find them in a folder, read them, write answers so that no half of one is ever seen."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from model.errors import InputError
from model.types import Kind
from service.unpacking import Coding, DamagedError, take, unpacked

PAGE_KINDS: dict[str, Kind] = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    # Scrapers store markup in .txt as well, so there the content decides.
    ".txt": "auto",
    ".md": "text",
}
"""The suffixes of pages; each may be followed by one of `PACKED`."""

PACKED: dict[str, Coding] = {".gz": "gzip", ".zst": "zstd"}
"""How a file is packed, by its last suffix."""

GOLD_SUFFIX = ".gold.txt"
"""Gold text beside a training page, which is no page itself."""

STATE_FOLDER = ".winnow"
"""Inside OUT: ledger, lock and files being written. Never searched for pages."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file that holds a page; `name` is its path below the searched folder, with forward slashes."""

    name: str
    path: str
    kind: Kind
    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that looks like a page or a folder of pages but cannot be read, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class LinkToFolder:
    """A link that is not followed: it may lead out of the folder or back into it."""

    name: str


@dataclass(frozen=True, slots=True)
class OtherFiles:
    """How many files of a folder have a suffix that is not a page's."""

    count: int


Finding = PageFile | Unreadable | LinkToFolder | OtherFiles


@dataclass(frozen=True, slots=True)
class Found:
    """What a folder holds, all at once: for folders of thousands of pages, not of millions."""

    pages: tuple[PageFile, ...]
    unreadable: tuple[Unreadable, ...]
    links_to_folders: tuple[str, ...]
    other_files: int


def page_kind(name: str) -> Kind | None:
    """How a file of this name is read, or None when it is not a page."""
    plain = name.lower()
    for suffix in PACKED:
        plain = plain.removesuffix(suffix)
    return None if plain.endswith(GOLD_SUFFIX) else PAGE_KINDS.get(os.path.splitext(plain)[1])


def find_pages(root: Path, exclude: Path | None = None) -> Found:
    """What `walk_pages` comes to, sorted by kind. Raises OSError as it does."""
    found = list(walk_pages(root, exclude))
    return Found(
        pages=tuple(finding for finding in found if isinstance(finding, PageFile)),
        unreadable=tuple(finding for finding in found if isinstance(finding, Unreadable)),
        links_to_folders=tuple(finding.name for finding in found if isinstance(finding, LinkToFolder)),
        other_files=sum(finding.count for finding in found if isinstance(finding, OtherFiles)),
    )


def walk_pages(root: Path, exclude: Path | None = None) -> Iterator[Finding]:
    """Search `root` and its subfolders, in sorted order; nothing is opened, no link to a folder followed.

    Memory holds the names of one folder and of those above it, whatever the number of pages. `exclude` is a
    folder below `root` that is left out. Raises OSError when `root` itself cannot be listed.
    """
    os.scandir(root).close()
    closed: list[OSError] = []
    for folder, subfolders, names in os.walk(root, onerror=closed.append):
        yield from (Unreadable(_name(error.filename, root), describe_os_error(error)) for error in closed)
        closed.clear()
        links = [path for path in _joined(folder, subfolders) if os.path.islink(path)]
        yield from (LinkToFolder(_name(path, root)) for path in links)
        subfolders[:] = sorted(sub for sub in subfolders if _is_searched(Path(folder, sub), exclude))
        names.sort()
        yield from (describe_page(path, _name(path, root)) for path in _joined(folder, names) if page_kind(path))
        yield OtherFiles(sum(page_kind(name) is None for name in names))
    yield from (Unreadable(_name(error.filename, root), describe_os_error(error)) for error in closed)


def describe_page(path: str, name: str) -> PageFile | Unreadable:
    """The page that lies at `path`, or why there is none."""
    kind = page_kind(name)
    if kind is None:
        return Unreadable(name, f"It is not a page. Pages end in {' '.join(PAGE_KINDS)}, and in .gz or .zst if packed.")
    try:
        status = os.stat(path)
    except OSError as error:
        return Unreadable(name, describe_os_error(error))
    if not stat.S_ISREG(status.st_mode):
        return Unreadable(name, "It is a folder." if stat.S_ISDIR(status.st_mode) else _NOT_A_FILE)
    return PageFile(name, path, kind, status.st_size, status.st_mtime_ns)


def read_page(path: str | Path, max_bytes: int) -> bytes:
    """The bytes of a page, unpacked when its name ends in .gz or .zst.

    Raises InputError when it is not a file, has more than `max_bytes` or is damaged, and OSError as the
    system gives it.
    """
    # O_NONBLOCK: opening a FIFO that took the file's place since the search would wait for ever.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise InputError(_NOT_A_FILE)
        content = _content(file, PACKED.get(os.path.splitext(path)[1].lower()), max_bytes + 1)
    if len(content) > max_bytes:
        raise InputError(f"It has more than {max_bytes:,} bytes. Split it or leave it out.")
    return content


def write_atomically(path: Path, content: bytes, staging: Path | None = None) -> None:
    """Write `content` so that a reader of `path` sees the old file or the whole new one, never a part.

    The temporary file stands in `staging`, which must be on the same file system, or else beside `path`. It
    outlives the call only if the process is killed. Raises OSError.
    """
    temporary = (staging or path.parent) / f".winnow-{secrets.token_hex(8)}.tmp"
    try:
        with open(temporary, "xb") as file:
            file.write(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def describe_os_error(error: OSError) -> str:
    """What went wrong with a file, as a sentence without its path."""
    return f"{(error.strerror or str(error) or type(error).__name__).rstrip('.')}."


def printable(name: str) -> str:
    """A file name as one harmless line: control characters and undecodable bytes are escaped."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in name)


_NOT_A_FILE = "It is not a file but a pipe, a socket or a device. Pass a file."


def _content(file: BinaryIO, coding: Coding | None, enough_bytes: int) -> bytes:
    if coding is None:
        return file.read(enough_bytes)
    try:
        return take(unpacked(iter(partial(file.read, _READ_BYTES), b""), coding), enough_bytes)
    except DamagedError as error:
        raise InputError(f"The {coding} file is damaged ({error}). Pack it anew.") from error


_READ_BYTES = 65_536


def _is_searched(folder: Path, exclude: Path | None) -> bool:
    return folder.name != STATE_FOLDER and folder != exclude and not folder.is_symlink()


def _joined(folder: str, names: list[str]) -> Iterator[str]:
    return (os.path.join(folder, name) for name in names)


def _name(path: str, root: Path) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")
