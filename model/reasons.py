"""Why a block was kept or dropped, in words a person understands, the weightiest first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.classifier import Prediction
from model.hints import Hint
from model.types import Label, Segmentation

_KIND_WORDS = {
    Label.NAVIGATION: "a menu or site navigation",
    Label.RELATED: "a link to another story",
    Label.SHARE: "a sharing or follow-us prompt",
    Label.PROMO: "a newsletter, subscription or other promotion",
    Label.CONSENT: "a cookie or privacy banner",
    Label.ADVERT: "advertising",
    Label.NOTICE: "a browser, player or login prompt",
    Label.COMMENT_FORM: "a comment form",
    Label.COMMENT: "a reader's comment",
    Label.LEGAL: "a footer or copyright line",
    Label.TITLE: "the page's title",
    Label.BYLINE: "the author and date line",
    Label.HEADING: "a heading inside the article",
    Label.CAPTION: "the caption of a picture",
    Label.BODY: "article text",
    Label.OTHER: "something beside the article",
}
_MOSTLY_LINKS = 0.6
_LANDMARKS = ("nav", "footer", "aside", "form", "header", "dialog", "button")


def explain(
    segmentation: Segmentation,
    hints: Sequence[Hint | None],
    prediction: Prediction,
    labels: Sequence[Label],
    kept: NDArray[np.bool_],
    forced: dict[int, str],
) -> list[tuple[str, ...]]:
    """One tuple of reasons per block. `forced` holds what decided a block beside the trees."""
    column = {name: number for number, name in enumerate(prediction.features.names)}
    matrix = prediction.features.matrix
    link_density = matrix[:, column["link_density"]].tolist()
    repeats = np.rint(np.expm1(matrix[:, column["same_text"]])).astype(int).tolist()
    sentences = matrix[:, column["sentences"]].tolist()
    inside = matrix[:, [column[f"anc_{tag}"] for tag in _LANDMARKS]] > 0
    landmarks = np.where(inside.any(axis=1), inside.argmax(axis=1), -1).tolist()
    stays = kept.tolist()
    reasons: list[tuple[str, ...]] = []
    for number, block in enumerate(segmentation.blocks):
        found = [forced[number]] if number in forced else []
        found.append(f"reads as {_KIND_WORDS[labels[number]]}")
        if stays[number]:
            if sentences[number] >= 2:
                found.append(f"{int(sentences[number])} full sentences")
        else:
            hint = hints[block.element] if block.element >= 0 else None
            if hint is not None and segmentation.elements[hint.element].names:
                found.append(f'inside an element named "{_shown(segmentation, hint.element)}"')
            elif landmarks[number] >= 0:
                found.append(f"inside <{_LANDMARKS[landmarks[number]]}>")
            if link_density[number] >= _MOSTLY_LINKS:
                found.append(f"{link_density[number]:.0%} of it is link text")
            if repeats[number]:
                found.append(f"stands {repeats[number] + 1} times on the page")
        reasons.append(tuple(found))
    return reasons


def _shown(segmentation: Segmentation, element: int) -> str:
    names = segmentation.elements[element].names
    return " ".join(name.lstrip(".#@=") for name in names[:3])[:60]
