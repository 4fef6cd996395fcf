"""An empty answer names what emptied the page, and nothing that did not."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from model.comment_lines import Discussion, Grouped
from model.emptiness import why_empty
from model.evidence import Evidence
from model.types import Block, Label, Position, Segmentation

PAGE = Segmentation(tuple(Block(text, Position(1, 1), -1, 0, 0, 0) for text in ("Harbour", "Words of it.")), ())
NOBODY = np.array([], np.intp)


def evidence(chance: float = 0.1, gate: str | None = None, comments: tuple[Grouped, ...] = ()) -> Evidence:
    discussion = Discussion(comments, np.zeros(2, bool))
    return Evidence(np.full(2, chance, np.float32), discussion, {}, gate)


@pytest.mark.parametrize(
    ("found", "above", "by_phrase", "told"),
    [
        (evidence(), (), NOBODY, "None of the page's 2 blocks"),
        (evidence(gate="reports an error"), (), NOBODY, "The page reports an error"),
        (evidence(comments=(Grouped((1,)),)), (), NOBODY, "readers' comments but no article"),
        (evidence(0.9), (Label.TITLE,), NOBODY, "only its title reads"),
        (evidence(0.9), (Label.BYLINE, Label.TITLE), NOBODY, "only its title and byline read like"),
        (evidence(0.9), (Label.BYLINE, Label.TITLE), NOBODY, "Ask for them with keep: title,byline."),
        (evidence(0.9, "reports an error"), (), np.array([0, 1]), "a phrase of always_drop"),
        (evidence(0.1, "reports an error"), (), np.array([0]), "The page reports an error"),
    ],
)
def test_what_emptied_the_page_is_named(
    found: Evidence, above: tuple[Label, ...], by_phrase: NDArray[np.intp], told: str
) -> None:
    assert told in why_empty(PAGE, found, 0.5, above, by_phrase)
