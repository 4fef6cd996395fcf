"""Texts of one site together: the same texts as one by one, and no line of them in the table."""

from __future__ import annotations

from model import Cleaner
from training.bench_renderings import RenderedText
from training.bench_sites import table
from training.marked_texts import MarkedText

SLOGAN = "The mayor praised the harbour and the lamps"


def group(count: int) -> list[RenderedText]:
    texts = []
    for number in range(count):
        name = chr(97 + number // 26) + chr(97 + number % 26)
        story = f"The baker {name} had been up since three in the morning, when the first customers came in."
        texts.append(
            RenderedText("tool", MarkedText(f"wcxb/{number}", None, (story, SLOGAN, story), (True, False, True)), story)
        )
    return texts


def test_recurring_lines_go_when_the_texts_are_cleaned_together(tiny_cleaner: Cleaner) -> None:
    alone, together = table([group(400)], lambda _: tiny_cleaner).split("\n")[2:]
    assert alone.startswith("| one by one |")
    assert together.split("|")[2].strip() == "100.0%"
    assert "mayor" not in alone + together


def test_without_groups_nothing_is_counted(tiny_cleaner: Cleaner) -> None:
    assert "| together | 0.0% | 0.00% |" in table([], lambda _: tiny_cleaner)
