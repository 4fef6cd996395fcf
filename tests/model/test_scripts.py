"""Sentences end and words hold together in every script, not in Latin alone."""

from __future__ import annotations

import pytest

from model.block_features import text_columns
from model.lexicon import text_tokens
from model.scripts import has_marks
from model.topic_features import topic_columns
from model.types import Block, Position


def block(text: str) -> tuple[Block, ...]:
    return (Block(text, Position(1, 1)),)


@pytest.mark.parametrize(
    "sentence",
    [
        "The boat left at dawn.",
        "„Das Boot fuhr früh.“".replace("“", "”"),
        "नाव सुबह निकल गई।",
        "নৌকাটি ভোরে ছেড়ে গেল।",
        "کشتی صبح کو روانہ ہوئی۔",
        "هل غادر القارب؟",
        "船は夜明けに出た。",
        "「もう出たよ。」",
        "မနက်စောစော လှေထွက်သွားသည်။",
        "ጀልባው ማለዳ ወጣ።",
        "Նավակը մեկնեց լուսաբացին։",
        "เรือออกจากท่าตั้งแต่ก่อนฟ้าสาง ชาวประมงอีกสามสิบคนรออยู่บนฝั่งจนกว่าน้ำจะขึ้นเต็มที่",
    ],
)
def test_a_sentence_is_known_by_its_stop_in_every_script(sentence: str) -> None:
    assert text_columns(block(sentence), None)["ends_sentence"].tolist() == [1]


@pytest.mark.parametrize("button", ["Read more", "और पढ़ें", "อ่านต่อ", "続きを読む", "المزيد"])
def test_a_button_ends_no_sentence(button: str) -> None:
    assert text_columns(block(button), None)["ends_sentence"].tolist() == [0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("अपनी टिप्पणी लिखें", ["अपनी", "टिप्पणी", "लिखें"]),
        ("আপনার মন্তব্য লিখুন", ["আপনার", "মন্তব্য", "লিখুন"]),
        ("உங்கள் கருத்து", ["உங்கள்", "கருத்து"]),
        ("Re\u0301agir ici", ["re\u0301agir", "ici"]),
        ("ที่นี่", ["ที่", "นี่"]),
        ("İLGİLİ HABER", ["ilgili", "haber"]),
    ],
)
def test_vowel_signs_and_accents_belong_to_their_word(text: str, words: list[str]) -> None:
    assert has_marks(text.lower())
    assert text_tokens(text)[: len(words)] == words


def test_what_a_line_shares_with_the_text_is_told_by_whole_words_in_hindi_too() -> None:
    paragraph = "पंचायत ने तालाब की सफ़ाई का काम मछुआरों को सौंप दिया।"
    lines = (*block(paragraph), *block("तालाब की सफ़ाई पर पंचायत"), *block("मौसम का हाल"))
    prose = text_columns(lines, None)["ends_sentence"]
    shared = topic_columns(lines, prose)["topic_shared"]
    assert shared[1] == 1
    assert shared[2] <= 0
