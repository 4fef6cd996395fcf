"""What is kept of a page of prose is read once more as plain text, and prompts between its paragraphs go."""

from __future__ import annotations

from pathlib import Path

import pytest

from model import Cleaner, Options

PARAGRAPHS = (
    "The orchard behind the chapel was planted in 1911, when the village still had a cider press of its own.",
    "Three of the trees bear a small yellow apple that nobody has been able to name, although two experts have tried.",
    "Last autumn a retired teacher grafted a branch of each onto new stock, and all but one of them have taken.",
    "She means to give the young trees away, one to every house that has room for a ladder and somebody to hold it.",
    "The press itself stands in the barn of a neighbour, who says it needs nothing but a new screw and some patience.",
)


@pytest.fixture(scope="module")
def cleaner() -> Cleaner:
    return Cleaner.load()


def page(*between: str) -> str:
    """An article whose template gives prompts no name of their own: they are paragraphs like the others."""
    parts = [f"<p>{text}</p>" for text in PARAGRAPHS]
    for place, prompt in enumerate(between, 1):
        parts.insert(2 * place, prompt)
    body = "".join(parts)
    return f"<html><body><div><h1>An apple without a name</h1><div>{body}</div></div></body></html>"


@pytest.mark.parametrize(
    "prompt",
    [
        "<p>Please use Chrome browser for a more accessible video player</p>",
        "<p>Advertisement</p>",
        '<p><a href="/x">Read more: Village fair moves to the first of May</a></p>',
    ],
)
def test_a_prompt_between_paragraphs_goes_and_the_paragraphs_stay(cleaner: Cleaner, prompt: str) -> None:
    cleaned = cleaner.clean(page(prompt), kind="html")
    assert cleaned.text.split("\n\n") == list(PARAGRAPHS)


def test_a_phrase_to_keep_outweighs_the_second_reading(cleaner: Cleaner) -> None:
    options = Options(always_keep=("chrome browser",))
    cleaned = cleaner.clean(page("<p>Please use Chrome browser for our player</p>"), kind="html", options=options)
    assert "Please use Chrome browser for our player" in cleaned.text


def test_a_list_page_is_not_read_twice(cleaner: Cleaner, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the second reading is for pages of prose")

    monkeypatch.setattr("model.classifier.Classifier.read_as_text", refuse)
    items = "".join(f"<li><a href='/{number}'>Chair number {number}</a> 40 EUR</li>" for number in range(40))
    cleaner.clean(f"<html><body><main><ul>{items}</ul></main></body></html>", kind="html")
    with pytest.raises(AssertionError, match="pages of prose"):
        cleaner.clean(page("<p>Advertisement</p>"), kind="html")


def test_the_news_example_loses_its_prompts(cleaner: Cleaner) -> None:
    example = Path(__file__).parents[2] / "examples" / "news-player.html"
    text = cleaner.clean(example.read_bytes()).text
    assert "Chrome browser" not in text
    assert "Read more:" not in text
