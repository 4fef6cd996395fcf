"""Blocks are named by where they stand, by what their elements are called, and by the model's kinds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from model.classifier import Prediction
from model.features import WORD_SCORES, linear_scores, page_features
from model.hints import element_hints
from model.html_blocks import segment_html
from model.labels import name_blocks
from model.lexicon import Lexicon
from model.limits import Limits
from model.types import KEPT_LABELS, KIND_LABELS, Block, Label, Page, Position, Segmentation

SENTENCE = "The first boat left the harbour at dawn, and by noon the others had followed it out."


def silent(outputs: int) -> Lexicon:
    """A lexicon that knows no token."""
    return Lexicon({}, np.zeros((0, outputs), np.float32), np.zeros(outputs, np.float32))


def labels_of(
    segmentation: Segmentation,
    body: list[int],
    kinds: Mapping[int, tuple[Label, float]] | None = None,
    words: Lexicon | None = None,
    article: float = 0.5,
) -> tuple[list[Label], int | None]:
    """Name blocks of which those numbered in `body` passed the cut; `kinds` gives a block's likeliest kind,
    `article` every block's chance of being article.
    """
    count = len(segmentation.blocks)
    chances = np.zeros((count, len(KIND_LABELS)), np.float32)
    chances[:, KIND_LABELS.index(Label.OTHER)] = 0.1
    for number, (label, chance) in (kinds or {}).items():
        chances[number, KIND_LABELS.index(label)] = chance
    scores = linear_scores(segmentation, words or silent(WORD_SCORES + len(KIND_LABELS)), silent(1))
    features = page_features(segmentation, scores)
    prediction = Prediction(np.full(count, article, np.float32), chances, features)
    passed = np.isin(np.arange(count), body)
    return name_blocks(segmentation, element_hints(segmentation.elements), prediction, passed)


def html(source: str) -> Segmentation:
    return segment_html(Page(source, "html"), Limits())


def plain(*lines: str) -> Segmentation:
    return Segmentation(tuple(Block(line, Position(number, 1)) for number, line in enumerate(lines, 1)))


def test_the_block_that_repeats_the_pages_title_is_the_title_an_h1_before_others() -> None:
    page = html(
        "<title>The quiet boat | Site</title><div>Home</div><div>The quiet boat</div><h1>The quiet boat</h1>"
        f"<p>{SENTENCE}</p>"
    )
    assert labels_of(page, [3]) == ([Label.OTHER, Label.OTHER, Label.TITLE, Label.BODY], 2)
    assert labels_of(page, [2, 3])[0][2] is Label.TITLE  # also where it passed the cut


@pytest.mark.parametrize(
    ("source", "title"),
    [
        pytest.param(
            "<title>Retry policies of the Ferry docs</title><p>Skip</p><h1>Retry policies</h1>", 1, id="like it"
        ),
        pytest.param("<title>Another headline</title><p>Skip</p><h1>Wagon 23 is back</h1>", 1, id="the only h1"),
        pytest.param("<title>Boats at dawn</title><h1>The Site</h1><h1>Boats at dawn today</h1>", 1, id="of two h1"),
        pytest.param(
            "<title>Boats at dawn</title><h1>Site</h1><h1>News</h1><p>Boats at dawn</p>", 2, id="no h1 like it"
        ),
        pytest.param("<title>Boats at dawn</title><p>Skip to content</p><p>Menu</p>", None, id="nothing like it"),
        pytest.param(
            "<title>Clutch slips - Old Tractor Board</title><h1>Old Tractor Board</h1><p>Skip</p><h2>Clutch slips</h2>",
            2,
            id="a topic below the name of its board",
        ),
        pytest.param("<title>Clutch slips</title><h1>Why it slips</h1><h2>Clutch slips</h2>", 0, id="an h1 like it"),
        pytest.param("<h1>One</h1><h1>Two</h1>", None, id="two h1 and no title"),
    ],
)
def test_the_title_of_a_marked_up_page_is_its_h1_or_what_repeats_its_own_title(source: str, title: int | None) -> None:
    page = html(source)
    everything = dict.fromkeys(range(len(page.blocks)), (Label.TITLE, 0.9))  # what the model thinks is no matter
    assert labels_of(page, [], everything)[1] == title


def test_without_a_title_of_the_page_the_likeliest_one_before_the_body_is_taken() -> None:
    page = plain("Menu", "The quiet boat", "By Ada Reed", SENTENCE, "Another story")
    kinds = {1: (Label.TITLE, 0.8), 2: (Label.BYLINE, 0.9), 4: (Label.TITLE, 0.95)}
    labels, title = labels_of(page, [3], kinds)
    assert labels == [Label.OTHER, Label.TITLE, Label.BYLINE, Label.BODY, Label.OTHER]
    assert title == 1


def test_what_is_as_long_as_an_article_is_no_title() -> None:
    """A text that is one long line came back with a title of 99,999 characters."""
    long = " ".join([SENTENCE] * 20)
    assert labels_of(html(f"<h1>{long}</h1>"), [0]) == ([Label.HEADING], None)
    assert labels_of(plain(long, SENTENCE), [1], {0: (Label.TITLE, 0.9)})[1] is None


def test_no_block_is_a_title_on_little_evidence() -> None:
    labels, title = labels_of(plain("Perhaps a title", SENTENCE), [1], {0: (Label.TITLE, 0.3)})
    assert title is None
    assert labels[0] is Label.OTHER


def test_a_byline_stands_near_the_title_or_the_body_or_belongs_to_another_story() -> None:
    lines = ["By Ada Reed", *["Menu"] * 12, "By Bo Lind", SENTENCE, *["Teaser"] * 12, "By Cy Young"]
    byline = (Label.BYLINE, 0.9)
    labels, _ = labels_of(plain(*lines), [14], {0: byline, 13: byline, 27: byline})
    assert [number for number, label in enumerate(labels) if label is Label.BYLINE] == [13]


def test_a_line_of_plain_text_that_is_hardly_article_is_no_title() -> None:
    page = plain("Home » Culture » Interviews", SENTENCE)
    kinds = {0: (Label.TITLE, 0.8)}
    assert labels_of(page, [1], kinds, article=0.3)[1] == 0
    assert labels_of(page, [1], kinds, article=0.05)[1] is None


def test_a_line_of_plain_text_that_opens_as_a_prompt_is_no_byline() -> None:
    """Bylines are kept, and "Read more: Anna Keller on boats" reads like one."""
    page = plain("The quiet boat", "Read more: Anna Keller", SENTENCE)
    kinds = {1: (Label.BYLINE, 0.9)}
    assert labels_of(page, [2], kinds)[0][1] is Label.BYLINE
    prompt = Lexicon({"read": 0}, np.array([[0, 4, 0]], np.float32), np.zeros(3, np.float32))
    assert labels_of(page, [2], kinds, prompt)[0][1] not in KEPT_LABELS


def test_names_of_elements_decide_the_kind_of_noise_before_the_model_does() -> None:
    page = html(f'<div class="share-bar">Tweet</div><p>{SENTENCE}</p><div class="x">Tweet</div>')
    labels, _ = labels_of(page, [1], {0: (Label.LEGAL, 0.9), 2: (Label.PROMO, 0.9)})
    assert labels == [Label.SHARE, Label.BODY, Label.PROMO]


def test_a_doubtful_line_is_named_as_its_neighbours_that_go_too() -> None:
    lines = plain(SENTENCE, "Great read!", "Thanks Ann", "Agreed")
    kinds = {1: (Label.COMMENT, 0.9), 2: (Label.RELATED, 0.9), 3: (Label.COMMENT, 0.9)}
    assert labels_of(lines, body=[0], kinds=kinds)[0][2] is Label.RELATED
    kinds[2] = (Label.COMMENT, 0.095)
    assert labels_of(lines, body=[0], kinds=kinds)[0][2] is Label.COMMENT
    assert labels_of(lines, body=[0, 1, 3], kinds=kinds)[0][2] is Label.OTHER, "what stays has no kind of noise"


@pytest.mark.parametrize("line", ["Leave a Reply", "अपनी टिप्पणी लिखें", "Szólj hozzá!"])
def test_a_line_of_plain_text_that_opens_a_form_is_named_so_and_only_where_it_goes(line: str) -> None:
    lines = plain(SENTENCE, line)
    assert labels_of(lines, body=[0])[0][1] is Label.COMMENT_FORM
    assert labels_of(lines, body=[0, 1])[0][1] is not Label.COMMENT_FORM


def test_names_never_decide_whether_a_block_is_noise() -> None:
    page = html(f'<div class="advert sponsor newsletter"><p>{SENTENCE}</p></div>')
    assert labels_of(page, [0])[0] == [Label.BODY]


def test_an_element_named_byline_is_one_only_where_one_may_stand() -> None:
    page = html(
        f'<p class="byline">Ada Reed</p><p>{SENTENCE}</p>' + "<p>Teaser</p>" * 10 + '<p class="byline">Bo Lind</p>'
    )
    byline = (Label.BYLINE, 0.6)
    labels, _ = labels_of(page, [1], {0: byline, 12: byline})
    assert (labels[0], labels[12]) == (Label.BYLINE, Label.OTHER)


@pytest.mark.parametrize(
    ("markup", "label"),
    [
        ("<h2>{}</h2>", Label.HEADING),
        ("<h2><span>{}</span></h2>", Label.HEADING),
        ("<figure><figcaption>{}</figcaption></figure>", Label.CAPTION),
        ("<figure><figcaption><p>{}</p></figcaption></figure>", Label.CAPTION),
        ("<table><caption>{}</caption></table>", Label.CAPTION),
        ("<p>{}</p>", Label.BODY),
        ("<header>{}</header>", Label.BODY),
        ("<hgroup>{}</hgroup>", Label.BODY),
        ("<div><div><div><div>{}</div></div></div></div>", Label.BODY),
    ],
)
def test_what_stays_is_named_by_its_tag(markup: str, label: Label) -> None:
    page = html(markup.format("Some words here"))
    assert labels_of(page, [0])[0] == [label]


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("What came after", Label.HEADING),
        ("# What came after", Label.HEADING),
        ("What came after?", Label.HEADING),
        ("Was danach kam", Label.HEADING),
        ("之后发生了什么", Label.HEADING),
        ("What came after.", Label.BODY),
        ("what came after", Label.BODY),
        ("What came after:", Label.BODY),
        (SENTENCE, Label.BODY),
    ],
)
def test_in_plain_text_a_short_line_before_a_longer_one_is_a_heading(line: str, label: Label) -> None:
    assert labels_of(plain(SENTENCE, line, SENTENCE), [0, 1, 2])[0] == [Label.BODY, label, Label.BODY]


def test_a_last_short_line_is_no_heading() -> None:
    assert labels_of(plain(SENTENCE, "Nobody came"), [0, 1])[0] == [Label.BODY, Label.BODY]


def test_noise_is_never_named_like_something_that_is_kept() -> None:
    kinds = {0: (Label.TITLE, 0.35), 1: (Label.BYLINE, 0.45)}
    assert labels_of(plain("Some", "noise"), [], kinds)[0] == [Label.OTHER, Label.OTHER]


def test_a_page_without_blocks_has_no_labels() -> None:
    assert labels_of(plain(), []) == ([], None)
