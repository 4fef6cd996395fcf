"""The page model learns from held-out pages, and is measured on pages of folds it was not fitted on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import joblib
import numpy as np
import pytest

from model import Cleaner
from model.page_model import N_INPUTS, PAGE_TYPES
from training.bench_pages import main, page_scores, report
from training.card import model_card
from training.corpora import LabelledPage
from training.metrics import WordScore
from training.page_fitting import FACTORS, RECORDS, PageRecord, cross_fitted, fit_page_model, loss_table, page_record


def record(number: int, lost: Sequence[float] | None = None, article_words: int = 100) -> PageRecord:
    """A page whose type and F1 can be read off its inputs."""
    rng = np.random.default_rng(number)
    inputs = rng.normal(size=N_INPUTS).astype(np.float32)
    inputs[5:30] = number % 3 == np.arange(25) % 3
    f1 = 0.2 + 0.1 * (number % 7)
    score = WordScore(f1, f1, f1)
    rising = tuple(lost) if lost is not None else tuple(0.01 * place for place in range(len(FACTORS)))
    kinds = ("article", "forum", "product")
    return PageRecord(
        str(number), number % 5, kinds[number % 3], inputs, f1 + 0.1, (score,) * len(FACTORS), rising, article_words
    )


@pytest.fixture(scope="module")
def records() -> list[PageRecord]:
    return [record(number) for number in range(300)]


def test_type_and_quality_are_learnt_and_measured_held_out(records: list[PageRecord]) -> None:
    scores = page_scores(records)
    assert scores["type_accuracy"] > 0.8
    assert scores["confidence_spearman"] > 0.8
    assert set(scores["type_accuracy_by_type"]) == {"article", "forum", "product"}


def test_a_record_is_never_judged_by_a_model_of_its_fold(records: list[PageRecord]) -> None:
    by_fold = {record.fold: id(model) for record, model in cross_fitted(records)}
    assert len(set(by_fold.values())) == 5


def test_two_types_are_enough_to_fit(records: list[PageRecord]) -> None:
    some = [record for record in records if record.page_type != "product"]
    model = fit_page_model(some)
    right = [model.page_type(record.inputs) == record.page_type for record in some]
    assert np.mean(right) > 0.8


def test_each_type_has_the_cut_that_its_pages_score_best_at(records: list[PageRecord]) -> None:
    best = {"article": 1.0, "forum": 0.6, "product": 1.2}
    some = [
        replace(
            record,
            scores=tuple(WordScore(0.5, 0.5, 0.9 if f == best[str(record.page_type)] else 0.5) for f in FACTORS),
        )
        for record in records
    ]
    model = fit_page_model(some)
    assert {kind: model.factors[PAGE_TYPES.index(kind)] for kind in best} == best
    assert model.factors[PAGE_TYPES.index("listing")] == 1.0
    found = [best[str(record.page_type)] / model.cut_factor(record.inputs) for record in some]
    assert np.median(found) == pytest.approx(1.0, abs=0.2)


def test_the_table_of_losses_rises_and_long_pages_do_not_rule() -> None:
    bumpy = [0.0, 0.05, 0.01] + [0.1] * (len(FACTORS) - 3)
    nothing = [0.0] * len(FACTORS)
    table = loss_table([record(1, bumpy, 2_000), record(2, nothing, 1_000_000)])
    assert [share for share, _ in table] == sorted(share for share, _ in table)
    assert table[1] == pytest.approx((0.025, FACTORS[1]))


def test_the_report_has_all_three_parts(
    records: list[PageRecord], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--folds", str(tmp_path)]) == 2
    joblib.dump(records, tmp_path / RECORDS)
    assert main(["--folds", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert printed.strip() == report(records).strip()
    for part in ("## Page type", "Spearman", "| balanced |", "| lose at most 1 % |"):
        assert part in printed


def test_the_card_tells_what_was_measured(records: list[PageRecord]) -> None:
    facts = {"trained_at": "x", "data_digest": "y" * 20, "sources": {}, "scores": {"page_model": page_scores(records)}}
    card = model_card("one", facts)
    assert "page type is right on" in card
    assert "| lose at most 1 % |" in card


def test_pages_without_gold_teach_types_and_nothing_else(records: list[PageRecord]) -> None:
    bare = [replace(record(number), page_type="article", scores=(), lost=(), article_words=0) for number in (3, 6, 9)]
    without, with_bare = fit_page_model(records), fit_page_model([*records, *bare])
    assert with_bare.losses == without.losses
    assert with_bare.factors == without.factors
    np.testing.assert_allclose(with_bare.types.mean, np.mean([r.inputs for r in [*records, *bare]], axis=0), atol=1e-5)
    assert len(cross_fitted([*records, *bare])) == len(records)
    assert page_scores([*records, *bare])["pages"] == len(records)


def test_a_page_without_gold_that_reads_like_an_article_is_taken_for_one(
    tiny_cleaner: Cleaner, make_page: Callable[[int], LabelledPage]
) -> None:
    found = page_record(tiny_cleaner, replace(make_page(1), gold=None, page_type=None), 0)
    assert found is not None
    assert (found.page_type, found.scores) == ("article", ())


def test_a_page_is_recorded_at_every_factor(tiny_cleaner: Cleaner, make_page: Callable[[int], LabelledPage]) -> None:
    found = page_record(tiny_cleaner, make_page(1), 0)
    assert found is not None
    assert len(found.scores) == len(found.lost) == len(FACTORS)
    assert found.lost[0] == 0.0
    assert found.scores[0].recall >= found.scores[-1].recall
    assert FACTORS[found.nearest(1.0)] == 1.0
    assert FACTORS[found.nearest(9.0)] == max(FACTORS)
    assert found.inputs.shape == (N_INPUTS,)
