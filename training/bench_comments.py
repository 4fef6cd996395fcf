"""How well readers' comments are found and told from the article.

    python -m training.bench_comments --limit 100

dragnet's and L3S-GN1's pages, whose gold holds the comments beside the body, are read by Winnow and by trafilatura in
one run, each of them first in turn. Both corpora only measure: no rule and no model was fitted on them.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from model.types import Comment
from training.arguments import add_limit, add_root, command_parser
from training.bench_comments_report import CommentRun, Found, JudgedPage, markdown
from training.corpora import LabelledPage, read
from training.metrics import word_score

PARTS = ("dragnet", "l3s-gn1")
"""Corpora whose gold has comments as whole texts."""

_OUTPUT = Path("bench/out/bench-comments.md")


@dataclass(frozen=True, slots=True)
class CommentContender:
    """A tool that gives the body and the comments of a page; `read` may raise anything."""

    name: str
    version: str
    read: Callable[[LabelledPage], tuple[str, str]]


def main(argv: Sequence[str] | None = None, contenders: Sequence[CommentContender] | None = None) -> int:
    """Measure, print the tables and write them."""
    arguments = _arguments(argv)
    contenders = contenders or [_winnow(), _trafilatura()]
    runs, notes = [], {}
    for corpus in PARTS:
        try:
            pages = list(read(corpus, arguments.root, arguments.limit))
        except FileNotFoundError as error:
            notes[corpus] = f"left out: {error}"
            continue
        runs.append(run(corpus, pages, contenders))
    report = markdown(runs, notes)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(report, "utf-8")
    print(report)
    return 0 if runs else 2


def run(corpus: str, pages: Sequence[LabelledPage], contenders: Sequence[CommentContender]) -> CommentRun:
    """Every contender on every page; on those without comments it is counted who finds some all the same."""
    judged = []
    for number, page in enumerate(tqdm(pages, desc=corpus, unit="page", file=sys.stderr)):
        turn = number % len(contenders)
        found = {tool.name: _found(tool, page) for tool in (*contenders[turn:], *contenders[:turn])}
        judged.append(JudgedPage(page.page_id, bool(page.comments), found))
    return CommentRun(corpus, tuple(judged), {tool.name: tool.version for tool in contenders})


def _found(tool: CommentContender, page: LabelledPage) -> Found:
    started = time.process_time()
    failed = False
    try:
        body, comments = tool.read(page)
    except Exception:  # noqa: BLE001 - a tool may raise anything: it scores as no text and is counted
        body, comments, failed = "", "", True
    return Found(
        body=word_score(body, page.gold or ""),
        comments=word_score(comments, "\n".join(page.comments)),
        any_comments=bool(comments.strip()),
        cpu_s=time.process_time() - started,
        failed=failed,
    )


def comment_text(comments: Sequence[Comment]) -> str:
    """Author, date and text of all comments, as the gold of both corpora has them."""
    parts = (part for comment in comments for part in (comment.author, comment.date, comment.text) if part)
    return "\n".join(parts)


def _winnow() -> CommentContender:
    from model import Cleaner  # here, so that the report can be tested where no model is

    cleaner = Cleaner.load()

    def read_page(page: LabelledPage) -> tuple[str, str]:
        cleaned = cleaner.clean(page.source, kind="html", url=page.url)
        return cleaned.text, comment_text(cleaned.comments)

    return CommentContender("winnow", cleaner.version, read_page)


def _trafilatura() -> CommentContender:
    import trafilatura

    def read_page(page: LabelledPage) -> tuple[str, str]:
        found = trafilatura.bare_extraction(page.source, include_comments=True)
        if found is None:
            return "", ""
        values = found if isinstance(found, dict) else found.as_dict()
        return values["text"] or "", values["comments"] or ""

    return CommentContender("trafilatura", trafilatura.__version__, read_page)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = command_parser("bench_comments", __doc__)
    add_root(parser)
    add_limit(parser)
    parser.add_argument("--output", type=Path, default=_OUTPUT, help="Markdown (%(default)s)")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
