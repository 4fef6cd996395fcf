"""The perceptrons of both doors: fitted by scikit-learn, inputs masked at random, on a sample of each page's blocks.

Masking keeps a net from leaning on any one sign, of which other sites, tools and languages lack some. Without it lines
of plain text that people labelled in other languages (turku-text-quality) were met worse than by trees alone.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from model.classifier import select_columns
from model.features import Features
from model.perceptron import Layers, Perceptrons, scaled, windows
from training.base_set import sampled_rows
from training.examples import Example
from training.linear import Settings

Floats = NDArray[np.float32]

_BATCH = 512
_RATE = 1e-3
"""Adam's rate in the first round; it falls along a cosine to a hundredth."""

_MASKED = 0.2
"""Share of the inputs that are 0, their mean, anew in each round."""

_TRACE = 1e-7
"""Weights smaller than this are 0."""

_ROWS_MASKED_AT_ONCE = 20_000
"""So that the random numbers do not take as much memory as the inputs."""

_NOT_OF_A_BLOCK = re.compile(
    r"@|~|^page_|^last_head|^log_index|words_before|words_after|since_|until_|between_|discussion_so|stamps_before"
    r"|^place$|in_title|text_lowest|prompt_highest|opening|^tag_|^anc_|^level\d|^main_|^same_markup"
)
"""Columns that say where a block stands, or what is around it: a neighbour's are nearly the block's own."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """Blocks to learn from: inputs (n_blocks, n_inputs), article and weight (n_blocks,)."""

    inputs: Floats
    article: Floats
    weight: Floats


def fit_perceptrons(
    features: Sequence[Features], pages: Sequence[Example], columns: tuple[str, ...], settings: Settings
) -> Perceptrons | None:
    """Perceptrons over all pages' blocks, each begun and masked at random in its own way.

    None where the settings ask for none, or where all known blocks are of one class.
    """
    if not settings.nets:
        return None
    around = np.array([number for number, name in enumerate(columns) if not _NOT_OF_A_BLOCK.search(name)], np.intp)
    rng = np.random.default_rng(0)
    chosen = [sampled_rows(page, settings.blocks_per_page, rng) for page in pages]
    mean, spread = _scale(features, columns, chosen)
    inputs = [
        windows(scaled(select_columns(page, columns), mean, spread), around)[rows]
        for page, (rows, _) in zip(features, chosen, strict=True)
        if len(rows)
    ]
    article = np.concatenate([page.article[rows] for page, (rows, _) in zip(pages, chosen, strict=True)])
    weight = np.concatenate([weight for _, weight in chosen])
    if len(np.unique(article)) < 2:
        return None
    sample = _Sample(np.concatenate(inputs), article, weight / weight.mean())
    nets = tuple(_fit(sample, seed, settings) for seed in range(settings.nets))
    return Perceptrons(mean, spread, around, nets)


def _scale(
    features: Sequence[Features], columns: tuple[str, ...], chosen: Sequence[tuple[NDArray[np.intp], Floats]]
) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the columns over the chosen blocks; one that never changes is not blown up."""
    drawn_in = np.concatenate(
        [np.arcsinh(select_columns(page, columns)[rows]) for page, (rows, _) in zip(features, chosen, strict=True)]
    )
    return drawn_in.mean(axis=0), np.maximum(drawn_in.std(axis=0), np.float32(1e-3))


def _fit(sample: _Sample, seed: int, settings: Settings) -> Layers:
    """One round at a time: `warm_start` keeps the weights, while rate and mask change."""
    rng = np.random.default_rng(seed)
    net = MLPClassifier(
        settings.net_hidden, alpha=settings.net_penalty, batch_size=min(_BATCH, len(sample.article)),
        warm_start=True, max_iter=1,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # one round never converges; their number is set
        for number in range(settings.net_rounds):
            rate = _RATE * (0.5 * (1.0 + np.cos(np.pi * number / settings.net_rounds)) + 0.01)
            net.set_params(learning_rate_init=rate, random_state=int(rng.integers(2**31)))
            net.fit(_masked(sample.inputs, rng), sample.article, sample_weight=sample.weight)
    layers = zip(net.coefs_, net.intercepts_, strict=True)
    return tuple((_without_traces(weights), _without_traces(intercept)) for weights, intercept in layers)


def _without_traces(weights: Floats) -> Floats:
    """0 for what the penalty has all but worn away: a processor multiplies denormal numbers many times slower."""
    return np.where(np.abs(weights) < _TRACE, 0.0, weights).astype(np.float32)


def _masked(inputs: Floats, rng: np.random.Generator) -> Floats:
    """A copy in which a share is 0 and the rest makes up for it."""
    masked = inputs / np.float32(1.0 - _MASKED)
    for start in range(0, len(masked), _ROWS_MASKED_AT_ONCE):
        part = masked[start : start + _ROWS_MASKED_AT_ONCE]
        part[rng.random(part.shape, np.float32) < _MASKED] = 0.0
    return masked
