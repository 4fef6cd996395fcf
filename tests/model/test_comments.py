"""Comments are put together again from their blocks, with author and date where the markup names them."""

from __future__ import annotations

import pytest

from model.comments import collect_comments
from model.hints import element_hints
from model.html_blocks import segment_html
from model.limits import Limits
from model.types import Block, Comment, Label, Page, Position, Segmentation


def comments(html: str, *, noise: tuple[str, ...] = ()) -> tuple[Comment, ...]:
    """The comments of a list of them, all of whose blocks but those in `noise` were recognised as such."""
    page = segment_html(Page(f'<div class="comment-list">{html}</div>', "html"), Limits())
    labels = [Label.OTHER if block.text in noise else Label.COMMENT for block in page.blocks]
    return collect_comments(page, element_hints(page.elements), labels)


WORDPRESS = """<ol class="comment-list">
<li id="comment-1"><div class="comment-author vcard">Ada Reed says:</div>
<div class="comment-meta"><a href="#comment-1"><time>May 1, 2024 at 9:00</time></a></div>
<p>First paragraph of it.</p><p>And a second one.</p><div class="reply"><a href="#">Reply</a></div>
<ul class="children"><li id="comment-2"><div class="comment-author vcard">Bo Lind</div>
<div class="comment-metadata">May 2, 2024</div><p>I do not agree at all.</p></li></ul></li>
<li id="comment-3"><p>Without a name.</p></li></ol>"""


def test_a_comment_is_the_blocks_of_its_element_with_author_and_date_apart() -> None:
    assert comments(WORDPRESS) == (
        Comment("First paragraph of it.\n\nAnd a second one.", "Ada Reed", "May 1, 2024 at 9:00"),
        Comment("I do not agree at all.", "Bo Lind", "May 2, 2024"),
        Comment("Without a name."),
    )


@pytest.mark.parametrize(
    "html",
    [
        '<div id="comment-{0}"><p class="user-name">Ada</p><p>Words number {0}.</p></div>',
        '<article class="comment-body"><p class="author">Ada</p><p>Words number {0}.</p></article>',
        '<table><tr id="review-{0}"><td class="username">Ada<td>Words number {0}.</table>',
        "<ul><li id=li-comment-47{0}><p class='author'>Ada</p>Words number {0}.</ul>",
    ],
)
def test_comments_are_told_apart_in_the_markup_of_several_systems(html: str) -> None:
    page = "".join(html.format(number) for number in (1, 2, 3))
    assert comments(page) == tuple(Comment(f"Words number {number}.", "Ada") for number in (1, 2, 3))


def test_buttons_are_no_part_of_a_comment_but_links_that_somebody_wrote_are() -> None:
    html = (
        '<li id="comment-1"><p>See <a href="/x">this page</a></p><p><a href="#">Reply</a> <a href="#">Report</a></p>'
        '<p><a href="/y">a link with a longer text that says a lot</a></p></li>'
    )
    assert comments(html) == (Comment("See this page\n\na link with a longer text that says a lot"),)


def test_a_comment_of_nothing_but_a_name_is_none() -> None:
    assert comments('<li id="comment-1"><p class="comment-author">Ada</p></li>') == ()


def test_blocks_that_were_not_recognised_are_left_out() -> None:
    assert comments("<li><p>Nice.</p><p>Leave a Reply</p></li>", noise=("Leave a Reply",)) == (Comment("Nice."),)


def test_a_long_text_in_an_element_named_author_is_what_somebody_wrote() -> None:
    text = "I have lived in this street for forty years and have never seen anything like it before."
    assert comments(f'<li><div class="author-comment">{text}</div></li>') == (Comment(text),)


def test_a_list_that_somebody_wrote_stays_in_their_comment() -> None:
    html = '<div class="comment"><p>Two things:</p><ul><li>the first one</li><li>and the other</li></ul></div>'
    assert comments(html) == (Comment("Two things:\n\nthe first one\n\nand the other"),)


def test_only_blocks_inside_an_element_named_for_comments_come_back_as_comments() -> None:
    page = segment_html(Page('<p>Nice.</p><div id="comments"><p>Thanks.</p></div>', "html"), Limits())
    hints = element_hints(page.elements)
    assert collect_comments(page, hints, [Label.COMMENT, Label.COMMENT]) == (Comment("Thanks."),)


def test_without_comments_there_are_none() -> None:
    page = segment_html(Page("<p>Body</p>", "html"), Limits())
    assert collect_comments(page, element_hints(page.elements), [Label.BODY]) == ()
    assert collect_comments(Segmentation(()), [], []) == ()


def test_in_plain_text_every_line_is_a_comment() -> None:
    lines = ("Nice.", "Body.", "Thanks!")
    page = Segmentation(tuple(Block(line, Position(number, 1)) for number, line in enumerate(lines, 1)))
    labels = [Label.COMMENT, Label.BODY, Label.COMMENT]
    assert collect_comments(page, [], labels) == (Comment("Nice."), Comment("Thanks!"))
