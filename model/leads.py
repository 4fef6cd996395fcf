"""Blocks that name another story before a colon, "Read more: ...", what theirs is filed under, or a comment form.

Golds of the corpora that the trees learn from keep such blocks as often as not, and so the trees keep them where
nothing else around is noise. They are what Winnow was made to drop.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.comment_words import opens_form
from model.lexicon import lead_token
from model.odds import less_likely
from model.types import Segmentation


def _leads(text: str) -> frozenset[str]:
    """The leads that `text` lists, each behind its colon's sign, as `model.lexicon.lead_token` spells them."""
    leads = [lead.strip() for lead in text.replace("\n", " ").split(":")]
    return frozenset(lead_token(f"{lead}:") for lead in leads if lead)


_READ_ON = """
also read: continue reading: don t miss: from our archive: from the archive: full coverage: full story: further reading:
in other news: keep reading: learn more: more on this: must read: read also: read more: read next: recommended:
related article: related articles: related reading: related stories: related story: related video: related: see also:
see more: up next: watch next: you may also like: you might also like:
auch interessant: lesen sie auch: lesen sie hier: lesen sie mehr: lesetipp: lies auch: mehr dazu: mehr zum thema:
passend dazu: siehe auch: weiterlesen: zum weiterlesen:
lea también: lee también: leer más: le puede interesar: más información: mira también: no te pierdas:
noticia relacionada: noticias relacionadas: para seguir leyendo: puede leer: sigue leyendo: también te puede interesar:
te puede interesar: te recomendamos: ver también:
article lié: en savoir plus: lire aussi: lire également: lire la suite: pour aller plus loin: sur le même sujet:
voir aussi: à lire aussi: à lire également:
approfondisci: guarda anche: leggi anche: leggi pure: per approfondire: potrebbe interessarti: ti potrebbe interessare:
vedi anche:
a ler também: confira também: leia a seguir: leia ainda: leia mais: leia também: ler mais: matéria relacionada:
saiba mais: veja também: você também pode gostar:
bekijk ook: lees meer: lees ook: lees verder: zie ook:
läs mer: läs också: läs även: missa inte: se också: se även:
læs mere: læs også: se også: les mer: les også:
katso myös: lue lisää: lue myös:
czytaj dalej: czytaj również: czytaj także: czytaj też: czytaj więcej: może cię zainteresować: przeczytaj także:
sprawdź też: zobacz także: zobacz również: zobacz też:
čtěte také: čtěte více: mohlo by vás zajímat: přečtěte si také: související: viz také:
вам может быть интересно: ещё по теме: по теме: подробнее: смотрите также: читайте также:
вас може зацікавити: детальніше: дивіться також: за темою: читайте також:
ayrıca bakınız: ayrıca okuyun: bu da ilginizi çekebilir: bunu da oku: haberin devamı: ilgili haber: ilginizi çekebilir:
اقرأ أيضا: اقرأ أيضًا: اقرأ المزيد: المزيد حول الموضوع: شاهد أيضا: شاهد أيضًا: طالع أيضًا: قد يهمك: مواضيع ذات صلة:
بیشتر بخوانید: همچنین بخوانید: یہ بھی پڑھیں: مزید پڑھیں: متعلقہ خبر:
יש לקרוא גם: קרא גם: קראו גם: ראו גם: לקריאה נוספת: עוד בנושא: כתבות נוספות:
यह भी पढ़ें: ये भी पढ़ें: इसे भी पढ़ें: यह भी देखें: और पढ़ें: संबंधित ख़बर: संबंधित खबर: हे ही वाचा:
আরও পড়ুন: আরো পড়ুন: আরও দেখুন: সম্পর্কিত খবর: மேலும் படிக்க: இதையும் படிங்க:
อ่านเพิ่มเติม: อ่านต่อ: อ่านข่าวเพิ่มเติม: ข่าวที่เกี่ยวข้อง: ดูเพิ่มเติม:
вижте още: прочетете още: още по темата: pročitajte i: pročitajte još: povezane vijesti: prečítajte si aj: čítajte aj:
súvisiace: llegiu també: llegeix també: vegeu també: loe ka: skaitykite taip pat:
δείτε επίσης: διαβάστε ακόμη: διαβάστε επίσης:
kapcsolódó: olvasd el ezt is: citește și: vezi și: baca juga: simak juga: xem thêm:
あわせて読みたい: 関連記事: 相关阅读: 相关文章: 延伸阅读: 관련기사: 더읽기: 함께읽기:
"""
LEADS = _leads(_READ_ON)
"""What announces other articles, in a line of its own."""

_FILED = """
article tags: categories: category: filed in: filed to: filed under: hashtags: more topics: posted in: posted under:
related tags: related topics: tag: tagged as: tagged: tagged with: tags:
kategorie: kategorien: schlagworte: schlagwörter: stichworte: stichwörter:
archivado en: categoría: categorías: etiqueta: etiquetas: temas relacionados:
catégorie: catégories: classé dans: classé sous: mots clés: étiquettes:
archiviato in: categoria: categorie: argomenti: etichette: pubblicato in:
arquivado em: categorias: etiquetado: marcadores: palavras chave:
categorieën: trefwoorden: kategorier: taggar: etiketter: emneord: avainsanat: aihetunnisteet: asiasanat:
kategoria: tagi: słowa kluczowe: štítky: klíčová slova: rubrika: rubriky:
теги: тег: метки: рубрика: рубрики: ключевые слова: теґи: мітки: ключові слова:
etiketler: kategoriler: anahtar kelimeler: etiket: ilgili konular:
الوسوم: وسوم: الكلمات المفتاحية: كلمات مفتاحية: التصنيفات: برچسب ها:
ετικέτες: κατηγορίες: címkék: etichete: thẻ: từ khóa: kata kunci:
टैग: टैग्स: श्रेणी: ট্যাগ: বিষয়: แท็ก: หมวดหมู่: תגיות: תגים: תיוג: ٹیگز: етикети: тагове: značky: oznake: kategorije: etiquetes:
タグ: カテゴリー: カテゴリ: 标签: 标籤: 分类: 关键词: 태그: 카테고리:
"""
FILED = _leads(_FILED)
"""What announces under which words an article was filed. Asked of plain text alone: in markup the
element says it, and a shop's page that opens a line with "Category:" is not extracted text."""

_LESS, _FORM_LESS = 4.0, 3.0
"""Units of log odds that such a block loses; that a line of a comment form loses in plain text: "Leave a Reply"."""

_LONGEST = 25
"""Words of a block beyond which it is a paragraph all the same."""


def weigh_leads(
    segmentation: Segmentation, words: NDArray[np.float32], article: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Chances of being article, lowered for blocks that open with one of `LEADS`.

    In plain text also for those that open with one of `FILED`, and for the lines of comment forms, which in markup
    their elements tell. All float32 (n_blocks,).
    """
    leads = LEADS if segmentation.elements else LEADS | FILED
    units = np.zeros(len(article), np.float32)
    for row in np.flatnonzero(words <= _LONGEST).tolist():
        if lead_token(segmentation.blocks[row].text) in leads:
            units[row] = _LESS
        elif not segmentation.elements and opens_form(segmentation.blocks[row].text):
            units[row] = _FORM_LESS
    return less_likely(article, units)
