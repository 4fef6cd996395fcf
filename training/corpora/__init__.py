"""The public corpora of labelled web pages: one reader each, all giving `LabelledPage`.

    corpora = available(root)                       # those unpacked below root
    pages = read("wcxb", root, limit=60)            # evenly spaced, the same on every run

A corpus marked "evaluate" is research-only, copyleft or has no stated licence: nothing may be fitted on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from model.errors import OptionError
from training.corpora import cleaneval, dragnet, l3s, readability, trafilatura_eval, wcxb
from training.corpora.page import Corpus, LabelledPage, site_of

__all__ = [
    "CORPORA",
    "Corpus",
    "CorpusInfo",
    "LabelledPage",
    "available",
    "open_corpus",
    "read",
    "site_of",
    "spaced",
]


@dataclass(frozen=True, slots=True)
class CorpusInfo:
    """What a corpus may be used for, and how to open it at its own folder."""

    use: Literal["train", "evaluate"]
    open: Callable[[Path], Corpus]


CORPORA: dict[str, CorpusInfo] = {
    "wcxb": CorpusInfo("train", wcxb.open_corpus),
    "trafilatura-eval": CorpusInfo("train", trafilatura_eval.open_corpus),
    "readability": CorpusInfo("train", readability.open_corpus),
    "l3s-gn1": CorpusInfo("evaluate", l3s.open_corpus),
    "dragnet": CorpusInfo("evaluate", dragnet.open_corpus),
    "cleaneval": CorpusInfo("evaluate", cleaneval.open_cleaneval),
    "cleanportaleval": CorpusInfo("evaluate", cleaneval.open_cleanportaleval),
}


def available(root: Path) -> list[str]:
    """The corpora unpacked below `root`, in the order of `CORPORA`."""
    return [name for name in CORPORA if (root / name).is_dir()]


def open_corpus(corpus: str, root: Path) -> Corpus:
    """Open one corpus.

    Errors: OptionError for an unknown name, FileNotFoundError where it is not unpacked.
    """
    if corpus not in CORPORA:
        raise OptionError(f"unknown corpus {corpus!r}; choose from {', '.join(CORPORA)}")
    folder = root / corpus
    if not folder.is_dir():
        raise FileNotFoundError(f"corpus {corpus!r} is not at {folder}; unpack it there first")
    return CORPORA[corpus].open(folder)


def read(corpus: str, root: Path, limit: int | None = None) -> Iterator[LabelledPage]:
    """The pages of a corpus that have gold, in the order of their ids.

    With a limit, only that many ids, evenly spaced, are looked at. Errors: as `open_corpus`.
    """
    opened = open_corpus(corpus, root)
    for page_id in spaced(opened.ids, limit):
        page = opened.load(page_id)
        if page is not None:
            yield page


def spaced(ids: Sequence[str], limit: int | None) -> list[str]:
    """At most `limit` of the ids, evenly spaced and the same on every run."""
    if limit is None or limit >= len(ids):
        return list(ids)
    return [ids[index * len(ids) // limit] for index in range(limit)]
