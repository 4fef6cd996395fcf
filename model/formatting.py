"""The shapes of markup that make a tree far larger than its page.

Formatting that is opened and never closed: by the WHATWG rules every open `<b>`, `<font>` and so on is opened again in
each paragraph, so 600 of them and 8,000 times `<p>x` (40 KB) cost a conforming parser 4 million nodes, 560 MB in
turbohtml. On such a page formatting elements become `<span>`, which is not opened again; only its bold type is lost.
Three of WCXB's 1,358 pages might be such.

`<html>` and `<body>` that are repeated with attributes: those that are new join the one element, whose attributes
turbohtml copies each time. 40,000 of them (590 KB) cost 39 seconds and 18.7 GB. No page needs more than a few.

Formatting and links of thousands of attributes: each paragraph that opens them again copies them all. 5,000 of them and
5,000 times `<p>x` (60 KB) cost 600 MB.

Where a tag ends is told by patterns as long as no value holds `<` or `>`: each shape was hidden behind `<b x='>'` once.
"""

from __future__ import annotations

import re

from turbohtml import TokenType, tokenize

from model.limits import Limits

_NAMES = "b|big|code|em|font|i|s|small|strike|strong|tt|u"  # `a` and `nobr` are closed by the next of their kind
_START = re.compile(rf"<(?:{_NAMES})(?=[\s/>])[^<>]*", re.IGNORECASE)
_TAG_NAME = re.compile(rf"<(/?)(?:{_NAMES})(?=[\s/>])", re.IGNORECASE)

_MOST_OPEN = 512
"""Elements that turbohtml nests at most; so many can be opened again at once."""

_ALIKE = 3
"""Formatting elements with the same attributes that stay open at once, by the rules' "Noah's Ark clause"."""

_SLACK = 5
"""How far the bound may exceed `max_nodes`: it is a loose one, and pages that only might be large are common."""

_ROOT_START = re.compile(r"<(?:html|body)(?=[\s/])", re.IGNORECASE)
_MOST_ROOTS = 50
"""Start tags of `<html>` and `<body>` that keep their attributes: enough for a few pages glued together."""

_NO_ROOT = "<meta"
"""What those beyond are called: as long as their names, and nothing is inside it."""

_MAY_BE_LONG = re.compile(r"<[abcefinstuABCEFINSTU][a-zA-Z]{0,5}[\s/][^<>]{1000}")
"""Stands in all that `_LONG_TAG` matches and is looked for in half the time: 0.1 ms on a page of 75 KB."""

_LONG_TAG = re.compile(rf"(<(?:a|nobr|{_NAMES}))[\s/][^<>]{{1000,}}", re.IGNORECASE)

_SPACE = r"[ \t\n\f\r]*+"
_REST = (
    rf"(?:[ \t\n\f\r/]++|(?:=[^ \t\n\f\r/<>=]*+|[^ \t\n\f\r/<>=]++)(?:(?!{_SPACE}=)|{_SPACE}={_SPACE}"
    r"(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^ \t\n\f\r\"'<>][^ \t\n\f\r<>]*+|(?=>))))*+>"
)
"""All behind the name of a start tag none of whose values holds `<` or `>`, as the WHATWG tokenizer reads it."""

_UNFINISHED = re.compile(rf"<(?:{_NAMES})(?=[\s/])(?!{_REST})", re.IGNORECASE)
_COPIED = re.compile(rf"<(/?)(?:a|nobr|{_NAMES})(?=[\s/>])", re.IGNORECASE)
_COPIED_UNFINISHED = re.compile(rf"<(?:a|nobr|{_NAMES})(?=[\s/])(?!{_REST})", re.IGNORECASE)
_MAY_HIDE = re.compile(rf"={_SPACE}(?:\"[^\"<>]*+[<>]|'[^'<>]*+[<>])")
"""Stands in all that `_COPIED_UNFINISHED` matches and is looked for in a third of the time."""

_COPIED_NAMES = frozenset(["a", "nobr", *_NAMES.split("|")])


def without_copied_attributes(source: str, limits: Limits) -> str:
    """The markup as it is, or with long tags of formatting and links bare where copies of what they hold could pile up.

    What is taken out is replaced by spaces, so that positions stay. Where such a tag hides `<` or `>` in a value, all
    formatting and links become spans: where the tag ends, no pattern that starts anywhere can tell.
    """
    if _MAY_BE_LONG.search(source):
        most = max((_attributes(tag[0]) for tag in _LONG_TAG.finditer(source)), default=0)
        if most * source.count("<") > _SLACK * limits.max_nodes:
            source = _LONG_TAG.sub(_blanked, source)
    if not (_MAY_HIDE.search(source) and _COPIED_UNFINISHED.search(source)):
        return source
    tags = (token for token in tokenize(source) if token.type is TokenType.START_TAG and token.tag in _COPIED_NAMES)
    most = max((len(tag.attrs or ()) for tag in tags), default=0)
    return _COPIED.sub(r"<\1span", source) if most * source.count("<") > _SLACK * limits.max_nodes else source


def _attributes(tag: str) -> int:
    """The most attributes that a tag may have: nothing need stand between a quoted value and the next name."""
    return len(tag.split()) + tag.count("/") + (tag.count('"') + tag.count("'")) // 2


def without_repeated_roots(source: str) -> str:
    """The markup as it is, or without all `<html>` and `<body>` that have attributes beyond the first fifty.

    Positions stay. 0.07 ms on a page of 75 KB.
    """
    if len(_ROOT_START.findall(source)) <= _MOST_ROOTS:
        return source
    start = [tag.end() for tag in _ROOT_START.finditer(source)][_MOST_ROOTS - 1]
    return source[:start] + _ROOT_START.sub(_NO_ROOT, source[start:])


def _blanked(tag: re.Match[str]) -> str:
    return tag[1] + re.sub(r"[^\n]", " ", tag[0][len(tag[1]) :])


def without_runaway_formatting(source: str, limits: Limits) -> str:
    """The markup as it is, or with formatting elements as spans where they could make more than `max_nodes` nodes.

    Only opening tags are counted, since a tag that seems to close one may stand in a comment or a script. Costs one
    count on small pages and two linear scans at most.
    """
    most = _SLACK * limits.max_nodes
    tags = source.count("<")
    if tags * _MOST_OPEN <= most:
        return source
    different = len(set(_START.findall(source))) + len(_UNFINISHED.findall(source))
    if tags * min(_ALIKE * different, _MOST_OPEN) <= most:
        return source
    return _TAG_NAME.sub(r"<\1span", source)
