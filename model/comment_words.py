# ruff: noqa: E501 - lists of words and alternations, which read worse when every line of them is broken
"""The words around readers' comments in many languages: dates, "Ada says:", "12 Comments", "Reply", "Leave a Reply".

They are what every comment system prints beside what people wrote, so they are where the markup names nothing and
where there is no markup at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from model.phrase_search import PhraseSearch
from model.scripts import STOPS

_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|jän|mär|mai|okt|dez|janv|févr|fév|avr|juin|juil|août|déc|"
    r"ene|abr|ago|dic|gen|mag|giu|lug|set|ott|fev|out|mei|maa|sty|lut|kwi|maj|cze|lip|sie|wrz|paź|lis|gru|"
    r"янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|oca|şub|nis|haz|tem|ağu|eyl|eki|kas|ara|"
    r"tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)[^\W\d_]*\.?"
)
_YEAR = r"(?:(?:19|20)\d\d|'?\d\d(?![\d:.]))"
_DAY = r"(?:[0-3]?\d(?:st|nd|rd|th|º|er|\.)?)"
_CLOCK = (
    r"(?:[0-2]?\d\s?[:.h]\s?[0-5]\d(?:[:.][0-5]\d)?(?:\s?[ap]\.?\s?m\b\.?)?|[01]?\d\s?[ap]\.?m\b\.?)(?:\s?(?:uhr|h\b))?"
)
_ZONE = r"(?:\s?\(?(?-i:[A-Z]{1,3}[SD]?T|UTC|GMT)\b(?:\s?[+-]\d{1,2}(?::?\d\d)?)?\)?)?"
_WEEKDAY = (
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lun|mar|mer|jeu|"
    r"ven|sam|dim|mié|jue|vie|sáb|dom|gio|sab|seg|ter|qua|qui|sex)[^\W\d_]{0,8}\.?,?\s+)?"
)
_CALENDAR = (
    rf"(?:{_MONTH}\s+{_DAY}(?![\d:])(?:,?\s*{_YEAR})?|{_DAY}\s*[-\s]\s*(?:(?:de|of|d')\s+)?{_MONTH}(?:[-,\s]+(?:de\s+|del\s+)?{_YEAR})?|"
    r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:(?:19|20)\d\d|\d\d)(?!\d)|(?:19|20)\d\d\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{1,2}|"
    r"(?:19|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日)"
)
_UNIT = (
    r"(?:sec|min|hour|hr|day|week|month|mon|year|yr|sekunde|stunde|tag|woche|monat|jahr|heure|jour|semaine|mois|an\b|ans\b|"
    r"segundo|hora|día|dia|semana|mes|año|ano\b|anos\b|or[ae]\b|giorn|settiman|anni|uur|uren|dag|weken|maand|ja[ar]|"
    r"godzin|dni|tygod|miesi|lat\b|tim|vecka|veckor|månad|час|мин|дн|дней|день|недел|месяц|год|лет)[^\W\d_]*"
)
_COUNT = r"(?:\d{1,3}|an?|one|ein(?:em|er)?|une?|un[oa]?|eine[rm]?)"
_AGO = (
    rf"(?:(?:about|over|almost|etwa)\s+)?(?:{_COUNT}\s+{_UNIT}(?:,?\s+{_COUNT}\s+{_UNIT})?\s+(?:ago|geleden|temu|sedan|sitten|назад|atrás|fa)\b|"
    rf"(?:vor|il y a|hace|há)\s+(?:etwa\s+)?{_COUNT}\s+{_UNIT}|\d{{1,3}}\s?(?:s|m|min|h|hr|d|w|wk|mo|y|yr)s?(?: ago\b|(?=\W*$))|"
    r"\d+\s?(?:秒|分钟|分|小时|時間|天|日|周|个月|年)前|(?:yesterday|today|gestern|heute|hier|ayer|hoy|ieri|oggi)(?=\W*(?:$|at|um|à|a las|alle|[\d,])))"
)
_AT = r"(?:\s*(?:,|T(?=\d)|@|\||·|•|[-–—]|\bat\b|\bum\b|à|\ba las?\b|\balle\b|\bkl\b\.?|\bo\b|\bom\b|às|в|\bon\b)\s*|\s+){1,2}"
_NOT_INSIDE_A_WORD = r"(?:(?=\d)|(?<![^\W\d_])|(?-i:(?<=[a-zß-ÿ])(?=[A-Z])))"
"""Before a number or a word's first letter, "AdaMay 3" included: "Landmark 3" holds no third of March."""

STAMP = rf"(?:{_NOT_INSIDE_A_WORD}{_WEEKDAY}(?:{_CALENDAR}(?:{_AT}{_CLOCK}{_ZONE})?|{_CLOCK}{_ZONE}{_AT}{_WEEKDAY}{_CALENDAR}|{_AGO}))"
"""A day with or without a time of day, or how long ago."""

_SAYS = (
    r"(?:says?|said|wrote|writes|responded|replied|commented|adds?|thinks|posted|sagte?|schreibt|schrieb|meint|dice|dijo|"
    r"escribió|comentó|respondió|dit|a dit|a écrit|a répondu|scrive|ha scritto|ha detto|diz|disse|escreveu|zegt|schreef|"
    r"pisze|napisał\(?a?\)?|mówi|skrev|skriver|säger|sanoo|kirjoitti|dedi ki|пишет|говорит|написал\(?а?\)?)"
)
_BY = (
    r"(?:(?:comment(?:ed)?|posted|submitted|written|left|reply|review(?:ed)?|verfasst|geschrieben|kommentar|publié|posté|"
    r"rédigé|comentario|escrito|publicado|enviado|commento|scritto|inviato|geplaatst|dodał|autor)\s*"
    r"(?:#?\d+\s*)?(?:by|from|von|par|por|da|di|door|przez|at|on|in|le|el|il|am|:)+[:\s]+|by[:\s]+|von[:\s]+)"
)
_NAME = r"[^\s|:,;.!?…()\[\]{}<>\"“”/\\][^|:;!?…\[\]{}<>\"“”\n]{0,38}?"
_NUMBER = r"(?:(?:comment\s*)?(?:#\s*\d+|no\.\s*\d+|\d{1,4}[.):])\s*[-:|]?\s*)?"
_GAP = r"\s*(?:[-–—|•·,@:(~/]|\b(?:on|at|am|um|le|el|il|em|op|dnia|den|в|posted|added|date|datum|fecha)\b:?)*\s*"
_END = r"\s*[)\]:,.|·•~—–-]*\s*"

_STAMP_ONLY = re.compile(
    rf"{_NUMBER}(?:{_BY})?{_GAP}(?P<date>{STAMP}){_END}(?:{_SAYS}\s*[:.…]*)?\s*(?:#\d*|permalink|link|edit)?$",
    re.IGNORECASE,
)
_NAME_AND_STAMP = re.compile(
    rf"{_NUMBER}(?P<lead>{_BY})?(?P<author>{_NAME})\s*(?:\([^)]{{1,40}}\)\s*)?(?P<says>\b{_SAYS}\b)?{_GAP}(?P<date>{STAMP})(?P<end>{_END}(?:\b{_SAYS}\b\s*[:.…]*)?)(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_STAMP_AND_NAME = re.compile(
    rf"{_NUMBER}(?:{_BY})?(?P<date>{STAMP})\s*(?:[-–—|•·,:]\s*(?:{_BY})?|{_BY}|\d{{1,4}}\s)\s*(?P<author>{_NAME})\s*(?P<says>\b{_SAYS}\b)?\s*[:.…]*$",
    re.IGNORECASE,
)
_NAME_SAYS = re.compile(
    rf"{_NUMBER}(?P<author>{_NAME})\s*(?:\([^)]{{1,40}}\)\s*)?,?\s+{_SAYS}\s*(?:[:.…]+|\.\.\.)?$", re.IGNORECASE
)
_BY_NAME = re.compile(rf"{_NUMBER}{_BY}(?P<author>{_NAME})\s*[:.|-]*$", re.IGNORECASE)

_TRAILING_SAYS = re.compile(rf"(?:,?\s+{_SAYS}\s*(?:[:.…]|\.\.\.)*|\s*:)$", re.IGNORECASE)
_TIMED = re.compile(
    r"\d|(?i:ago|yesterday|today|gestern|heute|hier|ayer|hoy|ieri|oggi|vor eine?[mr]?|il y a une?|hace una?|há uma?)\b"
)
"""Something of which every date has; most blocks have none of it."""

_DIGIT = re.compile(r"\d")
_AGO_WORDS = tuple(
    """
    ago|geleden|temu|sedan|sitten|назад|atrás| fa|vor |il y a|hace|há|前|yesterday|today|gestern|heute|hier|ayer|hoy|ieri|oggi
    """.strip("\n ").split("|")
)
_AGO_SEARCH = PhraseSearch(_AGO_WORDS)
_NEAR_NUMBER = re.compile(
    rf"\d\s?(?:[./-]\s?\d|年)|\d(?:st|nd|rd|th|º|er|\.)?[-\s]+(?:(?:de|of|d')\s+)?{_MONTH}|\d\s?(?:s|m|min|h|hr|d|w|wk|mo|y|yr)s?\W*$"
)
_SPACE_AND_NUMBER = re.compile(r"\s+\d")
_ENDS_IN_MONTH = re.compile(rf"{_MONTH}$")
_MONTH_CHARS = 24
"""One of these words, a number beside another or before a month, or one behind a month stands in every `STAMP`: each
alternative of it must keep to that."""

_CERTAIN = re.compile(
    r"(?:19|20)\d\d|\d\s?[:h]\s?\d\d|\d[./-]\d\d|(?i:\bago\b|^vor |^il y a|^hace|^há|\bfa\b|geleden|temu|sedan|sitten|назад|atrás|前)"
)
"""A date that "may 3" and "7 set" are not: with a year, a time of day, or counted back from now."""

_LETTER = re.compile(r"[^\W\d]")
_META_CHARS = 120
_HEAD_CHARS = 170
"""How far into a block a name and a date before the comment's own words may reach."""

_SIGNED_CHARS = _HEAD_CHARS + _META_CHARS
"""Longer blocks have words of their own behind the name and date: what is left out as buttons has `_META_CHARS`."""

_SIGNING_STEMS = PhraseSearch(
    """
    say said write wrote respon replied reply comment komment add think post sagt schr meint dice dijo escri escre coment dit écrit répon
    scri dett diz diss zegt pisz napis mówi skriv skrev säger sanoo kirj dedi пишет говорит написал submit written left review
    verfasst publi rédigé enviado inviat geplaatst dodał autor by von
    """.split()
)
"""One of which stands in everything that `_SAYS` or `_BY` matches: each alternative of them must keep to that."""

_NAME_WORDS = 5

_THINGS = (
    r"(?:comments?|responses?|replies|reactions?|kommentare?|meinungen|antworten|lesermeinungen|leserkommentare|"
    r"commentaires?|réactions?|réponses?|comentarios?|respuestas|opiniones|commenti|commento|risposte|comentários?|"
    r"respostas|reacties?|komentarz[ey]?|komentarzy|opinie|kommentarer?|kommentit?|kommenttia|yorum(?:lar)?|"
    r"комментари[ийяев]+|отзыв\w*|коментар[іив]+|komentář[eů]|komentáre|komentar[iaze]?|hozzászólás(?:ok)?|comentarii|σχόλια|bình luận|"
    r"(?:ال)?تعليقات|نظرات|دیدگاه‌ها|תגובות|टिप्पणियां|टिप्पणियाँ|प्रतिक्रियाएं|মন্তব্য|মতামত|ความคิดเห็น|评论|評論|留言|コメント|댓글)"
)
_HOW_MANY = r"(?:\(?\s*(?:\d{1,6}|no|one|two|three|four|five|six|seven|eight|nine|ten|all|ein|un|une|uno)\s*\)?)"
_HEADING = re.compile(
    rf"(?:{_HOW_MANY}\s+(?:(?:user|reader|readers'?|visitor|so far|great|awesome|thoughts?)\s+)?{_THINGS}\b(?:\s+(?:so far|to date|até agora|(?:to|on|for|about|zum?|auf|sur|en|su|a|à|para|till|op|do|к)\b.*))?|"
    rf"(?:(?:user|readers?'?s?|readers’|visitor|your|latest|post|article|facebook|all|read|view|recent)\s+)?{_THINGS}\s*{_HOW_MANY}?(?:\s+(?:to|on|for|zu|sur|su) [\"“«‘'].*)?|"
    rf"\d+\s+(?:thoughts?|pings?|gedanken?) (?:on|to|zu) .*|what (?:others|readers|people|you)(?:'re| are| have)? (?:sa\w+|think\w*)|"
    rf"(?:readers?|have your) (?:say|comments?|respon\w+|feedback|views)|discussion\s*{_HOW_MANY}|talkbacks?\s*{_HOW_MANY}?|join the (?:discussion|conversation)|"
    rf"that's what (?:they|she) said)\s*[:：»↓.]*$",
    re.IGNORECASE,
)
_HEADING_CHARS = 120
_HEADING_BEGINS = 40
_HEADING_STEMS = PhraseSearch(
    """
    comment komment coment respon repl reacti réacti meinung antwort répons respuest opini rispost respost yorum thought
    ping gedank what  say views feedback discuss talkback conversation said коммент отзыв коментар koment hozzász σχόλια
    bình تعليقات نظرات دیدگاه תגובות टिप्पणि प्रतिक्रिया মন্তব্য মতামত ความคิดเห็น 评论 評論 留言 コメント 댓글
    """.split()
)
"""One of which stands in the first characters of every such heading, and in few other blocks."""

_FORM = re.compile(
    r"(?:leave|post|add|write|submit|make|share|enter|give)\s+(?:a|an|your|us your|new)?\s*(?:own|new|public)?\s*(?:comments?|repl(?:y|ies)|response|feedback|thoughts?|opinion|reaction)\b|"
    r"(?:have|got) something to say|speak your mind|comment on this|have your say|(?:comments?|discussion|thread) (?:are|is|have been) (?:now )?closed|"
    r"(?:you must|please|you need to|want to|sign in|log ?in|register|login) .{0,40}(?:comment|reply|post)\b|"
    r"(?:kommentar|antwort|kommentare?) (?:schreiben|verfassen|hinterlassen|abgeben)|(?:schreib|hinterlass)\w* (?:einen|eine|dein\w*|ihr\w*) (?:kommentar|antwort)|"
    r"(?:laisser|laissez|écrire|ajouter|poster|déposer) (?:un|votre|une) (?:commentaire|réponse|avis)|(?:deja|dejar|escribe|escribir|añadir|publicar|agregar) (?:un|una|tu|su) (?:comentario|respuesta)|"
    r"(?:lascia|scrivi|aggiungi|inserisci) (?:un|una|il tuo) (?:commento|risposta)|(?:deixe|escreva|comente|adicionar) (?:um|uma|o seu|seu)? ?(?:comentário|resposta)|"
    r"(?:geef|plaats|schrijf) (?:een )?(?:reactie|antwoord)|(?:dodaj|napisz|zostaw) (?:komentarz|odpowiedź)|(?:skriv|lämna) (?:en |ett )?(?:kommentar|svar)|jätä kommentti|"
    r"(?:оставить|добавить|написать) (?:комментарий|отзыв|ответ)|(?:залишити|додати|написати) (?:коментар|відповідь)|"
    r"(?:остави(?:те)?|напиши|добави) коментар|(?:yorum|cevap) (?:yap|yaz|bırak|ekle)|yorumunuzu (?:yazın|bırakın)|(?:přidat|napsat) komentář|"
    r"(?:pridať|napísať) komentár|(?:lasă|scrie|adaugă) un (?:comentariu|răspuns)|szól(?:j|jon) hozzá|(?:γράψτε|αφήστε) (?:ένα |το )?σχόλιο|"
    r"(?:tulis|tinggalkan|beri) (?:komentar|balasan)|(?:viết|để lại|gửi) bình luận|(?:ostavi(?:te)?|napiši(?:te)?) (?:komentar|odgovor)|"
    r"(?:deixa|escriu|afegeix) (?:un|el teu) (?:comentari|resposta)|(?:اترك|أضف|اكتب) (?:تعليق|رد)|(?:השאר|השאירו|הוסף|הוסיפו|כתבו) תגובה|"
    r"(?:अपनी )?(?:टिप्पणी|प्रतिक्रिया|कमेंट) (?:लिखें|दें|करें|छोड़ें|जोड़ें)|(?:আপনার )?(?:মন্তব্য|মতামত) (?:লিখুন|করুন|দিন|জানান)|"
    r"แสดงความ(?:คิด)?เห็น|ใส่ความเห็น|댓글 ?(?:달기|쓰기|남기기|작성)|(?:發表|发表|留下|撰写)(?:評論|评论|留言|回覆|回复)|コメント(?:を(?:残す|書く|投稿)|する$)|your (?:e-?mail )?(?:address|email) will not be published|"
    r"post (?:a )?new comment|(?:no|0) comments? yet|be the first to comment|view the discussion thread|please enable javascript to view the comments",
    re.IGNORECASE,
)  # fmt: skip
_FORM_CHARS = 160

_CONTROL_WORDS = frozenset(
    """
    reply replies respond quote report abuse inappropriate offensive flag flagged like likes liked dislike dislikes unlike permalink
    permanent link share sharing tweet facebook twitter google email e-mail print edit delete remove cancel up down upvote
    downvote vote votes voted thumbs recommend recommended recommendations hide show collapse expand load view see read all more less
    next previous prev first last newest oldest older newer best sort by parent top back to this the a an comment comments of in on for
    log login sign register or and as is was you your it post posted block user mute ignore follow subscribe rss feed loading
    helpful yes no score rating rate points point agree disagree featured pinned
    antworten antwort melden kommentar gefällt mir zitieren teilen link bewerten empfehlen beantworten
    répondre signaler un abus partager aimer j'aime citer alerter ce commentaire
    responder denunciar citar compartir gusta me reportar abuso enlace permanente comentario
    rispondi segnala condividi mi piace cita commento
    curtir compartilhar reageer beantwoorden delen citeer odpowiedz zgłoś cytuj svara anmäl gilla dela vastaa
    ответить пожаловаться цитировать ссылка нравится yanıtla 返信 回复 回覆 举报 답글 via mobile web iphone android
    """.split()
)
_CONTROL_TOKENS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CONTROL_MOST_WORDS = 9
_STRONG_CONTROL = re.compile(
    r"^\W*(?:\d+\W+)?(?:reply|quote|report|permalink|flag|report (?:this|abuse|inappropriate|comment)|antworten|melden|zitieren|répondre|signaler|responder|denunciar|"
    r"rispondi|segnala|reageer|odpowiedz|svara|ответить|reply to this|link to this|like|recommend)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Meta:
    """Who and when, read from one block beside or before a comment; `rest` is what stands behind it in the same block.

    `spoken`: the block says that somebody said it ("Ada says:", "Posted by Ada"), which a teaser's date does not.
    """

    author: str | None = None
    date: str | None = None
    rest: str = ""
    spoken: bool = False


def read_meta(text: str) -> Meta | None:
    """Read a block as who and when; None where it is neither."""
    if not text[0].isalnum() and len(text) > _META_CHARS:
        return None
    head = text if len(text) <= _HEAD_CHARS else text[:_HEAD_CHARS]
    short = len(text) <= _META_CHARS
    if may_hold_stamp(head):
        if short and (found := _STAMP_ONLY.match(text)):
            return Meta(None, _trimmed(found["date"]))
        if short and (found := _STAMP_AND_NAME.match(text)) and _is_name(found["author"]):
            return Meta(_trimmed(found["author"]), _trimmed(found["date"]), spoken=bool(found["says"]))
        if (found := _NAME_AND_STAMP.match(head)) and _is_name(found["author"]):
            return _name_and_stamp(found, text)
    for pattern in (_NAME_SAYS, _BY_NAME) if short else ():
        if (found := pattern.match(text)) and _is_name(found["author"]):
            return Meta(_trimmed(found["author"]), None, spoken=True)
    return None


def may_hold_stamp(head: str) -> bool:
    """False only where no `STAMP` is: most numbers in prose are none, and the patterns cost ten times as much."""
    lowered = head.lower()
    if any(word in lowered for word in _AGO_WORDS):
        return _TIMED.search(head) is not None
    return _may_hold_day(lowered)


def _may_hold_day(lowered: str) -> bool:
    if not _DIGIT.search(lowered):
        return False
    if _NEAR_NUMBER.search(lowered):
        return True
    gaps = (found.start() for found in _SPACE_AND_NUMBER.finditer(lowered))
    words = (lowered[max(0, gap - _MONTH_CHARS) : gap].rpartition(" ")[2] for gap in gaps)
    return any(map(_ENDS_IN_MONTH.search, words))


def find_dated(texts: Sequence[str]) -> list[int]:
    """The numbers of the blocks that may hold a `STAMP`; the same as asking each, at a third of the time."""
    heads = [text[:_HEAD_CHARS].lower() for text in texts]
    told = set(_AGO_SEARCH.lines_with(heads))
    return [n for n, head in enumerate(heads) if (_TIMED.search(head) if n in told else _may_hold_day(head))]


def find_signed(texts: Sequence[str], numbers: Sequence[int]) -> list[int]:
    """Those of the numbered blocks that may say that somebody said it and nothing more: no other is `spoken` without
    `rest`.
    """
    short = [number for number in numbers if len(texts[number]) <= _SIGNED_CHARS]
    signed = _SIGNING_STEMS.lines_with([texts[number][:_HEAD_CHARS].lower() for number in short])
    return [short[place] for place in signed]


def _name_and_stamp(found: re.Match[str], text: str) -> Meta | None:
    """A name, a date and perhaps the comment's own words behind them: then the date must be one beyond doubt."""
    rest = text[found.start("rest") :].strip()
    if is_control(rest):
        rest = ""
    if rest and not _CERTAIN.search(found["date"]):
        return None
    spoken = bool(found["lead"] or found["says"] or _LETTER.search(found["end"]))
    return Meta(_trimmed(found["author"]), _trimmed(found["date"]), rest, spoken)


def is_heading(text: str) -> bool:
    """Whether a block announces comments: "12 Comments", "Responses to ...", "Kommentare (3)"."""
    return len(text) <= _HEADING_CHARS and _HEADING.match(text) is not None and not is_reply_button(text)


def find_headings(texts: Sequence[str]) -> list[int]:
    """The numbers of the blocks that announce comments; the same as asking each, at a tenth of the time."""
    begins = [text[:_HEADING_BEGINS].lower() if len(text) <= _HEADING_CHARS else "" for text in texts]
    return [number for number in _HEADING_STEMS.lines_with(begins) if is_heading(texts[number])]


def is_form(text: str) -> bool:
    """Whether a block belongs to a comment form or a sign-in prompt: "Leave a Reply", "Log in to comment"."""
    return len(text) <= _FORM_CHARS and _FORM.search(text) is not None


def opens_form(text: str) -> bool:
    """Whether a line begins as one of a comment form does: sentences of articles speak of comments further on."""
    return len(text) <= _FORM_CHARS and _FORM.match(text) is not None


def is_control(text: str) -> bool:
    """Whether a block is only buttons and counters: "Reply", "Like (3)", "Show more replies", "Report abuse | Permalink"."""
    if len(text) > _META_CHARS:
        return False
    words = _CONTROL_TOKENS.findall(text.lower())
    return len(words) <= _CONTROL_MOST_WORDS and _CONTROL_WORDS.issuperset(words)


def is_reply_button(text: str) -> bool:
    """Whether a control is one that every comment has and nothing else: "Reply", "Report abuse"."""
    return len(text) <= _META_CHARS and _STRONG_CONTROL.match(text) is not None and is_control(text)


def without_says(text: str) -> str:
    """A name without what stands behind it: "Ada says:" is Ada."""
    return _TRAILING_SAYS.sub("", text)


def looks_like_name(text: str) -> bool:
    """Whether a block may be no more than somebody's name."""
    return len(text) <= 60 and text[-1] not in STOPS and _is_name(text)


def _is_name(text: str) -> bool:
    words = text.split()
    return 0 < len(words) <= _NAME_WORDS and any(map(str.isalpha, text)) and not is_control(text)


def _trimmed(text: str) -> str:
    return text.strip(" \n\t,|·•-–—:(@~")
