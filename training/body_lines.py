"""Ordinary article lines of our own writing, in languages of which the corpora have few pages.

Without them the word model would take the commonest words of those languages for noise, since it knows
them only from our own noise lines.
"""

from __future__ import annotations

import tomllib
import zlib
from functools import cache
from pathlib import Path

from training.text_views import FOLDS

_FILE = Path(__file__).parent / "body_lines.toml"


@cache
def body_lines() -> tuple[tuple[str, int], ...]:
    """Every line with the fold in which it may be used."""
    languages = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple((line, zlib.crc32(line.encode()) % FOLDS) for lines in languages.values() for line in lines)
