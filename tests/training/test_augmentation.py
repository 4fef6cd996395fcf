"""Copies of training pages differ from them in what they are meant to, and in nothing else."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from model.features import linear_scores, page_features
from model.lexicon import Lexicon
from training.augmentation import augmented, bare, crowded, degraded, donor_runs
from training.examples import NO_KIND, Example

SILENT = Lexicon({}, np.zeros((0, 40), np.float32), np.zeros(40, np.float32))


def check_whole(example: Example) -> None:
    """Arrays fit the blocks, parents precede children, and features can be computed."""
    segmentation = example.segmentation
    assert {len(example.article), len(example.weight), len(example.kinds)} == {len(segmentation.blocks)}
    assert [str(array.dtype) for array in (example.article, example.weight, example.kinds)] == ["float32"] * 2 + [
        "int8"
    ]
    assert all(element.parent < number for number, element in enumerate(segmentation.elements))
    assert all(block.element < len(segmentation.elements) for block in segmentation.blocks)
    assert np.isfinite(page_features(segmentation, linear_scores(segmentation, SILENT, SILENT)).matrix).all()


def texts(example: Example) -> list[str]:
    return [block.text for block in example.segmentation.blocks]


def test_a_degraded_page_has_its_text_but_no_names_and_no_semantic_tags(examples: list[Example]) -> None:
    page = examples[0]
    copy = degraded(page)
    check_whole(copy)
    assert copy.segmentation.blocks == page.segmentation.blocks
    assert not any(element.names for element in copy.segmentation.elements)
    tags = {element.tag for element in copy.segmentation.elements}
    assert not tags & {"nav", "article", "footer", "main", "aside"}
    assert {"h1", "p", "li"} <= tags
    assert (copy.article == page.article).all()


def test_lists_are_donors_and_paragraphs_in_a_row_are_not(examples: list[Example]) -> None:
    runs = [run for page in examples for run in donor_runs(page)]
    assert runs
    for run in runs:
        assert len(run.blocks) >= 4
        assert run.elements[0].parent == -1
        assert {run.elements[0].tag} <= {"ul", "ol"}


@pytest.mark.parametrize("seed", range(8))
def test_a_crowded_page_has_a_donors_list_as_noise_behind_its_article(examples: list[Example], seed: int) -> None:
    page, donor = examples[0], donor_runs(examples[20])[0]
    copy = crowded(page, donor, random.Random(seed))
    check_whole(copy)
    assert len(copy.article) == len(page.article) + len(donor.blocks)
    start = next(number for number in range(len(texts(copy))) if texts(copy)[number] == donor.blocks[0].text
                 and texts(copy)[: number] == texts(page)[: number])  # fmt: skip
    stop = start + len(donor.blocks)
    assert texts(copy)[start:stop] == [block.text for block in donor.blocks]
    assert texts(copy)[:start] + texts(copy)[stop:] == texts(page)
    assert not copy.article[start:stop].any()
    assert (copy.weight[start:stop] > 0).all()
    assert set(copy.kinds[start:stop].tolist()) == {NO_KIND}
    assert start > np.flatnonzero(page.article)[-1]


@pytest.mark.parametrize("seed", range(8))
def test_a_bare_page_is_a_run_of_its_article_alone(examples: list[Example], seed: int) -> None:
    page = examples[seed]
    copy = bare(page, random.Random(seed))
    check_whole(copy)
    assert copy.article.all()
    article = [text for text, mark in zip(texts(page), page.article, strict=True) if mark]
    start = article.index(texts(copy)[0])
    assert texts(copy) == article[start : start + len(texts(copy))]


def test_copies_are_the_same_on_every_run_and_stay_in_their_fold(examples: list[Example]) -> None:
    copies = augmented(examples)
    assert copies
    for one, other in zip(copies, augmented(examples), strict=True):
        assert one.segmentation == other.segmentation
        assert (one.article == other.article).all()
        check_whole(one)
    originals = {(page.key, page.site) for page in examples}
    assert {(copy.key, copy.site) for copy in copies} <= originals


def test_a_page_is_never_crowded_with_noise_of_its_own_site(examples: list[Example]) -> None:
    """Its own lists may be its content: what is noise elsewhere is known of other sites only."""
    one_site = [replace(page, site="one.example") for page in examples]
    assert not [copy for copy in augmented(one_site) if len(copy.article) > max(len(page.article) for page in examples)]
    by_key = {page.key: len(page.article) for page in examples}
    assert not [copy for copy in augmented(one_site) if len(copy.article) > by_key[copy.key]]


def test_pages_without_an_article_are_only_degraded(examples: list[Example]) -> None:
    empty = [replace(page, article=np.zeros_like(page.article)) for page in examples]
    assert all(not copy.article.any() for copy in augmented(empty))
