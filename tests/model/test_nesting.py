"""Rows of a table keep their heads, and tables that lay out a page are no data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model import Cleaner, Options
from model.html_blocks import segment_html
from model.limits import Limits
from model.nesting import cells_of_kept_rows, containers
from model.rendering import join_text, render
from model.types import Cleaned, CleanedBlock, Label, Page

ROW = "<tr><th>Weight</th><td>1.3 kg of canvas</td></tr>"


def heads(html: str, *body: bool, chance: float = 0.2) -> list[str]:
    """The texts that stay because of their row."""
    page = segment_html(Page(html, "html"), Limits())
    words = np.array([len(block.text.split()) for block in page.blocks], np.float32)
    article = np.full(len(words), chance, np.float32)
    return [
        page.blocks[number].text
        for number in cells_of_kept_rows(containers(page), words, article, np.array(body, bool))
    ]


def test_a_head_goes_with_the_cells_of_its_row() -> None:
    assert heads(f"<table>{ROW}</table>", False, True) == ["Weight"]
    assert heads(f"<table>{ROW}</table>", False, False) == []
    assert heads(f"<table>{ROW}</table>", True, True) == []


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><th>Weight</th></tr><tr><td>1.3 kg</td></tr></table>",
        "<table><tr><td>Weight</td><td>1.3 kg</td></tr></table>",
        f"<table><tr><th>{'word ' * 20}</th><td>1.3 kg</td></tr></table>",
        "<div>Weight</div><div>1.3 kg</div>",
    ],
    ids=["row of heads", "no head", "long", "no table"],
)
def test_other_blocks_stay_as_they_were(page: str) -> None:
    assert heads(page, False, True) == []


def test_most_of_the_cells_must_stay_and_what_is_settled_is_settled() -> None:
    page = "<table><tr><th>Size</th><td>one</td><td>of five long words here</td></tr></table>"
    assert heads(page, False, True, False) == []
    assert heads(f"<table>{ROW}</table>", False, True, chance=0.0) == []


def test_a_phrase_that_drops_a_head_is_heard(shipped_cleaner: Cleaner) -> None:
    page = Path("examples/shop-page.html").read_text("utf-8")
    assert "Weight\t1.3 kg" in shipped_cleaner.clean(page).text
    dropped = shipped_cleaner.clean(page, options=Options(always_drop=("Weight",))).text
    assert "Weight" not in dropped
    assert "1.3 kg" in dropped


def data_table(rows: str) -> Cleaned:
    """An article that holds a table of these rows."""
    page = segment_html(Page(f"<article><table>{rows}</table></article>", "html"), Limits())
    blocks = tuple(
        CleanedBlock(
            block.text, Label.BODY, 1.0, block.text != "advert", (), block.position, page.tag_of(block), inside
        )
        for block, inside in zip(page.blocks, containers(page), strict=True)
    )
    text = join_text([block for block in blocks if block.kept], "html")
    return Cleaned(text, None, None, None, None, None, 1.0, blocks, (), "ok", (), "v1")


def test_cells_beside_an_empty_one_stay_in_their_column() -> None:
    table = data_table("<tr><th></th><th>May</th></tr><tr><th>Rain</th><td>3</td><tr><td> <td>4</td></tr>")
    assert render(table, "markdown") == "|  | May |\n| --- | --- |\n| Rain | 3 |\n|  | 4 |"
    assert "<tr><td></td><th>May</th></tr>\n<tr><th>Rain</th><td>3</td></tr>" in render(table, "html")
    assert table.text == "\tMay\nRain\t3\n\t4"


def test_cells_that_span_columns_or_are_dropped_leave_room() -> None:
    rows = "<tr><td colspan=2>Both</td><td>C</td></tr><tr><td>advert</td><td>2</td><td>3</td></tr><tr><td>1</td></tr>"
    assert data_table(rows).text == "Both\t\tC\n\t2\t3\n1"


def test_cells_that_span_rows_leave_room_below_them() -> None:
    rows = (
        "<tbody><tr><td rowspan=2>Ada</td><td>2001</td><td rowspan=3>3</td></tr><tr><td>2002</td></tr>"
        "<tr><td colspan=2>Bo</td></tr><tr><td>Cy</td><td rowspan=9>5</td><td>6</td></tr></tbody>"
        "<tbody><tr><td>Di</td><td>7</td><td>8</td></tr></tbody>"
    )
    assert data_table(rows).text == "Ada\t2001\t3\n\t2002\nBo\nCy\t5\t6\nDi\t7\t8"
    assert "<tr><td></td><td>2002</td><td></td></tr>" in render(data_table(rows), "html")


def test_a_caption_stands_above_its_table() -> None:
    table = data_table("<caption>Rain by month</caption><tr><th>Month</th><th>Rain</th></tr><tr><td>May</td><td>3</td>")
    assert table.text == "Rain by month\n\nMonth\tRain\nMay\t3"
    assert render(table, "markdown") == "Rain by month\n\n| Month | Rain |\n| --- | --- |\n| May | 3 |"
    assert "<table>\n<caption>Rain by month</caption>\n<tr><th>Month</th>" in render(table, "html")


@pytest.mark.parametrize("span", ["colspan=900", "colspan=99999999999", "colspan=900 rowspan=900"])
def test_a_table_of_too_many_columns_has_no_empty_cells(span: str) -> None:
    table = data_table(f"<tr><td {span}>Both</td><td>1</td></tr><tr><td>2</td></tr>")
    assert render(table, "markdown") == "Both | 1\n\n2"


def test_a_row_of_short_cells_has_no_holes() -> None:
    row = "<tr><th>Farm</th><th>Sheep</th><th>Error</th></tr>"
    assert heads(f"<table>{row}</table>", False, True, True) == ["Farm"]
    assert heads(f"<table>{row}</table>", False, False, True) == []
    cells = "<tr><td>North</td><td>412</td><td>3.1 %</td></tr>"
    assert heads(f"<table>{cells}</table>", True, True, False) == ["3.1 %"]
    laid_out = f"<tr><td>Menu</td><td>{'word ' * 20}</td><td>Links</td></tr>"
    assert heads(f"<table>{laid_out}</table>", False, True, False) == []
    menu = "<tr><td><p>Home</p><p>News</p></td><td>Text</td><td>a few more words</td></tr>"
    assert heads(f"<table>{menu}</table>", False, False, True, True) == []


def test_a_cell_may_hold_a_list() -> None:
    table = data_table("<tr><td>Friday</td><td><ul><li>Juniors</li><li>Seniors</li></ul></td></tr><tr><td>a</td><td>b")
    assert table.text == "Friday\tJuniors Seniors\na\tb"
    nested = data_table("<tr><td>a<td><table><tr><td>b<td>c<tr><td>d<td>e</table></table>")
    assert nested.text == "a\n\nb\tc\nd\te"


def test_a_heading_keeps_its_level_whatever_stands_in_it(shipped_cleaner: Cleaner) -> None:
    page = "<article><h1>Opening hours</h1>{}</article>".format(
        "".join(
            f"<h4><button><span>Can I renew {what} online?</span></button></h4><p>Yes, you can renew {what} twice, "
            "unless somebody else has asked for it in the meantime and waits for it to come back.</p>"
            for what in ("a book", "a film", "a map")
        )
    )
    cleaned = shipped_cleaner.clean(page)
    assert "#### Can I renew a book online?" in render(cleaned, "markdown")
    assert "<h4>Can I renew a map online?</h4>" in render(cleaned, "html")


def test_terms_and_what_they_mean_stay_together_in_html() -> None:
    page = segment_html(
        Page("<dl><dt>Hours<dd>9 to 18<dd><p>Late</p><p>on Friday</p></dl><p>Text</p>", "html"), Limits()
    )
    blocks = tuple(
        CleanedBlock(block.text, Label.BODY, 1.0, True, (), block.position, page.tag_of(block), inside)
        for block, inside in zip(page.blocks, containers(page), strict=True)
    )
    cleaned = Cleaned("", None, None, None, None, None, 1.0, blocks, (), "ok", (), "v1")
    assert render(cleaned, "html") == (
        "<article>\n<dl>\n<dt>Hours</dt>\n<dd>9 to 18</dd>\n<dd>\n<p>Late</p>\n<p>on Friday</p>\n</dd>\n</dl>\n"
        "<p>Text</p>\n</article>"
    )
    assert render(cleaned, "markdown") == "Hours\n\n9 to 18\n\nLate\n\non Friday\n\nText"
