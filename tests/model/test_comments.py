"""Comments are found and taken apart in the manner of many systems, and what only looks like them is left alone."""

from __future__ import annotations

import re
import time
from pathlib import Path

import numpy as np
import pytest

from model.comment_lines import Discussion, labelled_discussion
from model.comment_names import role_of
from model.comment_sections import find_discussion
from model.comment_words import STAMP, Meta, is_control, is_form, is_heading, may_hold_stamp, read_meta
from model.comments import collect_comments
from model.html_blocks import segment_html
from model.limits import Limits
from model.text_blocks import segment_text
from model.types import Comment, Label, Page, Segmentation

ARTICLE = " ".join(["The mill by the weir has turned for two hundred years without a single day of rest."] * 4)
SECTIONS = Path(__file__).parent / "comment_pages"

Row = tuple[str | None, str | None, str, int, int | None]


def discussion(page: Segmentation) -> Discussion:
    """What is found where the article's own paragraphs are known, and nothing else reads like one."""
    return find_discussion(page, np.array([block.text in ARTICLE for block in page.blocks], np.float32))


def rows(page: Segmentation) -> list[Row]:
    return [(c.author, c.date, c.text, c.depth, c.parent) for c, _ in collect_comments(page, discussion(page))]


def html(section: str) -> Segmentation:
    return segment_html(Page(f"<html><body><h1>Mill</h1><p>{ARTICLE}</p>{section}</body></html>", "html"), Limits())


def text(*lines: str) -> Segmentation:
    return segment_text(Page("\n".join((ARTICLE, *lines)), "text"), Limits())


THREAD: list[Row] = [
    ("Ada Reed", "May 1, 2024 at 9:00 am", "My aunt worked there.\n\nShe never liked the noise.", 0, None),
    ("Bo Lind", "May 2, 2024 at 10:30 pm", "Mine did, she slept through it.", 1, 0),
    ("Cy", "May 3, 2024 at 7:15 am", "Is it open on Sundays?", 0, None),
]
FLAT: list[Row] = [(author, date, said, 0, None) for author, date, said, _, _ in THREAD]


@pytest.mark.parametrize("path", sorted(SECTIONS.glob("*.html")), ids=lambda path: path.stem)
def test_a_section_is_taken_apart_in_the_manner_of_each_system(path: Path) -> None:
    """Files named "...-flat" show no thread; all say the same, between buttons, counters and forms."""
    assert rows(html(path.read_text("utf-8"))) == (FLAT if path.stem.endswith("-flat") else THREAD)


@pytest.mark.parametrize("path", sorted(SECTIONS.glob("*.txt")), ids=lambda path: path.stem)
def test_a_section_in_plain_text_is_taken_apart_by_its_lines(path: Path) -> None:
    assert rows(text(*path.read_text("utf-8").splitlines())) == FLAT


def test_everything_in_a_section_is_inside_it_and_nothing_else_is() -> None:
    page = html((SECTIONS / "wordpress.html").read_text("utf-8"))
    inside = discussion(page).inside
    assert [block.text for block, within in zip(page.blocks, inside, strict=True) if not within] == ["Mill", ARTICLE]


def test_a_note_with_long_comments_is_told_from_a_forum_by_the_page_type() -> None:
    note = "The mill by the weir turns again, after two hundred days of rest and repair."
    said = "".join(f'<div class="comment"><b>Ada</b> on May {day}, 2024: {ARTICLE[:150]}</div>' for day in range(1, 3))
    page = segment_html(Page(f'<body><p>{note}</p><div id="comments">{said}</div></body>', "html"), Limits())
    likely = np.ones(len(page.blocks), np.float32)
    assert len(find_discussion(page, likely, may_be_forum=False).comments) == 2
    assert not find_discussion(page, likely, may_be_forum=True).comments
    assert not find_discussion(page, likely).comments


def test_a_hundred_words_may_have_thousands_of_words_of_comments() -> None:
    note = "The mill by the weir turns again. " * 15
    said = "".join(f'<div class="comment"><b>Ada</b> on May {day}, 2024: {"word " * 500}</div>' for day in range(1, 4))
    page = segment_html(Page(f'<body><p>{note}</p><div id="comments">{said}</div></body>', "html"), Limits())
    likely = np.ones(len(page.blocks), np.float32)
    assert len(find_discussion(page, likely, may_be_forum=False).comments) == 3
    assert not find_discussion(page, likely, may_be_forum=True).comments


def test_a_comment_tells_where_it_starts() -> None:
    page = html('\n<div id="comments">\n<div class="comment"><b>Ada</b> on May 1, 2024: Good.</div></div>')
    ((comment, _),) = collect_comments(page, discussion(page))
    assert (comment.author, comment.date, comment.text) == ("Ada", "May 1, 2024", "Good.")
    assert comment.position.line == 3


@pytest.mark.parametrize(
    "item",
    [
        '<div id="comment-{0}"><p class="user-name">Ada</p><p>Words number {0}.</p></div>',
        '<article class="comment-body"><p class="author">Ada</p><p>Words number {0}.</p></article>',
        '<table><tr id="review-{0}"><td class="username">Ada<td>Words number {0}.</table>',
        "<ul><li id=li-comment-47{0}><p class='author'>Ada</p>Words number {0}.</ul>",
        '<div itemprop="comment" class="user-comment"><p itemprop="author">Ada</p><p>Words number {0}.</p></div>',
        '<section class="c-comments__item"><p class="nick">Ada</p><p>Words number {0}.</p></section>',
    ],
)
def test_comments_are_told_apart_by_what_one_is_called(item: str) -> None:
    page = html(f'<div class="comment-list">{"".join(item.format(number) for number in (1, 2, 3))}</div>')
    assert rows(page) == [("Ada", None, f"Words number {number}.", 0, None) for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        (
            '<p>See <a href="/x">this page</a></p><p><a href="#">Reply</a> <a href="#">Report</a></p>'
            '<p><a href="/y">a link with a longer text that says a lot</a></p>',
            "See this page\n\na link with a longer text that says a lot",
        ),
        ("<p>Two things:</p><ul><li>the first one</li><li>and the other</li></ul>",
         "Two things:\n\nthe first one\n\nand the other"),
        (f'<div class="author-comment">{"I have lived in this very street for forty years now. " * 2}</div>',
         ("I have lived in this very street for forty years now. " * 2).strip()),
    ],
)  # fmt: skip
def test_buttons_are_no_part_of_a_comment_but_what_somebody_wrote_is(inner: str, said: str) -> None:
    assert rows(html(f'<div class="comments"><div class="comment">{inner}</div></div>')) == [
        (None, None, said, 0, None)
    ]


def test_a_comment_of_nothing_but_a_name_is_none() -> None:
    assert rows(html('<ol id="comments"><li id="comment-1"><p class="comment-author">Ada</p></li></ol>')) == []


@pytest.mark.parametrize(
    "section",
    [
        '<div id="comments"><p>Leave a comment</p><p>Please sign in to comment.</p><p>Be kind to each other.</p></div>',
        '<div class="recent-comments"><ul><li class="comment">Ada on May 1, 2024: Good.</li></ul></div>',
        '<div class="comments-open"><p>Ada</p><p>May 1, 2024</p><p>Words of an article.</p></div>',
        '<ul class="reviews"><li class="review"><p class="author">Ada</p><p>A good pan, it never sticks.</p></li></ul>',
        '<div class="list-comments">Comments: 10 pages</div><div class="list-comments">Comments: accepted</div>',
        '<h3>5 Comments</h3><ul><li><a href="/a">Another story</a></li><li><a href="/b">And one more</a></li></ul>',
        "<h2>Discussion</h2><p>The vicar came on May 3, 2012 to see the wheel turn once more.</p>",
    ],
)
def test_what_only_looks_like_a_section_is_none(section: str) -> None:
    assert rows(html(section)) == []


@pytest.mark.parametrize(
    "posts",
    [
        '<div id="phpbb"><div class="comments"><div class="comment"><p>Ada</p><p>A post.</p></div></div></div>',
        '<div class="crawler-post" itemprop="comment"><p class="author">Ada</p><p>A post.</p></div>',
        '<div class="question"><div class="comments"><div class="comment"><p>A remark.</p></div></div></div>',
    ],
)  # fmt: skip
def test_posts_of_a_forum_are_content(posts: str) -> None:
    assert rows(html(posts)) == []


def test_comments_without_an_article_are_what_the_page_is_about() -> None:
    page = segment_html(Page((SECTIONS / "wordpress.html").read_text("utf-8"), "html"), Limits())
    assert rows(page) == []


def test_announced_comments_below_a_photograph_are_no_article() -> None:
    section = (SECTIONS / "wordpress.html").read_text("utf-8")
    page = segment_html(Page(f"<body><h1>The weir</h1><img src=weir.jpg>{section}</body>", "html"), Limits())
    assert len(rows(page)) == 3
    for names in ("ipsApp", "comments-page"):
        forum = Page(f"<body class={names}><h1>The weir</h1>{section}</body>", "html")
        assert rows(segment_html(forum, Limits())) == []


def test_an_article_that_quotes_people_has_no_comments() -> None:
    assert rows(text("Smith said:", "We shall see about that.", "Jones said:", "Indeed we shall.")) == []
    assert rows(text("Updated on May 3, 2012", "The wheel stood still.", "It turned again on May 4, 2012.")) == []


def test_in_plain_text_every_line_that_the_model_calls_a_comment_is_one() -> None:
    page = text("Nice.", "Body.", "Thanks!")
    labels = [Label.BODY, Label.COMMENT, Label.BODY, Label.COMMENT]
    found = collect_comments(page, labelled_discussion(labels))
    assert [comment.text for comment, _ in found] == ["Nice.", "Thanks!"]
    assert [comment.position.line for comment, _ in found] == [2, 4]


def test_without_blocks_there_are_no_comments() -> None:
    nothing = Segmentation(())
    assert collect_comments(nothing, discussion(nothing)) == []
    assert Comment("x").depth == 0


@pytest.mark.parametrize(
    ("line", "meta"),
    [
        ("Ada Reed says:", Meta("Ada Reed", None, spoken=True)),
        ("Anonymous said...", Meta("Anonymous", None, spoken=True)),
        ("Ada Reed a écrit :", Meta("Ada Reed", None, spoken=True)),
        ("March 3, 2012 at 4:15 pm", Meta(None, "March 3, 2012 at 4:15 pm")),
        ("12.05.2009 um 14:33 Uhr", Meta(None, "12.05.2009 um 14:33 Uhr")),
        ("2010年3月3日 12:30", Meta(None, "2010年3月3日 12:30")),
        ("vor 3 Tagen", Meta(None, "vor 3 Tagen")),
        ("Posted by: Jo | March 3, 2005 04:15 PM", Meta("Jo", "March 3, 2005 04:15 PM", spoken=True)),
        ("Comment by Ada — March 3, 2005 @ 4:15 pm", Meta("Ada", "March 3, 2005 @ 4:15 pm", spoken=True)),
        ("#3 Ada Reed 12.05.2009 14:33", Meta("Ada Reed", "12.05.2009 14:33")),
        ("Submitted by ada on Tue, 2009-03-03 12:33.", Meta("ada", "Tue, 2009-03-03 12:33", spoken=True)),
        ("Ada May 3, 2012 at 4:15 Text goes on.", Meta("Ada", "May 3, 2012 at 4:15", "Text goes on.")),
        ("Quiet Reader 2d", Meta("Quiet Reader", "2d")),
        ("AdaMay 3, 2012 at 4:15 pm", Meta("Ada", "May 3, 2012 at 4:15 pm")),
        ("Ada3 days ago", Meta("Ada", "3 days ago")),
        ("Supermarket 5 May 2012", Meta("Supermarket", "5 May 2012")),
        ("Ada · vor einer Stunde", Meta("Ada", "vor einer Stunde")),
    ],
)
def test_who_and_when_are_read(line: str, meta: Meta) -> None:
    assert read_meta(line) == meta


@pytest.mark.parametrize(
    "line",
    [
        "May 3 was a nice day",
        "I like this",
        "7 out of 10",
        "Sehen wir dem 5. Februar froh entgegen.",
        "- 2",
        "Landmark 3",
        "Bismarck 12",
        "Denmark 2, 2019 was great",
    ],
)
def test_what_somebody_says_is_not_who_and_when(line: str) -> None:
    assert read_meta(line) is None


STAMPS = """
    May 1, 2024 at 9:00 am | mon, 3rd of march | 3. Mai 2024 | 5 de abril | 1-jun-2009 | 1. 5. 24 | 2024-05-01
    9:15 pm, 2/3/2024 | 2024年5月1日 | 12 MÄRZ | 7 мая | juin 3 | an hour ago | about 3 weeks ago
    vor einem Tag | vor einer Woche | il y a une heure | hace una hora
    vor 3 Tagen | il y a un mois | hace 2 meses | há 3 dias | 3 giorni fa | 5 uur geleden | 3 dni temu | 2 tim sedan
    4 часа назад | 12h | 5 mins | 3天前 | yesterday | Gestern | hier | ayer | ieri
"""


@pytest.mark.parametrize("stamp", [stamp.strip() for stamp in re.split(r"[|\n]", STAMPS.strip())])
def test_the_sieve_before_the_costly_patterns_lets_every_stamp_through(stamp: str) -> None:
    assert re.match(STAMP, stamp, re.IGNORECASE)
    assert may_hold_stamp(stamp)
    assert may_hold_stamp(f"Ada Reed {stamp}")


def test_the_sieve_stops_most_numbers_in_prose() -> None:
    assert not may_hold_stamp("All 20 members of the council voted in 2019 for the second plan, 3 of them late")


@pytest.mark.parametrize(
    "line",
    [
        "12 Comments", "Kommentare (3)", "8 Responses to Foo", "Commentaires", "3 thoughts on “Foo”", "评论",
        "Коментарі (12)", "टिप्पणियाँ (3)", "ความคิดเห็น", "תגובות", "التعليقات", "12 bình luận", "Hozzászólások",
    ],
)  # fmt: skip
def test_headings_of_sections_are_known(line: str) -> None:
    assert is_heading(line)


@pytest.mark.parametrize(
    "line", ["12 comments were read aloud, then all went home", "Comments help us", "Reply", "Discussion"]
)
def test_other_lines_are_no_headings_of_sections(line: str) -> None:
    assert not is_heading(line)


@pytest.mark.parametrize(
    "line", ["Reply", "Like (3)", "Show more replies", "Report abuse | Permalink", "+1", "Antworten"]
)
def test_buttons_are_known(line: str) -> None:
    assert is_control(line)


@pytest.mark.parametrize(
    "line",
    [
        "Leave a Reply", "Log in to Reply", "Schreibe einen Kommentar", "Comments are closed.", "अपनी टिप्पणी लिखें",
        "แสดงความคิดเห็น", "השאירו תגובה", "اترك تعليقا", "Szólj hozzá!", "Để lại bình luận", "發表留言", "댓글 쓰기",
    ],
)  # fmt: skip
def test_forms_are_known(line: str) -> None:
    assert is_form(line)


def test_no_name_or_line_takes_long_to_read() -> None:
    """A pattern that backtracks took 24 ms for one name; these would take it minutes."""
    started = time.process_time()
    for part in ("comment-", "a-", "recent", "comment-a1", "_", "no-", "1-2-"):
        role_of(("." + part * 60 + "!",))
    for part in ("a ", "1 ", "May 3 ", "on at ", "- ", "3:3", "comment by ", "one comment on ", "é", "2.2."):
        line = (part * 60)[:160] + "!"
        read_meta(line[1:] if line[0] == " " else line)
        is_form(line)
        is_heading(line)
    assert time.process_time() - started < 1.0
