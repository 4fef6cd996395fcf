"""Why a page came out empty: what took its blocks away. What the caller can change is told first."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from model.evidence import Evidence
from model.types import Label, Segmentation

_ABOVE_BODY = (Label.TITLE, Label.BYLINE)


def why_empty(
    segmentation: Segmentation,
    evidence: Evidence,
    threshold: float,
    above: Collection[Label],
    dropped_by_phrase: NDArray[np.intp],
) -> str:
    """One sentence for a page of which nothing is shown.

    threshold          the chance from which blocks read like part of an article
    above              the labels of the blocks that do: none of them is body
    dropped_by_phrase  the blocks that the caller's own phrases took away
    """
    count = len(segmentation.blocks)
    if not count:
        return "The page holds no visible text."
    if (evidence.article[dropped_by_phrase] >= threshold).any():
        return "All that reads like part of an article contains a phrase of always_drop. Give fewer phrases."
    names = " and ".join(label for label in _ABOVE_BODY if label in above)
    if names:
        verb, them = ("read", "them") if " " in names else ("reads", "it")
        keep = names.replace(" and ", ",")
        return f"Of the page only its {names} {verb} like part of an article. Ask for {them} with keep: {keep}."
    if evidence.gate is not None:
        return f"The page {evidence.gate}; none of its blocks reads like part of an article."
    if evidence.discussion.comments:
        return "The page holds readers' comments but no article."
    whole = "The page's only block does not read" if count == 1 else f"None of the page's {count} blocks reads"
    return f"{whole} like part of an article."
