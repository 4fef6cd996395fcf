"""The page model: page types, confidence and the promise's table, fitted on held-out pages.

A fold's model judges the pages of its held-out sites; what it says of each page as a whole is a `PageRecord`. From
the records of all folds the page model is fitted, and measured by leaving one fold out at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LinearRegression, LogisticRegression

from model.classifier import KindModel
from model.cleaning import Cleaner
from model.comment_sections import find_discussion
from model.context import DIAL_FACTORS, choose_body
from model.decoding import decode_page
from model.page_model import PAGE_TYPES, PageModel, page_inputs
from model.prompts import weigh_prompts
from training.alignment import MIN_COVERED, coverage
from training.corpora import LabelledPage
from training.metrics import WordScore, word_score, words

FACTORS = (0.0, 0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5)
"""Factors of the cut that are tried on every held-out page; those of `DIAL_FACTORS` are among them."""

RECORDS = "pages.joblib"
"""The file of a folder of fold models that holds the records of their held-out pages."""

_TYPE_C = 0.05
_LONG_VOTES = 2000
"""Article words from which a page counts no more: one book must not decide what a promise costs."""


@dataclass(frozen=True, slots=True)
class PageRecord:
    """What a model that has not seen a page's site says of it as a whole, and how right it is.

    inputs       float32 (n_inputs,), `page_inputs` at the balanced cut
    expected_f1  what the cut expects of itself
    scores       word scores of the text for each of `FACTORS`
    lost         share of the article's words that is lost for each of `FACTORS`: of blocks that are article by gold
    article_words  how many these are
    """

    page_id: str
    fold: int
    page_type: str | None
    inputs: NDArray[np.float32]
    expected_f1: float
    scores: tuple[WordScore, ...]
    lost: tuple[float, ...]
    article_words: int

    @property
    def f1(self) -> float:
        """The word F1 at the balanced cut."""
        return self.scores[FACTORS.index(DIAL_FACTORS["balanced"])].f1


def page_record(cleaner: Cleaner, page: LabelledPage, fold: int) -> PageRecord | None:
    """Judge a page of markup that has gold text; None where it has none, or no blocks."""
    if page.gold is None:
        return None
    decoded = decode_page(page.source, kind="html", url=page.url, limits=cleaner.limits)
    segmentation = cleaner.segment(decoded)
    if not segmentation.blocks:
        return None
    texts = [block.text for block in segmentation.blocks]
    with cleaner.threads.limit(limits=1, user_api="openmp"):
        prediction = cleaner.classifier.predict(segmentation, "html")
    discussed = find_discussion(segmentation, prediction.article).inside
    chances = np.where(discussed, np.float32(0.0), prediction.article)
    chances = weigh_prompts(segmentation, prediction, chances, "html")
    bodies = [choose_body(chances, prediction.column("words"), factor, "html") for factor in FACTORS]
    count = np.array([len(words(text)) for text in texts], np.float64)
    article = count * (coverage(texts, page.gold) >= MIN_COVERED)
    cut = bodies[FACTORS.index(1.0)][0]
    return PageRecord(
        page.page_id, fold, page.page_type,
        page_inputs(segmentation, prediction, prediction.article >= cut.expected_f1 / 2, cut.expected_f1),
        cut.expected_f1,
        tuple(word_score("\n".join(np.array(texts, object)[body]), page.gold) for _, body in bodies),
        tuple(float(article[~body].sum() / max(article.sum(), 1.0)) for _, body in bodies),
        int(article.sum()),
    )  # fmt: skip


def fit_page_model(records: Sequence[PageRecord]) -> PageModel:
    """Fit the page model on records; the same records give the same model."""
    inputs = np.stack([record.inputs for record in records]).astype(np.float64)
    mean, spread = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), 1e-3)
    scaled = np.clip((inputs - mean) / spread, -5, 5)
    known = [number for number, record in enumerate(records) if record.page_type in PAGE_TYPES]
    kinds = [PAGE_TYPES.index(str(records[number].page_type)) for number in known]
    types = LogisticRegression(C=_TYPE_C, max_iter=1_000).fit(scaled[known], kinds)
    weights = np.zeros((inputs.shape[1], len(PAGE_TYPES)), np.float32)
    intercept = np.full(len(PAGE_TYPES), -20.0, np.float32)
    coefficients, offsets = types.coef_, types.intercept_
    if len(types.classes_) == 2:  # then scikit-learn gives the second class's alone
        coefficients, offsets = np.concatenate([-coefficients, coefficients]), np.concatenate([-offsets, offsets])
    weights[:, types.classes_] = coefficients.T
    intercept[types.classes_] = offsets
    quality = LinearRegression(positive=True).fit([[r.expected_f1] for r in records], [r.f1 for r in records])
    softmax = KindModel(mean.astype(np.float32), spread.astype(np.float32), weights, intercept)
    confidence = np.array([quality.coef_[0], quality.intercept_], np.float32)
    return PageModel(softmax, confidence, loss_table(records))


def loss_table(records: Sequence[PageRecord]) -> tuple[tuple[float, float], ...]:
    """For each factor of the cut the share of article words that held-out pages lose, rising."""
    votes = np.minimum([record.article_words for record in records], _LONG_VOTES).astype(np.float64)
    lost = np.array([record.lost for record in records])
    shares = np.maximum.accumulate((lost * votes[:, None]).sum(axis=0) / max(votes.sum(), 1.0))
    return tuple((float(share), factor) for share, factor in zip(shares, FACTORS, strict=True))


def cross_fitted(records: Sequence[PageRecord]) -> list[tuple[PageRecord, PageModel]]:
    """Every record with the page model that was fitted without its fold."""
    folds = sorted({record.fold for record in records})
    models = {fold: fit_page_model([record for record in records if record.fold != fold]) for fold in folds}
    return [(record, models[record.fold]) for record in records]
