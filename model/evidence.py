"""What is known of a page beside the chances of its trees: discussions, leads, prompts, surroundings, gates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.asks import weigh_asks
from model.classifier import Prediction
from model.comment_lines import Discussion
from model.comment_sections import find_discussion
from model.entries import weigh_entry
from model.gates import weigh_gate
from model.labels import TITLE_COLUMN
from model.leads import weigh_leads
from model.named_parts import weigh_named_parts
from model.pooling import pool_alike
from model.prompts import weigh_prompts
from model.repeats import drop_repeats
from model.surroundings import weigh_surroundings
from model.text_edges import weigh_edges
from model.trails import weigh_trails
from model.types import Segmentation


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the trees say of a page and all else that is known of it.

    article     float32 (n_blocks,), the chance of each block of being article
    discussion  the comments that were found
    why         what made blocks less likely, by the block's number; only what no other reason says
    gate        what the page does instead of holding an article, where that made its blocks less likely
    """

    article: NDArray[np.float32]
    discussion: Discussion
    why: dict[int, str]
    gate: str | None = None


def weigh_evidence(segmentation: Segmentation, prediction: Prediction, page_type: str | None) -> Evidence:
    """Weigh everything that is known of a page.

    page_type  what the page is likeliest to be, None where nobody knows: then it may be a forum, and no article
    """
    words = prediction.column("words")
    discussion = find_discussion(segmentation, prediction.article, may_be_forum=page_type in (None, "forum"))
    article = np.where(discussion.inside, np.float32(0.0), prediction.article)
    article = weigh_leads(segmentation, words, article)
    article = weigh_prompts(segmentation, prediction, article)
    if not segmentation.elements:
        return Evidence(_weigh_text(segmentation, prediction, article), discussion, {})
    article = pool_alike(segmentation, words, article)
    article, around = weigh_surroundings(segmentation, prediction, article, page_type)
    names = {name for element in segmentation.elements for name in element.names}
    article, named = weigh_named_parts(segmentation, names, words, article, page_type)
    article, repeated = drop_repeats(segmentation, words, article, page_type)
    article, apart = weigh_entry(segmentation, names, prediction, article, page_type)
    why = apart | around | named | repeated  # where several speak against a block, the narrowest is told
    article, gate = weigh_gate(segmentation, prediction, article)
    return Evidence(article, discussion, why, gate)


def _weigh_text(
    segmentation: Segmentation, prediction: Prediction, article: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What is known of plain text alone: trails, lines that ask, what stands beyond the article."""
    words = prediction.column("words")
    article = weigh_asks(segmentation, words, weigh_trails(segmentation, article))
    may_gain = article >= prediction.article  # nothing spoke against it
    titles = prediction.kinds[:, TITLE_COLUMN]
    return weigh_edges(words, prediction.column("ends_sentence") > 0, article, may_gain, titles)
