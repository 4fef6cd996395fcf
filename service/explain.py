"""A table of a page's blocks for the terminal: what each was taken for, how surely, and why."""

from __future__ import annotations

from collections.abc import Iterator

from model.types import Cleaned, CleanedBlock

_TEXT_CHARS = 60


def explain_lines(cleaned: Cleaned) -> Iterator[str]:
    """One line per block in page order, below a line on the page as a whole."""
    kept = sum(block.kept for block in cleaned.blocks)
    share = f"{kept} of {len(cleaned.blocks)} blocks kept"
    yield f"{cleaned.status}, confidence {cleaned.confidence:.2f}, {share}, model {cleaned.model_version}"
    yield from (f"warning: {warning}" for warning in cleaned.warnings)
    yield ""
    yield f"     {'label':<13}{'prob':<6}{'text':<{_TEXT_CHARS + 2}}reasons"
    yield from map(_line, cleaned.blocks)


def _line(block: CleanedBlock) -> str:
    sign = "keep" if block.kept else "drop"
    start = f"{sign} {block.label:<13}{block.probability:<6.2f}{_cut(block.text):<{_TEXT_CHARS + 2}}"
    return (start + "; ".join(block.reasons)).rstrip()


def _cut(text: str) -> str:
    """The text on one line, without characters that could move the cursor."""
    line = "".join(char if char.isprintable() else " " for char in text[: _TEXT_CHARS + 1])
    return line if len(line) <= _TEXT_CHARS else line[: _TEXT_CHARS - 1] + "…"
