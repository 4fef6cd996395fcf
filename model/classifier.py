"""The learned part of the filter: what a trained model knows and what it says of a page.

Two linear models read words and element names, boosted trees (histogram gradient boosting, Ke et al. 2017, as in
scikit-learn) read those scores among all other features, small perceptrons beside them those of a block's neighbours
too, and both together give each block its chance of being article; a small softmax regression names the kind of what
is not. Plain text has trees and perceptrons of its own, fitted on rendered pages, and a linear model of its lines'
letters; everything else is shared.

`training.fitting` makes a `Classifier`; training and serving use this one definition of how it predicts.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from model.features import Features, Scores, linear_scores, page_features
from model.letters import Letters, with_letters
from model.lexicon import Lexicon
from model.odds import log_odds, sigmoid, softmax
from model.perceptron import Perceptrons
from model.trees import QuickTrees
from model.types import KIND_LABELS, Segmentation, SourceKind

Floats = NDArray[np.float32]

KIND_COLUMNS = (
    "log_words", "ends_sentence", "ends_colon", "ends_open", "capitalised", "digits", "date_time", "copyright",
    "separators", "starts_mark", "place", "words_before", "log_index", "same_text", "last_head_distance", "sentences",
    "question", "address",
)  # fmt: skip
"""The features that the kind model reads beside the words of the block and of the heading before it: none that
needs markup, since the kinds are learnt from markup and used where there is none."""


@dataclass(frozen=True, slots=True)
class KindModel:
    """Softmax regression over the kinds. `weights` (n_inputs, n_kinds); inputs are scaled by `mean`, `spread`."""

    mean: Floats
    spread: Floats
    weights: Floats
    intercept: Floats

    def probabilities(self, inputs: Floats) -> Floats:
        """Chance of each kind, float32 (n_blocks, n_kinds); rows add up to 1."""
        return softmax(((inputs - self.mean) / self.spread) @ self.weights + self.intercept)


@dataclass(frozen=True, slots=True)
class Door:
    """What is fitted apart for markup and for plain text: the trees and the columns they read.

    perceptrons  what is asked beside the trees and counts as much; models fitted without the corpora have none
    """

    columns: tuple[str, ...]
    trees: HistGradientBoostingClassifier
    perceptrons: Perceptrons | None = None
    quick: QuickTrees = field(init=False, repr=False, compare=False)
    """The same trees as they are asked."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "quick", QuickTrees.of(self.trees))  # frozen: this is what it is made with

    def chances(self, rows: Floats) -> Floats:
        """The chance of each block of one page of being article, float32 (n_blocks,); rows (n_blocks, n_columns)."""
        chances = self.quick.chances(rows)
        if self.perceptrons is None:
            return chances
        return np.asarray(sigmoid((log_odds(chances) + self.perceptrons.log_odds(rows)) / 2), np.float32)


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the model says of a page's blocks.

    article     float32 (n_blocks,): chance of each block of being part of the article
    kinds       float32 (n_blocks, n_kinds): chances of each kind, should the block not be body
    features    the matrix both were read from, for reasons
    """

    article: Floats
    kinds: Floats
    features: Features

    def column(self, name: str) -> Floats:
        """A feature of all blocks, float32 (n_blocks,)."""
        return self.features.matrix[:, self.features.names.index(name)]


@dataclass(frozen=True, slots=True)
class Classifier:
    """A trained model. `text` has `WORD_SCORES` outputs that are features, and one for each of `KIND_LABELS`."""

    text: Lexicon
    path: Lexicon
    letters: Letters
    kinds: KindModel
    doors: dict[SourceKind, Door]

    def predict(self, segmentation: Segmentation, kind: SourceKind) -> Prediction:
        """Judge every block of one page; never looks at any other page."""
        scores = self.scores(segmentation, kind)
        features = page_features(segmentation, scores)
        if not segmentation.blocks:
            no_kinds = np.zeros((0, len(KIND_LABELS)), np.float32)
            return Prediction(np.zeros(0, np.float32), no_kinds, features)
        kinds = self.kinds.probabilities(kind_inputs(features, scores.kinds))
        if scores.letters is not None:
            kinds = with_letters(kinds, scores.letters[:, 1:])
        return Prediction(self._chances(features, kind), kinds, features)

    def scores(self, segmentation: Segmentation, kind: SourceKind) -> Scores:
        """What the linear models say of one page."""
        letters = self.letters.logits([block.text for block in segmentation.blocks]) if kind == "text" else None
        return linear_scores(segmentation, self.text, self.path, letters)

    def _chances(self, features: Features, kind: SourceKind) -> Floats:
        door = self.doors[kind]
        return door.chances(select_columns(features, door.columns))


def select_columns(features: Features, names: tuple[str, ...]) -> Floats:
    """The named columns of a page's matrix, in that order."""
    if names == features.names:
        return features.matrix
    place = {name: number for number, name in enumerate(features.names)}
    return features.matrix[:, [place[name] for name in names]]


def kind_inputs(features: Features, kind_scores: Floats) -> Floats:
    """What the kind model reads: word scores of the block, of the last heading before it, of the blocks right
    before and behind it, and `KIND_COLUMNS`. float32 (n_blocks, 4 * n_kinds + n_columns).
    """
    place = {name: number for number, name in enumerate(features.names)}
    chosen = features.matrix[:, [place[name] for name in KIND_COLUMNS]]
    distance = features.matrix[:, place["last_head_distance"]].astype(np.intp)
    index = np.arange(len(chosen))
    known = (distance < 99) & (distance <= index)
    above = np.where(known[:, None], kind_scores[np.where(known, index - distance, 0)], 0.0)
    edge = np.zeros((1, kind_scores.shape[1]), np.float32)
    padded = np.concatenate([edge, kind_scores, edge])
    before, behind = padded[:-2], padded[2:]
    return np.concatenate([kind_scores, above, before, behind, chosen], axis=1, dtype=np.float32)
