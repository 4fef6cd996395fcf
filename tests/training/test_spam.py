"""The spam model's training: what is learnt from, kept apart, disguised and promised."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from model.errors import InputError
from model.spam_features import features_of
from model.types import PostedComment
from service.web.feedback import FeedbackStore
from training import bench_spam, spam
from training.spam_attacks import ATTACKS
from training.spam_lines import spam_lines
from training.spam_reports import reported_comments

SPAM_TEXT = "Cheap pills here http://pills.example and free money for everybody"


@pytest.fixture(scope="module")
def rows() -> list[spam.Row]:
    return spam.own_rows()


def test_own_lines_have_both_kinds_in_every_file_and_no_open_placeholder() -> None:
    rng = random.Random(1)
    for language in {line.language for line in spam_lines()}:
        kinds = {line.is_spam for line in spam_lines() if line.language == language}
        assert kinds == {True, False}
    for line in spam_lines():
        assert "{" not in line.filled(rng).text


def test_no_own_line_stands_twice() -> None:
    texts = [(line.text, line.author) for line in spam_lines()]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_changes_the_text_the_same_way_for_the_same_seed_and_leaves_the_link(name: str) -> None:
    attacked = ATTACKS[name](SPAM_TEXT, random.Random(3))
    assert attacked != SPAM_TEXT
    assert attacked == ATTACKS[name](SPAM_TEXT, random.Random(3))
    assert "http://pills.example" in attacked


def test_repeats_are_dropped_whatever_their_case_and_space(rows: list[spam.Row]) -> None:
    row = rows[0]
    again = spam.Row(row.source, PostedComment(row.comment.text.upper() + "  "), row.is_spam, "other")
    assert spam.without_repeats([row, again]) == [row]


def test_fillings_of_one_line_stay_in_one_fold(rows: list[spam.Row]) -> None:
    folds: dict[str, set[int]] = {}
    for row in rows:
        folds.setdefault(row.group, set()).add(spam.fold_of(row))
    assert all(len(found) == 1 for found in folds.values())


def test_a_model_fitted_on_our_lines_tells_unseen_spam_from_ham(rows: list[spam.Row]) -> None:
    model = spam.fit_calibrated(rows)
    posted = [
        PostedComment("Get your loan today, write to quickloan@x.example"),
        PostedComment("The soup was too salty."),
    ]
    sold, honest = (model.logit(features_of(comment)) for comment in posted)
    assert sold > 0 > honest
    assert 0.5 <= model.threshold < 1


def test_the_threshold_keeps_the_promise() -> None:
    chances = np.concatenate([np.full(97, 0.1), [0.6, 0.7, 0.8]])
    threshold = spam.safe_threshold(chances, np.ones(100))
    assert (chances >= threshold).mean() <= spam.MOST_HAM_LOST


def test_reports_of_the_service_are_learnt_from_and_the_last_word_holds(tmp_path: Path) -> None:
    file = tmp_path / "what?100%.sqlite"  # signs that mean something in the address of a database
    store = FeedbackStore(file)
    for is_spam in (True, False):
        store.report(
            PostedComment("tea sale", "Ida", "http://tea.example"), is_spam=is_spam, site="a", day="2026-01-01"
        )
    (row,) = spam.reported_rows(file)
    assert (row.comment, row.is_spam, row.source) == (
        PostedComment("tea sale", "Ida", "http://tea.example"),
        False,
        spam.REPORTED,
    )


def test_a_database_without_reports_has_none_and_other_files_are_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.sqlite"
    with closing(sqlite3.connect(empty)) as database:
        database.execute("CREATE TABLE other (id)")
    assert reported_comments(empty) == []
    (tmp_path / "text").write_text("no database, although long enough to be one" * 10)
    for file in (tmp_path / "text", tmp_path / "missing"):
        with pytest.raises(InputError):
            reported_comments(file)


def test_the_bench_measures_nothing_where_no_corpus_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench_spam.main(["--root", str(tmp_path), "--output", str(tmp_path / "out.md")]) == 0
    assert "nothing is measured" in capsys.readouterr().err
    assert not (tmp_path / "out.md").exists()
