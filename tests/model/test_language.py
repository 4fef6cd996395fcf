"""A text's language is told by its ISO code, or not at all."""

from __future__ import annotations

import pytest

from model.language import detect_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The first boat left the harbour at dawn, and by noon the others had followed it out to sea.", "en"),
        ("Das erste Boot verließ den Hafen im Morgengrauen, und gegen Mittag waren ihm die anderen gefolgt.", "de"),
        ("El primer barco salió del puerto al amanecer, y al mediodía los demás lo habían seguido.", "es"),
        (
            "Первая лодка вышла из гавани на рассвете, а к полудню за ней ушли и остальные. Дети ещё долго стояли на "
            "берегу, потому что никто не сказал им, когда рыбаки вернутся домой.",
            "ru",
        ),
        (
            "第一艘船在黎明时分离开了港口，到中午时其他船只也都跟着出海了，岸上只剩下几个孩子和一条狗在等着他们回来。",
            "zh",
        ),
        (
            "最初の船は夜明けに港を出て、昼までにはほかの船もそのあとを追って沖に出ていった。子どもたちが待っていた。",
            "ja",
        ),
        ("Новый мост через реку открыли на месяц раньше срока, строители работали даже ночью.", "ru"),
        ("Новий міст через річку відкрили на місяць раніше, будівельники працювали навіть уночі.", "uk"),
        ("Новият мост над реката беше открит с месец по-рано, защото строителите работеха и нощем.", "bg"),
        ("Новы мост праз раку адкрылі на месяц раней тэрміну, будаўнікі працавалі нават ноччу.", "be"),
        ("Новиот мост преку реката беше отворен еден месец порано, бидејќи градежниците работеа и ноќе.", "mk"),
        ("Шинэ гүүр өнөөдөр өглөө нээгдэж, хүмүүс орой болтол голыг явган гаталж байлаа.", "mn"),
        ("Жаңы көпүрө бүгүн эртең менен ачылды, эл кечке чейин өзөндөн жөө өттү.", "ky"),
        ("Яңа күпер бүген иртән ачылды, халык кичкә кадәр елганы җәяү кичте.", "tt"),
        ("Яңы күпер бөгөн иртән асылды, халыҡ кискә тиклем йылғаны йәйәү үтте.", "ba"),
        ("Пули нав имрӯз субҳ кушода шуд ва мардум то шом аз дарё пиёда мегузаштанд.", "tg"),
        ("Янги кўприк бугун эрталаб очилди, халқ кечгача дарёдан пиёда ўтди, ҳамма хурсанд эди.", "uz"),
        ("Ҫӗнӗ кӗпер паян ирхине уҫӑлчӗ, халӑх каҫчен юхан шыв урлӑ ҫуран каҫрӗ.", "cv"),
        ("Жаңа көпір бүгін таңертең ашылды, халық кешке дейін өзеннен жаяу өтті.", "kk"),
        ("Broen blev åbnet i morges, og folk gik over åen, indtil det blev mørkt og nogle gik hjem.", "da"),
        ("Broen ble åpnet i morges, og folk gikk over elva til det ble mørkt og noen gikk hjem.", "no"),
        ("Bron öppnades i morse, och folk gick över ån från morgonen tills det inte var ljust.", "sv"),
        ("Gallia est omnis divisa in partes tres, quarum unam incolunt Belgae, aliam Aquitani.", "la"),
    ],
)
def test_the_language_of_a_text_is_recognised(text: str, code: str) -> None:
    assert detect_code(text) == code


@pytest.mark.parametrize("text", ["", "OK", "1 2 3", "Boat left", "… … …"])
def test_a_text_too_short_to_tell_has_no_language(text: str) -> None:
    assert detect_code(text) is None


def test_only_the_beginning_is_looked_at() -> None:
    english = "The first boat left the harbour at dawn, and by noon the others had followed it. " * 30
    assert detect_code(english + "Das ist nicht mehr wichtig. " * 10_000) == "en"
