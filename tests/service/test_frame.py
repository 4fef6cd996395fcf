from __future__ import annotations

import pandas as pd
import pytest

from model import Cleaner
from model.errors import OptionError
from service.contract import PageCleaner
from service.frame import ADDED_COLUMNS, PREFIX, clean_frame

PAGE = "<html><body><nav><a href=/>Home</a></nav><article><p>{}</p></article></body></html>"
PROSE = (
    "The mill stood empty for thirty years before anybody thought of bees. Now two hundred hives line the old "
    "race, and the honey is sold out by August."
)


@pytest.fixture(scope="module")
def cleaner() -> Cleaner:
    return Cleaner.load()


def test_rows_keep_their_order_index_and_columns(cleaner: Cleaner) -> None:
    frame = pd.DataFrame(
        {"html": [PAGE.format(PROSE), PAGE.format("Second. " + PROSE)], "note": ["a", "b"]}, index=[7, 3]
    )
    result = clean_frame(frame, cleaner=cleaner)
    assert list(result.index) == [7, 3]
    assert list(result.columns) == ["html", "note", *(PREFIX + name for name in ADDED_COLUMNS)]
    assert result["clean_text"][7].startswith("The mill")
    assert result["clean_text"][3].startswith("Second.")
    assert list(frame.columns) == ["html", "note"]


def test_a_row_without_a_page_fails_alone(cleaner: Cleaner) -> None:
    result = clean_frame(pd.DataFrame({"html": [None, PAGE.format(PROSE), b"%PDF-1.4 binary"]}), cleaner=cleaner)
    assert list(result["clean_status"]) == ["failed", "ok", "failed"]
    assert "PDF" in result["clean_error"][2]


def test_text_is_read_where_a_row_has_no_markup(cleaner: Cleaner) -> None:
    result = clean_frame(
        pd.DataFrame({"html": [None], "text": [PROSE], "url": ["https://x.example/"]}), cleaner=cleaner
    )
    assert result["clean_text"][0] == PROSE


def test_an_empty_table_gives_the_same_columns(cleaner: Cleaner) -> None:
    result = clean_frame(pd.DataFrame({"html": []}), cleaner=cleaner)
    assert PREFIX + "text" in result.columns
    assert not len(result)


def test_a_table_without_pages_is_refused_by_name(cleaner: Cleaner) -> None:
    with pytest.raises(OptionError, match="column html"):
        clean_frame(pd.DataFrame({"body": ["x"]}), cleaner=cleaner)


def test_what_an_earlier_cleaning_added_is_replaced(cleaner: PageCleaner) -> None:
    once = clean_frame(pd.DataFrame({"text": ["Words."], "clean_text": ["mine"]}), cleaner=cleaner)
    assert once.columns.is_unique
    assert once["clean_text"].tolist() == ["Words."]
    assert clean_frame(once, cleaner=cleaner).equals(once)


def test_two_columns_of_one_name_are_refused(cleaner: PageCleaner) -> None:
    with pytest.raises(OptionError, match="more than one column html"):
        clean_frame(pd.DataFrame([["a", "b"]], columns=["html", "html"]), cleaner=cleaner)
