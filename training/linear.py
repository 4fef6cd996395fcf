"""The linear models over words and element names, fitted so that no page is scored by a model that saw its site."""

from __future__ import annotations

import random
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from model.classifier import KIND_LABELS
from model.lexicon import Lexicon, path_tokens, text_tokens, token_indices
from model.types import Segmentation
from training.body_lines import body_lines
from training.examples import NO_KIND, Example
from training.text_views import FOLDS, filled, noise_lines

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Settings:
    """What is fitted how. The defaults were chosen on WCXB, cross-validated by site."""

    trees: int = 140
    leaves: int = 31
    learning_rate: float = 0.1
    min_leaf_blocks: int = 40
    l2: float = 1.0
    linear_c: float = 0.3
    linear_steps: int = 60
    text_min_sites: int = 5
    path_min_sites: int = 4
    kind_rows: int = 60_000
    line_weight: float = 0.02
    """Weight of one line of our own collection; a page's blocks weigh about 1 together."""


class TextCorpus:
    """All blocks' words as one sparse matrix, with our own lines below them, and the fits over it."""

    def __init__(self, pages: Sequence[Example], folds: NDArray[np.intp], settings: Settings) -> None:
        self.settings = settings
        self.page_starts = _starts([len(page.article) for page in pages])
        token_lists = [text_tokens(block.text) for page in pages for block in page.segmentation.blocks]
        owners = np.repeat(np.arange(len(pages)), np.diff(self.page_starts))
        sites = [pages[owner].site for owner in owners.tolist()]
        own = _own_rows()
        self.vocabulary = _vocabulary(
            [*token_lists, *(tokens for tokens, _, _ in own)],
            [*sites, *(f"own line {number}" for number in range(len(own)))],
            settings.text_min_sites,
        )
        self.matrix = _sparse([*token_lists, *(tokens for tokens, _, _ in own)], self.vocabulary)
        own_kinds = np.array([kind for _, kind, _ in own], np.int8)
        self.article = np.concatenate([*(page.article for page in pages), (own_kinds == NO_KIND).astype(np.float32)])
        own_weight = np.full(len(own), settings.line_weight, np.float32)
        self.weight = np.concatenate([*(page.weight for page in pages), own_weight])
        self.kinds = np.concatenate([*(page.kinds for page in pages), own_kinds])
        self.folds = np.concatenate([folds[owners], np.array([fold for _, _, fold in own], np.intp)])
        self.fold_lexicons: list[Lexicon] = []

    def cross_fit(self) -> tuple[Lexicon, list[Floats]]:
        """The model of all blocks, and per page the scores of the model that has not seen its fold."""
        scores = np.zeros(len(self.article), np.float32)
        for fold in range(FOLDS):
            lexicon = self._fit(self.folds != fold)
            inside = self.folds == fold
            scores[inside] = self.matrix[inside] @ lexicon.weights[:, 0] + lexicon.intercept[0]
            self.fold_lexicons.append(lexicon)
        pages = np.split(scores[: self.page_starts[-1]], self.page_starts[1:-1])
        return self._fit(np.ones(len(self.article), bool)), pages

    def _fit(self, rows: Mask) -> Lexicon:
        weights, intercept = _logistic(self.matrix, self.article, self.weight, rows, self.settings)
        return Lexicon(self.vocabulary, weights, intercept)

    def fit_kinds(self) -> Lexicon:
        """One output per kind from the blocks whose kind is known, each kind given about the same weight."""
        rows = np.flatnonzero(self.kinds != NO_KIND)
        rng = np.random.default_rng(0)
        own = rows[rows >= self.page_starts[-1]]
        paged = rows[rows < self.page_starts[-1]]
        if len(paged) > self.settings.kind_rows:
            paged = np.sort(rng.choice(paged, self.settings.kind_rows, replace=False))
        rows = np.concatenate([paged, own])
        kinds = self.kinds[rows]
        model = LogisticRegression(C=1.0, max_iter=self.settings.linear_steps)
        fit_quietly(model, self.matrix[rows], kinds, balanced(kinds))
        weights = np.zeros((len(self.vocabulary), len(KIND_LABELS)), np.float32)
        intercept = np.full(len(KIND_LABELS), -20.0, np.float32)
        weights[:, model.classes_] = model.coef_.T
        intercept[model.classes_] = model.intercept_
        return Lexicon(self.vocabulary, weights, intercept)


class PathCorpus:
    """All elements' names as one sparse matrix; a block is the sum of the elements around it."""

    def __init__(self, pages: Sequence[Example], folds: NDArray[np.intp], settings: Settings) -> None:
        self.settings = settings
        self.element_starts = _starts([len(page.segmentation.elements) for page in pages])
        token_lists = [path_tokens(element) for page in pages for element in page.segmentation.elements]
        owners = np.repeat(np.arange(len(pages)), np.diff(self.element_starts))
        self.vocabulary = _vocabulary(
            token_lists, [pages[owner].site for owner in owners.tolist()], settings.path_min_sites
        )
        self.elements = _sparse(token_lists, self.vocabulary)
        inside = [_ancestors(page.segmentation) for page in pages]
        self.blocks = (sparse.block_diag(inside, format="csr", dtype=np.float32) @ self.elements).tocsr()
        self.article = np.concatenate([page.article for page in pages])
        self.weight = np.concatenate([page.weight for page in pages])
        self.block_folds = np.repeat(folds, [len(page.article) for page in pages])
        self.element_folds = folds[owners]

    def cross_fit(self) -> tuple[Lexicon, list[Floats]]:
        """As for words: the model of all, and per page its elements' scores out of fold, without the intercept."""
        scores = np.zeros(self.element_starts[-1], np.float32)
        for fold in range(FOLDS):
            weights, _ = _logistic(self.blocks, self.article, self.weight, self.block_folds != fold, self.settings)
            inside = self.element_folds == fold
            scores[inside] = self.elements[inside] @ weights[:, 0]
        everything = np.ones(len(self.article), bool)
        weights, intercept = _logistic(self.blocks, self.article, self.weight, everything, self.settings)
        return Lexicon(self.vocabulary, weights, intercept), np.split(scores, self.element_starts[1:-1])


def _own_rows() -> list[tuple[list[str], int, int]]:
    """Our own lines as (tokens, kind or NO_KIND for article lines, fold)."""
    rng = random.Random(0)
    rows = [
        (text_tokens(filled(line.template, rng)), KIND_LABELS.index(line.label), line.fold)
        for line in noise_lines()
        for _ in range(2)
    ]
    return rows + [(text_tokens(line), NO_KIND, fold) for line, fold in body_lines()]


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


def balanced(kinds: NDArray[np.int8]) -> Floats:
    """Weights under which a kind counts with the root of its number."""
    counts = np.bincount(kinds)
    weight = 1.0 / np.sqrt(np.maximum(counts, 1))
    result: Floats = (weight[kinds] / weight[kinds].mean()).astype(np.float32)
    return result


def _vocabulary(token_lists: Sequence[Sequence[str]], sites: Sequence[str], min_sites: int) -> dict[str, int]:
    """Tokens that occur on at least `min_sites` sites, numbered in alphabetical order."""
    counts: Counter[str] = Counter()
    last_site: dict[str, set[str]] = {}
    for tokens, site in zip(token_lists, sites, strict=True):
        last_site.setdefault(site, set()).update(tokens)
    for seen in last_site.values():
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


def _starts(counts: Sequence[int]) -> NDArray[np.intp]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
