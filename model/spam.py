"""How likely a comment is spam, and why: one logistic regression over hashed n-grams and named counts.

    PostedComment -> undisguised text (spam_text) -> Features (spam_features) -> logit -> SpamVerdict

Context that only a whole page or many pages give is added to the logit: the same text several times. No corpus shows
sections with their repeats, so that weight is set by hand; all others are learnt (training/spam.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log2, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.spam_features import COUNT_NAMES, WORD_SLOTS, Features, features_of, topic_of, word_slot
from model.spam_reasons import COUNT_REASONS
from model.types import Comment, PageContext, PostedComment, SpamVerdict

_PER_REPEAT, _MOST_FOR_REPEATS = 1.2, 3.0
"""Logits for each doubling of a text's copies, and at most. By hand: four copies take a chance of 0.2 to 0.7."""

_LETTERS = re.compile(r"[^\W\d_]+")
_REPEAT_WORDS, _REPEAT_LETTERS = 4, 30
"""Shorter texts repeat by themselves: "Thank you so much"."""

_REASON_LOGITS = 0.35
"""A count must add as much to be told as a reason."""

_MOST_REASONS = 4
_MOST_WORDS, _TELLING_LETTERS, _LEAST_WORD_LOGITS = 3, 4, 0.05
"""Words that are told as common in spam at most, and the letters and logits that such a word has at least."""


@dataclass(frozen=True, slots=True)
class SpamModel:
    """The fitted weights.

    words, chars   float32 (WORD_SLOTS,), (CHAR_SLOTS,): logits of the slots; a comment's are averaged by 1/sqrt(n)
    counts         float32 (len(COUNT_NAMES),): logits for one unit of each count
    intercept      logit of an empty comment
    slope, offset  calibration: chance = sigmoid(slope * logit + offset)
    threshold      the chance from which on a comment is called spam
    """

    words: NDArray[np.float32]
    chars: NDArray[np.float32]
    counts: NDArray[np.float32]
    intercept: float
    slope: float = 1.0
    offset: float = 0.0
    threshold: float = 0.5

    def judge(self, comments: Sequence[PostedComment], context: PageContext | None = None) -> list[SpamVerdict]:
        """One verdict per comment. The comments count as one section: repeats among them are noticed."""
        context = context or PageContext()
        topic = topic_of(context.title, context.text, context.url)
        read = [features_of(comment, topic) for comment in comments]
        prints = [fingerprint(features.plain) for features in read]
        here = Counter(filter(None, prints))
        seen = context.seen or {}
        return [
            self._verdict(features, here[print_] + seen.get(print_, 0) if print_ else 1)
            for features, print_ in zip(read, prints, strict=True)
        ]

    def logit(self, features: Features) -> float:
        """The calibrated logit of one comment by itself."""
        return self.slope * self._raw(features) + self.offset

    def _raw(self, features: Features) -> float:
        return (
            self.intercept
            + float(features.counts @ self.counts)
            + _averaged(self.words, features.words)
            + _averaged(self.chars, features.chars)
        )

    def _verdict(self, features: Features, copies: int) -> SpamVerdict:
        for_repeats = min(_PER_REPEAT * log2(copies), _MOST_FOR_REPEATS) if copies > 1 else 0.0
        probability = _sigmoid(self.logit(features) + for_repeats)
        is_spam = probability >= self.threshold
        return SpamVerdict(probability, is_spam, self._reasons(features, copies, is_spam))

    def _reasons(self, features: Features, copies: int, is_spam: bool) -> tuple[str, ...]:
        sign = 1.0 if is_spam else -1.0
        parts = sign * features.counts * self.counts
        order = [int(place) for place in np.argsort(-parts)[:_MOST_REASONS] if parts[place] >= _REASON_LOGITS]
        told = [reason for place in order if (reason := COUNT_REASONS[COUNT_NAMES[place]][0 if is_spam else 1])]
        if is_spam:
            if copies > 1:
                told.insert(0, f"the same text stands {copies} times")
            telling = self._telling_words(features)
            if telling:
                told.append("words common in spam: " + ", ".join(f'"{word}"' for word in telling))
        return tuple(dict.fromkeys(told)) or ("reads like spam" if is_spam else "reads like an ordinary comment",)

    def _telling_words(self, features: Features) -> list[str]:
        words = [word for word in dict.fromkeys(features.tokens) if word[0].isalpha() and len(word) >= _TELLING_LETTERS]
        best = sorted(((float(self.words[word_slot(word)]), word) for word in words), reverse=True)
        least = _LEAST_WORD_LOGITS * sqrt(max(features.words.size, 1))
        return [word for weight, word in best[:_MOST_WORDS] if weight >= least]


def fingerprint(text: str) -> str:
    """What the copies of a text share: its letters, lower case; "" for one too short to be told from chance."""
    words = _LETTERS.findall(text.lower())
    return " ".join(words) if len(words) >= _REPEAT_WORDS or sum(map(len, words)) >= _REPEAT_LETTERS else ""


def with_verdicts(
    model: SpamModel | None, comments: Sequence[tuple[Comment, str]], context: PageContext
) -> tuple[Comment, ...]:
    """A page's comments with the chance that each is spam, and why; as they are without a model.

    comments   each with its text as it is judged
    """
    if model is None or not comments:
        return tuple(comment for comment, _ in comments)
    verdicts = model.judge([PostedComment(text, comment.author) for comment, text in comments], context)
    return tuple(
        replace(comment, spam_probability=verdict.probability, spam_reasons=verdict.reasons)
        for (comment, _), verdict in zip(comments, verdicts, strict=True)
    )


def pack(model: SpamModel) -> dict[str, Any]:
    """The model for the disk: float16 halves it, and three digits are more than the fit knows."""
    return {
        "words": model.words.astype(np.float16),
        "chars": model.chars.astype(np.float16),
        "counts": dict(zip(COUNT_NAMES, model.counts.tolist(), strict=True)),
        "calibration": (model.intercept, model.slope, model.offset, model.threshold),
    }


def unpack(parts: dict[str, Any]) -> SpamModel:
    """The opposite of `pack`. Raises KeyError or ValueError for a model of other features."""
    if set(parts["counts"]) != set(COUNT_NAMES) or len(parts["words"]) != WORD_SLOTS:
        raise ValueError("the spam model has other features than this version computes")
    counts = np.array([parts["counts"][name] for name in COUNT_NAMES], np.float32)
    words, chars = parts["words"].astype(np.float32), parts["chars"].astype(np.float32)
    return SpamModel(words, chars, counts, *parts["calibration"])


def _averaged(weights: NDArray[np.float32], slots: NDArray[np.intp]) -> float:
    return float(weights[slots].sum()) / sqrt(slots.size) if slots.size else 0.0


def _sigmoid(logit: float) -> float:
    return 1.0 / (1.0 + exp(-max(min(logit, 30.0), -30.0)))
