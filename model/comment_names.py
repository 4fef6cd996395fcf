# ruff: noqa: E501 - lists of words and alternations, which read worse when every line of them is broken
"""What authors of pages call their comment sections, single comments, comment forms and lists of latest comments.

Names find a section, they never delete one: what is inside becomes a comment only where `model.comment_sections`
finds an article outside. Patterns take whole names, not parts of them: "comments-open", "has-comments",
"no-comment-count" and "commentary" say nothing of what is inside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_THING = re.compile(
    r"(?:the|all|post|article|entry|user|readers?|blog|story|node|page|site|public|member|visitor|news|li|div|dsq|fyre|view|single)?"
    r"(?:(comments|cmts|kommentare|kommentarer|leserkommentare|commentaires|comentarios|commenti|comentários|reacties|komentarze|opinie|"
    r"yorumlar|kommentit|talkbacks|disqus|dsq|livefyre|fyre|intensedebate|idc|jskit)|"
    r"comment|cmn?t|comm|kommentar|commentaire|comentario|commento|comentário|reactie|komentarz|yorum|kommentti|talkback)"
    r"(list|area|section|wrap|wrapper|container|content|body|block|box|threads?|holder|inner|item|entry|row|text|author|meta|date|head|header|info|"
    r"post|posts|main|table|div|bit)?$"
)
"""One part of a name that is about comments; group 1: several of them, group 2: what of them."""

_OF_SECTION = frozenset(
    """
    comment comments list liste listing area section sections wrap wrapper contain container content contents body block box thread threads
    holder inner outer main tree all feed stream items template display view results page pane panel module region group entries loop
    published show app root nest nested tab zone space data post posts conversation stack bereich and form respond embed plugin widget target
    here fragment new old text txt message msg author meta metadata date header head info user by time details name subject discussion
    system default standard basic full ul ol dl dt dd div id title live table tbody col column left right bottom toplevel level top
    """.split()
)
_OF_ITEM = frozenset(
    """
    comment body item entry container wrap wrapper block box node article inner outer post row single card bubble unit element full main holder
    even odd alt parent child reply level li div id number right left cell one of user regular normal approved published c
    """.split()
)
_BEFORE_ITEM = frozenset(
    """
    li div c o single user reader post article the view node dsq disqus fyre idc blog wp wpd media js new a depth b m entry site news story
    """.split()
)
_ITEM_SUFFIXES = frozenset(
    [None, *"body item entry row block box container wrap wrapper holder inner post div bit".split()]
)
_NOT_OF_COMMENTS = frozenset(
    """
    has have with without no not allow can is are enabled enable disabled hide toggle go goto jump num total open closed close count link
    load more write leave add your my list opinion guest like share feedback fdbk rating product order
    """.split()
)
"""Words before the one for comments that make a name say something else: "has-comments", "list-comments"."""

_OF_REVIEW = _OF_ITEM | {"review"}
_RECENT = frozenset({"recent", "latest", "newest"})
_ONE_OF = frozenset({"body", "item", "entry", "row"})
_VENDORS = frozenset({"disqus", "dsq", "fyre", "idc", "livefyre", "intensedebate"})
_ELSEWHERE = re.compile(
    r"(?:recent|latest|newest|top|last|popular|most)(?:readers?)?(?:comment(?:s|ed|ers)?|discussed)?$"
)
_PART = re.compile(r"[^\W\d_]+")

_FORM = re.compile(
    r"^[.#](?:respond|replyform|post-a-comment|addcomment|newcomment|commentform|must-log-in|reply-title|no-?comments?|"
    r"(?:[a-z]{1,12}[-_])*comments?[-_]?(?:form|respond|reply-title|add|post-form|submit|input|editor|login|policy|rules|notes|closed|notice|"
    r"guidelines|disclaimer|terms|help|pagination|nav|navigation|pager|paging|sort|sorting|toolbar|filter|tabs|controls|subscribe|subscription|"
    r"reply-link)(?:[-_](?:wrapper|container|box|area|link|title|section|above|below|\d+))*|"
    r"(?:leave|add|write|submit|post[-_]a|post[-_]your)[-_]?(?:an?|your)?[-_]?(?:new)?[-_]?(?:comment|reply|response)(?:[-_](?:form|box|link|here|wrapper|container))*|"
    r"(?:reply|respond|feedback)[-_]?(?:form|box|wrapper)|dsq-(?:reply|global-toolbar|footer|brlink|login|options|new-post))$"
)
"""Names of forms, closed notices and pagers in or beside a section."""

_FORUM = re.compile(
    r"^[.#@=](?:phpbb|vbulletin|forums?|viewtopic|section-viewtopic|showthread|discourse|topic-body|crawler-post|post-?stream|posts-?list-thread|"
    r"forum-?(?:posts?|topic|thread|page|content|wrapper)|bbp(?:ress)?-(?:forums|topic|replies|wrapper)|bbpress|bbpress-forums|question-?page|question|answers?|answer-#|"
    r"suggestedanswer|acceptedanswer|qa-main|template-thread_view|thread_view|p-body-main-thread|hnmain|ipsapp)$"
)
"""Names of forums and of pages of questions and answers, where posts are what the page is about."""

_REPLIES = re.compile(
    r"^[.#](?:children|replies|indented|nested|threaded-?replies|(?:comment|thread|sub)[-_]?(?:replies|children|comments?))$"
)
_DEPTH = re.compile(r"^[.#](?:[a-z]{1,12}[-_]){0,2}(?:depth|level|indent|lvl)[-_]?(\d{1,2})$")
_AUTHOR = re.compile(r"author|(?:^|[^a-z])fn(?:$|[^a-z])|user|name|by$|vcard|poster|nick|writer|creator")
_DATE = re.compile(r"date|time|meta(?!l)|(?:^|[^a-z])ago(?:$|[^a-z])|posted|published|stamp")
_DIGITS = re.compile(r"[\da-f]*\d[\da-f]{5,}|\d+")
_ITEM_PROPERTY = "=comment"

_CACHED_NAMES = 16_384
"""Names recur from page to page; what one means depends on nothing else."""


SECTION, ITEM, FORM, ASIDE, FORUM, REPLIES = (1 << bit for bit in range(6))
"""What an element's names say of what is inside it, as bits: enum.Flag took ten times as long on every page."""

_ANY = re.compile(
    r"[ck]om|cmn?t|re[spv]|d(?:isq|sq)|fyre|idc|js-?kit|yorum|talkb|opini|most|top|last|late|thre|child|inden|nest|"
    r"foru|topi|answ|ques|phpb|vbul|bbp|qa-|viewt|crawl|strea|hnmain|ipsa"
)
"""Stands in every name that has a meaning here; most names have none of it."""


@lru_cache(_CACHED_NAMES)
def _role(name: str) -> int:
    if not _ANY.search(name):
        return 0
    if _FORM.match(name):
        return FORM
    role = _role_of_parts(_PART.findall(shape_of(name)))
    if _FORUM.match(shape_of(name)):
        role |= FORUM
    if _REPLIES.match(name):
        role |= REPLIES
    return role


def _role_of_parts(parts: Sequence[str]) -> int:
    """What the words of a name say together: those before the one for comments, that one, those behind it."""
    if "review" in parts and _OF_REVIEW.issuperset(parts):
        return ITEM  # on its own a review is what a shop's page is about
    if parts == ["idc", "c"]:  # IntenseDebate's name for one comment
        return ITEM | SECTION
    for place, part in enumerate(parts):
        found = _THING.match(part)
        if found is not None:
            if part in _VENDORS and any(map(_THING.match, parts[place + 1 :])):
                continue  # "disqus-thread": the vendor's name, and the word for comments is still to come
            return _role_of_thing(found, parts[:place], parts[place + 1 :])
        if _ELSEWHERE.match(part) and any("comment" in other or "discussed" in other for other in parts):
            return ASIDE
        if part in _NOT_OF_COMMENTS:
            return 0
    return 0


def _role_of_thing(found: re.Match[str], before: Sequence[str], behind: Sequence[str]) -> int:
    """The same where the word for comments is found, with the words on both sides of it."""
    if not _RECENT.isdisjoint(behind):
        return ASIDE
    is_one = found[1] is None or bool(behind and behind[0] in _ONE_OF)
    if is_one and found[2] in _ITEM_SUFFIXES and _OF_ITEM.issuperset(behind) and _BEFORE_ITEM.issuperset(before):
        return ITEM | SECTION
    return SECTION if _OF_SECTION.issuperset(behind) else 0


@lru_cache(_CACHED_NAMES)
def role_of(names: tuple[str, ...]) -> int:
    """All that an element's names say together, as bits.

    A property "comment" on something that nothing else calls one is a post of a forum: Discourse and XenForo.
    """
    role = 0
    for name in names:
        role |= _role(name)
    if role & (SECTION | FORM):
        role &= ~FORUM  # SPIP's list of comments is a "forum" too
    if role & ITEM and _ITEM_PROPERTY in names and not any("comment" in name for name in names if name[0] != "="):
        role |= FORUM
    return role


@lru_cache(_CACHED_NAMES)
def shape_of(name: str) -> str:
    """A name with every number in it as "#": "#comment-4711" and "#comment-12" are built alike."""
    return _DIGITS.sub("#", name)


def item_shapes(names: Sequence[str]) -> frozenset[str]:
    """The names among these that mean one comment, numbers left out."""
    return frozenset(shape_of(name) for name in names if _role(name) & ITEM)


@lru_cache(_CACHED_NAMES)
def _depth(name: str) -> int | None:
    found = _DEPTH.match(name)
    return int(found[1]) if found else None


def depth_in(names: Sequence[str]) -> int | None:
    """The depth that a class such as "depth-2" states, if any."""
    return next((depth for name in names if (depth := _depth(name)) is not None), None)


@lru_cache(_CACHED_NAMES)
def _says_author(name: str) -> bool:
    return _AUTHOR.search(name) is not None


@lru_cache(_CACHED_NAMES)
def _says_date(name: str) -> bool:
    return _DATE.search(name) is not None


def names_author(names: Sequence[str]) -> bool:
    """Whether an element is named for who wrote something."""
    return any(map(_says_author, names))


def names_date(names: Sequence[str]) -> bool:
    """Whether an element is named for when something was written."""
    return any(map(_says_date, names))
