"""Lines of plain text that ask something of the reader, claim rights or say who wrote: by phrases of many languages.

"Sign up for our newsletter", "All rights reserved", "Jump to recipe", "More from Harbour", a list of links as Markdown
writes it, "Ada is a columnist" at the end. Such lines are few on the pages that the trees learn from, and their golds
keep them as often as not. Articles about newsletters are longer, or the trees are too sure of them for this to matter.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from model.comment_words import opens_form
from model.odds import less_likely
from model.phrase_search import PhraseSearch
from model.scripts import STOPS
from model.types import Segmentation

_ASKS = """
newsletter|our bulletin|subscribe to|subscribe now|subscribe today|subscribe for|sign up to|sign up for|sign up here
sign up now|your inbox|become a member|become a subscriber|become a supporter|support us|support our work
support our journalism|make a donation|make a contribution|push notifications|behind a paywall|behind a wall
download our|enable notifications|t&cs apply|affiliate link|gamble responsibly
do you have a story|got a story|have a tip for|got a tip|email our|in the comments below
abonnieren sie|jetzt abonnieren|kostenlos abonnieren|kostenlos anmelden|ihr postfach|ihrem postfach|dein postfach
unterstützen sie uns|in die wichtigsten nachrichten|affiliate-link
suscríbete|suscríbase|suscribirse|boletín|hazte socio|regístrate
infolettre|inscrivez-vous|abonnez-vous|boîte mail|soutenez-nous|soutenez notre
iscriviti|abbonati alla|abbonati a|sostienici
inscreva-se|cadastre-se|assine a partir|assine agora|assine já
nieuwsbrief|meld je aan|abonneer
nyhetsbrev|prenumerera|nyhedsbrev|tilmeld dig|meld deg på|uutiskir
zapisz się|newslettera|subskrybuj|přihlaste se k odběru|odebírejte
подпишитесь|подписывайтесь|подпишись|рассылк|підпишіться|підписуйтесь|розсилк
abone ol|bültenimiz|bildirimleri açın
اشترك|نشرتنا|النشرة البريدية|خبرنامه
εγγραφείτε|ενημερωτικό δελτίο|hírlevél|iratkozz|iratkozzon|abonează-te|abonați-vă|buletin informativ
berlangganan|đăng ký nhận|bản tin
メールマガジン|メルマガ|会員登録|无料会員|無料会員|订阅|訂閱|구독하|뉴스레터
न्यूज़लेटर|न्यूजलेटर|सब्सक्राइब|नोटिफिकेशन|নিউজলেটার|সাবস্ক্রাইব|சந்தா செலுத்த
จดหมายข่าว|สมัครรับ|กดติดตาม|ניוזלטר|הרשמו ל|הצטרפו לערוץ|הצטרפו לקבוצ|نیوز لیٹر|سبسکرائب
абонирайте се|бюлетин|pretplatite se|prihláste sa na odber|odoberajte|subscriviu-vos|butlletí
liitu uudiskirjaga|prenumeruok|naujienlaišk
"""
_RIGHTS = """
all rights reserved|in whole or in part|prior written consent|prior written permission
alle rechte vorbehalten|todos los derechos|prohibida la reproducción|tous droits réservés|toute reproduction
tutti i diritti|riproduzione riservata|todos os direitos|alle rechten voorbehouden|eftertryck förbjudet
wszelkie prawa|všechna práva|все права|при использовании материалов|при копировании|всі права|tüm hakları|telif hak
حقوق محفوظة|جميع الحقوق|کلیه حقوق|無断転載|版权所有|版權所有|无断转载|무단 전재|무단전재|minden jog fenntartva
toate drepturile|hak cipta|bản quyền thuộc|με επιφύλαξη παντός|kaikki oikeudet
सर्वाधिकार सुरक्षित|সর্বস্বত্ব|สงวนลิขสิทธิ์|כל הזכויות שמורות|جملہ حقوق|всички права запазени
sva prava pridržana|sva prava zadržana|všetky práva|tots els drets|kõik õigused|visos teisės
"""
_JUMPS = """
jump to|skip to|go to comments|on this page|in this article|table of contents|print recipe|print this|save recipe
view deal|rate this|pin it|pin for later|pin this
vai alla|vai al|ir a la|ir al|ir para|zum rezept|zum inhalt|auf dieser seite|aller à|aller au
en esta página|na této stránce|dans cet article|in dit artikel|in questo articolo|neste artigo|nesta página
w tym artykule|в этой статье|на этой странице|bu yazıda
"""
_HEADS = """
more from|more stories|more news|more articles|most read|most viewed|most popular|trending|also consider|popular now
latest news|latest stories|recommended for|top stories|related stories|related articles|related posts|you may also
you might also|read next|up next|editor's picks|editors' picks|editor’s picks|editors’ picks|don't miss|don’t miss
meistgelesen|mehr aus|das könnte sie|auch interessant|weitere artikel|ähnliche artikel|verwandte artikel
lo más leído|más noticias|te puede interesar|también te puede|artículos relacionados|noticias relacionadas
les plus lus|à lire aussi|sur le même sujet|articles similaires|dans la même rubrique
i più letti|più letti|potrebbe interessarti|ti potrebbe|articoli correlati|leggi anche
mais lidas|veja também|leia também|notícias relacionadas|meest gelezen|lees ook|meer nieuws
mest läst|läs också|mest lest|les også|læs også|mest læste|luetuimmat|lue myös
najczęściej czytane|zobacz także|zobacz też|czytaj też|przeczytaj także|nejčtenější|související články
самое читаемое|читайте также|ещё по теме|читайте також|çok okunanlar|en çok okunan|ilginizi çekebilir|benzer haberler
الأكثر قراءة|مواضيع ذات صلة|اقرأ أيضا|اقرأ أيضًا|مقالات ذات|人気記事|関連記事|あわせて読みたい|アクセスランキング
热门文章|相关阅读|相关文章|많이 본|관련 기사|berita terkait|baca juga|terpopuler|tin liên quan|xem thêm
διαβάστε επίσης|δημοφιλή|kapcsolódó|legolvasottabb|articole similare|citește și
यह भी पढ़ें|ये भी पढ़ें|इसे भी पढ़ें|संबंधित ख़बर|संबंधित खबर|और ख़बरें|और खबरें|सबसे ज़्यादा पढ़|सबसे ज्यादा पढ़
আরও পড়ুন|আরো পড়ুন|সর্বাধিক পঠিত|সম্পর্কিত খবর|இதையும் படி|மேலும் படிக்க
ข่าวที่เกี่ยวข้อง|อ่านเพิ่มเติม|ข่าวยอดนิยม|บทความที่เกี่ยวข้อง|קראו גם|הנקראות ביותר|כתבות נוספות|עוד בנושא|אולי יעניין
یہ بھی پڑھیں|مزید پڑھیں|پر بازدیدترین|вижте още|още по темата|най-четени
najčitanije|pročitajte još|pročitajte i|najčítanejšie|prečítajte si aj|súvisiace|el més llegit|us pot interessar
llegiu també|enim loetud|loe ka|skaitomiausi
"""
_PORTRAIT = re.compile(
    r"[^.!?]{3,60}? (?:is|was) (?:an? |the |our )?(?:[\w’'-]+ ){0,5}?"
    r"(?:writer|editor|columnist|reporter|journalist|correspondent|author|blogger|contributor|photographer|critic)\b"
    r"|about the author|über den autor|über die autorin"
    r"|sobre el autor|sobre la autora|sobre o autor|à propos de l’auteur",
    re.IGNORECASE,
)
_LINK = r"(?<!!)\[[^\[\]]{1,200}\]\([^()\s]{0,500}\)"
_LINKS = re.compile(rf"[^\w\[]*{_LINK}(?:[\s/|,·>*-]*{_LINK})*+\W*")
"""Nothing but links as Markdown writes them. A picture with its caption is none. No link is given back once it is read:
each would be tried as signs again, and 16,000 links of nothing but signs took 30 seconds."""


_SAID = re.compile(r"[\w.@-]{2,20}(?: [\w.]{1,15}){0,2}: \S")
"""What somebody said: "ada_q: ...", "Ada Quill said: ..."; a comment where it stands below a comment form."""


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(text.strip().replace("\n", "|").split("|"))


ASKS = (*_phrases(_ASKS), *_phrases(_RIGHTS))
_ASKING = PhraseSearch(ASKS)
JUMPS = (*_phrases(_JUMPS), *_phrases(_HEADS))
"""Lower case, and in `ASKS` anywhere in a line, in `JUMPS` at its beginning."""

_LESS, _SAID_LESS = 2.0, 4.0
"""Units of log odds that such a line loses, one that the trees are sure of stays; that a comment below a form loses."""

_FORM_CHANCE = 0.1
"""A line of a comment form is one below this chance: articles have questions that open like one."""

_LONGEST, _LONGEST_JUMP, _LONGEST_PORTRAIT = 40, 8, 60
"""Words beyond which a line is a paragraph all the same."""

_PORTRAIT_REACH = 6
"""Blocks at the end of a text that may say who wrote it."""

_SURE = 0.99
"""A line of at least this chance stays whatever it asks, and need not be read."""


def weigh_asks(
    segmentation: Segmentation, words: NDArray[np.float32], article: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Chances of being article of a plain text's blocks, lowered for those that ask; all float32 (n_blocks,)."""
    units = np.zeros(len(article), np.float32)
    at_end = len(article) - _PORTRAIT_REACH
    form = _first_form(segmentation, article)
    rows = np.flatnonzero((words <= _LONGEST_PORTRAIT) & (article > 0) & (article < _SURE)).tolist()
    lowered = [segmentation.blocks[row].text.lower() for row in rows]
    asking = {rows[place] for place in _ASKING.lines_with(lowered)}
    for row, line, count in zip(rows, lowered, words[rows].tolist(), strict=True):
        text = segmentation.blocks[row].text
        portrays = row >= at_end and _PORTRAIT.match(text) is not None
        asks = row in asking or (count <= _LONGEST_JUMP and _jumps(line)) or _lists_links(text)
        if portrays or (count <= _LONGEST and asks):
            units[row] = _LESS
        elif row > form and _SAID.match(text):
            units[row] = _SAID_LESS
    return less_likely(article, units)


def _first_form(segmentation: Segmentation, article: NDArray[np.float32]) -> int:
    """The first block of a comment form; the number of blocks where there is none."""
    rows = np.flatnonzero(article < _FORM_CHANCE).tolist()
    return next((row for row in rows if opens_form(segmentation.blocks[row].text)), len(article))


def _jumps(lowered: str) -> bool:
    return lowered[-1] not in STOPS and lowered.lstrip("*_#→↓•▶ ").startswith(JUMPS)


def _lists_links(text: str) -> bool:
    return "](" in text and _LINKS.fullmatch(text) is not None
