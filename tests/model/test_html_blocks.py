"""Markup is cut into blocks as a reader would see them, whatever shape the markup is in."""

from __future__ import annotations

import pytest

from model import Limits
from model.html_blocks import segment_html
from model.types import Element, Page, Segmentation


def segment(html: str, **limits: int) -> Segmentation:
    return segment_html(Page(html, "html"), Limits(**limits))


def texts(html: str, **limits: int) -> list[str]:
    return [block.text for block in segment(html, **limits).blocks]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("<p>One.</p><p>Two.</p>", ["One.", "Two."], id="paragraphs"),
        pytest.param("<p>One.<p>Two.", ["One.", "Two."], id="paragraphs never closed"),
        pytest.param("<div>Before<p>inside</p>after</div>", ["Before", "inside", "after"], id="text around a child"),
        pytest.param("<p>a <b>bold</b> and <i>slanted</i> word</p>", ["a bold and slanted word"], id="inline"),
        pytest.param("<p>un<b>believ</b>able</p>", ["unbelievable"], id="inline inside a word"),
        pytest.param("<p>H<sub>2</sub>O</p>", ["H2O"], id="subscript"),
        pytest.param("<p>super<wbr>cali</p>", ["supercali"], id="possible break"),
        pytest.param("<p>\n  spread \t over\n lines </p>", ["spread over lines"], id="white space"),
        pytest.param("<p>a&nbsp;b &amp; c &lt;d&gt;</p>", ["a b & c <d>"], id="references"),
        pytest.param("<p> </p><p>&nbsp;</p><p>\n</p>", [], id="blank paragraphs"),
        pytest.param("one<br>line", ["one line"], id="one break"),
        pytest.param("one<br><br>two<br> <br/>three", ["one", "two", "three"], id="two breaks"),
        pytest.param("<p>one<br><b>two</b><br>three</p>", ["one two three"], id="single breaks around inline"),
        pytest.param("<div>one<hr>two</div>", ["one", "two"], id="rule"),
        pytest.param("<ul><li>one<li>two</ul>", ["one", "two"], id="list"),
        pytest.param("<ul><li>one<ul><li>deep</ul>more<li>two</ul>", ["one", "deep", "more", "two"], id="nested list"),
        pytest.param("<dl><dt>term<dd>meaning</dl>", ["term", "meaning"], id="definition"),
        pytest.param(
            "<table><caption>c</caption><tr><th>h<td>1<tr><td>2<td><p>3</table>", ["c", "h", "1", "2", "3"], id="table"
        ),
        pytest.param("<table>stray<tr><td>cell</table>", ["stray", "cell"], id="text between rows is moved before"),
        pytest.param(
            "<figure><img alt=x><figcaption>What it shows</figcaption></figure>", ["What it shows"], id="figure"
        ),
        pytest.param("<h2>Head</h2>text<h3>Sub</h3>", ["Head", "text", "Sub"], id="headings"),
        pytest.param("<a href=/a>One</a><a href=/b>Two</a>", ["One Two"], id="links side by side"),
        pytest.param("<p>see <a href=/a>this</a>.</p>", ["see this."], id="link before a full stop"),
        pytest.param("<noscript><p>Post</p></noscript>", ["Post"], id="noscript is read"),
        pytest.param("a<script>var x = '<p>';</script>b<style>p{}</style>", ["ab"], id="scripts and styles"),
        pytest.param("<template><p>T</p></template><p>P</p>", ["P"], id="template"),
        pytest.param("<svg><text>S</text></svg>P", ["P"], id="drawings"),
        pytest.param("<select><option>A<option>B</select><textarea>C</textarea>P", ["P"], id="form controls"),
        pytest.param("<button>Press</button><label>Name</label>", ["Press", "Name"], id="visible controls"),
        pytest.param("<!-- <p>no</p> --><p>yes</p>", ["yes"], id="comment"),
        pytest.param("<custom-box>one</custom-box><custom-box>two</custom-box>", ["one", "two"], id="unknown elements"),
        pytest.param("<details><summary>More</summary>folded</details>", ["More", "folded"], id="details"),
        pytest.param("<p>never <b>closed <i>at all", ["never closed at all"], id="unclosed inline"),
        pytest.param("<title>never closed<body><p>Text</p>", ["Text"], id="unclosed title"),
        pytest.param("<noscript><iframe src=/x /></noscript><p>Text</p>", ["Text"], id="frame open in noscript"),
        pytest.param(
            "<noscript><iframe>a</iframe><p>Told</p><IFRAME src=x></NOSCRIPT><p>Text</p><noscript><p>More</noscript>",
            ["Told", "Text", "More"],
            id="second frame open in noscript",
        ),
        pytest.param("<p>One</p><iframe><noscript>own</noscript></iframe><p>Two", ["One", "Two"], id="closed frame"),
        pytest.param("</p></div></b>text", ["text"], id="stray end tags"),
        pytest.param("<P>ONE<P>TWO</P>", ["ONE", "TWO"], id="upper-case tags"),
        pytest.param("<frameset><frame src=a><noframes>Hello</noframes></frameset>", ["Hello"], id="frames"),
    ],
)
def test_a_page_is_cut_where_its_blocks_end(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


def test_a_block_knows_the_line_breaks_of_the_page_and_is_decided_on_as_one_line() -> None:
    page = segment("<p>Rose  is<br>\n a <b>rose<br>is</b> <br>a rose<br></p><h1>No<br>more</h1><p>One\nline</p>")
    assert [block.text for block in page.blocks] == ["Rose is a rose is a rose", "No more", "One line"]
    assert [block.shown for block in page.blocks] == ["Rose is\na rose\nis\na rose", "No\nmore", "One line"]


def test_line_breaks_stay_where_they_are_when_a_block_is_cut_into_pieces() -> None:
    page = segment_html(Page("ab<br>cd<br>ef<br>gh", "html"), Limits(max_block_chars=6))
    assert [block.text for block in page.blocks] == ["ab cd ", "ef gh"]
    assert [block.shown for block in page.blocks] == ["ab\ncd ", "ef\ngh"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(
            "<p><span>Ann Reed</span><time>May 5, 2024</time><b>4</b></p>", "Ann Reed May 5, 2024 4", id="time"
        ),
        pytest.param(
            "<p><a>rowan_b</a><span>March 3, 6:00pm</span><span>1</span></p>", "rowan_b March 3, 6:00pm 1", id="line"
        ),
        pytest.param("<p><span>Energy</span><span>241</span><span>kcal</span></p>", "Energy 241 kcal", id="amounts"),
        pytest.param("<p><cite>Ann wrote:</cite>it looks dry</p>", "Ann wrote: it looks dry", id="who is quoted"),
        pytest.param("<p><span>T</span><span>he old queue</span></p>", "The old queue", id="drop cap"),
        pytest.param("<p>the 4<span>th</span> and 2<span>nd</span></p>", "the 4th and 2nd", id="ordinals"),
        pytest.param("<p>You<b>Tube</b>r and un<i>Believ</i>able</p>", "YouTuber and unBelievable", id="emphasis"),
        pytest.param("<p>CO<sub>2</sub>, x<sup><i>2</i></sup>, m<sup>2</sup></p>", "CO2, x2, m2", id="raised"),
        pytest.param("<p><code><span>get</span><span>Name</span></code></p>", "getName", id="code"),
        pytest.param("<p><span>2024</span><span>年</span><span>3</span></p>", "2024年3", id="signs of no case"),
    ],
)
def test_words_that_only_style_keeps_apart_are_two(html: str, expected: str) -> None:
    assert texts(html) == [expected]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<h2>Retry<a href='#retry'>¶</a></h2>", ["Retry"], id="behind"),
        pytest.param("<h2><a href='/docs#retry'><span>#</span></a> Retry</h2>", ["Retry"], id="before"),
        pytest.param("<h2>Retry<a href='#retry'>&#8203;</a></h2>", ["Retry"], id="invisible"),
        pytest.param("<dl><dt>retry(n)<a href='#retry'>¶</a><dd>Again.</dl>", ["retry(n)", "Again."], id="of a term"),
        pytest.param("<h2>Tides<span class='mw-editsection'>[<a>edit</a>]</span></h2>", ["Tides"], id="edit"),
        pytest.param("<h2><a href='#tides'>Tides</a></h2>", ["Tides"], id="a heading that is a link"),
        pytest.param("<h2><a href='#c'>C#</a> and F#</h2>", ["C# and F#"], id="a sign that is said"),
    ],
)
def test_links_of_headings_to_themselves_are_no_text(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


def test_line_ends_between_letters_of_chinese_and_japanese_are_no_spaces() -> None:
    assert texts("<p>市\n   长说，\r\n这座桥\n开放了。</p>") == ["市长说，这座桥开放了。"]
    assert texts("<p>日本語\nの文</p><p>다리가\n열렸다</p><p>在\n2024年</p>") == [
        "日本語の文",
        "다리가 열렸다",
        "在 2024年",
    ]
    assert texts("<pre>市\n长</pre>") == ["市\n长"]


def test_invisible_characters_are_no_text() -> None:
    assert texts("<p>a lan&shy;tern\ufeff</p><p>&#8203;</p><p><span>\u200b</span>x</p>") == ["a lantern", "x"]
    assert texts("<p>ไทย\u200bแลนด์</p>") == ["ไทย\u200bแลนด์"]


def test_the_mark_of_a_footnote_is_no_part_of_the_word_before_it() -> None:
    assert texts("<p>weeks<sup><a href=#1>1</a></sup>, days<a href=#2><sup>2</sup></a>.</p>") == ["weeks[1], days[2]."]
    assert texts("<p>weeks<sup>[<a href=#1>1</a>]</sup></p><p><sup><a>1</a></sup> A note.</p>") == [
        "weeks[1]",
        "1 A note.",
    ]


def test_the_reading_of_a_word_stands_in_brackets() -> None:
    assert texts("<p><ruby>喫茶店<rt>きっさてん</rt></ruby>へ</p>") == ["喫茶店(きっさてん)へ"]
    assert texts("<p><ruby>木造<rp>(</rp><rt>もくぞう</rt><rp>)</rp></ruby>の</p>") == ["木造(もくぞう)の"]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("<div>a = 1</div><div>  b = 2</div>", id="elements"),
        pytest.param("<span>a = 1<br></span><span>  b = 2<br></span>", id="breaks"),
        pytest.param("<ol><li>a = 1</li><li>  b = 2</li></ol>", id="list"),
        pytest.param(
            "<div><span class=lineno>1</span>a = 1\n</div><div><span class=lineno>2</span>  b = 2\n</div>", id="numbers"
        ),
        pytest.param(
            "<table><tr><td class=hljs-ln-numbers>1</td><td>a = 1</td></tr><tr><td class=hljs-ln-numbers>2</td>"
            "<td>  b = 2</td></tr></table>",
            id="table",
        ),
    ],
)
def test_code_stays_one_block_of_lines_however_a_highlighter_wraps_them(code: str) -> None:
    segmentation = segment(f"<pre><code>{code}</code></pre>")
    assert [block.text for block in segmentation.blocks] == ["a = 1\n  b = 2"]
    assert segmentation.tag_of(segmentation.blocks[0]) == "pre"


def test_breaks_in_code_are_its_line_ends() -> None:
    assert texts("<pre><span>import os<br><br>def f():<br>    return 1</span></pre>") == [
        "import os\n\ndef f():\n    return 1"
    ]


def test_numbers_of_lines_in_a_cell_of_their_own_are_no_text() -> None:
    table = "<table><tr><td><pre>1\n2\n3</pre></td><td><pre>a\nb\nc</pre></td></tr></table>"
    assert texts(table) == ["a\nb\nc"]
    assert texts("<p>It prints</p><pre>1\n2\n3</pre>") == ["It prints", "1\n2\n3"]


def test_preformatted_text_keeps_its_lines_also_between_highlighted_words() -> None:
    assert texts("<pre>\nif x:\n    y = 1\n</pre>") == ["if x:\n    y = 1"]
    assert texts("<pre><span>a = 1</span>\n<span>b = 2</span>\n\n<i>c</i></pre>") == ["a = 1\nb = 2\n\nc"]
    assert texts("<pre>a<br>b</pre><p>c  d</p>") == ["a\nb", "c d"]
    assert texts("<pre><br><br>a<br><br>\n<br>  b<br></pre>one<br><br>two") == ["a\n\n\n\n  b", "one", "two"]


def test_code_keeps_the_indentation_of_its_first_line_and_gets_no_space_between_links() -> None:
    assert texts("<pre>\n  \n<span>    </span><b>if</b> x:\n        y\n\n</pre>") == ["    if x:\n        y"]
    assert texts("<pre><a href=a>std</a><a href=b>::</a> <a href=c>vector</a></pre>") == ["std:: vector"]
    assert texts("<pre> \n <b> </b></pre><p>a</p>") == ["a"]
    assert segment("<p>a</p>\n<pre><b>  </b>x</pre>").blocks[1].position.line == 2


def test_a_shadow_tree_that_the_markup_declares_is_read() -> None:
    """What a browser shows of it is often the article; other templates are shown only by a script."""
    page = "<x-story><template shadowrootmode=open><h1>Title</h1><p>Said</p></template><p>Lit</p></x-story><p>Last</p>"
    assert texts(page) == ["Title", "Said", "Lit", "Last"]
    assert texts("<template><p>no</p></template><p>yes</p>") == ["yes"]


def test_elements_are_those_around_text_with_what_their_author_called_them() -> None:
    page = segment(
        '<body class="home page"><div id="Main" role="main"><div><br></div>'
        '<p class="Lead" itemprop="description">x</p></div></body>'
    )
    assert page.elements == (
        Element(-1, "body", (".home", ".page")),
        Element(0, "div", ("#main", "@main")),
        Element(1, "p", (".lead", "=description")),
    )
    assert page.blocks[0].element == 2


def test_names_hold_no_line_breaks_and_only_so_many_characters() -> None:
    names = (
        segment(f'<div id="one\n two" class="a\n\tb {"c" * 1000}">x</div>', max_attribute_chars=20).elements[1].names
    )
    assert names == (".a", ".b", "." + "c" * 15, "#one two")


@pytest.mark.parametrize(
    ("attributes", "hidden"),
    [
        ("hidden", True),
        ('style="display:none"', True),
        ('style="color:red; DISPLAY : None !important"', True),
        ('style="display:block"', False),
        ('style="display:inline-block; border: none; text-decoration:none"', False),
        ("", False),
    ],
)
def test_what_is_not_displayed_is_read_but_named_hidden(attributes: str, hidden: bool) -> None:
    page = segment(f"<div {attributes}>text</div>")
    assert [block.text for block in page.blocks] == ["text"]
    assert ("hidden" in page.elements[1].names) is hidden


def test_links_and_emphasis_are_counted_in_characters() -> None:
    plain, mixed, linked = segment(
        "<p>plain</p><p>see <a href=/a>this <b>one</b></a> and <a href=/b>that</a></p>"
        "<a href=/c><div>all of it</div></a>"
    ).blocks
    assert (plain.link_chars, plain.link_count, plain.emphasis_chars) == (0, 0, 0)
    assert (mixed.link_chars, mixed.link_count, mixed.emphasis_chars) == (len("this onethat"), 2, len("one"))
    assert linked.link_chars == len("all of it")


def test_positions_are_lines_and_columns_of_the_element_counted_from_one() -> None:
    page = segment("<body>\n  <p>one</p>\n<div><p\nclass=x>two</p> <span>three</span></div>")
    assert [(block.text, block.position.line, block.position.column) for block in page.blocks] == [
        ("one", 2, 3),
        ("two", 3, 6),
        ("three", 4, 17),
    ]


def test_the_head_is_read_as_metadata_not_as_text() -> None:
    page = segment("<html lang=en><head><title>A title | Site</title></head><body><p>Text</p></body></html>")
    assert [block.text for block in page.blocks] == ["Text"]
    assert (page.metadata.title, page.metadata.language) == ("A title", "en")


@pytest.mark.parametrize("tag", ["div", "span", "b", "ul><li", "table><tr><td", "font", "blockquote", "noscript"])
def test_a_hundred_thousand_nested_elements_lose_no_text(tag: str) -> None:
    depth = 100_000 // (1 + tag.count("><"))
    page = segment(f"<p>before</p>{f'<{tag}>' * depth}deep<p>after</p>")
    assert " ".join(block.text for block in page.blocks).split() == ["before", "deep", "after"]


def test_elements_beyond_the_depth_limit_are_read_as_if_they_stood_at_it() -> None:
    page = segment("<div>" * 50 + "<p>one</p><p>two</p>" + "</div>" * 50 + "<p>three</p>", max_depth=10)
    assert [block.text for block in page.blocks] == ["one", "two", "three"]
    assert len(page.elements) == 11
    assert page.elements[page.blocks[2].element] == Element(0, "p")
    assert page.warnings == ()


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<p>x</p>" * 100, id="elements"),
        pytest.param("<div>" + "x<br><br>" * 100 + "</div>", id="breaks within one element"),
        pytest.param("<pre>" + "x" * 1000 + "</pre>", id="pieces of one long block"),
    ],
)
def test_beyond_the_block_limit_the_rest_is_unread_and_said_so(html: str) -> None:
    page = segment(html, max_blocks=10, max_block_chars=10)
    assert len(page.blocks) == 10
    assert len(page.warnings) == 1
    assert "10 blocks; the rest was not read" in page.warnings[0]


def test_a_page_exactly_at_the_block_limit_is_whole() -> None:
    page = segment("<p>x</p>" * 10 + "<p> </p><!-- end -->", max_blocks=10)
    assert len(page.blocks) == 10
    assert page.warnings == ()


@pytest.mark.parametrize("filler", ["<i></i>", "<br>", "<!--x-->", "<p></p>"])
def test_beyond_the_node_limit_the_rest_is_unread_and_said_so(filler: str) -> None:
    page = segment("<p>first</p><div>" + filler * 1000 + "<p>last</p></div>", max_nodes=500)
    assert [block.text for block in page.blocks] == ["first"]
    assert "500 nodes" in page.warnings[0]


def test_a_run_longer_than_a_block_may_be_is_split_and_nothing_lost() -> None:
    page = segment("<p>" + "word " * 100 + "</p>", max_block_chars=64)
    assert all(0 < len(block.text) <= 64 for block in page.blocks)
    assert "".join(block.text for block in page.blocks) == ("word " * 100).strip()
    assert page.warnings == ()


def test_pieces_of_nothing_but_white_space_are_left_out() -> None:
    page = segment("<pre>x" + " " * 500 + "y</pre>", max_block_chars=100)
    assert [block.text.strip() for block in page.blocks] == ["x", "y"]


def test_an_object_that_was_never_closed_swallows_no_text() -> None:
    page = '<p>Before.</p><object data="clip.swf"><param name="wmode"><div><p>The story goes on.</p></div>'
    assert texts(page) == ["Before.", "The story goes on."]
