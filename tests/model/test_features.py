"""Every page becomes a finite matrix of the same columns, and text columns need no markup."""

from __future__ import annotations

import numpy as np
import pytest

from model.block_features import title_overlap
from model.classifier import KIND_COLUMNS, kind_inputs, select_columns
from model.decoding import decode_page
from model.features import MARKUP_ONLY, WORD_SCORES, Features, linear_scores, page_features, text_column_indices
from model.html_blocks import segment_html
from model.lexicon import Lexicon
from model.limits import Limits
from model.text_blocks import segment_text
from model.types import KIND_LABELS, Block, Element, Label, Page, Position, Segmentation

ODD_TEXTS = (
    "x", "…", "🙂", "\u200b\u200e", "١٢٣", "日本語の文章です。次の文。", "a" * 10_000, "word " * 3_000 + "end", "@@@@",
    "$ 5.00", "!?!?!?", "©", "|||", "3", "a\nb\nc", "\ud7ff", " " * 400 + "indented code",
)  # fmt: skip
"""Texts of blocks that a division or a logarithm might trip over."""


def lexicon(outputs: int, **weights: float) -> Lexicon:
    """A lexicon in which each token weighs the same for all outputs."""
    table = np.repeat(np.array(list(weights.values()), np.float32)[:, None], outputs, axis=1)
    return Lexicon({token: number for number, token in enumerate(weights)}, table, np.zeros(outputs, np.float32))


WORDS = lexicon(WORD_SCORES + len(KIND_LABELS), some=1.0, a=-2.0, headline=4.0, boat=3.0, home=-5.0, share=-1.0)
PATHS = lexicon(1, **{"<nav": -3.0, "<article": 2.0, "<p": 1.0})


def features_of(segmentation: Segmentation, paths: Lexicon = PATHS) -> Features:
    return page_features(segmentation, linear_scores(segmentation, WORDS, paths))


def html(source: str) -> Segmentation:
    return segment_html(Page(source, "html"), Limits())


def plain(*lines: str) -> Segmentation:
    return Segmentation(tuple(Block(line, Position(number, 1)) for number, line in enumerate(lines, 1)))


def column(features: Features, name: str) -> list[float]:
    values: list[float] = features.matrix[:, features.names.index(name)].tolist()
    return values


PAGE = html(
    "<html><head><title>The quiet boat</title></head><body><nav><ul><li><a href=/>Home</a><li><a href=/n>News</a></ul>"
    "</nav><article><h1>The quiet boat</h1><p>It left at dawn. Nobody saw it, and <b>nobody</b> asked.</p>"
    "<p>It came back at noon.</p></article><footer hidden><p>© 2024</p></footer></body></html>"
)


@pytest.mark.parametrize(
    "segmentation",
    [
        pytest.param(PAGE, id="page"),
        pytest.param(plain(*ODD_TEXTS), id="odd lines"),
        pytest.param(html("".join(f"<p>{text}</p>" for text in ODD_TEXTS)), id="odd paragraphs"),
        pytest.param(html("<pre>" + " " * 400 + "x</pre>"), id="code that begins with a lot of space"),
        pytest.param(plain("one"), id="one line"),
        pytest.param(html("<p>one"), id="one paragraph"),
        pytest.param(plain(*["same"] * 500), id="repeated"),
        pytest.param(html("<div>" * 900 + "deep"), id="deep"),
        pytest.param(
            Segmentation((Block("x", Position(1, 1), -1),), (Element(-1, "body"),)), id="outside all elements"
        ),
    ],
)
def test_a_page_gives_one_finite_row_per_block(segmentation: Segmentation) -> None:
    features = features_of(segmentation)
    assert features.matrix.shape == (len(segmentation.blocks), len(features.names))
    assert features.matrix.dtype == np.float32
    assert np.isfinite(features.matrix).all()


@pytest.mark.parametrize("segmentation", [html("<p>x"), html("<ul><li>a<li>b</ul>tail")])
def test_every_page_of_markup_has_the_same_columns(segmentation: Segmentation) -> None:
    features = features_of(segmentation)
    assert features.names == features_of(PAGE).names
    assert len(set(features.names)) == len(features.names)


@pytest.mark.parametrize("segmentation", [Segmentation(()), html(""), html("<br>"), plain(*ODD_TEXTS)])
def test_every_text_has_the_same_columns_those_of_markup_among_them(segmentation: Segmentation) -> None:
    features = features_of(segmentation)
    assert features.names == features_of(plain("x")).names
    assert len(set(features.names)) == len(features.names)
    assert set(features_of(PAGE).names) < set(features.names)


def test_the_text_columns_hold_nothing_that_only_markup_can_fill() -> None:
    names = features_of(PAGE).names
    text_names = [names[number] for number in text_column_indices(names)]
    markup_names = [name for name in names if name not in text_names]
    assert {"log_words", "ends_sentence", "text_score", "place", "same_text", "log_words@-1", "page_score"} <= set(
        text_names
    )
    assert {"link_density", "heading", "is_p", "depth", "path_score", "tag_li", "anc_nav"} <= set(markup_names)
    paragraph = "A paragraph that ends as a sentence does, and has a good many more words than twelve."
    lines = (
        *ODD_TEXTS,
        "Headline",
        "Some words. " * 20,
        paragraph,
        "* [A link](/there)",
        f"Again: {paragraph}",
        "He wrote, in 2024: “IT IS DONE”",
        "[1]",
        "Tags:",
        *ODD_TEXTS,
    )
    features = features_of(plain(*lines))
    varies = {name for name in features.names if len(set(column(features, name))) > 1}
    assert not [name for name in markup_names if name in varies and "@" not in name]  # an edge shows in "heading@-1"
    assert {name for name in text_names if name not in varies and "page_" not in name} == {"in_title", "since_title"}


def test_what_the_kind_model_reads_can_be_computed_for_plain_text() -> None:
    assert not [name for name in KIND_COLUMNS if MARKUP_ONLY.search(name)]
    features = features_of(plain("Comments", "Nice.", "Thanks."))
    scores = np.arange(3 * len(KIND_LABELS), dtype=np.float32).reshape(3, -1)
    inputs = kind_inputs(features, scores)
    kinds = len(KIND_LABELS)
    assert inputs.shape == (3, 4 * kinds + len(KIND_COLUMNS))
    assert inputs[:, :kinds].tolist() == scores.tolist()
    assert inputs[1, kinds : 2 * kinds].tolist() == scores[0].tolist()  # the heading before it
    assert not inputs[0, 2 * kinds : 3 * kinds].any()  # nothing stands before the first
    assert inputs[1, 3 * kinds : 4 * kinds].tolist() == scores[2].tolist()


def test_counts_of_a_block_are_what_they_say() -> None:
    features = features_of(
        plain('He said: "Go, go, go!" Was it 10:30? Yes.', "READ MORE »", "www.example.org", "[1] © 2024")
    )
    assert column(features, "words") == [9, 3, 1, 3]
    assert column(features, "sentences") == [3, 0, 0, 0]
    assert column(features, "ends_sentence") == [1, 0, 0, 0]
    assert column(features, "ends_open") == [0, 1, 0, 0]
    assert column(features, "date_time") == [1, 0, 0, 1]
    assert column(features, "address") == [0, 0, 1, 0]
    assert column(features, "copyright") == [0, 0, 0, 1]
    assert column(features, "brackets") == [0, 0, 0, 1]
    assert column(features, "caps_words") == [0, pytest.approx(2 / 3), 0, 0]


def test_words_of_scripts_without_spaces_are_estimated() -> None:
    features = features_of(plain("日本語の文章です", "one two three four five"))
    assert column(features, "words") == [5, 5]


def test_a_blocks_markup_is_what_stands_around_it() -> None:
    features = features_of(PAGE)
    assert column(features, "anc_nav") == [1, 1, 0, 0, 0, 0]
    assert column(features, "anc_article") == [0, 0, 1, 1, 1, 0]
    assert column(features, "anc_hidden") == [0, 0, 0, 0, 0, 1]
    assert column(features, "heading") == [0, 0, 1, 0, 0, 0]
    assert column(features, "tag_li") == [1, 1, 0, 0, 0, 0]
    assert column(features, "link_density") == [1, 1, 0, 0, 0, 0]
    assert column(features, "in_title") == [0, 0, 1, 0, 0, 0]
    assert column(features, "depth") == [3, 3, 2, 2, 2, 2]
    words = column(features, "words")
    assert column(features, "level1_share")[2:5] == pytest.approx([sum(words[2:5]) / sum(words)] * 3)


PROSE = "<p>This paragraph is long enough to count as prose, as it has fourteen whole words.</p>"


def test_where_a_block_stands_to_what_holds_most_of_the_prose_is_known() -> None:
    features = features_of(
        html(f"<p>Menu</p><div><section><h2>Title</h2>{PROSE * 9}</section><i>Tags</i></div><p>End</p>")
    )
    assert column(features, "main_most_inside") == [0, *[1] * 10, 0, 0]
    assert column(features, "main_most_side") == [-1, *[0] * 10, 1, 1]
    assert column(features, "main_most_away") == [2, *[0] * 10, 1, 2]
    assert column(features, "main_most_below") == [-1, *[1] * 10, -1, -1]
    assert column(features, "main_most_share") == [1] * 13
    assert column(features, "main_most_blocks") == pytest.approx([10 / 13] * 13)


def test_prose_that_is_spread_has_no_element_of_its_own() -> None:
    features = features_of(html(f"<div>{PROSE}</div>" * 3))
    assert column(features, "main_half_inside") == [1, 1, 1]
    assert column(features, "main_half_share") == [1, 1, 1]


def test_prose_outside_and_before_elements_named_for_comments_is_counted() -> None:
    features = features_of(html(f"{PROSE}<div class=comments>{PROSE}</div>{PROSE}"))
    words = column(features, "words")[0]
    assert column(features, "named_comment") == [0, 1, 0]
    assert column(features, "named_comment_before") == pytest.approx(np.log1p([0, words, words]).tolist())
    assert column(features, "named_comment_share") == pytest.approx([1 / 3] * 3)
    assert column(features, "named_comment_outside") == pytest.approx([np.log1p(2 * words)] * 3)


def test_a_short_block_that_opens_a_discussion_is_remembered() -> None:
    kinds = [0] * len(KIND_LABELS)
    speech = Lexicon(
        {"comments": 0}, np.array([[0, 0, 3, *kinds]], np.float32), np.array([0, 0, -2, *kinds], np.float32)
    )
    page = plain("words", "comments", "words", "words")
    features = page_features(page, linear_scores(page, speech, PATHS))
    opened = pytest.approx(column(features, "discussion_score")[1])
    assert opened != -1
    assert column(features, "discussion_so_far") == [-1, opened, opened, opened]
    assert column(features, "discussion_since") == [-1, 0, 1, 2]


def test_short_dated_lines_are_counted_up_to_each_block() -> None:
    features = features_of(plain("12:40", "words", "3.4.2021", "words"))
    assert column(features, "stamp") == [1, 0, 1, 0]
    assert column(features, "stamps_before") == pytest.approx(np.log1p([0, 1, 1, 2]).tolist())


def test_scores_of_elements_add_up_from_the_root() -> None:
    page = html("<section><p>one</p></section><h2>two</h2>")
    features = features_of(page, lexicon(1, **{"<body": 1.0, "<section": -3.0, "<p": 10.0, "<h2": 20.0}))
    assert column(features, "path_score") == [8, 21]
    assert column(features, "path_low") == [-3, 1]
    assert column(features, "path_high") == [10, 20]
    assert column(features, "path_own") == [10, 20]
    assert column(features, "path_parent") == [-3, 1]


def test_neighbours_are_the_blocks_around_and_beyond_the_edge_is_marked() -> None:
    features = features_of(plain("one", "one two three", "one two three four five six seven"))
    sizes = column(features, "log_words")
    assert column(features, "log_words@-1") == [-9, sizes[0], sizes[1]]
    assert column(features, "log_words@+1") == [sizes[1], sizes[2], -9]
    assert column(features, "log_words~4") == pytest.approx([sum(sizes) / 3] * 3)


def test_the_last_heading_is_known_with_its_distance() -> None:
    long = "A sentence of more than six words stands here."
    assert column(features_of(plain(long, "Comments", long, long)), "last_head_distance") == [99, 99, 1, 2]


def test_repetition_is_counted_by_text() -> None:
    features = features_of(plain("Share", "unique", "Share", "Share"))
    assert column(features, "same_text") == pytest.approx([np.log1p(2), 0, np.log1p(2), np.log1p(2)])


@pytest.mark.parametrize(
    ("text", "title", "share"),
    [
        ("The Quiet Boat", "the quiet boat", 1.0),
        ("The quiet boat returns", "The quiet boat", 0.75),
        ("Something else", "The quiet boat", 0.0),
        ("Anything", "", 0.0),
        ("word " * 60, "word", 0.0),
    ],
)
def test_overlap_with_the_title_is_a_share_of_the_longer(text: str, title: str, share: float) -> None:
    assert title_overlap(text, title) == share


def test_columns_are_chosen_by_name_and_order() -> None:
    features = features_of(PAGE)
    chosen = select_columns(features, ("words", "place"))
    assert chosen[:, 0].tolist() == column(features, "words")
    assert chosen[:, 1].tolist() == column(features, "place")
    assert select_columns(features, features.names) is features.matrix


def test_features_of_a_text_do_not_depend_on_how_it_was_decoded() -> None:
    page = decode_page("one\r\ntwo\r\n", kind="text", url=None, limits=Limits())
    other = decode_page(b"\xef\xbb\xbfone\ntwo", kind="text", url=None, limits=Limits())
    assert (features_of(segment_text(page, Limits())).matrix == features_of(segment_text(other, Limits())).matrix).all()


def test_a_line_of_plain_text_is_asked_what_it_shares_with_the_paragraphs() -> None:
    about = "The heron stood in the shallows and waited for the herring to come closer to the shore."
    more = "By noon the herring had moved on, and the heron followed them along the shore to the weir."
    page = plain(about, "The heron and the herring", more, "Seven cheap flights for autumn weekends")
    shared = column(features_of(page), "topic_shared")
    assert shared[1] > 0.5 > shared[3]
    assert shared[0] > shared[3]  # a paragraph shares with the others, not with itself alone
    assert column(features_of(plain("12 | 7")), "topic_shared") == [-1]


def test_a_line_of_plain_text_says_how_far_ahead_its_likeliest_kind_is() -> None:
    row = [0.0] * WORD_SCORES + [float(label is Label.RELATED) * 3.0 for label in KIND_LABELS]
    speech = Lexicon({"related": 0}, np.array([row], np.float32), np.zeros(len(row), np.float32))
    page = plain("related", "words")
    features = page_features(page, linear_scores(page, speech, PATHS))
    assert column(features, "says_related") == [3.0, 0.0]
    assert column(features, "says_promo") == [-3.0, 0.0]


def test_markup_is_not_asked_what_only_plain_text_is() -> None:
    names = features_of(html("<p>The heron stood in the shallows.</p>")).names
    assert not [name for name in names if name.startswith(("topic_", "says_"))]
