"""Disguises of comments are undone and counted; honest text comes through as it is."""

from __future__ import annotations

import pytest

from model.spam_text import HEAD_CHARS, TAIL_CHARS, undisguise


@pytest.mark.parametrize(
    ("source", "text", "counted"),
    [
        ("ch\u200bea\u00adp pills", "cheap pills", "invisible"),
        ("buy ch\u0435\u0430p p\u0456lls", "buy cheap pills", "look_alikes"),
        ("пp\u0438вeт дpyг, мир", "привет друг, мир", "look_alikes"),
        ("get f r e e   g.i.f.t cards", "get free gift cards", "spaced"),
        ("v1agra and fr33 stuff", "viagra and free stuff", "leet"),
        ("𝗳𝗿𝗲𝗲 ｇｉｆｔ", "free gift", "fancy"),
        ("[url=http://a.example/x]pills[/url]", "pills", "bbcode_links"),
        ('<a href="http://a.example/x">pills</a>', "pills", "html_links"),
    ],
)
def test_a_disguise_is_undone_and_counted(source: str, text: str, counted: str) -> None:
    seen = undisguise(source)
    assert seen.text == text
    assert getattr(seen, counted) > 0


@pytest.mark.parametrize(
    "honest",
    [
        "Thanks, this helped a lot.",
        "в GitHub есть issue, посмотри",
        "The CO2 figures for 2023 are on page 4.",
        "I am a B C D student.",
        "👩‍👩‍👧 lovely picture ❤️",
        "Ευχαριστώ για το άρθρο",
    ],
)
def test_honest_text_has_no_disguise(honest: str) -> None:
    seen = undisguise(honest)
    assert (seen.invisible, seen.look_alikes, seen.fancy, seen.html_links, seen.bbcode_links) == (0, 0, 0, 0, 0)


def test_hosts_of_links_are_found_in_every_form_and_taken_out_of_the_text() -> None:
    seen = undisguise("see https://www.A.example/x?y=1 and b.com, [link](http://c.example) and mail me@d.org")
    assert seen.hosts == ("c.example", "a.example", "b.com")
    assert "example" not in seen.text
    assert "me@d.org" in seen.text


def test_of_a_long_comment_start_and_end_are_read() -> None:
    seen = undisguise("a b " * HEAD_CHARS + " http://end.example")
    assert seen.hosts == ("end.example",)
    assert len(seen.text) <= HEAD_CHARS + TAIL_CHARS + 1
