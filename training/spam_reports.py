"""Comments that users of the service reported, read from the corrections database (an SQLite file).

Training and service meet on disk only: the service writes the table `reported_comments`, and this reads it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from model.errors import InputError


@dataclass(frozen=True, slots=True)
class Report:
    """One comment with the last verdict that a person gave on it."""

    text: str
    author: str | None
    link: str | None
    is_spam: bool


def reported_comments(file: Path) -> list[Report]:
    """Every reported comment; of several reports on the same text the last one holds.

    A database without the table has no reports. Raises InputError when the file is missing or no database.
    """
    if not file.is_file():
        raise InputError(f"There is no corrections database at {file}. Name the file that WINNOW_CORRECTIONS names.")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            found = database.execute("SELECT name FROM sqlite_master WHERE name = 'reported_comments'").fetchone()
            if found is None:
                return []
            rows = database.execute("SELECT text, author, link, is_spam FROM reported_comments ORDER BY id").fetchall()
    except sqlite3.Error as error:
        raise InputError(f"{file} cannot be read as a corrections database: {error}.") from error
    last = {text: Report(text, author, link, bool(is_spam)) for text, author, link, is_spam in rows}
    return list(last.values())
