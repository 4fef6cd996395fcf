"""All labelled pages that may be learnt from, as examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from joblib import Parallel, delayed
from tqdm import tqdm

from model.errors import InputError
from training.consensus import Extract, example_from_consensus
from training.corpora import CORPORA, LabelledPage, available, open_corpus
from training.examples import Example, example_from_gold, example_from_text
from training.peers import Peer, find_peers
from training.renderings import rendered

CONSENSUS_PEERS = ["trafilatura", "trafilatura-precision", "readability-lxml", "resiliparse"]
HELD_OUT = frozenset({"readability"})
"""May be trained on by its licence, but its gold is one program's output: it measures instead."""

_PAGES_PER_TASK = 16
_TEXT_ENDINGS = (".txt",)
_HTML_ENDINGS = (".html", ".htm", ".xhtml")
_GOLD_ENDING = ".gold.txt"


def trainable(root: Path) -> list[str]:
    """The unpacked corpora that models may be fitted on."""
    return [name for name in available(root) if CORPORA[name].use == "train" and name not in HELD_OUT]


def corpus_examples(corpora: Sequence[str], root: Path, jobs: int, limit: int | None = None) -> list[Example]:
    """Read and label the pages of whole corpora, in their order, over `jobs` processes.

    Raises InputError when extractors that a corpus needs for its labels are not installed.
    """
    tasks = []
    for corpus in corpora:
        ids = list(open_corpus(corpus, root).ids)[:limit]
        tasks += [(corpus, ids[start : start + _PAGES_PER_TASK]) for start in range(0, len(ids), _PAGES_PER_TASK)]
    done = Parallel(n_jobs=jobs, return_as="generator")(delayed(_read_and_label)(*task, root) for task in tasks)
    bar = tqdm(done, total=len(tasks), desc="reading corpora", unit="batch", disable=None)
    return [example for examples in bar for example in examples]


def own_examples(folder: Path) -> list[Example]:
    """The user's labelled pages: every NAME.html or NAME.txt beside a NAME.gold.txt, subfolders too.

    Each folder counts as one site. Raises InputError for a missing folder, or one that holds no such pair.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder. Give one that holds NAME.html or NAME.txt beside NAME.gold.txt.")
    examples = [example for gold in sorted(folder.rglob("*" + _GOLD_ENDING)) for example in _pair(folder, gold)]
    if not examples:
        raise InputError(f"{folder} holds no labelled page. Put NAME.html or NAME.txt beside each NAME.gold.txt.")
    return examples


def _pair(folder: Path, gold: Path) -> Iterator[Example]:
    stem = gold.with_name(gold.name.removesuffix(_GOLD_ENDING))
    name, site = str(stem.relative_to(folder)), f"own/{gold.parent.relative_to(folder)}"
    text = gold.read_text(encoding="utf-8", errors="replace")
    for ending in (*_HTML_ENDINGS, *_TEXT_ENDINGS):
        page = stem.with_name(stem.name + ending)
        if page.is_file() and ending in _TEXT_ENDINGS:
            yield example_from_text(f"own/{name}", site, page.read_text(encoding="utf-8", errors="replace"), text)
        elif page.is_file():
            yield example_from_gold(LabelledPage("own", name, page.read_bytes(), text, site))


def _read_and_label(corpus: str, ids: Sequence[str], root: Path) -> list[Example]:
    opened = open_corpus(corpus, root)
    pages = [page for page in map(opened.load, ids) if page is not None]
    if all(page.gold is not None for page in pages):
        return _with_renderings(pages, [example_from_gold(page) for page in pages])
    search = find_peers(CONSENSUS_PEERS)
    if search.missing:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in search.missing.items())
        raise InputError(
            f"{corpus} is labelled with other extractors, which are missing ({reasons}). Run `make setup-dev`."
        )
    votes = [_vote_of(peer) for peer in search.found]
    return _with_renderings(pages, [example_from_consensus(page, votes) for page in pages])


def _with_renderings(pages: Sequence[LabelledPage], examples: Sequence[Example]) -> list[Example]:
    """Each page's example and, as plain text, what other tools leave of the page."""
    return [
        found for page, example in zip(pages, examples, strict=True) for found in (example, *rendered(page, example))
    ]


def _vote_of(peer: Peer) -> Extract:
    """A peer as a function of a labelled page; where it fails, it found nothing."""

    def extract(page: LabelledPage) -> str:
        try:
            return peer.extract(page.html, page.encoding, page.url)
        except Exception:  # noqa: BLE001 - a tool may raise anything; then it has no vote
            return ""

    return extract
