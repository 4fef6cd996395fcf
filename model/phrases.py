"""The user's phrases as evidence: what they always drop and always keep."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from model.types import Options, Segmentation

_SPACE = re.compile(r"\s+")


def with_phrases(
    segmentation: Segmentation, article: NDArray[np.float32], options: Options
) -> tuple[NDArray[np.float32], dict[int, str]]:
    """The chances, float32 (n_blocks,), with 0 or 1 where a phrase decides, and the reason for each such block.

    A phrase is looked for without regard to case and white space: where words are parted by a non-breaking space, or
    by two, a person sees one. `article` is left as it is.
    """
    forced: dict[int, str] = {}
    if not (options.always_drop or options.always_keep):
        return article, forced
    article = article.copy()
    for value, verb, phrases in ((0.0, "drop", options.always_drop), (1.0, "keep", options.always_keep)):
        folded = {_folded(phrase): phrase.lower() for phrase in phrases if phrase}
        for number, block in enumerate(segmentation.blocks):
            text = _folded(block.text)
            found = next((shown for phrase, shown in folded.items() if phrase in text), None)
            if found is not None:
                article[number] = value
                forced[number] = f'contains "{found}", which you asked to always {verb}'
    return article, forced


def _folded(text: str) -> str:
    return _SPACE.sub(" ", text.casefold())
