"""Pages as other tools really leave them: a leaky extractor's output, a whole page as text, each line labelled.

The text views made of blocks (`training.text_views`) have the lines that our own segmentation gives. Scrapers cut
them otherwise: get_text breaks at every inline element or glues neighbours together, Markdown keeps its marks. The
tools named here teach; those that `training.held_out_tools` names only measure.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import turbohtml

from model.limits import Limits
from training.corpora import LabelledPage
from training.examples import NO_KIND, Example, example_from_text
from training.peers import find_peers
from training.text_views import HEAD_KINDS, WHOLE_WEIGHT, head_of

LEAKY = ("readability", "trafilatura-recall", "main-text")
LEAKY_PER_PAGE = 2
WHOLE = ("page-text", "markdown", "strings", "joined")
"""Whole pages: laid out as text; as Markdown; every text node a line, as get_text("\\n"); all in one, as get_text()."""

_MOST_CHARS = 400_000
"""A rendering longer than this is cut off: a few pages hold a catalogue."""

_PEER_OF = {"readability": "readability-lxml", "trafilatura-recall": "trafilatura-recall"}

Render = Callable[[LabelledPage], str]


def rendered(page: LabelledPage, markup: Example) -> list[Example]:
    """Some of the tools' outputs of a page, the same on every run; none where part of the page has no label.

    markup   the same page labelled block by block: it names title, byline and the kinds of noise
    """
    if not markup.article.any() or (markup.weight <= 0).any():
        return []
    gold = page.gold if page.gold is not None else _text_of_article(markup)
    rng = random.Random(f"rendered {page.key}")
    renderers = _renderers()
    leaky = [name for name in LEAKY if name in renderers]
    examples = [_as_gold(page, gold)]
    for name in (*rng.sample(leaky, min(LEAKY_PER_PAGE, len(leaky))), rng.choice(WHOLE)):
        example = labelled_rendering(page, markup, name, renderers[name](page), gold)
        if name in WHOLE:
            example = replace(example, weight=(example.weight * np.float32(WHOLE_WEIGHT)).astype(np.float32))
        examples.append(example)
    return [example for example in examples if len(example.article)]


def _as_gold(page: LabelledPage, gold: str) -> Example:
    """What a perfect extractor leaves: every line stays."""
    example = example_from_text(f"gold:{page.key}", page.site, gold, gold)
    return replace(example, article=np.ones_like(example.article))


def labelled_rendering(page: LabelledPage, markup: Example, tool: str, text: str, gold: str) -> Example:
    """One tool's output as an example: lines that the gold covers are article, and title and byline with them."""
    example = example_from_text(f"{tool}:{page.key}", page.site, text[:_MOST_CHARS], gold, Limits())
    head = set(head_of(markup))
    kind_of: dict[str, int] = {}
    for number, block in enumerate(markup.segmentation.blocks):
        kind = int(markup.kinds[number])
        if kind != NO_KIND and (number in head or kind not in HEAD_KINDS):
            kind_of.setdefault(_bare(block.text), kind)
    for number, block in enumerate(example.segmentation.blocks):
        kind = kind_of.get(_bare(block.text), NO_KIND)
        if kind in HEAD_KINDS or not example.article[number]:
            example.kinds[number] = kind
            example.article[number] = float(kind in HEAD_KINDS)
    return example


def _text_of_article(markup: Example) -> str:
    return "\n".join(markup.segmentation.blocks[number].text for number in np.flatnonzero(markup.article).tolist())


def _bare(text: str) -> str:
    return " ".join(text.strip("#*->|[] ").lower().split())


@cache
def _renderers() -> dict[str, Render]:
    found = {peer.name: peer for peer in find_peers(list(_PEER_OF.values())).found}

    def through(peer: str) -> Render:
        return lambda page: found[peer].extract(page.html, page.encoding, page.url)

    leaky = {name: _harmless(through(peer)) for name, peer in _PEER_OF.items() if peer in found}
    return leaky | {name: _harmless(render) for name, render in _BY_TURBOHTML.items()}


def _harmless(render: Render) -> Render:
    """Where a tool fails it has left nothing."""

    def text(page: LabelledPage) -> str:
        try:
            return render(page)
        except Exception:  # noqa: BLE001 - a tool may raise anything
            return ""

    return text


def _document(page: LabelledPage) -> turbohtml.Document:
    return turbohtml.parse(page.html.decode(page.encoding or "utf-8", "replace"))


def _without_code(document: turbohtml.Document) -> turbohtml.Document:
    for tag in ("script", "style", "template"):
        for element in document.find_all(tag):
            element.decompose()
    return document


def _lines(strings: Sequence[str]) -> str:
    return "\n".join(" ".join(text.split()) for text in strings)


_BY_TURBOHTML: dict[str, Render] = {
    "main-text": lambda page: _document(page).main_text() or "",
    "page-text": lambda page: _without_code(_document(page)).to_text(),
    "markdown": lambda page: _without_code(_document(page)).to_markdown(),
    "strings": lambda page: _lines(list(_without_code(_document(page)).stripped_strings)),
    "joined": lambda page: _without_code(_document(page)).text or "",
}
