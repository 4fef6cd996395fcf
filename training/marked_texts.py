"""Plain texts of which it is known line by line what stays and what goes: labelled by people, marked by us, or gold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from model.language import detect_code
from model.types import KEPT_LABELS, Label
from training.corpora import read, spaced
from training.line_corpora import read_lines


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text by its lines, blank ones included; `keep[i]` says whether `lines[i]` is article or noise.

    No line holds a line break of any kind, so the n-th line is the n-th to every tool. `labels` are finer marks,
    None where there are none. What stands for a blank line in `keep` and `labels` means nothing.
    """

    key: str
    language: str | None
    lines: tuple[str, ...]
    keep: tuple[bool, ...]
    labels: tuple[Label, ...] | None = None

    @property
    def source(self) -> str:
        """The text as a tool is given it."""
        return "\n".join(self.lines)


def labelled_by_people(corpus: str, root: Path, limit: int | None = None) -> list[MarkedText]:
    """The documents of a line corpus, or `limit` evenly spaced ones. Errors: as `read_lines`."""
    texts = [
        MarkedText(f"{corpus}/{document.doc_id}", document.language, _unbroken(document.lines), document.keep)
        for document in read_lines(corpus, root)
    ]
    chosen = set(spaced([text.key for text in texts], limit))
    return [text for text in texts if text.key in chosen]


def marked_by_us(folder: Path, prefix: str = "") -> list[MarkedText]:
    """Our own marked texts in one folder, `prefix` before their keys; their format stands in `tests/texts/README.md`.

    Errors: FileNotFoundError where there are none.
    """
    files = sorted(folder.glob("*.marked.txt"))
    if not files:
        raise FileNotFoundError(f"no marked texts at {folder}; they are part of the repository")
    return [_marked(file, prefix) for file in files]


def gold_as_found(corpus: str, root: Path, limit: int | None = None) -> list[MarkedText]:
    """The gold texts of a corpus of pages, in which every line stays. Errors: as `open_corpus`."""
    texts = []
    for page in read(corpus, root, limit):
        lines = tuple((page.gold or "").splitlines())
        if any(map(str.strip, lines)):
            language = detect_code("\n".join(lines))
            texts.append(MarkedText(page.key, language, lines, (True,) * len(lines)))
    return texts


def _marked(file: Path, prefix: str) -> MarkedText:
    marks, lines = [], []
    for raw in file.read_text("utf-8").removesuffix("\n").split("\n"):
        mark, _, line = raw.partition("\t")
        lines.append(line)
        marks.append(Label(mark) if line.strip() else Label.OTHER)
    keep = tuple(mark in KEPT_LABELS for mark in marks)
    return MarkedText(prefix + file.name, file.name.split("-")[0], _unbroken(lines), keep, tuple(marks))


def _unbroken(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(" ".join(line.splitlines()) for line in lines)
