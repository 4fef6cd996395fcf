"""Our own lines: each has a label, a language and a fold that never changes, and can be filled in."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from model.types import NOISE_LABELS, Label
from training.own_lines import FOLDS, OwnLine, body_lines, noise_lines


@pytest.mark.parametrize("line", [OwnLine("{name} on {date} at {time}", Label.BYLINE, "en", 0)])
def test_placeholders_are_filled_the_same_way_by_the_same_generator(line: OwnLine) -> None:
    texts = {line.text(random.Random(1)) for _ in range(3)}
    assert len(texts) == 1
    assert "{" not in texts.pop()


def test_a_title_is_taken_from_those_given() -> None:
    line = OwnLine("Read more: {title}", Label.RELATED, "en", 0)
    assert line.text(random.Random(1), ["The geese"]) == "Read more: The geese"
    assert line.text(random.Random(1)) != "Read more: {title}"


def test_every_noise_line_has_a_noise_label_and_can_be_filled() -> None:
    rng = random.Random(0)
    for line in noise_lines():
        assert line.label in (*NOISE_LABELS, Label.BYLINE)
        text = line.text(rng)
        assert text.strip() == text != ""
        assert "\n" not in text
        assert "{" not in text


def test_prose_is_body_without_placeholders() -> None:
    assert {line.label for line in body_lines()} == {Label.BODY}
    assert not [line for line in body_lines() if "{" in line.template or "\n" in line.template]


def test_no_line_is_both_prose_and_prompt_of_one_language() -> None:
    prompts = {(line.language, line.template.lower()) for line in noise_lines()}
    assert not [line for line in body_lines() if (line.language, line.template.lower()) in prompts]


def test_every_language_with_prompts_has_prose_beside_them_or_corpora() -> None:
    in_corpora = {"en", "de"}
    assert {line.language for line in noise_lines()} - {line.language for line in body_lines()} <= in_corpora


def test_lines_are_spread_over_all_folds_by_their_text_alone() -> None:
    folds = Counter(line.fold for line in noise_lines())
    assert set(folds) == set(range(FOLDS))
    assert max(folds.values()) < 1.5 * min(folds.values())
    by_text: dict[str, set[int]] = {}
    for line in noise_lines():
        by_text.setdefault(line.template, set()).add(line.fold)
    assert {len(folds) for folds in by_text.values()} == {1}
