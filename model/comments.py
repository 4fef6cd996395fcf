"""Readers' comments, put together again from the blocks that were recognised as such."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from model.types import Block, Comment, Label, Segmentation

_ONE_COMMENT = re.compile(r"comment|reply|message|post(?!s)|opinion|kommentar|comentario|commentaire")
_ONE_TAGS = frozenset({"li", "article", "div", "tr", "dd", "section"})
_AUTHOR = re.compile(r"author|fn|user|name|by$|vcard")
_DATE = re.compile(r"date|time|meta|ago|posted")
_SAYS = re.compile(
    r"\s+(?:says?|said|wrote|sagt|schreibt|dice|dijo|escribió|dit|a écrit|scrive|diz|disse)\s*:?$|:$", re.IGNORECASE
)
_CONTROL_WORDS = 4
_CONTROL_LINKS = 0.8
"""Blocks of few words and mostly link inside a comment are its buttons: Reply, Report, Permalink."""

_META_WORDS = 12
"""A longer block is what somebody wrote, whatever its element is called."""


def collect_comments(segmentation: Segmentation, labels: Sequence[Label]) -> tuple[Comment, ...]:
    """Join the comment blocks of each comment, in page order.

    In markup the blocks of one comment share an element named for it; in plain text every line is a comment.
    """
    chosen = [block for block, label in zip(segmentation.blocks, labels, strict=True) if label is Label.COMMENT]
    if not segmentation.elements:
        return tuple(Comment(block.text) for block in chosen)
    groups = groupby(chosen, key=lambda block: _comment_element(segmentation, block))
    found = (_put_together(segmentation, list(blocks)) for _, blocks in groups)
    return tuple(comment for comment in found if comment.text)


def _ancestors(segmentation: Segmentation, element: int) -> Iterator[int]:
    while element >= 0:
        yield element
        element = segmentation.elements[element].parent


def _comment_element(segmentation: Segmentation, block: Block) -> int:
    """The innermost element that is named like one comment and is a list item or container of several blocks."""
    for number in _ancestors(segmentation, block.element):
        element = segmentation.elements[number]
        if element.tag == "li" or (
            element.tag in _ONE_TAGS
            and any(name[0] == "#" and _ONE_COMMENT.search(name) and name[-1].isdigit() for name in element.names)
        ):
            return number
    return block.element


def _put_together(segmentation: Segmentation, blocks: list[Block]) -> Comment:
    author = date = None
    text = []
    for block in blocks:
        names = " ".join(segmentation.elements[block.element].names) if block.element >= 0 else ""
        words = block.text.count(" ") + 1
        if author is None and words <= _META_WORDS and _AUTHOR.search(names):
            author = _SAYS.sub("", block.text)
        elif date is None and words <= _META_WORDS and (_DATE.search(names) or segmentation.tag_of(block) == "time"):
            date = block.text
        elif words > _CONTROL_WORDS or block.link_chars < _CONTROL_LINKS * len(block.text):
            text.append(block.text)
    return Comment("\n\n".join(text), author, date)
