"""Sign-in walls, error pages and checks for robots hold no article; pages about such things do."""

from __future__ import annotations

import pytest

from model import Cleaner
from model.gates import gate_of
from model.types import Metadata, Segmentation

SENTENCE = "The harbour master counts the boats each morning and writes their names into a book that nobody else reads."
MAIN = "<main><h1>Sorry</h1><p>The address may have been typed wrongly, or the page was moved.</p></main>"


def gate(title: str | None) -> str | None:
    return gate_of(Segmentation((), (), Metadata(title=title)))


@pytest.mark.parametrize(
    ("title", "meaning"),
    [
        ("Sign in", "sign in"),
        ("Sign in to continue", "sign in"),
        ("LOGIN | Harbour Post", "sign in"),
        ("Anmelden – Hafenbote", "sign in"),
        ("Connexion", "sign in"),
        ("ログイン", "sign in"),
        ("Вход", "sign in"),
        ("404", "error"),
        ("404 Not Found", "error"),
        ("Page not found - Harbour Post", "error"),
        ("Seite nicht gefunden", "error"),
        ("页面未找到", "error"),
        ("Just a moment...", "robot"),
        ("Attention Required! | Shield", "robot"),
    ],
)
def test_a_title_tells_what_a_page_does_instead(title: str, meaning: str) -> None:
    assert meaning in (gate(title) or "")


@pytest.mark.parametrize(
    "title",
    [
        None,
        "",
        "Login-Probleme lösen",
        "Loginov wins again",
        "500 Days of Sailing",
        "404 ships lost in one winter",
        "Forbidden Harbours of the North",
        "Just a moment of peace",
        "Connexion difficile au port",
        "Masukan warga",
        "How to sign in",
    ],
)
def test_titles_that_only_begin_alike_tell_nothing(title: str | None) -> None:
    assert gate(title) is None


@pytest.mark.parametrize(("title", "why"), [("Sign in to continue", "sign in"), ("Page not found", "reports an error")])
def test_a_gate_comes_out_empty_and_says_why(shipped_cleaner: Cleaner, title: str, why: str) -> None:
    cleaned = shipped_cleaner.clean(f"<html><head><title>{title}</title></head><body>{MAIN}</body></html>")
    assert (cleaned.text, cleaned.status) == ("", "empty")
    assert why in cleaned.warnings[-1]
    assert cleaned.confidence > 0.9


def test_an_article_under_such_a_title_stays(shipped_cleaner: Cleaner) -> None:
    paragraphs = f"<p>{SENTENCE}</p>" * 10
    page = f"<html><head><title>404</title></head><body><article><h1>404</h1>{paragraphs}</article></body></html>"
    assert shipped_cleaner.clean(page).text.count(SENTENCE) == 10
