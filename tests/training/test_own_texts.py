"""Our own texts: marks become examples, folds hold whole texts out, and none of what measures is learnt."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest

from model.types import KIND_LABELS, Label
from training.examples import NO_KIND
from training.marked_texts import marked_by_us
from training.own_lines import FOLDS
from training.own_texts import own_texts

MEASURING = Path(__file__).parents[1] / "texts"
LONG_LINE = 8


def test_a_block_has_the_mark_of_its_line() -> None:
    text = next(text for text in own_texts() if not text.example.article.all())
    assert text.marked.labels is not None
    for block, article, kind in zip(
        text.example.segmentation.blocks, text.example.article, text.example.kinds, strict=True
    ):
        label = text.marked.labels[block.position.line - 1]
        assert block.text.split()[0] in text.marked.lines[block.position.line - 1]
        assert bool(article) is text.marked.keep[block.position.line - 1]
        assert kind == (KIND_LABELS.index(label) if label in KIND_LABELS else NO_KIND)


def test_title_and_byline_are_article_and_named() -> None:
    heads = {KIND_LABELS.index(Label.TITLE), KIND_LABELS.index(Label.BYLINE)}
    for text in own_texts():
        assert all(
            article for article, kind in zip(text.example.article, text.example.kinds, strict=True) if kind in heads
        )


def test_every_fold_has_its_share_of_texts_with_and_without_noise() -> None:
    folds = {text.fold for text in own_texts()}
    assert folds == set(range(FOLDS))
    for fold in folds:
        clean = [bool(text.example.article.all()) for text in own_texts() if text.fold == fold]
        assert 0.05 < sum(clean) / len(clean) < 0.4


def test_every_text_has_an_article_and_a_name_of_its_own() -> None:
    texts = own_texts()
    assert len({text.marked.key for text in texts}) == len(texts)
    assert [text.marked.key for text in texts if Label.BODY not in (text.marked.labels or ())] == []


@pytest.mark.parametrize("half", ["open", "locked"])
def test_no_long_line_that_measures_is_learnt(half: str) -> None:
    """Only counted: the lines of `locked` are not to be seen."""
    learnt = {line.strip() for text in own_texts() for line in text.marked.lines}
    lines = chain.from_iterable(text.lines for text in marked_by_us(MEASURING / half))
    assert sum(line.strip() in learnt for line in lines if len(line.split()) >= LONG_LINE) == 0
