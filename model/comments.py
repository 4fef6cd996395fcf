"""Readers' comments, put together again from the blocks that were recognised as such."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from model.hints import Hint
from model.types import Block, Comment, Element, Label, Segmentation

_ONE_COMMENT = re.compile(
    r"^[.#](?:[a-z]+[-_])?(?:comment|review|kommentar|comentario|commentaire)"
    r"(?:[-_]*(?:body|item|entry|container|wrapper|block|box|node|\d+))*$"
)
"""Names of the element around one comment: "comment", "comment-body", "li-comment-4711"; not "comments"."""

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


def collect_comments(
    segmentation: Segmentation, hints: Sequence[Hint | None], labels: Sequence[Label]
) -> tuple[Comment, ...]:
    """Put together the comment blocks of each comment, in page order.

    In markup these are blocks inside an element named for comments or for one comment; those that share an element
    named for one are one comment. In plain text every line is a comment.
    """
    chosen = [block for block, label in zip(segmentation.blocks, labels, strict=True) if label is Label.COMMENT]
    if not segmentation.elements or not chosen:
        return tuple(Comment(block.text) for block in chosen)
    around = _comments_around(segmentation.elements)
    named = [block for block in chosen if around[block.element] >= 0 or _is_named(hints[block.element])]
    groups = groupby(named, key=lambda block: (around[block.element], around[block.element] < 0 and block.element))
    found = (_put_together(segmentation, list(blocks)) for _, blocks in groups)
    return tuple(comment for comment in found if comment.text)


def _is_named(hint: Hint | None) -> bool:
    return hint is not None and hint.label is Label.COMMENT


def _comments_around(elements: Sequence[Element]) -> list[int]:
    """For each element the innermost one, itself or around it, that is named for one comment; -1 where none is."""
    around: list[int] = []
    for number, element in enumerate(elements):
        if any(map(_ONE_COMMENT.match, element.names)):
            around.append(number)
        else:
            around.append(around[element.parent] if element.parent >= 0 else -1)
    return around


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
