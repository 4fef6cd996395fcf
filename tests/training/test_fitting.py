"""A fit is reproducible, learns what can be learnt, and never scores a page with what was fitted on its site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from model import Cleaner
from model.artefact import self_test_vector
from model.lexicon import block_scores
from model.types import KIND_LABELS, Label, Options
from training.corpora import LabelledPage
from training.examples import NO_KIND, Example, example_from_gold, example_from_text
from training.fitting import Fitted, fit, fit_trees, site_folds
from training.linear import PathCorpus, Settings, TextCorpus, balanced, with_share
from training.metrics import word_score
from training.own_lines import FOLDS

MakePage = Callable[[int], LabelledPage]
UNSEEN = range(200, 206)


def folds_of(pages: list[Example]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return site_folds([page.site for page in pages])


def test_pages_of_one_site_share_a_fold_and_sites_are_spread_evenly() -> None:
    sites = [f"site{number % 50}" for number in range(500)]
    folds = site_folds(sites)
    assert len({(site, fold) for site, fold in zip(sites, folds.tolist(), strict=True)}) == 50
    assert np.bincount(folds).tolist() == [100] * FOLDS
    assert (folds == site_folds(sites)).all()
    assert set(site_folds(["a", "b"], folds=2).tolist()) == {0, 1}
    assert site_folds(["only"]).tolist() == [0]
    assert site_folds([]).tolist() == []


def test_the_order_of_pages_does_not_move_a_site_to_another_fold() -> None:
    sites = [f"site{number}" for number in range(20)]
    there = dict(zip(sites, site_folds(sites).tolist(), strict=True))
    back = dict(zip(sites[::-1], site_folds(sites[::-1]).tolist(), strict=True))
    assert there == back


def test_what_was_learnt_holds_on_sites_never_seen(tiny_cleaner: Cleaner, make_page: MakePage) -> None:
    for number in UNSEEN:
        page = make_page(number)
        assert word_score(tiny_cleaner.clean(page.html).text, page.gold or "").f1 > 0.95
        lines = "\n".join(block.text for block in tiny_cleaner.clean(page.html).blocks)
        assert word_score(tiny_cleaner.clean(lines, kind="text").text, page.gold or "").f1 > 0.8


def test_kinds_of_noise_are_learnt_from_names_and_known_without_them(tiny_cleaner: Cleaner) -> None:
    text = "The council praised its own roof.\n" * 5 + "Leave a Reply\nYour email address will not be published."
    options = Options(always_drop=("leave a reply", "your email"))  # where the cut is, is another question
    labels = {block.text: block.label for block in tiny_cleaner.clean(text, kind="text", options=options).blocks}
    assert labels["Leave a Reply"] is Label.COMMENT_FORM
    assert labels["Your email address will not be published."] is Label.COMMENT_FORM


@pytest.mark.usefixtures("few_lines")
def test_the_same_examples_give_the_same_model(examples: list[Example], tiny_settings: Settings) -> None:
    few = examples[:12]
    one, other = (fit(few, tiny_settings).classifier for _ in range(2))
    assert self_test_vector(one) == self_test_vector(other)
    segmentation = examples[20].segmentation
    assert (one.predict(segmentation, "html").article == other.predict(segmentation, "html").article).all()
    assert (one.predict(segmentation, "html").kinds == other.predict(segmentation, "html").kinds).all()


def test_both_doors_keep_the_data_they_were_fitted_on(tiny: Fitted, examples: list[Example]) -> None:
    html, plain = tiny.doors["html"], tiny.doors["text"]
    assert len(html.pages) >= len(examples)
    assert {page.kind for page in html.pages} == {"html"}
    assert {page.kind for page in plain.pages} == {"text"}
    for door in (html, plain):
        assert [len(page.article) for page in door.pages] == [len(part.matrix) for part in door.features]
    only_plain = [name for name in plain.columns if name not in html.columns]
    assert len(only_plain) < len(plain.columns) < len(html.columns)
    assert all(name.startswith(("topic_", "says_", "last_head_says_", "letter_")) for name in only_plain)
    assert tiny.classifier.doors["text"].columns == plain.columns


@pytest.mark.usefixtures("few_lines")
def test_own_pages_of_plain_text_are_learnt_from_too(examples: list[Example], tiny_settings: Settings) -> None:
    gold = "The council praised its own roof."
    text = example_from_text("own/a", "own/.", f"Ring the bell\n{gold}", gold)
    fitted = fit([*examples[:12], text], tiny_settings)
    assert [page.key for page in fitted.doors["text"].pages].count("own/a") == 1


@pytest.mark.usefixtures("few_lines")
def test_own_text_is_scored_by_a_model_that_has_not_seen_markup_of_its_site(
    examples: list[Example], tiny_settings: Settings
) -> None:
    few = examples[:15]
    folds = folds_of(few)
    lexicons = TextCorpus(few, folds, tiny_settings).cross_fit().without_fold
    for number in (0, 14):
        lines = "\n".join(block.text for block in few[number].segmentation.blocks)
        text = example_from_text("own/a", few[number].site, lines, "")
        door = fit([*few, text], replace(tiny_settings, trees=1)).doors["text"]
        scores = door.features[-1].matrix[:, door.features[-1].names.index("text_score")]
        expected = block_scores(text.segmentation.blocks, lexicons[int(folds[number])])[:, 0]
        assert scores == pytest.approx(expected, abs=1e-5)


@pytest.mark.usefixtures("few_lines")
def test_pages_without_blocks_are_left_out(examples: list[Example], tiny_settings: Settings) -> None:
    blank = example_from_gold(LabelledPage("test", "blank", b"<html></html>", "", "blank.example"))
    fitted = fit([*examples[:12], blank], replace(tiny_settings, augment=False))
    assert [page.key for page in fitted.doors["html"].pages] == [page.key for page in examples[:12]]


@pytest.mark.usefixtures("few_lines")
def test_words_of_a_fold_are_scored_by_a_model_that_has_not_seen_them(
    examples: list[Example], tiny_settings: Settings
) -> None:
    """A token that tells article from noise on one site only must be worth nothing where that site is held out."""
    folds = folds_of(examples)
    corpus = TextCorpus(examples, folds, replace(tiny_settings, text_min_sites=1))
    fitted = corpus.cross_fit()
    assert len(fitted.without_fold) == FOLDS
    for fold in range(FOLDS):
        inside = {token for page, number in zip(examples, folds, strict=True) if number == fold
                  for block in page.segmentation.blocks for token in block.text.lower().split()}  # fmt: skip
        outside = {token for page, number in zip(examples, folds, strict=True) if number != fold
                   for block in page.segmentation.blocks for token in block.text.lower().split()}  # fmt: skip
        lexicon = fitted.without_fold[fold]
        only_here = [lexicon.vocabulary[token] for token in inside - outside if token in lexicon.vocabulary]
        assert np.allclose(lexicon.weights[only_here, 0], 0, atol=1e-6)


def test_names_of_a_fold_are_scored_by_a_model_that_has_not_seen_them(
    examples: list[Example], tiny_settings: Settings
) -> None:
    marked = []
    for page in examples:
        elements = tuple(
            replace(element, names=(*element.names, ".only-" + page.site.split(".")[0]))
            for element in page.segmentation.elements
        )
        marked.append(replace(page, segmentation=replace(page.segmentation, elements=elements)))
    folds = folds_of(marked)
    fitted = PathCorpus(marked, folds, replace(tiny_settings, path_min_sites=1)).cross_fit()
    for page, fold in zip(marked, folds.tolist(), strict=True):
        row = fitted.lexicon.vocabulary[".only-" + page.site.split(".")[0]]
        assert abs(fitted.without_fold[fold].weights[row, 0]) < 1e-6
        assert any(abs(lexicon.weights[row, 0]) > 1e-6 for lexicon in fitted.without_fold)


def test_rare_tokens_are_not_learnt(examples: list[Example], tiny_settings: Settings) -> None:
    folds = folds_of(examples)
    vocabulary = PathCorpus(examples, folds, replace(tiny_settings, path_min_sites=10)).vocabulary
    assert {"<p", ".main-menu", "#reply-title"} <= set(vocabulary)
    assert ".s3" not in vocabulary  # two sites in ten have it
    assert ".s3" in PathCorpus(examples, folds, replace(tiny_settings, path_min_sites=2)).vocabulary


def test_trees_learn_a_separable_problem_and_ignore_rows_without_weight() -> None:
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(600, 4)).astype(np.float32)
    article = (matrix[:, 1] > 0).astype(np.float32)
    weight = np.ones(600, np.float32)
    weight[:200] = 0
    article[:200] = 1 - article[:200]  # wrong, but nobody claims to know them
    trees = fit_trees(matrix, article, weight, Settings(trees=20, leaves=4, min_leaf_blocks=5))
    assert trees.score(matrix[200:], article[200:]) > 0.97
    assert trees.score(matrix[:200], article[:200]) < 0.1


def test_common_kinds_do_not_drown_rare_ones() -> None:
    kinds = np.array([0] * 100 + [3], np.int8)
    weight = balanced(kinds)
    assert weight.mean() == pytest.approx(1)
    assert weight[-1] / weight[0] == pytest.approx(10)


def test_marked_lines_have_their_share_in_what_kinds_are_learnt_from() -> None:
    weight = np.array([2, 1, 1, 4], np.float32)
    marked = np.array([True, False, False, False])
    shared = with_share(weight, marked, 0.5)
    assert shared.sum() == pytest.approx(weight.sum())
    assert shared[0] == pytest.approx(4), "half of all"
    assert shared[3] / shared[1] == pytest.approx(4), "the others keep their proportions"
    assert (with_share(weight, ~np.ones(4, bool), 0.5) == weight).all()


def test_every_kind_that_was_seen_can_be_named(tiny: Fitted, examples: list[Example]) -> None:
    seen = {KIND_LABELS[kind] for page in examples for kind in page.kinds.tolist() if kind != NO_KIND}
    prediction = tiny.classifier.predict(examples[0].segmentation, "html")
    named = {KIND_LABELS[kind] for kind in prediction.kinds.argmax(axis=1).tolist()}
    assert named <= seen | {Label.PROMO}
    assert {Label.NAVIGATION, Label.RELATED} <= named
    assert prediction.kinds.sum(axis=1) == pytest.approx(1, abs=1e-5)
