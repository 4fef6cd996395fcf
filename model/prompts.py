"""Prompts in markup: blocks that read like one and whose element is named for one, as <div id="respond"> is, and blocks
that tell readers to turn on JavaScript. They lose chances of being article.

The trees judge a block with everything around it, and are least sure of the prompts on a page that has little else. On
whole corpora this changes nothing; on a page of three paragraphs it is what tells "Leave a Reply".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.classifier import Prediction
from model.odds import less_likely
from model.types import Block, Label, Segmentation

_FROM, _WEIGHT = 1.0, 3.0
"""A block loses `_WEIGHT` units of log odds for each unit of its logit of prompt against prose above `_FROM`."""

_ASKS = 8.0
"""Units of log odds that a block loses which tells readers without scripts to turn on JavaScript."""

_LONGEST_PROMPT = 16
"""Words of a block beyond which it is no prompt."""

_PROMPTS = frozenset(
    {
        Label.COMMENT_FORM, Label.PROMO, Label.SHARE, Label.CONSENT, Label.NOTICE, Label.RELATED, Label.ADVERT,
    }
)  # fmt: skip
"""Kinds that an element may be named for."""


def weigh_prompts(
    segmentation: Segmentation, prediction: Prediction, article: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Chances of being article, float32 (n_blocks,), lowered where a block and its element's name both say prompt."""
    named = [
        block.element >= 0 and (hint := prediction.features.hints[block.element]) is not None and hint.label in _PROMPTS
        for block in segmentation.blocks
    ]
    words = prediction.column("words")
    article = lowered(article, prediction.column("prompt_score"), np.array(named, bool), words)
    asking = [
        number for number, block in enumerate(segmentation.blocks)
        if words[number] <= _LONGEST_PROMPT and "javascript" in block.text.lower() and _in_noscript(segmentation, block)
    ]  # fmt: skip
    if not asking:
        return article
    units = np.zeros(len(article))
    units[asking] = _ASKS
    return less_likely(article, units)


def _in_noscript(segmentation: Segmentation, block: Block) -> bool:
    """Whether only readers without scripts see a block. On some forums they see the whole thread so, in parts."""
    if block.element < 0:
        return False
    element = segmentation.elements[block.element]
    above = segmentation.elements[element.parent].tag if element.parent >= 0 else ""
    return "noscript" in (element.tag, above)


def lowered(
    article: NDArray[np.float32], logit: NDArray[np.float32], signed: NDArray[np.bool_], words: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Chances lowered by the logit of prompt against prose where a block is short and `signed` as one.

    All are (n_blocks,).
    """
    excess = np.where(signed & (words <= _LONGEST_PROMPT), np.maximum(logit - _FROM, 0.0), 0.0)
    return less_likely(article, _WEIGHT * excess)
