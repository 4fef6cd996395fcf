"""The linear models over words and element names, fitted so that no page is scored by a model that saw its site."""

from __future__ import annotations

import random
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from model.lexicon import Lexicon, path_tokens, text_tokens, token_indices
from model.types import KIND_LABELS, Label, Segmentation, SourceKind
from training.examples import NO_KIND, Example
from training.own_lines import FOLDS, body_lines, noise_lines

_PROMPT_KINDS = [
    KIND_LABELS.index(label)
    for label in KIND_LABELS
    if label not in (Label.TITLE, Label.BYLINE, Label.COMMENT, Label.OTHER)
]
"""Kinds that interrupt: no article has such a line. Comments and other stories' titles read like prose."""

_NEVER = -20.0
"""Logit of a class of which no example was met."""

_DISCUSSION_KINDS = [KIND_LABELS.index(label) for label in (Label.COMMENT, Label.COMMENT_FORM)]

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Settings:
    """What is fitted how. The defaults were chosen on WCXB, cross-validated by site."""

    trees: int = 250
    leaves: int = 47
    learning_rate: float = 0.07
    text_trees: int = 140
    """Trees of the plain-text door, with `text_leaves` and `text_learning_rate`."""

    text_leaves: int = 31
    text_learning_rate: float = 0.1
    min_leaf_blocks: int = 40
    l2: float = 1.0
    bins: int = 255
    """Of each column, between which trees may split: scikit-learn allows no more."""

    blocks_per_page: int = 90
    text_blocks_per_page: int = 30
    """Lines of each plain text, of which every page has several: 90 were no better and took three times as long."""

    nets: int = 1
    net_hidden: tuple[int, ...] = (64, 32)
    net_penalty: float = 4.0
    net_rounds: int = 10
    text_nets: int = 2
    """Perceptrons beside the trees of plain text, with `text_net_hidden` and `text_net_penalty`: it has more texts."""

    text_net_hidden: tuple[int, ...] = (128, 64)
    text_net_penalty: float = 0.1

    linear_c: float = 0.3
    linear_steps: int = 60
    text_min_sites: int = 5
    path_min_sites: int = 4
    kind_rows: int = 60_000
    augment: bool = True
    """Add the copies of `training.augmentation`."""

    language_weight: float = 6.0
    """Weight of our own noise lines of one language together, and of its prose; a page's blocks weigh 1 to 10."""

    marked_kind_share: float = 0.6
    """What our own texts, marked line by line, weigh of all that kinds are learnt from; names tell the others'."""

    own_min_lines: int = 3
    """Tokens of our own lines are known from this many templates on, however many pages have them."""

    def of_door(self, kind: SourceKind) -> Settings:
        """The same with the trees and samples of one door: plain text has fewer columns and is read faster by fewer."""
        if kind == "html":
            return self
        return replace(
            self, trees=self.text_trees, leaves=self.text_leaves, learning_rate=self.text_learning_rate,
            blocks_per_page=self.text_blocks_per_page, nets=self.text_nets, net_hidden=self.text_net_hidden,
            net_penalty=self.text_net_penalty,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CrossFitted:
    """One lexicon fitted on everything, and one per fold that has not seen that fold."""

    lexicon: Lexicon
    without_fold: list[Lexicon]


class TextCorpus:
    """All blocks' words as one sparse matrix, with our own lines below them, and the fits over it.

    Three outputs are fitted. Article against noise. Prompt against prose, from our own lines and blocks whose markup
    names a prompt: it knows the line that interrupts an article whatever surrounds it. Discussion against the rest,
    from comments and comment forms: it knows where readers start to speak. One output for each kind follows.
    """

    def __init__(self, pages: Sequence[Example], folds: NDArray[np.intp], settings: Settings) -> None:
        self.settings = settings
        self.page_rows = sum(len(page.article) for page in pages)
        token_lists = [text_tokens(block.text) for page in pages for block in page.segmentation.blocks]
        sites = [page.site for page in pages for _ in page.article]
        own = _own_rows(settings)
        own_tokens = [row.tokens for row in own]
        self.vocabulary = _vocabulary(token_lists, sites, settings.text_min_sites)
        for token in _vocabulary(own_tokens, [row.template for row in own], settings.own_min_lines):
            self.vocabulary.setdefault(token, len(self.vocabulary))
        self.matrix = _sparse(token_lists + own_tokens, self.vocabulary)
        self.article = np.concatenate([*(page.article for page in pages), [float(row.kind == NO_KIND) for row in own]])
        self.article = self.article.astype(np.float32)
        self.weight = np.concatenate([*(page.weight for page in pages), [row.weight for row in own]]).astype(np.float32)
        self.kinds = np.concatenate([*(page.kinds for page in pages), [row.kind for row in own]]).astype(np.int8)
        self.folds = np.concatenate(
            [np.repeat(folds, [len(page.article) for page in pages]), [row.fold for row in own]]
        ).astype(np.intp)
        self.prompt_weight = self._prompt_weight()

    def _prompt_weight(self) -> Floats:
        """Weight of each row for prompt against prose: known prompts, known prose, and nothing else."""
        is_prompt = np.isin(self.kinds, _PROMPT_KINDS)
        is_own = np.arange(len(self.kinds)) >= self.page_rows
        weight = np.where(is_prompt | (self.article == 1), self.weight, 0.0)
        # A quarter each: prompts and prose of pages, prompts and prose of our own.
        for rows in (is_prompt & is_own, is_prompt & ~is_own, ~is_prompt & is_own, ~is_prompt & ~is_own):
            weight[rows] /= max(float(weight[rows].sum()), 1e-9)
        return np.asarray(weight * len(weight) / 4, np.float32)

    def cross_fit(self) -> CrossFitted:
        """Fit on all blocks, and for each fold on the blocks of the others."""
        return _cross_fit(self._fit, self.folds)

    def _fit(self, rows: Mask) -> Lexicon:
        is_prompt = np.isin(self.kinds, _PROMPT_KINDS).astype(np.float32)
        is_discussion = np.isin(self.kinds, _DISCUSSION_KINDS).astype(np.float32)
        fits = [
            _logistic(self.matrix, target, weight, rows, self.settings)
            for target, weight in (
                (self.article, self.weight),
                (is_prompt, self.prompt_weight),
                (is_discussion, np.where((self.article == 1) | (self.kinds != NO_KIND), self.weight, 0)),
            )
        ]
        weights, intercepts = zip(*fits, self._fit_kinds(rows), strict=True)
        return Lexicon(self.vocabulary, np.concatenate(weights, axis=1), np.concatenate(intercepts))

    def _fit_kinds(self, inside: Mask) -> tuple[Floats, Floats]:
        """One output per kind from the blocks whose kind is known, each kind given about the same weight."""
        rows = np.flatnonzero(inside & (self.kinds != NO_KIND))
        rng = np.random.default_rng(0)
        own = rows[rows >= self.page_rows]
        paged = rows[rows < self.page_rows]
        if len(paged) > self.settings.kind_rows:
            paged = np.sort(rng.choice(paged, self.settings.kind_rows, replace=False))
        rows = np.concatenate([paged, own])
        kinds = self.kinds[rows]
        model = LogisticRegression(C=1.0, max_iter=self.settings.linear_steps)
        fit_quietly(model, self.matrix[rows], kinds, balanced(kinds))
        return over_all_classes(model, len(KIND_LABELS))


class PathCorpus:
    """All elements' names as one sparse matrix; a block is the sum of the elements around it."""

    def __init__(self, pages: Sequence[Example], folds: NDArray[np.intp], settings: Settings) -> None:
        self.settings = settings
        token_lists = [path_tokens(element) for page in pages for element in page.segmentation.elements]
        sites = [page.site for page in pages for _ in page.segmentation.elements]
        self.vocabulary = _vocabulary(token_lists, sites, settings.path_min_sites)
        inside = [_ancestors(page.segmentation) for page in pages]
        self.blocks = (
            sparse.block_diag(inside, format="csr", dtype=np.float32) @ _sparse(token_lists, self.vocabulary)
        ).tocsr()
        self.article = np.concatenate([page.article for page in pages])
        self.weight = np.concatenate([page.weight for page in pages])
        self.folds = np.repeat(folds, [len(page.article) for page in pages])

    def cross_fit(self) -> CrossFitted:
        """Fit on all blocks, and for each fold on the blocks of the others."""
        return _cross_fit(self._fit, self.folds)

    def _fit(self, rows: Mask) -> Lexicon:
        return Lexicon(self.vocabulary, *_logistic(self.blocks, self.article, self.weight, rows, self.settings))


def _cross_fit(fit: Callable[[Mask], Lexicon], folds: NDArray[np.intp]) -> CrossFitted:
    return CrossFitted(fit(np.ones(len(folds), bool)), [fit(folds != fold) for fold in range(FOLDS)])


@dataclass(frozen=True, slots=True)
class _OwnRow:
    tokens: list[str]
    template: str
    kind: int
    fold: int
    weight: float


def _own_rows(settings: Settings) -> list[_OwnRow]:
    """Our own lines, noise twice with other fillings; noise and prose of a language weigh the same."""
    rng = random.Random(0)
    rows = []
    for lines, copies in ((noise_lines(), 2), (body_lines(), 1)):
        counts = Counter(line.language for line in lines)
        for line in lines:
            kind = KIND_LABELS.index(line.label) if line.label in KIND_LABELS else NO_KIND
            weight = settings.language_weight / (counts[line.language] * copies)
            rows += [
                _OwnRow(text_tokens(line.text(rng)), line.template, kind, line.fold, weight) for _ in range(copies)
            ]
    return rows


def _logistic(
    matrix: sparse.csr_matrix, article: Floats, weight: Floats, rows: Mask, settings: Settings
) -> tuple[Floats, Floats]:
    rows = rows & (weight > 0)
    scaled = weight[rows] / weight[rows].mean()
    model = LogisticRegression(C=settings.linear_c, max_iter=settings.linear_steps)
    fit_quietly(model, matrix[rows], article[rows], scaled)
    return model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)


def fit_quietly(
    model: LogisticRegression, matrix: Floats | sparse.csr_matrix, target: NDArray[np.generic], weight: Floats
) -> LogisticRegression:
    """Fit without a warning about convergence: stopping early is meant, the last steps only fit rare tokens."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(matrix, target, weight)


def over_all_classes(model: LogisticRegression, count: int) -> tuple[Floats, Floats]:
    """A fitted softmax as weights (n_inputs, count) and intercept (count,) over `count` classes, numbered from 0.

    Those that the fit has not met get `_NEVER` and no weights.
    """
    coefficients, offsets = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # then scikit-learn gives the second class's alone
        coefficients, offsets = np.concatenate([-coefficients, coefficients]), np.concatenate([-offsets, offsets])
    weights = np.zeros((coefficients.shape[1], count), np.float32)
    intercept = np.full(count, _NEVER, np.float32)
    weights[:, model.classes_] = coefficients.T
    intercept[model.classes_] = offsets
    return weights, intercept


def balanced(kinds: NDArray[np.int8]) -> Floats:
    """Weights under which a kind counts with the root of its number, 1 in the mean."""
    weight = 1.0 / np.sqrt(np.maximum(np.bincount(kinds), 1))[kinds]
    return np.asarray(weight / weight.mean(), np.float32)


def with_share(weight: Floats, chosen: Mask, share: float) -> Floats:
    """The weights with `share` of their sum on the chosen rows; as they are where all or none are chosen."""
    if chosen.all() or not chosen.any():
        return weight
    parts = np.where(chosen, share / weight[chosen].sum(), (1.0 - share) / weight[~chosen].sum())
    return np.asarray(weight * parts * weight.sum(), np.float32)


def _vocabulary(token_lists: Sequence[Sequence[str]], sites: Sequence[str], min_sites: int) -> dict[str, int]:
    """Tokens that occur on at least `min_sites` sites, numbered in alphabetical order."""
    counts: Counter[str] = Counter()
    seen_on: dict[str, set[str]] = {}
    for tokens, site in zip(token_lists, sites, strict=True):
        seen_on.setdefault(site, set()).update(tokens)
    for seen in seen_on.values():
        counts.update(seen)
    return {token: number for number, token in enumerate(sorted(t for t, n in counts.items() if n >= min_sites))}


def _sparse(token_lists: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> sparse.csr_matrix:
    columns, owners, scales = token_indices(token_lists, vocabulary)
    return sparse.csr_matrix((scales[owners], (owners, columns)), (len(token_lists), len(vocabulary)), dtype=np.float32)


def _ancestors(segmentation: Segmentation) -> sparse.csr_matrix:
    """Which elements are around each block, as 0 and 1: (n_blocks, n_elements)."""
    rows: list[int] = []
    columns: list[int] = []
    for number, block in enumerate(segmentation.blocks):
        element = block.element
        while element >= 0:
            rows.append(number)
            columns.append(element)
            element = segmentation.elements[element].parent
    shape = (len(segmentation.blocks), len(segmentation.elements))
    return sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape)
