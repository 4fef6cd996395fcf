"""Public corpora whose lines people labelled as text or noise. No licence is stated, so they only measure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from model.errors import OptionError

_WAC_ID = re.compile(r"##ID\s+(\S+)")
_WAC_LINE = re.compile(r"#([01])[#3](.*)")
"""`#03` and `#13` are `#0#` and `#1#` typed without shift, at the head of six lines."""


@dataclass(frozen=True, slots=True)
class LabelledLines:
    """A document as lines of text; `keep[i]` says whether `lines[i]` is text (True) or noise."""

    corpus: str
    language: str
    doc_id: str
    lines: tuple[str, ...]
    keep: tuple[bool, ...]


def read_lines(corpus: str, root: Path) -> Iterator[LabelledLines]:
    """The documents of one corpus below `root`.

    Errors: OptionError for an unknown name, FileNotFoundError where it is not unpacked.
    """
    if corpus not in LINE_CORPORA:
        raise OptionError(f"unknown line corpus {corpus!r}; choose from {', '.join(LINE_CORPORA)}")
    folder = root / corpus
    if not folder.is_dir():
        raise FileNotFoundError(f"line corpus {corpus!r} is not at {folder}; unpack it there first")
    return LINE_CORPORA[corpus](folder)


def _turku_text_quality(folder: Path) -> Iterator[LabelledLines]:
    """Turku text quality (Laippala et al. 2022): 1,250 documents in six languages, already extracted once.

    Upstream lists 1,290: 40 documents recur, some across splits, and are read once.
    """
    seen: set[tuple[str, ...]] = set()
    for path in sorted((folder / "text-quality-annotations").glob("*/*.json")):
        language = path.parent.name
        for number, record in enumerate(json.loads(path.read_bytes())):
            lines = tuple(record["text"])
            if lines not in seen:
                seen.add(lines)
                keep = tuple(label == "1" for label in record["labels"])
                doc_id = f"{language}/{path.stem}/{number}"
                yield LabelledLines("turku-text-quality", language, doc_id, lines, keep)


def _wac_xii(folder: Path) -> Iterator[LabelledLines]:
    """WAC-XII (Laippala et al. 2020): full text and trafilatura's output of 20 Swedish and 20 French pages.

    Lines without a label are left out, and the two French pages that have none at all.
    """
    for path in sorted(folder.glob("*_annotated.txt")):
        language, variant, _ = path.stem.split("_")
        text = path.read_text("utf-8-sig").replace("\ufeff", "")
        for document in re.split(r"^(?=##ID)", text, flags=re.MULTILINE)[1:]:
            head, *rest = document.split("\n")
            labelled = [match for match in map(_WAC_LINE.fullmatch, rest) if match and match[2].strip()]
            page = _WAC_ID.match(head)
            if labelled and page:
                lines = tuple(match[2].strip() for match in labelled)
                keep = tuple(match[1] == "1" for match in labelled)
                yield LabelledLines("wac-xii", language, f"{language}/{variant}/{page[1]}", lines, keep)


LINE_CORPORA: dict[str, Callable[[Path], Iterator[LabelledLines]]] = {
    "turku-text-quality": _turku_text_quality,
    "wac-xii": _wac_xii,
}
