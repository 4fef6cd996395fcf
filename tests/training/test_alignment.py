"""A block's coverage is the share of its words that stand in the gold, in order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training import alignment
from training.alignment import MIN_COVERED, coverage


@pytest.mark.parametrize(
    ("blocks", "gold", "shares"),
    [
        pytest.param([], "gold", [], id="no blocks"),
        pytest.param(["a b"], "", [0], id="no gold"),
        pytest.param(["", "—", "a"], "a", [0, 0, 1], id="blocks without words"),
        pytest.param(["Menu", "One two three.", "Footer"], "one two three", [0, 1, 0], id="one paragraph"),
        pytest.param(["a b c d"], "a b", [0.5], id="half of it"),
        pytest.param(["b a"], "a b", [0.5], id="in another order"),
        pytest.param(["x a", "b y", "c"], "a b c", [0.5, 0.5, 1], id="gold spread over blocks"),
        pytest.param(["GRÖSSE", "größe"], "Größe", [0, 1], id="upper case of another spelling"),
    ],
)
def test_shares_worked_out_by_hand(blocks: list[str], gold: str, shares: list[float]) -> None:
    found = coverage(blocks, gold)
    assert found.dtype == np.float32
    assert found.tolist() == pytest.approx(shares)


def test_a_phrase_that_stands_in_a_menu_and_in_the_article_is_found_where_its_neighbours_are() -> None:
    blocks = ["the old bridge", "news", "they closed the old bridge on monday for good", "the old bridge"]
    assert coverage(blocks, "They closed the old bridge on Monday for good.").tolist() == [0, 0, 1, 0]


def test_a_phrase_that_is_repeated_in_the_gold_is_found_as_often() -> None:
    assert coverage(["go on", "go on", "go on"], "go on go on").sum() == 2


def test_order_decides_between_equal_blocks() -> None:
    blocks = ["title", "first part", "advert", "second part", "title"]
    assert coverage(blocks, "title first part second part").tolist() == [1, 1, 0, 1, 0]


def test_very_long_pages_are_aligned_at_their_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alignment, "_MAX_CELLS", 40)
    assert coverage(["a b", "c d", "e f", "g h"], "a b c d e f g h").tolist() == [1, 1, 0.5, 0]


@given(st.lists(st.lists(st.sampled_from("abcde"), max_size=6).map(" ".join), max_size=8), st.data())
def test_gold_made_of_blocks_covers_as_many_words_as_it_has(blocks: list[str], data: st.DataObject) -> None:
    chosen = [block for block in blocks if data.draw(st.booleans())]
    shares = coverage(blocks, "\n".join(chosen))
    sizes = np.array([len(block.split()) for block in blocks], float)
    assert ((shares >= 0) & (shares <= 1)).all()
    assert float((shares * sizes).sum()) == pytest.approx(sum(len(block.split()) for block in chosen), abs=1e-4)


def test_half_of_a_block_is_enough() -> None:
    assert MIN_COVERED == 0.5
