"""What authors of pages call their comment sections, single comments, comment forms and lists of latest comments.

Names find a section, they never delete one: what is inside becomes a comment only where `model.comment_sections`
finds an article outside. Patterns take whole names, not parts of them: "comments-open", "has-comments",
"no-comment-count" and "commentary" say nothing of what is inside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_THING = (
    r"(?:comments?|cmts?|cmnts?|comm|kommentare?|kommentarer?|leserkommentare?|commentaires?|comentarios?|commenti|commento|comentários?|"
    r"reacties?|reactions?|komentarze?|opinie|yorum(?:lar)?|kommentit?|talkbacks?|discuss(?:ion)?|disqus|dsq|livefyre|fyre|intensedebate|idc|"
    r"js-?kit|wpdiscuz-?comments?)"
)
_BEFORE = (
    r"(?:(?:the|all|post|article|entry|user|readers?|blog|story|node|page|site|public|member|visitor|news|main|view|show|display|"
    r"content|ul|ol|li|div|id|wp|ajax|js|fb|facebook|module|block|field|region|section|area|single|item|media|fos|jp|c|o|m|x|b|u|l)[-_]{0,2})*"
)
_SECTION = re.compile(
    rf"^[.#=]{_BEFORE}{_THING}(?:[-_]{{0,2}}(?:comments?|list(?:e|ing)?|area|sections?|wrap(?:per)?|contain(?:er)?|content|body|block|box|threads?|holder|inner|"
    r"outer|main|tree|all|feed|stream|items|template|display|view|results|page|pane|panel|module|region|group|entries|loop|published|show|app|root|nest(?:ed)?|"
    r"tab|zone|space|data|posts?|conversation|stack|thread-list|liste|bereich|and-form|and-respond|embed|plugin|widget|target|here|fragment|new|old|"
    r"text|txt|message|msg|author|meta|metadata|date|header|head|info|user|by|time|details|name|subject|"
    r"discussion|system|comment-wrapper|default|standard|basic|full|ul|ol|dl|div|id|title-and-list|\d+))*[-_]*\d*$"
)
"""Names of what is around all comments, or around one: "comments", "commentlist", "disqus_thread", "post-comments"."""

_ITEM = re.compile(
    r"^[.#=](?:(?:li|div|c|o|single|user|reader|post|article|the|view|node|dsq|disqus|fyre|idc|blog|wp|wpd|media|js|new|a)[-_]{0,2})*"
    r"(?:comment|cmt|cmnt|comm|review|kommentar|comentario|comentário|commentaire|commento|reactie|komentarz|yorum|kommentti|talkback|"
    r"usercomments?|comments(?=[-_]{0,2}(?:body|item|entry|row|#))|idc-c$)"
    r"(?:[-_]{0,2}(?:body|item|entry|container|wrap(?:per)?|block|box|node|article|inner|outer|post|row|single|card|bubble|unit|element|full|main|"
    r"holder|even|odd|alt|parent|child|reply|level|thread|li|div|id|number|right|left|cell|one|li-inner|comment|of-user|regular|normal|approved|published|#))*[-_#]*$"
)
"""Names of what is around one comment, digits read as "#": "comment", "comment-body", "li-comment-#"; not "comments"."""

_FORM = re.compile(
    r"^[.#](?:respond|replyform|post-a-comment|addcomment|newcomment|commentform|must-log-in|reply-title|no-?comments?|nocomments|"
    r"(?:[a-z]{1,12}[-_])*comments?[-_]?(?:form|respond|reply-title|add|post-form|submit|input|editor|login|policy|rules|notes|closed|notice|guidelines|disclaimer|terms|help|"
    r"pagination|nav|navigation|pager|paging|sort|sorting|toolbar|filter|tabs|controls|subscribe|subscription)(?:[-_]?(?:wrapper|container|box|area|link|title|section|above|below|\d+))*|"
    r"(?:leave|add|write|post|submit)[-_]?(?:an?|your)?[-_]?(?:new)?[-_]?(?:comment|reply|response)(?:[-_]?(?:form|box|link|here|wrapper|container))*|"
    r"(?:reply|respond|feedback)[-_]?(?:form|box|wrapper)|dsq-(?:reply|global-toolbar|footer|brlink|login|options|new-post)|dsq-reply)$"
)
"""Names of forms, closed notices and pagers in or beside a section."""

_ASIDE = re.compile(
    r"^[.#](?:(?:left|right|main|primary|secondary|site|page|blog)?[-_]?side-?bar[-_]?\d*|widget(?:_recent_comments)?|"
    r"(?:[a-z]{1,12}[-_])*(?:recent|latest|newest|top|last|popular|most)[-_]?(?:readers?[-_]?)?(?:comment(?:s|ed|ers)?|discussed)(?:[-_]?[a-z\d]+)*|"
    r"(?:most|top)-?commented)$"
)
"""Names of lists of comments made elsewhere on the site."""

_FORUM = re.compile(
    r"^[.#@=](?:phpbb|vbulletin|forums?|viewtopic|section-viewtopic|showthread|discourse|topic-body|crawler-post|post-?stream|posts-?list-thread|"
    r"forum-?(?:posts?|topic|thread|page|content|wrapper)|bbp(?:ress)?-(?:forums|topic|replies|wrapper)|bbpress|bbpress-forums|question-?page|question|answers?|answer-#|"
    r"suggestedanswer|acceptedanswer|qa-main|template-thread_view|thread_view|p-body-main-thread|hnmain)$"
)
"""Names of forums and of pages of questions and answers, where posts are what the page is about."""

_REPLIES = re.compile(r"^[.#](?:children|replies|indented|nested|threaded-?replies|(?:comment|thread|sub)[-_]?(?:replies|children|comments?))$")
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
    r"[ck]om|cmn?t|re[spv]|d(?:isq|sq)|fyre|idc|js-?kit|yorum|talkb|opini|widg|side-?b|thre|child|inden|nest|"
    r"foru|topi|answ|ques|phpb|vbul|bbp|qa-|viewt|crawl|strea|hnmain"
)
"""Something of which every name with a meaning has; most names have none of it."""


@lru_cache(_CACHED_NAMES)
def _role(name: str) -> int:
    if not _ANY.search(name):
        return 0
    if _FORM.match(name):
        return FORM
    if _ASIDE.match(name):
        return ASIDE
    shape = shape_of(name)
    role = 0
    if _ITEM.match(shape):
        role = ITEM | SECTION if "review" not in name else ITEM
    elif _SECTION.match(name):
        role = SECTION
    if _FORUM.match(shape):
        role |= FORUM
    if _REPLIES.match(name):
        role |= REPLIES
    return role


@lru_cache(_CACHED_NAMES)
def role_of(names: tuple[str, ...]) -> int:
    """All that an element's names say together, as bits.

    A property "comment" on something that nothing else calls one is a post of a forum: Discourse and XenForo.
    """
    role = 0
    for name in names:
        role |= _role(name)
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
