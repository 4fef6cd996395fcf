"""What can be told to be wrong with a gold text from the gold and its page alone; no cleaner is asked.

    empty         no words, though the page holds running text
    not_on_page   words that stand nowhere in the page's source, scripts and attributes included
    beyond_text   words that are not in the page's text as often as in the gold: they stand in attributes or scripts,
                  or the gold repeats them; who returns the text of a page cannot return them
    cut_short     of the page's paragraphs that stand in the same elements the first few are in the gold, all others
                  are missing, and nothing between the two says that something else begins
    comments      readers' comments counted as content, on a page that is no forum
    contradicted  the same page is in the corpus twice with golds that differ
    same_gold     one gold text for pages that differ

Every rule would rather miss a defect than call a gold wrong that is only unusual.
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from model import Limits
from model.decoding import decode_page
from model.html_blocks import segment_html
from model.types import Segmentation
from training.corpora import LabelledPage
from training.corpora.markup import text_of
from training.metrics import word_score, words

DEFECTS = ("empty", "not_on_page", "beyond_text", "cut_short", "comments", "contradicted", "same_gold")

MISSING_SHARE = 0.1
"""Share of a gold's words that may be missing: at more no recall reaches .9. Below it is spelling and encoding."""

RUNNING_WORDS = 30
"""A block this long is running text: teasers and captions end before."""

LEAST_RUNNING = 100
"""Words of running text without which an empty gold may be right: an error page, a page that scripts fill."""

PARAGRAPH_WORDS = 15
"""Shorter blocks say nothing about where a gold ends: headings, labels, buttons."""

IN_GOLD, ABSENT = 0.6, 0.1
"""Share of a block's four-word sequences from which it is in the gold, and up to which it is not."""

LEAST_LOST = 150
LOST_SHARE = 0.25
"""What a cut gold must lack, in words and in words of the gold: then a whole answer has at most F1 .89."""

LEAST_KEPT_BLOCKS, LEAST_LOST_BLOCKS = 3, 3
STRAYS = 0.2
"""Share of the blocks before the cut that may be missing as well, and of those behind it that may hold a phrase of the
gold."""

MOST_BETWEEN = 2
"""Blocks from the last one in the gold to the first that is not, that counted: after more it may be another part."""

LEAST_COMMENT_WORDS = 50
ALIKE, GOLDS_DIFFER = 0.97, 0.8
"""Word F1 of the whole texts of two pages from which they are one page, and of their golds below which those differ."""

LEAST_COMMON = 5
"""Paragraphs that two pages must share to be one: test pages are made of the same few."""

DIFFERENT = 0.5
"""Share of common paragraphs below which two pages are not the same."""

_SEQUENCE = 4
_MOST_HOLDERS = 8
_OTHER_NAME = re.compile(
    r"(?<![a-z])(?:comment|response|repl(?:y|ie)|discussion|review|related|footer|footnote|sidebar|legal|disclaimer|"
    r"promo|faq|testimonial|author|hidden|recommend|modal)s?(?![a-z])",
    re.IGNORECASE,
)
_OTHER_BEGINS = re.compile(
    r"\W*(?:(?:\d+ )?(?:comments?|responses|replies|thoughts|answers)\b|related|about (?:the|our) author|references|"
    r"bibliography|foot ?notes?|notes?\b|see also|more\b|disclaimer|disclosure|faqs?\b|frequently|read |leave a|"
    r"sign up|subscribe|tags?\b|share|posted by|by\b|you (?:may|might)|recent|other\b|readers?|sponsor|advert|latest|"
    r"copyright|©|reviews?\b|customer|popular|how was this|tell me|registration|[*_=-]{5})",
    re.IGNORECASE,
)
_COMMENT_NAME = re.compile(
    r"[.#](?:[a-z0-9]+[-_])*comments?(?:[-_]?(?:body|text|content|list|block|item|area))?(?:[-_]?\d+)?$"
)
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True, slots=True)
class JudgedPage:
    """What is kept of a page to compare it with the others of its corpus."""

    page_id: str
    gold: str
    paragraphs: frozenset[str]
    text: str


def judge_page(page: LabelledPage) -> tuple[set[str], JudgedPage]:
    """The defects of one page's gold, and what is needed to compare it. Asks for a page whose gold is not None."""
    gold = page.gold or ""
    limits = Limits()
    source = decode_page(page.source, kind="html", url=page.url, limits=limits)
    segmentation = segment_html(source, limits)
    paragraphs = [block.text for block in segmentation.blocks if _is_paragraph(block.text, block.link_chars)]
    text = "\n".join(block.text for block in segmentation.blocks)
    found = set(_of_blocks(segmentation, gold, page.page_type))
    if _missing(text, gold):  # the page's whole text holds the blocks' and takes longer to read
        found |= set(_beyond_page(source.source, gold))
    return found, JudgedPage(page.page_id, gold, frozenset(paragraphs), text)


def compare_pages(pages: Sequence[JudgedPage]) -> Iterator[tuple[str, str]]:
    """The defects that show between the pages of a corpus, as (page id, defect); one may come more than once."""
    for first, second in _sharing(pages):
        if len(first.paragraphs & second.paragraphs) < LEAST_COMMON:
            continue
        if word_score(first.gold, second.gold).f1 < GOLDS_DIFFER <= ALIKE <= word_score(first.text, second.text).f1:
            yield first.page_id, "contradicted"
            yield second.page_id, "contradicted"
    by_gold: dict[str, list[JudgedPage]] = defaultdict(list)
    for page in pages:
        if len(words(page.gold)) >= RUNNING_WORDS:
            by_gold[page.gold].append(page)
    for first, second in (pair for alike in by_gold.values() for pair in combinations(alike, 2)):
        if len(first.paragraphs & second.paragraphs) < DIFFERENT * len(first.paragraphs | second.paragraphs):
            yield first.page_id, "same_gold"
            yield second.page_id, "same_gold"


def _sharing(pages: Sequence[JudgedPage]) -> Iterator[tuple[JudgedPage, JudgedPage]]:
    """Pairs that share paragraphs; what stands on many pages of a site is none of the article's."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, page in enumerate(pages):
        for text in page.paragraphs:
            holders[text].append(number)
    pairs = {pair for numbers in holders.values() if len(numbers) <= _MOST_HOLDERS for pair in combinations(numbers, 2)}
    return ((pages[first], pages[second]) for first, second in sorted(pairs))


def _is_paragraph(text: str, link_chars: int, least: int = PARAGRAPH_WORDS) -> bool:
    return 2 * link_chars <= len(text) and len(words(text)) >= least


def _missing(text: str, gold: str) -> bool:
    wanted = Counter(words(gold))
    return (wanted - Counter(words(text))).total() > MISSING_SHARE * wanted.total()


def _beyond_page(source: str, gold: str) -> Iterator[str]:
    if not _missing(text_of(source), gold):
        return
    anywhere = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), html.unescape(html.unescape(source)))
    present = set(words(anywhere.replace("\\n", " ")))
    wanted = words(gold)
    nowhere = sum(word not in present for word in wanted)
    yield "not_on_page" if nowhere > MISSING_SHARE * len(wanted) else "beyond_text"


def _of_blocks(segmentation: Segmentation, gold: str, page_type: str | None) -> Iterator[str]:
    blocks = segmentation.blocks
    if not words(gold):
        running = (len(words(b.text)) for b in blocks if _is_paragraph(b.text, b.link_chars, RUNNING_WORDS))
        if sum(running) >= LEAST_RUNNING:
            yield "empty"
        return
    known = set(_sequences(words(gold)))
    share = [_share(block.text, known) for block in blocks]
    if _is_cut(segmentation, share, len(words(gold))):
        yield "cut_short"
    if page_type != "forum" and _holds_comments(segmentation, share, len(words(gold))):
        yield "comments"


def _sequences(tokens: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(tokens[start:] for start in range(_SEQUENCE)), strict=False)


def _share(text: str, known: set[tuple[str, ...]]) -> float:
    sequences = list(_sequences(words(text)))
    return sum(sequence in known for sequence in sequences) / len(sequences) if sequences else 0.0


def _is_cut(segmentation: Segmentation, share: Sequence[float], gold_words: int) -> bool:
    paths = _paths(segmentation)
    groups: dict[str, list[int]] = defaultdict(list)
    seen: set[str] = set()
    for number, block in enumerate(segmentation.blocks):
        # A text that the page repeats, for wide and narrow screens, is in the gold once.
        if block.element >= 0 and block.text not in seen and _is_paragraph(block.text, block.link_chars):
            groups[paths[block.element]].append(number)
        seen.add(block.text)
    return any(
        _breaks_off(segmentation, share, numbers, gold_words)
        for path, numbers in groups.items()
        if not _OTHER_NAME.search(path)
    )


def _paths(segmentation: Segmentation) -> list[str]:
    """For each element the tags around it, each with its first class: alike for the paragraphs of one article."""
    paths: list[str] = []
    for element in segmentation.elements:
        own = element.tag + next((name for name in element.names if name.startswith(".")), "")
        paths.append(f"{paths[element.parent]}>{own}" if element.parent >= 0 else own)
    return paths


def _breaks_off(segmentation: Segmentation, share: Sequence[float], numbers: Sequence[int], gold_words: int) -> bool:
    """Whether the gold holds the first of these blocks, then none, and the text between goes on as before."""
    blocks = segmentation.blocks
    inside = [place for place, number in enumerate(numbers) if share[number] >= IN_GOLD]
    if len(inside) < LEAST_KEPT_BLOCKS or inside[-1] + 1 - len(inside) > STRAYS * (inside[-1] + 1):
        return False
    rest = list(numbers[inside[-1] + 1 :])
    if rest and share[rest[0]] > ABSENT:
        rest = rest[1:]  # the paragraph in which it breaks off
    lost = sum(len(words(blocks[number].text)) for number in rest)
    if len(rest) < LEAST_LOST_BLOCKS or lost < max(LEAST_LOST, LOST_SHARE * gold_words):
        return False
    if sum(share[number] > ABSENT for number in rest) > STRAYS * len(rest) or share[rest[-1]] > ABSENT:
        return False
    between = blocks[numbers[inside[-1]] + 1 : rest[0] + 1]
    if len(between) > MOST_BETWEEN:
        return False
    named = " ".join(_names_around(segmentation, rest))
    return not _OTHER_NAME.search(named) and not any(_OTHER_BEGINS.match(block.text) for block in between)


def _names_around(segmentation: Segmentation, numbers: Iterable[int]) -> Iterator[str]:
    for number in numbers:
        element = segmentation.blocks[number].element
        while element >= 0:
            yield from segmentation.elements[element].names
            element = segmentation.elements[element].parent


def _holds_comments(segmentation: Segmentation, share: Sequence[float], gold_words: int) -> bool:
    """Whether the gold goes on in elements named for comments: a name around all of it or a quote says nothing."""
    before: set[tuple[str, ...]] = set()
    said: list[str] = []
    for number, block in enumerate(segmentation.blocks):
        if share[number] < IN_GOLD:
            continue
        if not any(map(_COMMENT_NAME.match, _names_around(segmentation, [number]))):
            before.update(_sequences(words(block.text)))
        elif len(before) >= RUNNING_WORDS and _share(block.text, before) <= ABSENT:
            said += words(block.text)
    return len(said) >= max(LEAST_COMMENT_WORDS, MISSING_SHARE * gold_words)
