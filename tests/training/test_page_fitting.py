"""The page model learns from held-out pages, and is measured on pages of folds it was not fitted on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import joblib
import numpy as np
import pytest

from model import Cleaner
from model.page_model import N_INPUTS
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


def test_a_page_is_recorded_at_every_factor(tiny_cleaner: Cleaner, make_page: Callable[[int], LabelledPage]) -> None:
    found = page_record(tiny_cleaner, make_page(1), 0)
    assert found is not None
    assert len(found.scores) == len(found.lost) == len(FACTORS)
    assert found.lost[0] == 0.0
    assert found.scores[0].recall >= found.scores[-1].recall
    assert found.inputs.shape == (N_INPUTS,)
