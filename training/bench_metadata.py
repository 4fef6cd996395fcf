"""How well title, author and date of a page are read, beside trafilatura.

    python -m training.bench_metadata --limit 200

Measured on WCXB's fields. Both tools' answers and the gold are brought into one form before they are compared: titles
without case, punctuation and a site's name at the end, authors as sets of names, dates as ISO days. A tool that answers
where the gold is empty is wrong there too, so a field has precision and recall over all pages. No model was
fitted on these fields, but the rules of `model.metadata` were chosen on the pages of every other site: the table
gives the sites they were chosen on and the others apart.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tqdm import tqdm

from model.decoding import decode_page
from model.html_blocks import segment_html
from model.limits import Limits
from training.arguments import add_limit, add_root, command_parser, say_missing
from training.bench import PageCleaner
from training.corpora import LabelledPage, read

FIELDS = ("title", "author", "date")
CORPUS = "wcxb"

_NOT_WORD = re.compile(r"[\W_]+")
_SITE_SUFFIX = re.compile(r"\s+(?:[|\-–—·»:•]|::)\s+[^|–—·»]{2,60}$")
_BETWEEN_NAMES = re.compile(r"\s*(?:[,;|&/]|\band\b|\bund\b|\bet\b|\by\b)\s*", re.IGNORECASE)
_BEFORE_NAME = re.compile(r"^(?:written |posted |published |reviewed )?by\s+", re.IGNORECASE)
_DEGREE = re.compile(r",\s*(?:[A-Z][A-Za-z]?\.?){1,5}(?:-[A-Z]+)?(?=,|;|&|$)")
"""Titles behind a name, such as ", MD, PhD": people leave them out or not."""

_SAME_TITLE_F1 = 0.8

Answer = tuple[str | None, str | None, str | None]
"""A page's title, author and date as a tool or the gold gives them."""


@dataclass(frozen=True, slots=True)
class FieldScore:
    """How often a field was right: of the answers given, and of the pages whose gold has it."""

    right: int = 0
    given: int = 0
    wanted: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / max(self.given + self.wanted, 1)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables; returns the exit code."""
    arguments = _arguments(argv)
    try:
        pages = list(read(CORPUS, arguments.root, arguments.limit))
    except FileNotFoundError as error:
        return say_missing("bench_metadata", str(error))
    tools = {"winnow": _winnow(arguments.model), "trafilatura": _trafilatura()}
    answers: dict[str, list[Answer]] = {name: [] for name in tools}
    for page in tqdm(pages, desc="metadata", unit="page", file=sys.stderr):
        for name, answer in tools.items():
            answers[name].append(answer(page))
    gold = [(page.title, page.author, page.date) for page in pages]
    chosen_on = [rules_were_chosen_on(page.site) for page in pages]
    for heading, half in (("all pages", None), ("sites the rules were chosen on", True), ("other sites", False)):
        rows = [number for number, own in enumerate(chosen_on) if half is None or own == half]
        print(f"\n{heading} ({len(rows):,} pages)\n")
        print(table(rows, gold, answers))
    print(f"\nreading the metadata costs {_metadata_ms(pages[:: max(1, len(pages) // 100)]):.2f} ms on the median page")
    return 0


def rules_were_chosen_on(site: str) -> bool:
    """Whether a site's pages were looked at while the rules were written."""
    return zlib.crc32(site.encode()) % 2 == 0


def table(rows: Sequence[int], gold: Sequence[Answer], answers: dict[str, list[Answer]]) -> str:
    """Precision, recall and F1 of every field for every tool, as Markdown."""
    lines = ["| field | pages with it | tool | P | R | F1 |", "|---|---|---|---|---|---|"]
    for column, field in enumerate(FIELDS):
        for tool, given in answers.items():
            score = field_score([(gold[row][column], given[row][column]) for row in rows], _SAME[field])
            precision, recall = score.right / max(score.given, 1), score.right / max(score.wanted, 1)
            lines.append(f"| {field} | {score.wanted} | {tool} | {precision:.3f} | {recall:.3f} | {score.f1:.3f} |")
    return "\n".join(lines)


def field_score(pairs: Sequence[tuple[str | None, str | None]], same: Callable[[str, str], bool]) -> FieldScore:
    """Score one field over pages: pairs of gold and answer."""
    return FieldScore(
        sum(1 for gold, given in pairs if gold and given and same(gold, given)),
        sum(1 for _, given in pairs if given),
        sum(1 for gold, _ in pairs if gold),
    )


def same_title(gold: str, given: str) -> bool:
    """Equal but for case, punctuation, white space and a site's name behind one of them; or nearly the same words."""
    forms = [{_bare(text), _bare(_SITE_SUFFIX.sub("", text))} for text in (gold, given)]
    if forms[0] & forms[1]:
        return True
    left, right = set(_bare(gold).split()), set(_bare(given).split())
    return 2 * len(left & right) >= _SAME_TITLE_F1 * max(len(left) + len(right), 1)


def same_authors(gold: str, given: str) -> bool:
    """The same names in any order."""
    return names(gold) == names(given)


def same_day(gold: str, given: str) -> bool:
    """The same ISO day, or month where the gold has no more."""
    return given[: len(gold)] == gold[:10]


def names(authors: str) -> frozenset[str]:
    """The names in a list of authors, lower case and without punctuation."""
    bare = _DEGREE.sub("", _BEFORE_NAME.sub("", authors.strip()))
    parts = _BETWEEN_NAMES.split(bare)
    return frozenset(name for name in map(_bare, parts) if name)


_SAME: dict[str, Callable[[str, str], bool]] = {"title": same_title, "author": same_authors, "date": same_day}


def _bare(text: str) -> str:
    return " ".join(_NOT_WORD.sub(" ", text.lower()).split())


def _winnow(model: Path | None) -> Callable[[LabelledPage], Answer]:
    from model import Cleaner  # here, as in training.bench: `--help` needs no model

    cleaner: PageCleaner = Cleaner.load(model)

    def answer(page: LabelledPage) -> Answer:
        cleaned = cleaner.clean(page.source, kind="html", url=page.url)
        return cleaned.title, cleaned.byline, cleaned.date

    return answer


def _trafilatura() -> Callable[[LabelledPage], Answer]:
    import trafilatura  # it is a peer: Winnow can be measured without it only where it is installed

    def answer(page: LabelledPage) -> Answer:
        found = trafilatura.extract_metadata(page.source, default_url=page.url)
        return (found.title, found.author, found.date) if found else (None, None, None)

    return answer


def _metadata_ms(pages: Sequence[LabelledPage]) -> float:
    """Median CPU time of reading a page's metadata from its tree and its lines, as `segment_html` does."""
    from turbohtml import parse

    from model.metadata import read_metadata

    limits = Limits()
    times = []
    for page in pages:
        decoded = decode_page(page.source, kind="html", url=page.url, limits=limits)
        lines = [block.text for block in segment_html(decoded, limits).blocks]
        document = parse(decoded.source)
        started = time.process_time()
        read_metadata(document, lines)
        times.append((time.process_time() - started) * 1000)
    return median(times)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = command_parser("bench_metadata", __doc__)
    add_root(parser)
    parser.add_argument("--model", type=Path, help="model folder (default: the shipped one)")
    add_limit(parser, "pages")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
