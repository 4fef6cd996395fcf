"""What a page says of itself: title, authors, day of publication, language, name of the site.

The head's meta tags and JSON-LD are asked first, then microdata, then the elements that a page's author named
"byline", "date" and the like. The title is what the page is shared under, else its `<title>`, else the headline in its
JSON-LD: it is a feature of every block, so it is the same whatever else is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice

from turbohtml import Document
from turbohtml import Element as Node

from model.bylines import is_name, is_user_name, join_names, names_in
from model.dates import find_day, iso_day, published_day
from model.inline_marks import visible
from model.json_ld import MAX_SCRIPTS, JsonLd, declared_types, read_json_ld
from model.types import Metadata

_TITLE_KEYS = ("og:title", "twitter:title", "dc.title")
_AUTHOR_KEYS = (
    "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl",
    "citation_author", "article:author_name", "og:author", "creator",
)  # fmt: skip
_DATE_KEYS = (
    "article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.date",
    "dcterms.created", "pubdate", "publishdate", "parsely-pub-date", "sailthru.date", "og:published_time",
    "publish_date", "publication_date", "article.published", "published-date", "date_published",
    "citation_publication_date", "citation_date", "dcterms.issued", "article:published", "publish-date",
    "cxenseparse:recs:publishtime", "created", "article_date_original", "rnews:datepublished",
)  # fmt: skip
_SITE_KEYS = ("og:site_name", "application-name", "apple-mobile-web-app-title", "al:ios:app_name")
_LANGUAGE_KEYS = ("og:locale", "language", "dc.language", "content-language")
_SITE_SUFFIX = re.compile(r"\s+[|\-–—·»:]\s+[^|–—·»]{2,40}$")
_MAX_META = 400
"""`<meta>` elements that are read"""

_LONGEST_TITLE = 400
"""characters of a `<title>` that is closed where it should be"""

_MAX_MARKED = 60
"""elements marked as byline or date that are looked at; an index page has one for each story"""

_BYLINES = (
    "[itemprop~=author i]",
    "a[rel~=author], [class*=byline i], [id*=byline i], [class*=author i]:not([class*=authori i]):not(body):not(html)",
    "a[href*='/author']",
)  # fmt: skip
"""Elements that hold the author's name, the surest first; each selector costs a tenth of a millisecond or more."""

_USER = "[class*=username i], [class*=user-details i], [class*=user-info i], [class*=usertext i]"
_PUBLISHED = "[itemprop~=datePublished i]"
_DATED = (
    "[class*=publish i]:not(body):not(html), [class*=pubdate i], [class*=post-date i], [class*=entry-date i],"
    "[class*=dateline i], [class*=posted-on i]",
    "[class*=date i]:not(body):not(html), [class~=posted], [class~=timestamp], [class*=byline i]",
)
_ELSEWHERE = re.compile(
    r"comment|related|sidebar|footer|widget|teaser|recommend|\bcard\b|promo|modified|updated|\bbio\b", re.IGNORECASE
)
_MAX_DEPTH = 12
"""elements around a marked one that are asked whether they belong to something else"""

_MAX_NAME_CHARS = 400
"""characters of a class or id that are read, as in `Limits`: each marked element asks all elements around it"""

_MAX_MARKED_CHARS, _MAX_DATED_CHARS = 160, 80
"""characters of a byline or a marked day, and of a visible line with a day: more is prose"""

_MAX_STRINGS = 12
"""texts inside an element marked as author that may be the name"""

_MAX_AUTHORS = 6
"""different names marked as authors, beyond which a page is an index of other pages"""

_MAX_DAYS = 8
"""different days on a page, beyond which it is an index; on a forum the first `time` stands in the first post"""

_MAX_LINES_BEFORE, _LIKE_TITLE, _MAX_LINES = 300, 0.6, 25
"""Visible lines among which the title is looked for, the share of its words that one must have, and the lines from
there on that may hold byline and day."""

_SAYS_BY = re.compile(
    r"(?i:written |posted |published |article |story |words )?(?i:by|von|par|por|di|door|av)\b:? +[A-Z]"
)


def read_metadata(document: Document, lines: Sequence[str] = ()) -> Metadata:
    """Read what the page says of itself. Dates are ISO 8601 days; whatever it does not say is None.

    `lines` are the page's visible lines in their order, asked last.
    """
    named = _meta(document)
    scripts = list(_scripts(document))
    json_ld = read_json_ld(scripts)
    root = document.root
    language = root.attr("lang") if root is not None else None
    site = next(iter(_values(named, _SITE_KEYS)), None) or json_ld.site_name
    title = _title(document, named) or json_ld.headline
    author = _stated_author(named, json_ld, site) or _marked_author(document)
    date = next((day for value in _values(named, _DATE_KEYS) if (day := iso_day(value))), None) or iso_day(json_ld.date)
    date = date or _marked_day(document)
    opening = _opening(lines, title) if author is None or date is None else []
    return Metadata(
        title,
        author or _said_author(opening) or _user(document) or _stated_author(named, json_ld, None),
        date or _said_day(opening),
        _first_code((language, *_values(named, _LANGUAGE_KEYS), json_ld.language)),
        site,
        declared_types(scripts, named.get("og:type")),
        json_ld.body,
    )


def _opening(lines: Sequence[str], title: str | None) -> list[str]:
    """The short lines that follow the page's title."""
    words = set((title or "").lower().split())
    most = 3 * len(title or "") + 40
    likely = (number for number, line in enumerate(lines[:_MAX_LINES_BEFORE]) if 3 < len(line) < most)
    shared = ((len(words.intersection(lines[number].lower().split())), -number) for number in likely)
    best, first = max(shared, default=(0, 0))
    start = -first if best >= _LIKE_TITLE * max(len(words), 1) else 0
    return [line for line in lines[start : start + _MAX_LINES] if len(line) <= _MAX_MARKED_CHARS]


def _meta(document: Document) -> dict[str, str]:
    named: dict[str, str] = {}
    for node in document.find_all("meta", limit=_MAX_META):
        key = node.attr("property") or node.attr("name") or node.attr("itemprop") or node.attr("http-equiv")
        content = node.attr("content")
        if key and content and content.strip():
            named.setdefault(key.lower(), _line(content))
    return named


def _line(text: str) -> str:
    """A text on one line, without soft hyphens: the page's own heading is read so, too."""
    line = " ".join(text.split())
    return line if line.isascii() else visible(line)


def _values(named: dict[str, str], keys: Iterable[str]) -> Iterator[str]:
    return (named[key] for key in keys if key in named)


def _title(document: Document, named: dict[str, str]) -> str | None:
    """The shared title where there is one, else `<title>` without the site's name behind it."""
    shared = next(iter(_values(named, _TITLE_KEYS)), None)
    if shared:
        return shared
    node = document.find("title")
    text = _line(node.text) if node is not None else ""
    if node is not None and len(text) > _LONGEST_TITLE:  # a title closed too late holds scripts or the page
        text = next((line for line in map(_line, node.text.splitlines()) if line), "")[:_LONGEST_TITLE]
    return _SITE_SUFFIX.sub("", text) or None


def _scripts(document: Document) -> Iterator[str]:
    for node in document.find_all("script", attrs={"type": "application/ld+json"}, limit=MAX_SCRIPTS):
        yield node.text


def _stated_author(named: dict[str, str], json_ld: JsonLd, site: str | None) -> str | None:
    """Whom the head names, unless that is the site itself: many systems fill it in where nobody signed."""
    stated = [join_names(json_ld.authors), *map(names_in, _values(named, _AUTHOR_KEYS))]
    return next((names for names in stated if names and not _is_site(names, site)), None)


def _marked_author(document: Document) -> str | None:
    for selector in _BYLINES:
        marked = dict.fromkeys(name for node in _marked(document, selector) if (name := _name_of(node, is_name)))
        if 0 < len(marked) <= _MAX_AUTHORS:
            return next(iter(marked))
    return None


def _said_author(lines: Iterable[str]) -> str | None:
    """The first "By ..." of the page's opening lines."""
    return next((n for line in lines if _SAYS_BY.match(line) and (n := names_in(line)) and is_name(n)), None)


def _user(document: Document) -> str | None:
    """Who wrote a forum's first post."""
    return next((name for node in _marked(document, _USER) if (name := _name_of(node, is_user_name))), None)


def _is_site(names: str, site: str | None) -> bool:
    return site is not None and bool(site) and (names.lower() in site.lower() or site.lower() in names.lower())


def _name_of(node: Node, is_named: Callable[[str], bool]) -> str | None:
    """The first name in an element: badges, ranks and dates stand beside it in elements of their own."""
    if node.tag in ("meta", "link"):
        return names_in(node.attr("content") or node.attr("title") or "")
    strings = [" ".join(text.split()) for text in islice(node.stripped_strings, _MAX_STRINGS)]
    if sum(map(len, strings)) > _MAX_MARKED_CHARS:
        return None
    return next((names for text in strings if len(text) > 2 and (names := names_in(text)) and is_named(names)), None)


def _marked_day(document: Document) -> str | None:
    times = document.find_all("time", limit=_MAX_MARKED)
    groups: tuple[Callable[[], Iterator[Node]], ...] = (
        lambda: _marked(document, _PUBLISHED),
        lambda: (node for node in times if not _is_elsewhere(node)),
        *(partial(_marked, document, selector) for selector in _DATED),
    )
    for group in groups:
        days = dict.fromkeys(day for node in group() if (day := _day_of(node)))
        if 0 < len(days) <= _MAX_DAYS:
            return next(iter(days))
    return None


def _said_day(lines: Iterable[str]) -> str | None:
    return published_day(line for line in lines if len(line) <= _MAX_DATED_CHARS)


def _day_of(node: Node) -> str | None:
    return iso_day(node.attr("datetime") or node.attr("content")) or find_day(_said(node))


def _marked(document: Document, selector: str) -> Iterator[Node]:
    """The elements that a selector finds, but for those that belong to other stories, comments or the site."""
    return (node for node in islice(document.select(selector), _MAX_MARKED) if not _is_elsewhere(node))


def _is_elsewhere(node: Node) -> bool:
    here: object = node
    for _ in range(_MAX_DEPTH):
        if not isinstance(here, Node):
            return False
        if here.tag in ("aside", "footer", "nav"):
            return True
        if here.tag in ("body", "html"):
            return False
        if any(_ELSEWHERE.search(value[:_MAX_NAME_CHARS]) for name in ("class", "id") if (value := here.attr(name))):
            return True
        here = here.parent
    return False


def _said(node: Node) -> str:
    text = node.attr("content") or node.attr("title") if node.tag in ("meta", "link") else node.text
    text = " ".join((text or "")[: 4 * _MAX_MARKED_CHARS].split())
    return text if len(text) <= _MAX_MARKED_CHARS else ""


def _first_code(values: Iterable[str | None]) -> str | None:
    """The primary subtag, lower case, of the first value that is a BCP 47 tag."""
    for value in values:
        code = re.match(r"[A-Za-z]{2,3}(?=$|[-_])", value.strip()) if value else None
        if code:
            return code[0].lower()
    return None
