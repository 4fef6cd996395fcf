"""Naming each block: title, byline, heading, caption or body where it stays, its kind of noise where it goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from model.classifier import Prediction
from model.comment_words import opens_form
from model.hints import Hint
from model.scripts import STOPS
from model.tags import HEADING_TAGS
from model.text_edges import likeliest_title
from model.types import KEPT_LABELS, KIND_LABELS, Block, Label, Segmentation

TITLE_COLUMN = KIND_LABELS.index(Label.TITLE)
_BYLINE_COLUMN = KIND_LABELS.index(Label.BYLINE)
NOISE_COLUMNS = [number for number, label in enumerate(KIND_LABELS) if label not in KEPT_LABELS]
_SAME_TITLE = 0.7
"""Share of words a block and the page's own title have in common, above which the block is the title."""

_LIKE_TITLE = 0.3
"""The same share for an h1: kickers inside it and site names behind the title dilute it."""

_LEAST_TITLE_LEVEL = 3
"""The least heading that is taken for the title where no h1 is."""

_TITLE_CHARS = 500
"""More than that is no title, whatever the markup says: an <h1> never closed, or a text that is one long line."""

_BYLINE_CHANCE = 0.5
_BYLINE_REACH = 8
"""Blocks between title or body and a byline; beyond, the name belongs to another story."""

_PROMPT_OPENING = 1.5
"""Logit of prompt against prose of its first words from which a line of plain text is no byline: "Read more: ..."."""

_NEIGHBOUR_SAYS = 0.2
"""Weight of a neighbour's log chances of each kind; chosen on our own marked texts, held out (`training/NOTES.md`)."""

_LEAST_CHANCE = 1e-3
"""Added to a chance before its logarithm is taken: none is surer to be wrong than this."""

_CAPTIONS = frozenset({"figcaption", "caption", "figure"})
_MARKED = _CAPTIONS | HEADING_TAGS

_HEADING_WORDS = 14
_QUESTIONS = "?؟？"
_NO_HEADING_ENDS = frozenset(STOPS) - frozenset(_QUESTIONS) | frozenset(",;:،；：")
_SENTENCE_ENDS = frozenset(STOPS + '”"»」')
_PROSE_WORDS = 12
"""The body is under way at its first whole sentence of this length; titles and bylines stand above."""


def name_blocks(
    segmentation: Segmentation, hints: Sequence[Hint | None], prediction: Prediction, body: NDArray[np.bool_]
) -> tuple[list[Label], int | None]:
    """Label every block; `body` says which passed the cut, `hints` what each element's names claim.

    Returns the labels and the index of the title block, if one was found. Title and byline need not have passed
    the cut, and are not body if they have.
    """
    column = prediction.column
    prose = body & (column("words") >= _PROSE_WORDS) & (column("ends_sentence") > 0)
    start = int(np.argmax(prose if prose.any() else body)) if body.any() else len(body)
    plain = not segmentation.elements
    is_short = np.array([len(block.text) <= _TITLE_CHARS for block in segmentation.blocks], bool)
    if plain:
        title = likeliest_title(prediction.kinds[:start, TITLE_COLUMN] * is_short[:start], prediction.article[:start])
    else:
        title = _marked_title(column("in_title") * is_short, column("heading") * is_short)
    stays = body.tolist()
    is_prompt = (plain & (column("opening_score") >= _PROMPT_OPENING)).tolist()
    byline = (prediction.kinds[:, _BYLINE_COLUMN] >= _BYLINE_CHANCE).tolist()
    likeliest = _likeliest_noise(prediction.kinds[:, NOISE_COLUMNS], ~body)
    titles = _titles(segmentation, title, stays, column("heading"))
    labels = []
    for number, block in enumerate(segmentation.blocks):
        hint = hints[block.element] if block.element >= 0 else None
        if number in titles:
            label = Label.TITLE
        elif stays[number] and plain and number < start and byline[number]:
            label = Label.BYLINE
        elif stays[number]:
            label = _body_label(segmentation, number, stays)
        elif plain and opens_form(block.text):
            label = Label.COMMENT_FORM
        else:
            may_sign = byline[number] and not is_prompt[number] and _near(number, title, start)
            label = _noise_label(likeliest[number], hint.label if hint else None, may_sign)
        labels.append(label)
    return labels, title


def _titles(segmentation: Segmentation, title: int | None, stays: list[bool], heading: NDArray[np.float32]) -> set[int]:
    """The numbers of the blocks that are the page's title: that block, and what repeats it in the body.

    Below an h1 that is another's, a forum's board's, a topic's heading stays in the body: it heads the first post.
    """
    if title is None:
        return set()
    text = segmentation.blocks[title].text
    if heading[title] > 1 and (heading == 1).any():
        return set() if stays[title] else {title}
    repeats = [n for n, block in enumerate(segmentation.blocks) if stays[n] and block.text == text]
    return {title, *repeats}


def _marked_title(in_title: NDArray[np.float32], heading: NDArray[np.float32]) -> int | None:
    """The h1 likest to the page's own title, or its only h1; else the block that repeats the title.

    On forums the only h1 is often the board's name, and the topic is a lesser heading: one that repeats the title wins
    over an h1 that hardly shares a word with it (titles of WCXB .850 -> .858).
    """
    is_h1 = heading == 1
    shared = in_title * is_h1
    lesser = in_title * ((heading > 1) & (heading <= _LEAST_TITLE_LEVEL))
    if shared.max(initial=0.0) < _LIKE_TITLE and lesser.max(initial=0.0) >= _SAME_TITLE:
        return int(np.argmax(lesser))
    if shared.max(initial=0.0) >= _LIKE_TITLE or is_h1.sum() == 1:
        return int(np.argmax(shared + is_h1))
    return int(np.argmax(in_title)) if in_title.max(initial=0.0) >= _SAME_TITLE else None


def _near(number: int, title: int | None, start: int) -> bool:
    """Whether a byline may stand here: shortly after the title or before the body."""
    if title is not None and 0 < number - title <= _BYLINE_REACH:
        return True
    return 0 < start - number <= _BYLINE_REACH


def _likeliest_noise(kinds: NDArray[np.float32], noise: NDArray[np.bool_]) -> list[int]:
    """The likeliest kind of each block: comments, menus and lists of stories come in runs, so neighbours that go too
    have a small say.
    """
    said = np.log(kinds + _LEAST_CHANCE)
    said = (said - said.mean(axis=1, keepdims=True)) * noise[:, None]
    in_company = said.copy()
    in_company[1:] += _NEIGHBOUR_SAYS * said[:-1]
    in_company[:-1] += _NEIGHBOUR_SAYS * said[1:]
    likeliest: list[int] = in_company.argmax(axis=1).tolist()
    return likeliest


def _noise_label(likeliest: int, hinted: Label | None, may_sign: bool) -> Label:
    """What names claim, a byline only where one may stand; else the likeliest noise, a place in `NOISE_COLUMNS`."""
    if hinted is not None and hinted is not Label.BYLINE:
        return hinted
    return Label.BYLINE if may_sign else KIND_LABELS[NOISE_COLUMNS[likeliest]]


def _body_label(segmentation: Segmentation, number: int, body: Sequence[bool]) -> Label:
    block = segmentation.blocks[number]
    if block.element < 0:
        return Label.HEADING if _reads_as_heading(segmentation.blocks, number, body) else Label.BODY
    tag = next(filter(_MARKED.__contains__, _tags_around(segmentation, block)), "")
    if tag in _CAPTIONS:
        return Label.CAPTION
    return Label.HEADING if tag else Label.BODY


def written_tag(segmentation: Segmentation, block: Block, label: Label) -> str:
    """The tag a block is written with: for a heading the h1 to h6 close around it, else its innermost element's."""
    around = _tags_around(segmentation, block) if label is Label.HEADING else ()
    return next(filter(HEADING_TAGS.__contains__, around), segmentation.tag_of(block))


def _tags_around(segmentation: Segmentation, block: Block) -> Iterator[str]:
    """The innermost block-level element's tag, then those of two around it; none in plain text."""
    element = block.element
    for _ in range(3):
        if element < 0:
            return
        yield segmentation.elements[element].tag
        element = segmentation.elements[element].parent


def _reads_as_heading(blocks: tuple[Block, ...], number: int, body: Sequence[bool]) -> bool:
    """In plain text: a short line without a full stop, before a longer one that stays."""
    text = blocks[number].text
    if text.startswith("#"):
        return True
    short = text.count(" ") < _HEADING_WORDS and text[-1] not in _NO_HEADING_ENDS
    if not short or not (text[0].isupper() or not text[0].isascii()):
        return False
    after = next((blocks[later].text for later in range(number + 1, len(blocks)) if body[later]), "")
    return len(after) > 2 * len(text) and after[-1] in _SENTENCE_ENDS
