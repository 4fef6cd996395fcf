"""What judges plain text line by line: Winnow, and all there is beside it.

    keep-all   nothing is noise
    c4-lines   the rules on lines of C4 (Raffel et al., JMLR 2020): a line stays if it ends in a terminal mark, has five
               words or more, no "javascript" and no notice of a policy
    c4         the same and C4's rules on pages: nothing stays of a page with a curly bracket, "lorem ipsum" or fewer
               than three sentences. Its list of bad words and its deduplication are left out
    justext    jusText's classes of the lines given as paragraphs, with the stop words of the text's language

Five words and three sentences are what the program that built C4 has; the journal's text has them the other way round.
The terminal marks of other scripts count, and the typographic closing quotes, which spares C4 some languages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.metadata import version
from typing import Any, Protocol

from model.types import Cleaned, CleanedBlock, Dial, Kind, Label, Options
from training.marked_texts import MarkedText

_C4_MIN_WORDS = 5
_C4_MIN_SENTENCES = 3
_C4_END_MARKS = tuple('.!?"”“»。！？」؟।')
_C4_LINE_STOPPERS = (
    "javascript", "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies",
)  # fmt: skip
_C4_PAGE_STOPPERS = ("{", "lorem ipsum")
_SENTENCE_END = re.compile(r"[.!?؟।]+[\"'”“’»)\]]*(?=\s|$)|[。！？]")

_STOPLISTS = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch", "no": "Norwegian_Bokmal", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian",
    "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
}  # fmt: skip
_UNSPACED_LANGUAGES = frozenset({"ja", "th", "zh"})
"""Languages without spaces between words, for which jusText has a mode without stop words."""

_PARAGRAPH_NUMBER = re.compile(r"/p\[(\d+)\]")
_NOT_IN_MARKUP = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


class TextCleaner(Protocol):
    """What of `model.Cleaner` is measured."""

    @property
    def version(self) -> str:
        """The model's."""

    def clean(self, source: bytes | str, *, kind: Kind = ..., options: Options | None = ...) -> Cleaned:
        """Clean one text."""


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """What a tool says of one line.

    dropped      share of the line's characters that go, 0 to 1: a huge line is judged sentence by sentence
    noise_score  the higher the surer that it is noise; None where a tool only says yes or no
    label        the line's kind, where a tool names kinds
    """

    dropped: float
    noise_score: float | None = None
    label: Label | None = None

    @property
    def is_noise(self) -> bool:
        """Whether most of the line goes."""
        return self.dropped > 0.5


Judge = Callable[[MarkedText], Sequence[LineVerdict]]
"""One verdict per line. It sees the marks of the text and does not look at them."""


@dataclass(frozen=True, slots=True)
class LineContender:
    """A tool in the race over lines."""

    name: str
    judge: Judge
    version: str | None = None


def baselines() -> tuple[list[LineContender], dict[str, str]]:
    """All but Winnow, and for each that cannot be imported the reason."""
    found = [
        LineContender("keep-all", lambda text: [LineVerdict(0.0)] * len(text.lines)),
        LineContender("c4-lines", _c4_lines),
        LineContender("c4", _c4),
    ]
    try:
        found.append(LineContender("justext", _justext_judge(), version("justext")))
    except ImportError as error:
        return found, {"justext": f"missing: {error}"}
    return found, {}


def winnow(
    cleaner: TextCleaner, held_out: Mapping[str, TextCleaner] | None = None, dial: Dial = "balanced"
) -> LineContender:
    """Winnow; texts whose key `held_out` lists are asked of the cleaner that never saw their site."""
    others = held_out or {}

    def judge(text: MarkedText) -> list[LineVerdict]:
        cleaned = others.get(text.key, cleaner).clean(text.source, kind="text", options=Options(dial=dial))
        return line_verdicts(cleaned.blocks, len(text.lines))

    return LineContender("winnow" if dial == "balanced" else f"winnow-{dial}", judge, cleaner.version)


def line_verdicts(blocks: Sequence[CleanedBlock], lines: int) -> list[LineVerdict]:
    """The verdicts on blocks as verdicts on `lines` lines.

    A block covers the lines from its own to the next block's, as in hard-wrapped text. A line that holds several
    blocks takes their mean by characters and the label of the longest. Lines before the first block stay.
    """
    starting: defaultdict[int, list[CleanedBlock]] = defaultdict(list)
    for block in blocks:
        starting[block.position.line].append(block)
    verdicts = []
    verdict = LineVerdict(0.0, 0.0)
    for number in range(1, lines + 1):
        if number in starting:
            verdict = _mean(starting[number])
        verdicts.append(verdict)
    return verdicts


def _mean(blocks: list[CleanedBlock]) -> LineVerdict:
    chars = sum(len(block.text) for block in blocks)
    dropped = sum(len(block.text) for block in blocks if not block.kept)
    noise = sum(len(block.text) * (1.0 - block.probability) for block in blocks)
    return LineVerdict(dropped / chars, noise / chars, max(blocks, key=lambda block: len(block.text)).label)


def _c4_lines(text: MarkedText) -> list[LineVerdict]:
    return [LineVerdict(float(not _c4_keeps(line))) for line in text.lines]


def _c4(text: MarkedText) -> list[LineVerdict]:
    kept = [line for line in text.lines if _c4_keeps(line)]
    sentences = sum(max(1, len(_SENTENCE_END.findall(line.rstrip()))) for line in kept)
    source = text.source.lower()
    if sentences < _C4_MIN_SENTENCES or any(stopper in source for stopper in _C4_PAGE_STOPPERS):
        return [LineVerdict(1.0)] * len(text.lines)
    return _c4_lines(text)


def _c4_keeps(line: str) -> bool:
    bare = line.strip()
    if not bare.endswith(_C4_END_MARKS) or len(bare.split()) < _C4_MIN_WORDS:
        return False
    lowered = bare.lower()
    return not any(stopper in lowered for stopper in _C4_LINE_STOPPERS)


def _justext_judge() -> Judge:
    import justext  # here, so that the others can be measured where it is not installed

    stoplists: dict[str, frozenset[str]] = {}  # reading one from disk takes longer than a text does

    def judge(text: MarkedText) -> list[LineVerdict]:
        options: dict[str, Any] = {}
        if text.language in _UNSPACED_LANGUAGES:  # its documented language-independent mode
            stoplist, options = frozenset[str](), {"stopwords_low": 0, "stopwords_high": 0}
        else:
            name = _STOPLISTS.get(text.language or "en", "English")
            stoplist = stoplists.get(name) or stoplists.setdefault(name, justext.get_stoplist(name))
        paragraphs = justext.justext(_as_paragraphs(text.lines), stoplist, **options)
        good = {_number(paragraph.xpath) for paragraph in paragraphs if not paragraph.is_boilerplate}
        return [LineVerdict(float(number not in good)) for number in range(1, len(text.lines) + 1)]

    return judge


def _as_paragraphs(lines: Sequence[str]) -> str:
    body = "".join(f"<p>{escape(_NOT_IN_MARKUP.sub('', line), quote=False)}</p>" for line in lines)
    return f"<html><body>{body}</body></html>"


def _number(xpath: str) -> int:
    found = _PARAGRAPH_NUMBER.search(xpath)
    return int(found[1]) if found else 0
