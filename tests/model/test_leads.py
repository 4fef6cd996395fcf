"""A line that names another story before a colon counts as noise, whatever follows, and so do an article's tags."""

from __future__ import annotations

import numpy as np
import pytest

from model import Cleaner
from model.leads import FILED, LEADS, weigh_leads
from model.lexicon import lead_token
from model.types import Block, Element, Position, Segmentation


def lowered(line: str, chance: float = 0.8) -> float:
    page = Segmentation((Block(line, Position(1, 1)), Block("The ferry came back.", Position(2, 1))))
    article = np.full(2, chance, np.float32)
    words = np.array([line.count(" ") + 1, 4], np.float32)
    result = weigh_leads(page, words, article)
    assert result[1] == article[1]
    return float(result[0])


@pytest.mark.parametrize(
    "line",
    [
        "Read more: the ferry that came back", "RELATED: Nine walks for a wet afternoon",
        "Lire aussi : le bac est revenu",
        "İLGİLİ HABER: Vapur geri döndü", "【あわせて読みたい】渡し船が戻った日", "相关阅读：渡船回来了",
        "اقرأ أيضًا: العبارة تعود", "Lesen Sie auch: Die Fähre ist zurück",
    ],
)  # fmt: skip
def test_a_lead_to_another_story_lowers_the_chance(line: str) -> None:
    assert lowered(line) < 0.08


@pytest.mark.parametrize(
    "line",
    [
        "Read more of it and you will see", "Note: the ferry came back", "Tide tables: high water at noon",
        "Read more: " + "and then the ferry came back " * 5,
    ],
)  # fmt: skip
def test_other_lines_are_left_alone(line: str) -> None:
    assert lowered(line) == pytest.approx(0.8)


@pytest.mark.parametrize(
    "line",
    [
        "Tags: ferries, harbours", "Filed under: boats", "Schlagwörter: Fähre, Hafen", "Теги: паром, гавань",
        "ETİKETLER: vapur", "关键词：渡船",
    ],
)  # fmt: skip
def test_what_a_text_is_filed_under_is_no_part_of_it(line: str) -> None:
    assert lowered(line) < 0.08


def test_markup_says_by_itself_what_its_categories_are() -> None:
    page = Segmentation((Block("Category: boats", Position(1, 1), element=0),), (Element(-1, "p", ()),))
    article = np.array([0.8], np.float32)
    assert weigh_leads(page, np.array([2], np.float32), article)[0] == article[0]


def test_every_lead_is_spelt_as_a_line_that_opens_with_it_gives_it() -> None:
    assert len(LEADS) > 150
    assert len(FILED) > 80
    leads = LEADS | FILED
    assert "" not in leads, "a lead of too many words is spelt as none, and so is every line without a lead"
    lines = {lead: (lead.replace(" ", "") if lead[0] > "\u2fff" else lead) + " x" for lead in leads}
    assert {lead: lead_token(line) for lead, line in lines.items()} == {lead: lead for lead in leads}


@pytest.mark.parametrize(
    "form", ["Leave a Reply", "Laisser un commentaire", "Your email address will not be published."]
)
def test_the_commonest_noise_goes_from_the_shortest_texts(shipped_cleaner: Cleaner, form: str) -> None:
    said = "The tower was closed on Friday after stones fell. Nobody was hurt, the council said."
    assert shipped_cleaner.clean(f"{said}\n{form}", kind="text").text == said
