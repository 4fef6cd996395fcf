"""Plain text, put together again from the lines that are kept."""

from __future__ import annotations

import pytest

from model.limits import Limits
from model.rendering import join_text
from model.text_blocks import segment_text
from model.types import CleanedBlock, Label, Page


def laid_out(source: str, *dropped: str) -> str:
    """What `source` comes to without the lines that hold one of these."""
    found = segment_text(Page(source, "text"), Limits()).blocks
    kept = [CleanedBlock(b.text, Label.BODY, 1.0, True, (), b.position) for b in found if b.text not in dropped]
    return join_text(kept, "text", source)


@pytest.mark.parametrize(
    "source",
    [
        "Text.\n\n```python\ndef f():\n    for x in y:\n        g(x)\n\n\n    return 1\n```\n\nMore.",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "> Said by one.\n> And more.\n>\n> And a list:\n> - one",
        "- one\n  - nested\n    - deeper\n- two\n\n- three",
        "1. one\n\n   More of one.\n\n   ```\n   code\n     deeper\n   ```\n\n2. two\n   goes on",
        "Text.\n\n~~~\n```\nno = end\n~~~",
        "The poem goes:\n\nThe tide comes in,\n  the tide goes out,\nand nobody knows why.\n\nThat was it.",
        "Write to us.\n\nThe Harbour Post\n3 Quay Lane\nPorttown",
    ],
    ids=["code", "table", "quotation", "list", "list with code", "fences of two kinds", "verse", "address"],
)
def test_markdown_stays_what_it_was(source: str) -> None:
    assert laid_out(source) == source


def test_lines_that_are_dropped_leave_nothing_behind() -> None:
    assert laid_out("- one\nADVERT\n- two", "ADVERT") == "- one\n\n- two"
    assert laid_out("| a |\n| advert |\n| b |", "| advert |") == "| a |\n| b |"
    assert laid_out("```\na\n  drop()\n  b\n```", "drop()") == "```\na\n  b\n```"


def test_lines_that_mean_nothing_together_are_paragraphs() -> None:
    assert laid_out("One.\n    Two.\n\n\nThree.\n- item") == "One.\n\nTwo.\n\nThree.\n\n- item"
    assert laid_out("> Said.\n\n> By another.") == "> Said.\n\n> By another."
    assert laid_out("```\nNothing closes this.\n  Nor this.") == "```\n\nNothing closes this.\n\nNor this."


def test_short_paragraphs_are_no_verse() -> None:
    assert laid_out("Well.\n\nIt rained.\nNobody came.\nThe end") == "Well.\n\nIt rained.\n\nNobody came.\n\nThe end"
    assert laid_out("One\nTwo\nThree") == "One\n\nTwo\n\nThree"
    assert laid_out("Head\n\nOne\nTwo\nADVERT\nThree", "ADVERT") == "Head\n\nOne\nTwo\nThree"


def test_a_page_that_is_indented_as_a_whole_is_not_indented() -> None:
    assert laid_out("\t\t- one\n\t\t  - nested\n\t\t- two") == "- one\n  - nested\n- two"


def test_a_long_list_stays_one() -> None:
    source = "\n".join(["- one"] * 5_000)
    assert laid_out(source) == source
