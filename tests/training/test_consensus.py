"""Pages that only have snippets are labelled by what extractors agree on, or by the snippets alone."""

from __future__ import annotations

import numpy as np
import pytest

from training.consensus import Extract, agreement, example_from_consensus
from training.corpora import LabelledPage

BODY = ("They closed the old bridge on Monday.", "Nobody knows for how long.", "A ferry runs until ten.")
COMMENT = "I told them so ten years ago, did I not?"
HTML = f"""<nav>Home News Sport</nav><p>{BODY[0]}</p><p>{BODY[1]}</p><p>{BODY[2]}</p><aside>Ten more bridges</aside>
<div class=c>{COMMENT}</div>"""


def page(
    wanted: tuple[str, ...] = ("the old bridge",),
    without: tuple[str, ...] = ("Ten more",),
    comments: tuple[str, ...] = (),
) -> LabelledPage:
    return LabelledPage("test", "1", HTML.encode(), None, "example.org", wanted, without, comments)


def says(*parts: str) -> Extract:
    """An extractor that finds the same on every page."""
    return lambda _: "\n".join(parts)


def test_where_extractors_agree_and_snippets_hold_their_majority_labels_every_block() -> None:
    example = example_from_consensus(page(), [says(*BODY), says(*BODY), says(*BODY, "Ten more bridges")])
    assert example.article.tolist() == [0, 1, 1, 1, 0, 0]
    assert (example.weight > 0).all()


def test_a_tie_is_article() -> None:
    example = example_from_consensus(page(without=()), [says(*BODY), says(*BODY[:2])])
    assert example.article.tolist() == [0, 1, 1, 1, 0, 0]


def test_comments_are_never_article_however_many_extractors_say_so() -> None:
    every = says(*BODY, COMMENT)
    example = example_from_consensus(page(comments=(COMMENT,)), [every, every, every])
    assert example.article.tolist() == [0, 1, 1, 1, 0, 0]
    assert (example.weight > 0).all()


@pytest.mark.parametrize(
    ("labelled", "extractors"),
    [
        pytest.param(page(), [says(*BODY), says("Home News Sport"), says("")], id="extractors disagree"),
        pytest.param(page(("Nobody knows", "Home News")), [says(*BODY)] * 2, id="a wanted snippet is missing"),
        pytest.param(page(without=("ferry runs",)), [says(*BODY)] * 2, id="an unwanted snippet was found"),
    ],
)
def test_else_only_blocks_that_bear_a_snippet_are_known(labelled: LabelledPage, extractors: list[Extract]) -> None:
    example = example_from_consensus(labelled, extractors)
    texts = [block.text for block in example.segmentation.blocks]
    wanted = np.array([any(s in text for s in labelled.with_snippets) for text in texts])
    unwanted = np.array([any(s in text for s in labelled.without_snippets) for text in texts])
    assert (example.weight > 0).tolist() == (wanted | unwanted).tolist()
    assert example.article.tolist() == wanted.astype(float).tolist()


def test_an_unwanted_snippet_that_is_not_on_the_page_does_not_spoil_the_consensus() -> None:
    example = example_from_consensus(page(without=("words that the page lost",)), [says(*BODY)] * 3)
    assert (example.weight > 0).all()


def test_a_snippet_of_one_word_proves_nothing() -> None:
    example = example_from_consensus(page(("bridge", "they never"), ()), [says(*BODY), says("Home")])
    assert not example.weight.any()


def test_a_page_that_no_extractor_reads_is_known_by_its_snippets() -> None:
    example = example_from_consensus(page(), [says(""), says(""), says("")])
    assert example.article.tolist() == [0, 1, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("texts", "expected"), [(["a b", "a b", "a b"], 1.0), (["a", "b", "c"], 0.0), (["a b", "a b", "a c"], 2 / 3)]
)
def test_agreement_is_the_mean_over_all_pairs(texts: list[str], expected: float) -> None:
    assert agreement(texts) == pytest.approx(expected)
