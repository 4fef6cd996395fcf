"""A trail on top of a plain text ("Home > News > Harbour") counts as noise; titles and steps of a menu do not."""

from __future__ import annotations

import numpy as np
import pytest

from model.trails import weigh_trails
from model.types import Block, Position, Segmentation


def lowered(line: str, above: int = 0) -> float:
    texts = ["The ferry came back."] * above + [line, "It left at dawn."]
    page = Segmentation(tuple(Block(text, Position(number, 1)) for number, text in enumerate(texts, 1)))
    result = weigh_trails(page, np.full(len(texts), 0.8, np.float32))
    assert all(np.delete(result, above) == np.float32(0.8))
    return float(result[above])


@pytest.mark.parametrize(
    "line",
    [
        "Home > News > Harbour", "Home » Culture » Interviews", "Startseite / Lokales", "Accueil • Culture • Ports",
        "Главная › Новости › Порт", "الرئيسية / مدونات", "Home > News > Ferry service resumes after the storm",
    ],
)  # fmt: skip
def test_a_trail_on_top_lowers_the_chance(line: str) -> None:
    assert lowered(line) < 0.2


@pytest.mark.parametrize(
    "line",
    [
        "Ferries | The Harbour Post", "Anna Berg • 3 May", "302 ms → 261 ms", "if tide > 3 {",
        "« Nous sommes là », dit-elle.", "The ferry came back. / It left at dawn.", "",
    ],
)  # fmt: skip
def test_other_lines_are_left_alone(line: str) -> None:
    assert lowered(line) == pytest.approx(0.8)


def test_further_down_such_a_line_is_a_step_in_a_menu() -> None:
    assert lowered("Settings > Privacy > Cookies", above=3) == pytest.approx(0.8)


def test_a_title_of_that_shape_stays_where_it_was_sure() -> None:
    page = Segmentation((Block("Trains / Boats", Position(1, 1)),))
    assert weigh_trails(page, np.array([0.97], np.float32))[0] > 0.5
