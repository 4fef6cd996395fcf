"""A cleaned page as text, Markdown, HTML or a JSON-ready dictionary."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from model.types import Block, Cleaned, CleanedBlock, Format, Label, SourceKind

_HEADING_TAGS = {f"h{level}": level for level in range(1, 7)}
_MARKDOWN_PREFIX = {"li": "- ", "dd": ": ", "blockquote": "> "}
_HTML_TAG = {"li": "li", "blockquote": "blockquote", "pre": "pre"}


def render(cleaned: Cleaned, form: Format) -> str:
    """The page in one of the four formats. Text and Markdown end without a newline."""
    if form == "json":
        return json.dumps(to_dict(cleaned), ensure_ascii=False)
    return {"text": to_text, "markdown": to_markdown, "html": to_html}[form](cleaned)


def to_text(cleaned: Cleaned) -> str:
    """The article as plain text: what `cleaned.text` holds."""
    return cleaned.text


def shown_blocks(cleaned: Cleaned) -> list[CleanedBlock]:
    """The blocks that `cleaned.text` is made of."""
    return [block for block in cleaned.blocks if is_shown(block.label, block.kept, cleaned.options.keep)]


def is_shown(label: Label, kept: bool, keep: Iterable[Label]) -> bool:
    """Whether a block is in the text: title and byline are kept, but shown only when asked for."""
    return kept and (label in keep or label not in (Label.TITLE, Label.BYLINE))


def join_text(blocks: Sequence[CleanedBlock | Block], kind: SourceKind) -> str:
    """Blocks parted by a blank line; sentences that came from one line of plain text stay on one line."""
    parts: list[str] = []
    line = end = -1
    for block in blocks:
        if kind == "text" and block.position.line == line:
            parts[-1] += ("" if block.position.column == end else " ") + block.text
        else:
            parts.append(block.text)
        line, end = block.position.line, block.position.column + len(block.text)
    return "\n\n".join(parts)


def to_markdown(cleaned: Cleaned) -> str:
    """The article as CommonMark: headings, list items, quotations and code keep their form."""
    if cleaned.kind == "text":
        return cleaned.text
    return "\n\n".join(_markdown_block(block) for block in shown_blocks(cleaned))


def _markdown_block(block: CleanedBlock) -> str:
    if block.tag == "pre":
        fence = "```" if "```" not in block.text else "~~~~"
        return f"{fence}\n{block.text}\n{fence}"
    if block.label is Label.TITLE:
        return f"# {block.text}"
    if block.label is Label.HEADING:
        return "#" * max(_HEADING_TAGS.get(block.tag, 2), 2) + " " + block.text
    return _MARKDOWN_PREFIX.get(block.tag, "") + block.text


def to_html(cleaned: Cleaned) -> str:
    """The article as an HTML fragment in `<article>`; everything from the page is escaped."""
    lines = [_html_block(block) for block in shown_blocks(cleaned)]
    return "\n".join(["<article>", *lines, "</article>"])


def _html_block(block: CleanedBlock) -> str:
    if block.label is Label.TITLE:
        tag = "h1"
    elif block.label is Label.HEADING:
        tag = block.tag if block.tag in _HEADING_TAGS else "h2"
    else:
        tag = _HTML_TAG.get(block.tag, "p")
    return f"<{tag}>{escape(block.text)}</{tag}>"


def to_dict(cleaned: Cleaned) -> dict[str, Any]:
    """Everything in the answer, in JSON types. Chances are rounded to four digits."""
    return {
        "text": cleaned.text,
        "title": cleaned.title,
        "byline": cleaned.byline,
        "date": cleaned.date,
        "language": cleaned.language,
        "site_name": cleaned.site_name,
        "page_type": cleaned.page_type,
        "confidence": round(cleaned.confidence, 4),
        "status": cleaned.status,
        "warnings": list(cleaned.warnings),
        "kind": cleaned.kind,
        "blocks": [
            {
                "text": block.text,
                "label": block.label.value,
                "probability": round(block.probability, 4),
                "kept": block.kept,
                "reasons": list(block.reasons),
                "tag": block.tag,
                "position": {"line": block.position.line, "column": block.position.column},
            }
            for block in cleaned.blocks
        ],
        "comments": [
            {
                "author": comment.author,
                "date": comment.date,
                "text": comment.text,
                "spam_probability": None if comment.spam_probability is None else round(comment.spam_probability, 4),
                "spam_reasons": list(comment.spam_reasons),
                "depth": comment.depth,
                "parent": comment.parent,
                "position": {"line": comment.position.line, "column": comment.position.column},
            }
            for comment in cleaned.comments
        ],
        "model_version": cleaned.model_version,
    }
