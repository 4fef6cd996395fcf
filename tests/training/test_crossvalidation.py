"""Cross-validation scores each page with a model that has not seen its site, and says where each page went."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from model import Cleaner, InputError
from training.base_set import BaseSet
from training.corpora import Corpus, CorpusInfo, LabelledPage
from training.crossvalidation import (
    PageScore,
    cross_validate,
    cross_validate_blocks,
    refuse_other_folder,
    score_table,
    summary,
)
from training.examples import Example, example_from_text
from training.linear import Settings
from training.metrics import SnippetScore, WordScore
from training.own_lines import FOLDS
from training.own_texts import own_texts


@pytest.mark.usefixtures("few_lines")
def test_every_corpus_page_is_scored_once_by_its_own_folds_model(
    examples: list[Example],
    tiny_settings: Settings,
    make_page: Callable[[int], LabelledPage],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    corpus = Corpus([f"{number:03}" for number in range(15)], lambda page_id: make_page(int(page_id)))
    corpora = {"invented": CorpusInfo("train", lambda _: corpus)}
    monkeypatch.setattr("training.corpora.CORPORA", corpora)
    monkeypatch.setattr("training.crossvalidation.CORPORA", corpora)
    (tmp_path / "invented").mkdir()
    pages = [*examples[:15], example_from_text("own/a", "own/.", "Menu\nThe council slept.", "The council slept.")]
    scores, records = cross_validate(pages, tiny_settings, tmp_path / "folds", tmp_path, jobs=1)
    assert sorted(score.page_id for score in scores) == list(corpus.ids)
    assert sorted(record.page_id for record in records) == list(corpus.ids)
    assert summary(scores)["invented"]["f1"] > 0.9
    folds = json.loads((tmp_path / "folds" / "folds.json").read_text(encoding="utf-8"))
    assert set(folds) == {page.key for page in pages} | {text.marked.key for text in own_texts()}
    assert all(folds[text.marked.key] == text.fold for text in own_texts())
    assert len({(page.site, folds[page.key]) for page in pages}) == 6
    for fold in range(FOLDS):
        assert Cleaner.load(tmp_path / "folds" / str(fold)).version == str(fold)


def test_a_folder_that_holds_anything_else_is_not_deleted(tiny_settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "0").mkdir()
    (tmp_path / "thesis.txt").write_text("years of work", "utf-8")
    with pytest.raises(InputError, match=r"holds thesis\.txt"):
        cross_validate([], tiny_settings, tmp_path, tmp_path, jobs=1)
    assert (tmp_path / "thesis.txt").exists()


def test_what_an_interrupted_run_left_is_no_reason_to_refuse(tmp_path: Path) -> None:
    for name in ("0", ".new-x1", "current", "folds.json", "pages.joblib"):
        (tmp_path / name).touch()
    refuse_other_folder(tmp_path)
    refuse_other_folder(tmp_path / "nothing")


def test_the_summary_is_per_corpus_and_per_page_type() -> None:
    scores = [
        PageScore("a", "1", "article", WordScore(1.0, 0.5, 2 / 3), None),
        PageScore("a", "2", "forum", WordScore(0.0, 0.0, 0.0), None),
        PageScore("b", "1", None, None, SnippetScore(2, 2, 1, 2)),
        PageScore("b", "2", None, None, SnippetScore(0, 2, 2, 2)),
    ]
    found = summary(scores)
    assert set(found) == {"a", "a article", "a forum", "b"}
    assert found["a"] == {"pages": 2, "precision": 0.5, "recall": 0.25, "f1": 0.3333}
    assert found["b"] == {"pages": 2, "precision": 0.6667, "recall": 0.5, "f1": 0.5714}
    assert "| a article | 1 | 1.000 | 0.500 | 0.667 |" in score_table(found)


def test_blocks_are_scored_by_trees_that_have_not_seen_their_site(tiny_settings: Settings) -> None:
    rng = np.random.default_rng(0)
    rows = 1_000
    matrix = rng.normal(size=(rows, 3)).astype(np.float32)
    site = rng.integers(0, 20, rows).astype(np.int32)
    ones = np.ones(rows, np.float32)
    learnable = BaseSet(("a", "b", "c"), matrix, (matrix[:, 0] > 0).astype(np.float32), ones, site)
    assert cross_validate_blocks(learnable, tiny_settings) > 0.95
    matrix[:, 1] = site  # what depends on the site alone must not be learnt
    by_site = BaseSet(("a", "b", "c"), matrix, (site * 7 % 20 >= 10).astype(np.float32), ones, site)
    assert cross_validate_blocks(by_site, tiny_settings) < 0.75
