"""Readers' comments, each with author, date and text, its place in the source and in the thread."""

from __future__ import annotations

from collections.abc import Sequence

from model.comment_lines import Discussion, Grouped
from model.comment_names import names_author, names_date
from model.comment_words import Meta, looks_like_name, read_meta, without_says
from model.types import Block, Comment, Segmentation

_META_WORDS = 12
"""A longer block is what somebody wrote, whatever its element is called."""

_CONTROL_WORDS = 4
_CONTROL_LINKS = 0.8
"""Blocks of few words and mostly link inside a comment are its buttons: Reply, Report, Permalink."""


def collect_comments(segmentation: Segmentation, discussion: Discussion) -> list[tuple[Comment, str]]:
    """Take the comments that were found apart, in page order. Those in which nothing is said are left out.

    Each comes with its text as it is judged: there a block is one line, whatever line breaks the page has in it.
    """
    comments: list[tuple[Comment, str]] = []
    thread: list[int] = []
    for group in discussion.comments:
        del thread[group.depth :]
        parent = thread[-1] if thread else None
        comment, judged = _take_apart(segmentation, group, parent, len(thread))
        if judged:
            thread.append(len(comments))
            comments.append((comment, judged))
    return comments


def _take_apart(segmentation: Segmentation, group: Grouped, parent: int | None, depth: int) -> tuple[Comment, str]:
    author = date = None
    text: list[str] = []
    judged: list[str] = []
    blocks = [segmentation.blocks[number] for number in group.blocks]
    for place, block in enumerate(blocks):
        meta = _meta_of(segmentation, block, blocks[place + 1 : place + 2], begun=bool(text), named=author is not None)
        if meta is None or (meta.author and author) or (meta.date and date and not meta.author):
            if meta is None and not _is_button(block):
                text.append(block.shown)
                judged.append(block.text)
            continue
        author, date = author or meta.author, date or meta.date
        if meta.rest:
            text.append(block.shown[-len(meta.rest) :] if block.text.endswith(meta.rest) else meta.rest)
            judged.append(meta.rest)
    comment = Comment("\n\n".join(text), author, date, depth=depth, parent=parent, position=blocks[0].position)
    return comment, "\n\n".join(judged)


def _meta_of(
    segmentation: Segmentation, block: Block, after: Sequence[Block], *, begun: bool, named: bool
) -> Meta | None:
    """What a block of a comment says of who and when, None where it is what was said; `after` is the next, if any."""
    names = segmentation.elements[block.element].names if block.element >= 0 else ()
    words = block.text.count(" ") + 1
    read = read_meta(block.text)
    if read is not None and not (begun and read.rest):
        return read
    if words > _META_WORDS:
        return None
    if not named and names_author(names):
        return Meta(without_says(block.text))
    if names_date(names) or segmentation.tag_of(block) == "time":
        return Meta(None, block.text)
    linked = block.link_chars >= _CONTROL_LINKS * len(block.text)
    if not begun and not named and after and looks_like_name(block.text):
        follows = read_meta(after[0].text)
        if linked or (follows is not None and follows.author is None):
            return Meta(block.text)
    return None


def _is_button(block: Block) -> bool:
    return block.text.count(" ") < _CONTROL_WORDS and block.link_chars >= _CONTROL_LINKS * len(block.text)
