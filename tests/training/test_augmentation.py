"""Copies of training pages differ from them in what they are meant to, and in nothing else."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from model.features import linear_scores, page_features
from model.lexicon import Lexicon
from model.types import KIND_LABELS, Label
from training.augmentation import augmented, bare, crowded, degraded, donor_runs, prompted
from training.comment_sections import commented, spoken_texts
from training.examples import NO_KIND, Example
from training.own_lines import noise_lines
from training.trailers import trailed, trailers

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


def folds_of(examples: list[Example]) -> dict[str, int]:
    return {page.site: number % 5 for number, page in enumerate(examples)}


def inserted(copy: Example, page: Example) -> list[int]:
    """The numbers of the copy's blocks that the page does not have."""
    own = iter([*page.segmentation.blocks, None])
    following = next(own)
    added = []
    for number, block in enumerate(copy.segmentation.blocks):
        if following is not None and block.text == following.text and block.element == following.element:
            following = next(own)
        else:
            added.append(number)
    assert following is None
    return added


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


def with_notice(page: Example, text: str) -> Example:
    """The page with its last block as a legal notice of that text."""
    last = len(page.article) - 1
    blocks = (*page.segmentation.blocks[:-1], replace(page.segmentation.blocks[-1], text=text, link_chars=0))
    kinds = page.kinds.copy()
    kinds[last] = KIND_LABELS.index(Label.LEGAL)
    return replace(page, segmentation=replace(page.segmentation, blocks=blocks), kinds=kinds)


NOTICE = "No part of this may be printed again or sent on by wire without the leave of those who wrote it down first."


def test_paragraphs_of_boilerplate_trail_articles_of_their_fold(examples: list[Example]) -> None:
    folds = folds_of(examples)
    donor = with_notice(examples[0], NOTICE)
    assert not donor.article[-1]
    found = trailers([donor, with_notice(examples[1], "Imprint")], folds)
    ((fold, (trailer,)),) = found.items()
    assert (fold, trailer.site, trailer.block.text) == (folds[donor.site], donor.site, NOTICE)
    assert trailer.kind == KIND_LABELS.index(Label.LEGAL)


@pytest.mark.parametrize("seed", range(8))
def test_trailers_are_noise_in_elements_without_names(examples: list[Example], seed: int) -> None:
    page = examples[3]
    ((donor,),) = trailers([with_notice(examples[0], NOTICE)], folds_of(examples)).values()
    holder = page.segmentation.blocks[int(np.flatnonzero(page.article)[-1])].element
    place = int(np.flatnonzero(page.article)[-1]) + 1
    copy = trailed(page, holder, place, [donor], random.Random(seed))
    check_whole(copy)
    added = inserted(copy, page)
    assert added == list(range(place, place + len(added)))
    assert 1 <= len(added) <= 4
    assert not copy.article[added].any()
    assert (copy.kinds[added] == donor.kind).all()
    assert all(copy.segmentation.elements[copy.segmentation.blocks[number].element].names == () for number in added)


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
    copies = augmented(examples, folds_of(examples))
    assert copies
    for one, other in zip(copies, augmented(examples, folds_of(examples)), strict=True):
        assert one.segmentation == other.segmentation
        assert (one.article == other.article).all()
        check_whole(one)
    originals = {(page.key, page.site) for page in examples}
    assert {(copy.key, copy.site) for copy in copies} <= originals


def test_a_page_is_never_crowded_with_noise_of_its_own_site(
    examples: list[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own lists may be its content: what is noise elsewhere is known of other sites only."""
    monkeypatch.setattr("training.augmentation.PROMPTED_SHARE", 0.0)
    one_site = [replace(page, site="one.example") for page in examples]
    by_key = {page.key: len(page.article) for page in examples}
    assert not [copy for copy in augmented(one_site, {"one.example": 0}) if len(copy.article) > by_key[copy.key]]


def test_pages_without_an_article_are_only_degraded(examples: list[Example]) -> None:
    empty = [replace(page, article=np.zeros_like(page.article)) for page in examples]
    assert all(not copy.article.any() for copy in augmented(empty, folds_of(empty)))


def test_index_pages_and_forums_are_given_no_noise(examples: list[Example]) -> None:
    """A list of teasers is what an index page is made of, and behind a forum's posts stand more posts."""
    by_key = {page.key: len(page.article) for page in examples}
    for page_type in ("forum", "listing", "collection", "product"):
        pages = [replace(page, page_type=page_type) for page in examples]
        assert not [copy for copy in augmented(pages, folds_of(pages)) if len(copy.article) > by_key[copy.key]]


@pytest.mark.parametrize("seed", range(24))
def test_a_commented_page_has_readers_words_as_noise_behind_its_article(examples: list[Example], seed: int) -> None:
    page = examples[0]
    said = ["I was there when the bridge was opened.", "We walked it twice that summer, and once in snow."]
    end = int(np.flatnonzero(page.article)[-1]) + 1
    copy = commented(page, page.segmentation.blocks[end - 1].element, end, said, random.Random(seed))
    check_whole(copy)
    added = inserted(copy, page)
    assert added == list(range(end, end + len(added)))
    assert set(texts(copy)[end : added[-1] + 1]) & ({*said} | {line.template for line in noise_lines()})
    assert not copy.article[added].any()
    assert (copy.weight[added] > 0).all()
    assert {KIND_LABELS[kind] for kind in copy.kinds[added].tolist()} == {Label.COMMENT}


def test_readers_words_are_those_of_blocks_known_as_comments(examples: list[Example]) -> None:
    kinds = examples[0].kinds.copy()
    noise = int(np.flatnonzero(examples[0].article == 0)[0])
    kinds[:] = NO_KIND
    kinds[noise] = KIND_LABELS.index(Label.COMMENT)
    block = replace(examples[0].segmentation.blocks[noise], text="This is what I said about it back then.")
    blocks = (*examples[0].segmentation.blocks[:noise], block, *examples[0].segmentation.blocks[noise + 1 :])
    page = replace(examples[0], kinds=kinds, segmentation=replace(examples[0].segmentation, blocks=blocks))
    assert spoken_texts([page]) == [(page.site, [block.text])]
    assert spoken_texts([replace(page, weight=np.zeros_like(page.weight))]) == []


@pytest.mark.parametrize("seed", range(8))
def test_a_prompted_page_has_prompts_as_noise_between_its_paragraphs(examples: list[Example], seed: int) -> None:
    page = examples[0]
    prompts = [line for line in noise_lines() if line.label is Label.PROMO]
    copy = prompted(page, prompts, random.Random(seed))
    check_whole(copy)
    added = inserted(copy, page)
    body = np.flatnonzero(page.article)
    assert added
    assert body[0] <= added[0]
    assert added[-1] <= body[-1] + len(added)
    assert not copy.article[added].any()
    assert (copy.weight[added] > 0).all()
    assert {KIND_LABELS[kind] for kind in copy.kinds[added].tolist()} == {Label.PROMO}
    assert copy.article.sum() == page.article.sum()
