"""What authors call their page furniture: names of elements that tell the kind of noise inside.

Nobody has labelled kinds of noise on modern pages, but millions of templates say `class="related-posts"`. The names
label the noise of the training pages (weak supervision, Ratner et al. 2017) so that the kind model learns
the words that go with them, and at serving time they decide where they are present. They never decide
whether a block is noise: class-name word lists are known to delete real content.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from model.types import Element, Label

_END = r"(?:$|[^a-z])"


def _start(word: str) -> str:
    """The pattern of a word that no letter stands before.

    It says so behind the word's first letter, since a pattern whose branches all begin with letters is searched for in
    half the time.
    """
    return f"{word[0]}(?<![a-z]{word[0]}){word[1:]}"


_HINTS: tuple[tuple[Label, re.Pattern[str]], ...] = tuple(
    (label, re.compile(pattern))
    for label, pattern in (
        (Label.RELATED, r"recent-?_?comment"),
        (Label.CONSENT, r"cookie|consent|gdpr|ccpa|onetrust|didomi|usercentrics"),
        (
            Label.COMMENT_FORM,
            r"respond|comment-?_?form|reply-?_?form|leave-?_?(?:a-)?(?:reply|comment)|comment-?reply-?title|"
            r"comments?-?_?(?:count|link|closed|header|title|notes)|must-log-in",
        ),
        (Label.COMMENT, r"comments?(?:$|[^a-z]|list|area|body|content|text|thread)|disqus|livefyre|usercomment"),
        (Label.SHARE, r"shar(?:e|ing)|social|addtoany|addthis|follow-?us|sharedaddy"),
        (
            Label.PROMO,
            rf"newsletter|subscri|sign-?_?up|paywall|donat|promo|opt-?in|{_start('cta')}|membership|mailchimp",
        ),
        (
            Label.ADVERT,
            rf"{_start('ads?')}(?:$|[^a-z]|slot|unit|box)|advert|sponsor|adsense|taboola|outbrain|{_start('dfp')}",
        ),
        (
            Label.RELATED,
            r"related|recommend|read-?_?more|more-?_?(?:stories|posts|from|news|on)|you-?may|similar|popular|trending|"
            r"most-?_?(?:read|viewed)|teaser|recent-?_?(?:post|entries|articles)|latest|see-?also|up-?next|mehr-?zum",
        ),
        (Label.LEGAL, r"copyright|legal|disclaimer|colophon|imprint|impressum"),
        (
            Label.BYLINE,
            r"byline|author|dateline|posted-?on|entry-?_?(?:meta|info|date)|post-?_?(?:meta|info|date)|"
            r"article-?_?(?:meta|info|date)|publish|timestamp",
        ),
        (
            Label.NAVIGATION,
            rf"nav(?!y)|menu|breadcrumb|paginat|pager|skip-?link|skip-?to|sitemap|{_start('toc')}{_END}|"
            rf"{_start('tags?')}{_END}|categor|tabs?(?:$|[^a-z])|tag-?cloud",
        ),
        (
            Label.NOTICE,
            r"notice|noscript|no-?js|browser-?(?:upgrade|happy)|outdated|log-?_?in|sign-?_?in|error|"
            r"video-?_?player|player|unsupported",
        ),
        (Label.LEGAL, r"footer"),
    )
)
_TAG_HINTS = {"nav": Label.NAVIGATION, "footer": Label.LEGAL, "menu": Label.NAVIGATION}
_OPEN_TAGS = frozenset({"html", "body", "main", "article"})
"""Elements whose names describe the page, not a part of it: `<body class="has-sidebar comments-open">`."""


_CACHED_NAMES = 16_384
"""Class names recur from page to page; what one means depends on nothing else."""


@lru_cache(_CACHED_NAMES)
def _priority(name: str) -> int:
    """The place of the first hint that a name gives, or one past the last."""
    return next((place for place, (_, pattern) in enumerate(_HINTS) if pattern.search(name)), len(_HINTS))


def own_hint(tag: str, names: Sequence[str]) -> Label | None:
    """The kind that one element's names claim for what is inside it, or None."""
    if tag in _OPEN_TAGS:
        return None
    place = min(map(_priority, names), default=len(_HINTS))
    return _HINTS[place][0] if place < len(_HINTS) else _TAG_HINTS.get(tag)


@dataclass(frozen=True, slots=True)
class Hint:
    """What the names of `element` (an index) claim for everything inside it."""

    label: Label
    element: int


def element_hints(elements: Sequence[Element]) -> list[Hint | None]:
    """For each element the innermost hint that holds inside it, or None."""
    known: dict[tuple[str, tuple[str, ...]], Label | None] = {}
    hints: list[Hint | None] = []
    for number, element in enumerate(elements):
        key = (element.tag, element.names)
        if key not in known:
            known[key] = own_hint(*key)
        label = known[key]
        if label is not None:
            hints.append(Hint(label, number))
        elif element.parent < 0 or element.tag in _OPEN_TAGS:
            hints.append(None)
        else:
            hints.append(hints[element.parent])
    return hints
