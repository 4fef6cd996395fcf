"""Pages by list instead of by search: names relative to IN, one per line or ended by NUL, as `find -print0` writes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from model.errors import OptionError
from service.files import STATE_FOLDER, PageFile, Unreadable, describe_page

MAX_NAME_BYTES = 65_536
"""A path has at most 4,096 bytes on Linux: what is far longer is no list of names, and is not read into memory."""

_CHUNK_BYTES = 65_536

_FOLDERS_REMEMBERED = 4_096
"""Lists come folder by folder, mostly; a folder that was forgotten is only looked at again."""


def read_names(stream: BinaryIO, separator: bytes = b"\n") -> Iterator[str]:
    """The names in a list, empty ones left out; with lines, a CR at the end is not part of the name.

    Raises OptionError when a name is longer than `MAX_NAME_BYTES`, and OSError.
    """
    ending = b"\r" if separator == b"\n" else b""
    rest = b""
    while chunk := stream.read(_CHUNK_BYTES):
        *whole, rest = (rest + chunk).split(separator)
        if len(rest) > MAX_NAME_BYTES:
            raise OptionError("This is no list of names: one would be too long for a path. Is it the right file?")
        yield from (os.fsdecode(name.removesuffix(ending)) for name in whole if name.removesuffix(ending))
    if last := rest.removesuffix(ending):
        yield os.fsdecode(last)


def listed_pages(names: Iterable[str], root: Path, exclude: Path | None = None) -> Iterator[PageFile | Unreadable]:
    """The pages of these names below `root`, which is resolved; each once, however often it is named.

    What is missing, lies outside `root` or inside `exclude`, or is no page comes back as unreadable. To know a
    name again takes some 120 bytes of memory.
    """
    seen: set[bytes] = set()

    @lru_cache(_FOLDERS_REMEMBERED)
    def objection_to(folder: str) -> str | None:
        place = Path(os.path.realpath(root / folder))
        if not place.is_relative_to(root):
            return "It lies outside IN. Names are relative to IN."
        if STATE_FOLDER in Path(folder).parts or (exclude and place.is_relative_to(exclude)):
            return "It lies in OUT."
        return None

    for given in names:
        name = os.path.normpath(os.path.relpath(given, root) if os.path.isabs(given) else given)
        digest = hashlib.blake2b(os.fsencode(name), digest_size=16).digest()
        if digest in seen:
            continue
        seen.add(digest)
        objection = "It has a NUL byte." if "\0" in name else objection_to(os.path.dirname(name))
        yield Unreadable(name, objection) if objection else describe_page(os.path.join(root, name), name)
