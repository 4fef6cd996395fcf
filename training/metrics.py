"""How good a text is: word scores against a gold text, and snippets found or avoided."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class WordScore:
    """Precision, recall and their harmonic mean, each 0 to 1."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class SnippetScore:
    """How many snippets of the body were found and how many of the noise avoided; scores of pages add up."""

    found: int = 0
    wanted: int = 0
    avoided: int = 0
    unwanted: int = 0

    def __add__(self, other: SnippetScore) -> SnippetScore:
        return SnippetScore(
            self.found + other.found,
            self.wanted + other.wanted,
            self.avoided + other.avoided,
            self.unwanted + other.unwanted,
        )

    @property
    def words(self) -> WordScore:
        """The same as precision, recall and F1 over snippets, as trafilatura's evaluation counts them."""
        kept = self.found + self.unwanted - self.avoided
        return _score(self.found, kept, self.wanted)


def words(text: str) -> list[str]:
    r"""The text's words, lower case: runs of `\w`."""
    return _WORD.findall(text.lower())


def word_score(predicted: str, gold: str) -> WordScore:
    r"""WCXB's metric: the overlap of two bags of lower-case `\w+` words, their order ignored.

    Two empty texts agree (1); an empty one and one with words do not (0).
    """
    predicted_words, gold_words = Counter(words(predicted)), Counter(words(gold))
    if not predicted_words and not gold_words:
        return WordScore(1.0, 1.0, 1.0)
    return _score((predicted_words & gold_words).total(), predicted_words.total(), gold_words.total())


def mean_score(scores: Iterable[WordScore]) -> WordScore:
    """The mean over pages, each page counting the same. F1 is the mean of F1s, not the F1 of the means.

    Errors: ValueError for no scores.
    """
    every = list(scores)
    if not every:
        raise ValueError("no scores to take the mean of")
    return WordScore(
        precision=fmean(score.precision for score in every),
        recall=fmean(score.recall for score in every),
        f1=fmean(score.f1 for score in every),
    )


def snippet_score(predicted: str, wanted: Iterable[str], unwanted: Iterable[str]) -> SnippetScore:
    """Which snippets stand in the text, letter by letter but for white space; blank snippets do not count."""
    text = _spaced(predicted)
    wanted_here = [snippet for snippet in map(_spaced, wanted) if snippet]
    unwanted_here = [snippet for snippet in map(_spaced, unwanted) if snippet]
    return SnippetScore(
        found=sum(snippet in text for snippet in wanted_here),
        wanted=len(wanted_here),
        avoided=sum(snippet not in text for snippet in unwanted_here),
        unwanted=len(unwanted_here),
    )


def _score(overlap: int, predicted: int, gold: int) -> WordScore:
    if not overlap:
        return WordScore(0.0, 0.0, 0.0)
    return WordScore(overlap / predicted, overlap / gold, 2 * overlap / (predicted + gold))


def _spaced(text: str) -> str:
    return " ".join(text.split())
