"""What a page is as a whole: its type, how well it was cleaned, and how far its cut must be moved.

The cut is moved for the type, since a chance means more on some types of page than on others, or to keep a promise.
All of it is fitted on held-out pages: pages whose blocks were judged by a model that had not seen their site
(`training.page_fitting`). A model without this part gives no page type, moves no cut, and gives the expected F1 of its
cut as confidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from model.classifier import KindModel, Prediction
from model.context import choose_cut
from model.errors import OptionError
from model.types import Element, Segmentation

PAGE_TYPES = ("article", "collection", "documentation", "forum", "listing", "product", "service")
"""WCXB's seven page types; column k of the type model's scores belongs to `PAGE_TYPES[k]`."""

_MEANS = (
    "link_density", "text_score", "discussion_score", "prompt_score", "sentences", "heading", "is_p", "in_title",
    "digits", "date_time", "capitalised", "question", "anc_form", "anc_table", "anc_article", "anc_main", "anc_ul",
    "path_score", "words",
)  # fmt: skip
"""Block features whose means over the page, over its words and over what was kept are inputs."""

_TAGS = (
    "p", "li", "td", "th", "pre", "h1", "h2", "h3", "dd", "dt", "article", "blockquote", "noscript", "form", "figure",
)  # fmt: skip
"""Elements whose shares of the page's blocks are inputs."""

_NAMES = (
    "product", "price", "cart", "review", "shop", "sku", "gallery", "variant", "forum", "thread", "post", "reply",
    "topic", "message", "user", "avatar", "comment", "question", "answer", "vote", "doc", "toc", "code", "highlight",
    "api", "version", "sidebar", "blog", "article", "byline", "author", "entry", "story", "card", "grid", "listing",
    "result", "filter", "facet", "pagination", "category", "collection", "hero", "cta", "testimonial", "pricing",
    "feature", "faq", "signature", "breadcrumb", "wiki",
)  # fmt: skip
"""Stems looked for in the names that a page's author gave its elements."""

_WORDS = (
    "add to cart", "add to bag", "in stock", "shipping", "reviews", "buy now", "sort by", "filter", "results", "reply",
    "replies", "joined", "posts", "quote", "posted", "wrote", "solved", "install", "function", "returns", "parameter",
    "example", "contact us", "our team", "get started", "free trial", "request a", "schedule", "we offer",
    "our services", "pricing", "published", "updated", "min read", "subscribe", "load more", "items", "view all",
    "next page", "$", "€", "£", "()", "{", "ago", "?",
)  # fmt: skip
"""Words looked for in a page's text."""

_DECLARED = (
    "article", "newsarticle", "blogposting", "techarticle", "website", "webpage", "product", "product.group", "offer",
    "aggregaterating", "discussionforumposting", "qapage", "question", "collectionpage", "itemlist", "listitem",
    "localbusiness", "organization", "service", "faqpage", "breadcrumblist", "recipe", "person", "softwareapplication",
    "video.other", "profilepage", "review",
)  # fmt: skip
"""What a page may declare to be, see `Metadata.declared`."""

_MAX_TEXT_CHARS = 300_000
"""Characters of a page's text in which `_WORDS` are looked for."""

_UNSURE, _SURE = 0.2, 0.8
"""Chances between which a block is in doubt."""


@dataclass(frozen=True, slots=True)
class PageModel:
    """A model over `page_inputs`, a calibration, and a table of what each cut loses.

    types        softmax regression over `PAGE_TYPES`
    confidence   float32 (2,), slope and intercept from the F1 that a page's cut expects to the F1 that came of it;
                 models that read more of the page ranked held-out pages worse
    losses       (share of article words lost, factor of the cut) on held-out pages, both rising
    factors      what the cut of a page of each of `PAGE_TYPES` is multiplied by
    """

    types: KindModel
    confidence: NDArray[np.float32]
    losses: tuple[tuple[float, float], ...]
    factors: tuple[float, ...] = (1.0,) * len(PAGE_TYPES)

    def page_type(self, inputs: NDArray[np.float32]) -> str:
        """The likeliest type."""
        return PAGE_TYPES[int(np.argmax(self.types.probabilities(inputs[None])[0]))]

    def cut_factor(self, inputs: NDArray[np.float32]) -> float:
        """What a page's cut is multiplied by: the geometric mean of the types' factors, weighted by their chances."""
        chances = self.types.probabilities(inputs[None])[0].astype(np.float64)
        return float(np.exp(chances @ np.log(self.factors)))

    def calibrated(self, expected_f1: float) -> float:
        """The word F1, 0 to 1, that pages of this expected F1 had."""
        return float(np.clip(self.confidence[0] * expected_f1 + self.confidence[1], 0.0, 1.0))


def promise_factor(model: PageModel | None, lost: float) -> float:
    """What the page's cut is multiplied by to lose at most this share of the article's words.

    The largest factor whose loss on held-out pages was no more. Raises OptionError where the model has no table.
    """
    if model is None or not model.losses:
        raise OptionError(
            "dial holds a promise, but this model has no table of what it loses. Run `make train` with the corpora, "
            "or choose precision, balanced or recall."
        )
    return max((factor for share, factor in model.losses if share <= lost), default=0.0)


@dataclass(frozen=True, slots=True)
class PageJudgement:
    """A page's type, None without a page model, and what its cut is multiplied by."""

    page_type: str | None = None
    factor: float = 1.0


def judge_page(model: PageModel | None, segmentation: Segmentation, prediction: Prediction) -> PageJudgement:
    """The page's type and how its cut is moved. The model has read HTML alone: not to be asked about plain text."""
    if model is None or not len(prediction.article):
        return PageJudgement()
    inputs = page_inputs(segmentation, prediction)
    return PageJudgement(model.page_type(inputs), model.cut_factor(inputs))


def page_inputs(segmentation: Segmentation, prediction: Prediction) -> NDArray[np.float32]:
    """A page as one row of numbers, float32 (n_inputs,), before anything is known of its comments."""
    chances = prediction.article
    if not len(chances):
        return np.zeros(N_INPUTS, np.float32)
    words = prediction.column("words")
    expected_f1 = choose_cut(chances, words).expected_f1
    body = chances >= expected_f1 / 2
    weight = words / max(float(words.sum()), 1.0)
    values = [
        *_judgement(chances, words, weight, body, expected_f1),
        *_means(prediction, weight, body),
        *_page_counts(segmentation),
    ]
    return np.array(values, np.float32)


def _judgement(
    chances: NDArray[np.float32],
    words: NDArray[np.float32],
    weight: NDArray[np.float32],
    body: NDArray[np.bool_],
    expected_f1: float,
) -> list[float]:
    """What the chances come to: how good the cut is expected to be, how sure they are, how much is kept; 14 numbers.

    weight   each block's share of the page's words; body  what the page's own cut keeps; all are (n_blocks,)
    """
    kept = weight * body
    kept_weight = kept / max(float(kept.sum()), 1e-9)
    return [
        expected_f1, expected_f1**2, float(chances.max()), float((weight * chances).sum()), float(kept.sum()),
        float((kept_weight * chances).sum()), float(weight[(chances > _UNSURE) & (chances < _SURE)].sum()),
        float((weight * chances * (1 - chances)).sum()), float(np.log1p(words.sum())),
        float(np.log1p(words[body].sum())),
        float(np.log1p(len(words))), float(np.log1p(body.sum())), float(np.log1p(np.abs(np.diff(body)).sum())),
        float(np.log1p(words.max())),
    ]  # fmt: skip


def _means(prediction: Prediction, weight: NDArray[np.float32], body: NDArray[np.bool_]) -> list[float]:
    """The means of `_MEANS` over the page's words, its blocks, and the words that are kept."""
    kept = weight * body
    kept_weight = kept / max(float(kept.sum()), 1e-9)
    chosen = np.stack([prediction.column(name) for name in _MEANS])
    means: list[float] = np.concatenate([chosen @ weight, chosen.mean(axis=1), chosen @ kept_weight]).tolist()
    return means


def _page_counts(segmentation: Segmentation) -> list[float]:
    """What stands on the page: elements by tag and by name, words, what it declares to be, whether it is signed."""
    tags = [segmentation.tag_of(block) for block in segmentation.blocks]
    text = "\n".join(block.text for block in segmentation.blocks)[:_MAX_TEXT_CHARS].lower()
    metadata = segmentation.metadata
    return [
        *(tags.count(tag) / len(tags) for tag in _TAGS),
        *np.log1p(_stem_counts(segmentation.elements)).tolist(),
        *(float(np.log1p(text.count(word))) for word in _WORDS),
        *(float(name in metadata.declared) for name in _DECLARED),
        float(metadata.byline is not None),
        float(metadata.date is not None),
    ]


def _stem_counts(elements: Sequence[Element]) -> list[int]:
    """How often each of `_NAMES` stands in the names of elements. Most stand in none, which one look at all tells."""
    counted = Counter(chain.from_iterable([element.names for element in elements]))
    every = "\n".join(counted)
    return [
        sum([name.count(stem) * times for name, times in counted.items()]) if stem in every else 0 for stem in _NAMES
    ]


_N_JUDGEMENT, _N_SIGNED = 14, 2
N_INPUTS = _N_JUDGEMENT + 3 * len(_MEANS) + len(_TAGS) + len(_NAMES) + len(_WORDS) + len(_DECLARED) + _N_SIGNED
"""Numbers in a page's row; a page model that was fitted on another number of them is refused."""
