"""API keys: a file that knows them by their hashes, and the ring that a running service asks.

    # who                hash of the key
    nightly-crawl        sha256:6b1f…64 hexadecimal digits
    prometheus           sha256:90ce…

A key is 256 random bits, so a plain SHA-256 of it cannot be turned back: slow password hashes exist for secrets
that people think up, and would cost every request tens of milliseconds. The file holds nothing that opens a door.
Nothing here logs, prints or raises a key or a line of the file.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from model.errors import WinnowError
from service.files import describe_os_error, printable
from service.web.logs import log_event

KEY_PREFIX = "winnow_"
"""What every key begins with, so that people and secret scanners recognise one that got lost."""

_KEY_BYTES = 32

_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LINE = re.compile(rf"({_NAME.pattern})\s+sha256:([0-9a-fA-F]{{64}})")

_Stamp = tuple[int, int, int]
"""Inode, time of change in ns and size of a file: one of them differs after every edit."""


class KeysFileError(WinnowError):
    """A keys file that cannot be used, or a name that cannot stand in one. It never quotes the file."""

    code = "bad-keys-file"


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the file: who holds the key, and the SHA-256 of it."""

    name: str
    digest: bytes


class KeyRing:
    """The keys of a file, read again whenever the file changes.

    A changed file that is damaged or gone is logged once and the last good keys stay, so that a slip of the
    editor locks nobody out. A file without a line is not damaged: it lets nobody in.
    """

    def __init__(self, path: Path) -> None:
        """Read the file. Raises KeysFileError."""
        self._path = path
        self._stamp = _stamp(path)
        self._keys = read_keys(path)

    def holder(self, key: str) -> str | None:
        """The name that goes with a key, None for a key that is not in the file.

        Takes the same time whichever key it is, and whether it is one: all digests are compared, each in
        constant time.
        """
        self._refresh()
        digest = _digest(key)
        holder = None
        for known in self._keys:
            if hmac.compare_digest(known.digest, digest):
                holder = known.name
        return holder

    def _refresh(self) -> None:
        """Asked before every request: a stat costs two microseconds, a revoked key that still works far more."""
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        # Taken before the reading, so that an edit in between is seen the next time.
        self._stamp = stamp
        try:
            self._keys = read_keys(self._path)
        except KeysFileError as error:
            log_event("keys-damaged", reason=str(error), keys=len(self._keys))
        else:
            log_event("keys-read", keys=len(self._keys))


def read_keys(path: Path) -> tuple[Key, ...]:
    """The keys of a file. Raises KeysFileError, which names the line that is wrong."""
    try:
        return _parse(path.read_bytes())
    except OSError as error:
        raise KeysFileError(f"The keys file cannot be read: {error.strerror}.") from error


def add_key(path: Path, name: str) -> str:
    """Make a key, add its line to the file, and return the key, which is then nowhere else.

    A new file is for its owner alone. A file that is there is appended to in place, under a lock and by one
    write: it keeps its owner and mode, and two of these at once do not lose a line. Raises KeysFileError for a
    name that is taken or impossible, for a damaged file and for one that cannot be opened, and OSError.
    """
    key = new_key()
    line = key_line(name, key)
    with open(_opened(path), "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        before = file.read()
        if name in {known.name for known in _parse(before)}:
            raise KeysFileError(f"The keys file has a key named {name}. Choose another name, or remove its line.")
        addition = f"{line}\n".encode()
        if before and not before.endswith(b"\n"):
            addition = b"\n" + addition
        if file.write(addition) != len(addition):
            file.truncate(len(before))
            raise KeysFileError("The disk is full. Nothing was added to the keys file.")
    return key


def _opened(path: Path) -> int:
    """The file descriptor of a keys file, which is made if need be. Raises KeysFileError."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as error:
        advice = {
            FileNotFoundError: "Make its folder first, or name another file.",
            IsADirectoryError: "Name a file inside it.",
        }.get(type(error), "Name a file in a folder that you may write to.")
        message = f"The keys file {printable(str(path))} cannot be opened for writing: {describe_os_error(error)}"
        raise KeysFileError(f"{message} No key was made. {advice}") from error


def new_key() -> str:
    """A key that nobody had before: `winnow_` and 43 characters that are safe in headers and shells."""
    return KEY_PREFIX + secrets.token_urlsafe(_KEY_BYTES)


def key_line(name: str, key: str) -> str:
    """What a keys file holds of a key. Raises KeysFileError when the name cannot stand there."""
    if not _NAME.fullmatch(name):
        raise KeysFileError(f"A key cannot be named {name[:80]!r}. Use 1 to 64 of A-Z a-z 0-9 . _ -")
    return f"{name} sha256:{_digest(key).hex()}"


def _parse(content: bytes) -> tuple[Key, ...]:
    keys: dict[str, Key] = {}
    for number, line in enumerate(content.split(b"\n"), 1):
        # Whatever is not ASCII can match nothing; the decoding must not fail before that is said.
        text = line.decode("ascii", "replace").strip()
        if not text or text.startswith("#"):
            continue
        found = _LINE.fullmatch(text)
        if found is None:
            raise KeysFileError(f"Line {number} of the keys file is not NAME sha256:HEX. Make one: winnow key NAME")
        if found[1] in keys:
            raise KeysFileError(f"Line {number} of the keys file has a name that an earlier line has. Rename one.")
        keys[found[1]] = Key(found[1], bytes.fromhex(found[2]))
    return tuple(keys.values())


def _digest(key: str) -> bytes:
    # A header may carry any byte; what cannot be encoded is no key of ours.
    return hashlib.sha256(key.encode(errors="replace")).digest()


def _stamp(path: Path) -> _Stamp | None:
    """None for a file that is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_ctime_ns, status.st_size
