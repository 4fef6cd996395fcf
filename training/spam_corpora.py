"""The public corpora of spam and honest comments, with what gives the label away taken out.

Only text and label are read: no author, date or rating. `group` keeps near-repeats together: comments of one
group never stand on both sides of a split.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from model.errors import OptionError
from training.metrics import words

_LINE_BREAK = re.compile(r"<br\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:a|b|i|span)\b[^>]*>", re.IGNORECASE)
FORUMS = "wcxb"
_POSTS_OF_A_PAGE, _LEAST_WORDS, _MOST_WORDS = 12, 12, 150
_GROUP_WORDS = 5
"""Leading words that near-repeats of one message share."""


@dataclass(frozen=True, slots=True)
class LabelledComment:
    """One comment or message and whether people called it spam."""

    corpus: str
    text: str
    is_spam: bool
    group: str


@dataclass(frozen=True, slots=True)
class SpamCorpusInfo:
    """What a corpus may be used for, and how to read it at its own folder."""

    use: Literal["train", "evaluate"]
    read: Callable[[Path], Iterator[LabelledComment]]


def read_comments(corpus: str, root: Path) -> Iterator[LabelledComment]:
    """The comments of one corpus below `root`; blank ones are left out.

    Errors: OptionError for an unknown name, FileNotFoundError where it is not unpacked.
    """
    if corpus not in SPAM_CORPORA:
        raise OptionError(f"unknown spam corpus {corpus!r}; choose from {', '.join(SPAM_CORPORA)}")
    folder = root / corpus
    if not folder.is_dir():
        raise FileNotFoundError(f"spam corpus {corpus!r} is not at {folder}; unpack it there first")
    return (comment for comment in SPAM_CORPORA[corpus].read(folder) if comment.text)


def _youtube_spam(folder: Path) -> Iterator[LabelledComment]:
    """YouTube Spam Collection (Alberto, Lochter, Almeida 2015, CC BY 4.0): 1,956 comments, group: the video.

    Most comments end in U+FEFF and its absence gives spam away; entities and tags stand in some videos alone;
    exactly the spam of one video lacks its date. So the text is stripped of all these and no date is read.
    """
    for path in sorted(folder.glob("Youtube*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                text = _plain(row["CONTENT"])
                yield LabelledComment("youtube-spam", text, row["CLASS"] == "1", group=path.stem)


def _tg_spam(folder: Path) -> Iterator[LabelledComment]:
    """tg-spam (umputun, MIT): 182 spam and 438 honest Telegram messages, Russian and English.

    One message per line; a lone "n" stands where a newline was and cannot be told from a word.
    """
    for name, is_spam in (("ham", False), ("spam", True)):
        for line in (folder / "data" / f"{name}-samples.txt").read_text("utf-8").split("\n"):
            text = _plain(line)
            yield LabelledComment("tg-spam", text, is_spam, group=" ".join(words(text)[:_GROUP_WORDS]))


def _vispamreviews(folder: Path) -> Iterator[LabelledComment]:
    """ViSpamReviews (Van Dinh, Luu, Nguyen 2022): 19,870 Vietnamese shop reviews, group: upstream's split."""
    with zipfile.ZipFile(folder / "dataset" / "vispamdetection_dataset.zip") as archive:
        for name in sorted(archive.namelist()):
            with io.TextIOWrapper(archive.open(name), encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    text = _plain(row["Comment"])
                    yield LabelledComment("vispamreviews", text, row["Label"] == "1", group=Path(name).stem)


def read_forum_posts(root: Path) -> Iterator[LabelledComment]:
    """Paragraphs of WCXB's forum pages (Murrough Foley, 2026, CC BY 4.0) as honest posts, group: the page.

    Nobody labelled them; moderators let them stand and WCXB's people called them content. Nothing where the corpus is
    not unpacked.
    """
    for path in sorted((root / FORUMS / "dev" / "ground-truth").glob("*.json")):
        record = json.loads(path.read_bytes())
        if record["_internal"]["page_type"]["primary"] == "forum":
            text = record["ground_truth"].get("main_content") or ""
            posts = [_plain(part) for part in text.split("\n") if _LEAST_WORDS <= len(part.split()) <= _MOST_WORDS]
            for post in posts[:: max(1, len(posts) // _POSTS_OF_A_PAGE)][:_POSTS_OF_A_PAGE]:
                yield LabelledComment(FORUMS, post, False, group=path.stem)


def _plain(text: str) -> str:
    """The text as a reader saw it: no marks, tags or entities; each line's white space collapsed."""
    shown = html.unescape(_TAG.sub("", _LINE_BREAK.sub("\n", text))).replace("\ufeff", "")
    return "\n".join(line for line in (" ".join(line.split()) for line in shown.split("\n")) if line)


SPAM_CORPORA: dict[str, SpamCorpusInfo] = {
    "youtube-spam": SpamCorpusInfo("train", _youtube_spam),
    "tg-spam": SpamCorpusInfo("train", _tg_spam),
    "vispamreviews": SpamCorpusInfo("evaluate", _vispamreviews),
}
