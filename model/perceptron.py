"""Small multi-layer perceptrons over each block and the blocks around it, asked beside the trees.

Trees cut one column at a time; a perceptron adds up many weak signs of a block and of its six neighbours. The two are
wrong about different blocks, so the mean of their log odds finds more noise than either at the same loss of article
(`training/NOTES.md`, "perceptrons beside the trees"). scikit-learn fits them (`training.perceptrons`); here they are
a few products of matrices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Layers = tuple[tuple[Floats, Floats], ...]
"""One perceptron: weights (n_inputs, n_outputs) and intercept (n_outputs,) of each layer, the last with one output."""

REACH = 3
"""Blocks read before and behind each block."""

_FAR = 3.0
"""Standard deviations from the mean beyond which a value says no more: a block of a thousand words is a long block."""

_SUREST = 9.0
"""Log odds beyond which they are not believed, as `model.odds` takes no chance for surer."""

_BLOCKS_AT_ONCE = 4096
"""A page of a hundred thousand blocks is read in parts, of 8 MB each."""


@dataclass(frozen=True, slots=True)
class Perceptrons:
    """Perceptrons that read the same inputs; their log odds are averaged.

    mean, spread  float32 (n_columns,): by which the columns are scaled, once `arcsinh` has drawn in their long tails
    around        intp (n_around,): the columns that are read of neighbours too
    """

    mean: Floats
    spread: Floats
    around: NDArray[np.intp]
    nets: tuple[Layers, ...]

    def log_odds(self, rows: Floats) -> Floats:
        """The log odds of each block of one page of being article, float32 (n_blocks,).

        rows  float32 (n_blocks, n_columns): all of the page's blocks, in their order
        """
        blocks = scaled(rows, self.mean, self.spread)
        parts = [self._mean_odds(blocks, first) for first in range(0, len(blocks), _BLOCKS_AT_ONCE)]
        return np.concatenate([np.zeros(0, np.float32), *parts])

    def _mean_odds(self, blocks: Floats, first: int) -> Floats:
        start = max(first - REACH, 0)
        behind = first - start
        seen = windows(blocks[start : first + _BLOCKS_AT_ONCE + REACH], self.around)[behind : behind + _BLOCKS_AT_ONCE]
        mean = np.mean([_ask(net, seen) for net in self.nets], axis=0)
        return np.asarray(np.clip(mean, -_SUREST, _SUREST), np.float32)


def scaled(rows: Floats, mean: Floats, spread: Floats) -> Floats:
    """Columns as standard deviations from their mean, at most `_FAR`; same shape as `rows`."""
    return np.asarray(np.clip((np.arcsinh(rows) - mean) / spread, -_FAR, _FAR), np.float32)


def windows(blocks: Floats, around: NDArray[np.intp]) -> Floats:
    """Each block with some columns of its neighbours, float32 (n_blocks, n_columns + 2 * REACH * (n_around + 1)).

    Beyond the page's ends neighbours are like the mean, 0; the last column of each says whether it is there.
    """
    count = len(blocks)
    padded = np.zeros((count + 2 * REACH, len(around) + 1), np.float32)
    padded[REACH : REACH + count, :-1] = blocks[:, around]
    padded[REACH : REACH + count, -1] = 1.0
    starts = [start for start in range(2 * REACH + 1) if start != REACH]
    return np.concatenate([blocks, *(padded[start : start + count] for start in starts)], axis=1)


def _ask(net: Layers, inputs: Floats) -> Floats:
    values = inputs
    for weights, intercept in net[:-1]:
        values = np.maximum(values @ weights + intercept, 0.0)
    weights, intercept = net[-1]
    return np.asarray((values @ weights + intercept)[:, 0], np.float32)
