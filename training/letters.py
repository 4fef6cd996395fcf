"""The letter model (`model.letters`), fitted on lines marked by hand: those of our own texts and our own lines.

The corpora's lines are not among them: what a gold text lacks is often of the same words as what it has, and they are
so many that letters would tell English shops from English news.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from model.letters import Letters, ngram_counts
from model.types import KIND_LABELS, Label
from training.examples import NO_KIND
from training.linear import Settings, balanced, fit_quietly, over_all_classes
from training.own_lines import FOLDS, body_lines, noise_lines
from training.own_texts import OwnText

_OWN_LINE, _OWN_LINE_OF_KIND = 0.5, 0.3
"""What a line of our own weighs beside one of a text, which stands where such lines stand."""

_INVERSE_PENALTY = 3.0
"""scikit-learn's C."""

_STAY = frozenset({Label.BODY, Label.BYLINE})

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CrossFittedLetters:
    """The model fitted on all lines, and for each fold one of the first output alone that has not seen its lines."""

    letters: Letters
    without_fold: list[Letters]


def fit_letters(texts: Sequence[OwnText], settings: Settings) -> CrossFittedLetters:
    """Fit on the marked texts and on our own lines; both have folds of their own."""
    lines = _Lines.of(texts)
    every = np.ones(len(lines.fold), bool)
    article, kinds = lines.fit_article(every, settings), lines.fit_kinds(settings)
    whole = Letters(
        np.concatenate([article.weights, kinds.weights], axis=1), np.concatenate([article.intercept, kinds.intercept])
    )
    return CrossFittedLetters(whole, [lines.fit_article(lines.fold != fold, settings) for fold in range(FOLDS)])


@dataclass(frozen=True, slots=True)
class _Lines:
    """Marked lines: `ngrams` (n_lines, SLOTS), the others (n_lines,)."""

    ngrams: sparse.csr_matrix
    article: NDArray[np.float32]
    kind: NDArray[np.int8]
    fold: NDArray[np.intp]
    is_own: Mask

    @classmethod
    def of(cls, texts: Sequence[OwnText]) -> _Lines:
        rng = random.Random(0)
        own = [*noise_lines(), *body_lines()]
        blocks = [block.text for text in texts for block in text.example.segmentation.blocks]
        kinds = [KIND_LABELS.index(line.label) if line.label in KIND_LABELS else NO_KIND for line in own]
        sizes = [len(text.example.article) for text in texts]
        return cls(
            ngram_matrix([*blocks, *(line.text(rng) for line in own)]),
            np.concatenate([*(text.example.article for text in texts), [line.label in _STAY for line in own]]),
            np.concatenate([*(text.example.kinds for text in texts), kinds]).astype(np.int8),
            np.array([*np.repeat([text.fold for text in texts], sizes), *(line.fold for line in own)], np.intp),
            np.arange(len(blocks) + len(own)) >= len(blocks),
        )

    def fit_article(self, rows: Mask, settings: Settings) -> Letters:
        model = LogisticRegression(C=_INVERSE_PENALTY, max_iter=settings.linear_steps)
        weight = np.where(self.is_own[rows], np.float32(_OWN_LINE), np.float32(1.0))
        fit_quietly(model, self.ngrams[rows], self.article[rows], weight)
        return Letters(model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32))

    def fit_kinds(self, settings: Settings) -> Letters:
        rows = self.kind != NO_KIND
        model = LogisticRegression(C=_INVERSE_PENALTY, max_iter=settings.linear_steps)
        weight = np.where(self.is_own[rows], np.float32(_OWN_LINE_OF_KIND), np.float32(1.0))
        fit_quietly(model, self.ngrams[rows], self.kind[rows], weight * balanced(self.kind[rows]))
        return Letters(*over_all_classes(model, len(KIND_LABELS)))


def ngram_matrix(lines: Sequence[str]) -> sparse.csr_matrix:
    """Each line's n-grams as `Letters` reads them, float32 (n_lines, SLOTS)."""
    counts, scale = ngram_counts(lines)
    return (sparse.diags(scale) @ sum(counts)).tocsr()
