"""The page model: page types, confidence and the promise's table, fitted on held-out pages.

A fold's model judges the pages of its held-out sites; what it says of each page as a whole is a `PageRecord`. From
the records of all folds the page model is fitted, and measured by leaving one fold out at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LinearRegression, LogisticRegression

from model.classifier import KindModel
from model.cleaning import Cleaner
from model.context import DIAL_FACTORS, choose_body
from model.decoding import decode_page
from model.evidence import weigh_evidence
from model.page_model import PAGE_TYPES, PageModel, page_inputs
from model.types import Metadata
from training.alignment import MIN_COVERED, coverage
from training.corpora import LabelledPage
from training.linear import over_all_classes
from training.metrics import WordScore, word_score, words

FACTORS = (0.0, 0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 1.8, 2.2)
"""Factors of the cut that are tried on every held-out page; those of `DIAL_FACTORS` are among them."""

RECORDS = "pages.joblib"
"""The file of a folder of fold models that holds the records of their held-out pages."""

_TYPE_C = 0.05
_TYPE_FACTORS = (0.3, 1.2)
"""Least and most that the cut of a type is multiplied by. Documentation has a plateau at .3; product pages gain .01
more at 1.5, which is one page's worth, and would lose their tables of specifications."""

_PROSE_WORDS = 15
_TINY = 1e-6
_LONG_VOTES = 2000
"""Article words from which a page counts no more: one book must not decide what a promise costs."""


@dataclass(frozen=True, slots=True)
class PageRecord:
    """What a model that has not seen a page's site says of it as a whole, and how right it is.

    inputs       float32 (n_inputs,), `page_inputs`
    expected_f1  what the cut expects of itself
    scores       word scores of the text for each of `FACTORS`; none where the page has no gold text
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

    def nearest(self, factor: float) -> int:
        """The place in `FACTORS` of the one nearest to `factor`, as a ratio."""
        return int(np.argmin(np.abs(np.log(np.maximum(FACTORS, _TINY)) - np.log(max(factor, _TINY)))))

    def f1(self, model: PageModel) -> float:
        """The word F1 at the balanced cut, moved as the page's type asks."""
        return self.scores[self.nearest(DIAL_FACTORS["balanced"] * model.cut_factor(self.inputs))].f1


def page_record(cleaner: Cleaner, page: LabelledPage, fold: int) -> PageRecord | None:
    """Judge a page of markup; None where it has no blocks.

    Without gold text there are no scores. Such pages are trafilatura's, nearly all of them articles, and those that
    read like one are taken for one, as if they declared nothing: fitted on WCXB alone, the types of a third of old news
    pages were wrong.
    """
    decoded = decode_page(page.source, kind="html", url=page.url, limits=cleaner.limits)
    segmentation = cleaner.segment(decoded)
    if not segmentation.blocks:
        return None
    texts = [block.text for block in segmentation.blocks]
    with cleaner.threads.limit(limits=1):
        prediction = cleaner.classifier.predict(segmentation, "html")
    chances = weigh_evidence(segmentation, prediction, page.page_type).article
    is_forum = page.page_type == "forum"
    bodies = [choose_body(chances, prediction.column("words"), f, "html", is_forum=is_forum) for f in FACTORS]
    count = np.array([len(words(text)) for text in texts], np.float64)
    cut, balanced = bodies[FACTORS.index(1.0)]
    if page.gold is None:
        kind = "article" if _is_prose(count[balanced]) else None
        undeclared = replace(segmentation, metadata=Metadata(title=segmentation.metadata.title))
        inputs = page_inputs(undeclared, prediction)
        return PageRecord(page.page_id, fold, kind, inputs, cut.expected_f1, (), (), 0)
    article = count * (coverage(texts, page.gold) >= MIN_COVERED)
    return PageRecord(
        page.page_id, fold, page.page_type, page_inputs(segmentation, prediction), cut.expected_f1,
        tuple(word_score("\n".join(np.array(texts, object)[body]), page.gold) for _, body in bodies),
        tuple(float(article[~body].sum() / max(article.sum(), 1.0)) for _, body in bodies),
        int(article.sum()),
    )  # fmt: skip


def _is_prose(kept: NDArray[np.float64]) -> bool:
    """Whether most words kept of a page stand in paragraphs; `kept`, float64 (n_kept,), are its blocks' words."""
    return bool(kept.sum() > 0 and kept[kept >= _PROSE_WORDS].sum() >= kept.sum() / 2)


def page_model_of(records: Sequence[PageRecord]) -> PageModel | None:
    """The page model of the records; None where they are of fewer than two types."""
    types = {record.page_type for record in records} & set(PAGE_TYPES)
    return fit_page_model(records) if len(types) > 1 else None


def fit_page_model(records: Sequence[PageRecord]) -> PageModel:
    """Fit the page model on records; the same records give the same model."""
    inputs = np.stack([record.inputs for record in records]).astype(np.float64)
    mean, spread = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), 1e-3)
    # Clipped here and not where pages are asked. There 42 of 1,349 held-out pages would be of another type, 17 of them
    # rightly and 18 wrongly, and the factors of the cut, which move with the type, would lose F1: .8875 -> .8852,
    # products .671 -> .636. Not clipped at all, here or there, types are worse: .828 right instead of .837.
    scaled = np.clip((inputs - mean) / spread, -5, 5)
    known = [number for number, record in enumerate(records) if record.page_type in PAGE_TYPES]
    kinds = [PAGE_TYPES.index(str(records[number].page_type)) for number in known]
    types = LogisticRegression(C=_TYPE_C, max_iter=1_000).fit(scaled[known], kinds)
    softmax = KindModel(mean.astype(np.float32), spread.astype(np.float32), *over_all_classes(types, len(PAGE_TYPES)))
    scored = [record for record in records if record.scores]
    model = PageModel(softmax, np.array([1.0, 0.0], np.float32), loss_table(scored), type_factors(scored))
    f1 = [record.f1(model) for record in scored]
    quality = LinearRegression(positive=True).fit([[record.expected_f1] for record in scored], f1)
    return replace(model, confidence=np.array([quality.coef_[0], quality.intercept_], np.float32))


def type_factors(records: Sequence[PageRecord]) -> tuple[float, ...]:
    """For each of `PAGE_TYPES` the factor of the cut at which the held-out pages of that type score highest.

    A type that no record has keeps its cut.
    """
    least, most = _TYPE_FACTORS
    usable = [place for place, factor in enumerate(FACTORS) if least <= factor <= most]
    factors = []
    for kind in PAGE_TYPES:
        scores = [[record.scores[place].f1 for place in usable] for record in records if record.page_type == kind]
        factors.append(FACTORS[usable[int(np.argmax(np.mean(scores, axis=0)))]] if scores else 1.0)
    return tuple(factors)


def loss_table(records: Sequence[PageRecord]) -> tuple[tuple[float, float], ...]:
    """For each factor of the cut the share of article words that held-out pages lose, rising."""
    votes = np.minimum([record.article_words for record in records], _LONG_VOTES).astype(np.float64)
    lost = np.array([record.lost for record in records])
    shares = np.maximum.accumulate((lost * votes[:, None]).sum(axis=0) / max(votes.sum(), 1.0))
    return tuple((float(share), factor) for share, factor in zip(shares, FACTORS, strict=True))


def cross_fitted(records: Sequence[PageRecord]) -> list[tuple[PageRecord, PageModel]]:
    """Every record that has scores with the page model that was fitted without its fold."""
    folds = sorted({record.fold for record in records})
    models = {fold: fit_page_model([record for record in records if record.fold != fold]) for fold in folds}
    return [(record, models[record.fold]) for record in records if record.scores]
