"""The corrections database as far as comments go: what callers reported, and how many checks each site asked for.

    reported_comments   the text with its author's name and link, and whether a person called it spam
    akismet_sites       counts by month, caller and site
    akismet_shadow      what would have been said, chances and verdicts without any text

`make train` reads the first (`training/spam_reports.py`). IP and e-mail addresses are never stored: fields that hold
them are not taken, and those inside a text are replaced before it is written.
"""

from __future__ import annotations

import ipaddress
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from model.types import PostedComment, SpamVerdict

_WAIT_S = 5.0
"""seconds that a worker waits for another's write"""

_MAX_CHARS = 20_000
"""characters kept of a reported text; more are not read when judging either"""

_TABLES = """
CREATE TABLE IF NOT EXISTS reported_comments (
    id INTEGER PRIMARY KEY, day TEXT NOT NULL, site TEXT NOT NULL, text TEXT NOT NULL, author TEXT, link TEXT,
    is_spam INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS akismet_sites (
    month TEXT NOT NULL, caller TEXT NOT NULL, site TEXT NOT NULL, spam INTEGER NOT NULL DEFAULT 0,
    ham INTEGER NOT NULL DEFAULT 0, missed_spam INTEGER NOT NULL DEFAULT 0,
    false_positives INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (month, caller, site));
CREATE TABLE IF NOT EXISTS akismet_shadow (
    guid TEXT PRIMARY KEY, day TEXT NOT NULL, site TEXT NOT NULL, probability REAL NOT NULL, is_spam INTEGER NOT NULL);
"""

COUNTS = ("spam", "ham", "missed_spam", "false_positives")

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IPV4 = re.compile(r"(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)")
_PERHAPS_IPV6 = re.compile(r"(?<![0-9a-z:])[0-9a-f:]*:[0-9a-f:]*(?![0-9a-z])", re.IGNORECASE)
_NO_EMAIL, _NO_IP = "someone@mail.example", "192.0.2.1"  # names and addresses that are reserved for examples


class FeedbackStore:
    """Reads and writes the file; every call opens it anew, so workers and threads share nothing."""

    def __init__(self, path: Path) -> None:
        """Make the tables that are missing. Raises sqlite3.Error where the file cannot be written."""
        self._path = path
        with self._open() as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.executescript(_TABLES)

    def report(self, comment: PostedComment, *, is_spam: bool, site: str, day: str) -> None:
        """Keep what a person said of a comment."""
        kept = [_without_addresses(part) for part in (comment.text, comment.author, comment.link)]
        with self._open() as database:
            database.execute(
                "INSERT INTO reported_comments (day, site, text, author, link, is_spam) VALUES (?, ?, ?, ?, ?, ?)",
                (day, site, kept[0] or "", kept[1], kept[2], is_spam),
            )

    def shadow(self, verdict: SpamVerdict, *, guid: str, site: str, day: str) -> None:
        """Keep what would have been said."""
        with self._open() as database:
            database.execute(
                "INSERT INTO akismet_shadow (guid, day, site, probability, is_spam) VALUES (?, ?, ?, ?, ?)",
                (guid, day, site, verdict.probability, verdict.is_spam),
            )

    def count(self, column: str, *, caller: str, site: str, month: str) -> None:
        """Add one to a site's month. `column` is one of `COUNTS`."""
        assert column in COUNTS, column
        with self._open() as database:
            database.execute(
                f"INSERT INTO akismet_sites (month, caller, site, {column}) VALUES (?, ?, ?, 1) "
                f"ON CONFLICT DO UPDATE SET {column} = {column} + 1",
                (month, caller, site),
            )

    def sites(self, *, caller: str, month: str) -> list[dict[str, Any]]:
        """The caller's sites of one month with their `COUNTS`, by name."""
        with self._open() as database:
            rows = database.execute(
                f"SELECT site, {', '.join(COUNTS)} FROM akismet_sites WHERE month = ? AND caller = ? ORDER BY site",
                (month, caller),
            ).fetchall()
        return [dict(zip(("site", *COUNTS), row, strict=True)) for row in rows]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=_WAIT_S)) as database, database:
            yield database


def _without_addresses(text: str | None) -> str | None:
    if text is None:
        return None
    # SQLite takes no half surrogate pairs
    plain = text[:_MAX_CHARS].encode("utf-8", "replace").decode()
    return _PERHAPS_IPV6.sub(_without_ipv6, _IPV4.sub(_NO_IP, _EMAIL.sub(_NO_EMAIL, plain)))


def _without_ipv6(found: re.Match[str]) -> str:
    """Colons part many things, times of day for one: what `ipaddress` reads is an address, a colon behind it apart."""
    for end in (len(found[0]), len(found[0]) - 1):
        with suppress(ValueError):
            if not ipaddress.IPv6Address(found[0][:end]).is_unspecified:
                return _NO_IP + found[0][end:]
    return found[0]
