"""Which golds of the corpora are wrong, told from gold and page alone.

Looks at every page of the corpora that have gold texts, prints how many pages have which defect (`training.gold_rules`
says what each means and why it is none of a cleaner's business) and, with --write, keeps the ids in
`training/gold_defects.toml`. What a person found by reading stands in `training/gold_defects_read.toml`, with reasons.

    python -m training.gold_defects --corpus dragnet
    python -m training.gold_defects --write
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from tqdm import tqdm

from training.arguments import add_limit, add_root, command_parser, no_corpora
from training.corpora import CORPORA, available, read
from training.examples import Example
from training.gold_rules import DEFECTS, compare_pages, judge_page

FOUND = Path(__file__).with_name("gold_defects.toml")
READ = Path(__file__).with_name("gold_defects_read.toml")
_HEAD = """\
# Pages whose gold is wrong, by corpus and defect. Written by `python -m training.gold_defects --write`: do not edit.
# Ids only; `training/gold_rules.py` says what each defect is. What was found by reading: gold_defects_read.toml.
"""
_IDS_PER_LINE = 8

Defects = Mapping[str, Mapping[str, Sequence[str]]]
"""Page ids by corpus and defect."""


def find_defects(corpus: str, root: Path, limit: int | None = None) -> dict[str, list[str]]:
    """The ids of a corpus' pages by defect, each sorted. Errors: as `training.corpora.open_corpus`."""
    found: dict[str, set[str]] = {}
    judged = []
    for page in tqdm(read(corpus, root, limit), desc=corpus, unit="page", disable=None):
        if page.gold is None:
            continue
        defects, judgement = judge_page(page)
        judged.append(judgement)
        for defect in defects:
            found.setdefault(defect, set()).add(page.page_id)
    for page_id, defect in compare_pages(judged):
        found.setdefault(defect, set()).add(page_id)
    return {defect: sorted(found[defect]) for defect in DEFECTS if defect in found}


def known_defects(corpus: str, found: Path = FOUND, by_reading: Path = READ) -> dict[str, list[str]]:
    """The page ids of a corpus that are on record, by the names of their defects; a page may have several."""
    defects: dict[str, list[str]] = {}
    for defect, ids in _table(found, corpus).items():
        for page_id in ids:
            defects.setdefault(page_id, []).append(defect)
    for page_id in _table(by_reading, corpus):
        defects.setdefault(page_id, []).append("read")
    return defects


def with_right_gold(examples: Sequence[Example]) -> list[Example]:
    """The examples but for those of pages on record, renderings of the page among them ("tool:corpus/page")."""
    wrong = {corpus: known_defects(corpus) for corpus in CORPORA}
    return [example for example in examples if not _is_on_record(example.key, wrong)]


def _is_on_record(key: str, wrong: Mapping[str, Mapping[str, Sequence[str]]]) -> bool:
    corpus, _, page_id = key.partition("/")
    return page_id in wrong.get(corpus.rpartition(":")[2], {})


def defects_table(defects: Defects) -> str:
    """Pages by corpus and defect as Markdown; the last column counts a page once."""
    lines = ["| corpus | " + " | ".join(DEFECTS) + " | pages |", "|---" * (len(DEFECTS) + 2) + "|"]
    for corpus, by_defect in defects.items():
        counts = [str(len(by_defect.get(defect, ()))) for defect in DEFECTS]
        pages = {page_id for ids in by_defect.values() for page_id in ids}
        lines.append(f"| {corpus} | " + " | ".join(counts) + f" | {len(pages)} |")
    return "\n".join(lines)


def as_toml(defects: Defects) -> str:
    """The ids as TOML, a table for each corpus and a list for each defect."""
    lines = [_HEAD]
    for corpus, by_defect in defects.items():
        lines.append(f"[{corpus}]")
        for defect, ids in by_defect.items():
            rows = [ids[start : start + _IDS_PER_LINE] for start in range(0, len(ids), _IDS_PER_LINE)]
            lines += [f"{defect} = [", *("    " + ", ".join(f'"{i}"' for i in row) + "," for row in rows), "]"]
        lines.append("")
    return "\n".join(lines)


def _table(path: Path, corpus: str) -> Mapping[str, Sequence[str]]:
    tables = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    table: Mapping[str, Sequence[str]] = tables.get(corpus, {})
    return table


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table and the ids, and keep them if asked; returns the exit code."""
    parser = command_parser("gold_defects", __doc__)
    parser.add_argument("--corpus", action="append", choices=list(CORPORA), help="repeatable; default: all there are")
    add_root(parser)
    add_limit(parser)
    parser.add_argument("--write", action="store_true", help=f"keep the ids in {FOUND.name}; only of whole corpora")
    arguments = parser.parse_args(argv)
    corpora = arguments.corpus or available(arguments.root)
    if not corpora:
        return no_corpora("gold_defects", arguments.root)
    if arguments.write and (arguments.limit or arguments.corpus):
        parser.error("--write keeps what all pages of all corpora give: leave out --limit and --corpus")
    defects = {corpus: found for corpus in corpora if (found := find_defects(corpus, arguments.root, arguments.limit))}
    print(defects_table(defects))
    print("\n" + as_toml(defects))
    if arguments.write:
        FOUND.write_text(as_toml(defects), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
