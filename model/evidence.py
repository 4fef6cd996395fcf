"""What is known of a page beside the chances of its trees: discussions, leads, prompts, surroundings, gates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.classifier import Prediction
from model.comment_lines import Discussion
from model.comment_sections import find_discussion
from model.gates import weigh_gate
from model.leads import weigh_leads
from model.pooling import pool_alike
from model.prompts import weigh_prompts
from model.surroundings import weigh_surroundings
from model.trails import weigh_trails
from model.types import Segmentation


def weigh_evidence(
    segmentation: Segmentation, prediction: Prediction, page_type: str | None
) -> tuple[NDArray[np.float32], Discussion]:
    """The chance of each block of being article, float32 (n_blocks,), with all evidence, and the discussion found.

    page_type  what the page is likeliest to be, None where nobody knows: then it may be a forum, and no article
    """
    discussion = find_discussion(segmentation, prediction.article, may_be_forum=page_type in (None, "forum"))
    article = np.where(discussion.inside, np.float32(0.0), prediction.article)
    article = weigh_leads(segmentation, prediction.column("words"), article)
    article = weigh_prompts(segmentation, prediction, article)
    if segmentation.elements:
        article = pool_alike(segmentation, prediction.column("words"), article)
        article = weigh_surroundings(segmentation, prediction, article, page_type)
        return weigh_gate(segmentation, prediction, article), discussion
    return weigh_trails(segmentation, article), discussion
