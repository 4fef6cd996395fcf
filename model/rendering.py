"""A cleaned page as text, Markdown, HTML or a JSON-ready dictionary."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from model.inline_spans import Span, pieces, without_whole
from model.markdown import markdown_of
from model.nesting import Row, cell_text, data_table, grouped
from model.tags import HEADING_TAGS
from model.text_blocks import split_lines
from model.text_html import text_html
from model.text_layout import lay_out
from model.types import Cleaned, CleanedBlock, Format, Label, SourceKind

_ITEMS = frozenset({"li", "dt", "dd"})
_INLINE_TAGS = {"link": "a", "strong": "strong", "emphasis": "em", "code": "code", "sub": "sub", "sup": "sup"}
_WRITTEN = _ITEMS | {"ul", "ol", "dl", "blockquote"}
"""Containers that the HTML of an answer has as the page had them."""


def render(cleaned: Cleaned, form: Format) -> str:
    """The page in one of the four formats. Text and Markdown end without a newline.

    Markdown and HTML have the page's links and type where it was cleaned with `Options.inline`.
    """
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


def join_text(blocks: Sequence[CleanedBlock], kind: SourceKind, source: str = "") -> str:
    """Blocks parted by a blank line; the cells of a table's row stay on one line, with tabs between them.

    For plain text see `model.text_layout`; `source` is the page it was.
    """
    return lay_out(blocks, split_lines(source)) if kind == "text" else "\n\n".join(_text_parts(blocks, 0))


def _text_parts(blocks: Sequence[CleanedBlock], depth: int) -> list[str]:
    parts: list[str] = []
    for container, inside in grouped(blocks, depth):
        if container is None:
            parts += [block.text for block in inside]
        elif container.tag == "table" and (table := data_table(inside, depth + 1)) is not None:
            parts += [block.text for block in table.caption]
            parts.append("\n".join("\t".join(map(cell_text, row)).rstrip("\t") for row in table.rows))
        else:
            parts += _text_parts(inside, depth + 1)
    return parts


def to_markdown(cleaned: Cleaned) -> str:
    """The article as Markdown; plain text, which may be Markdown, is left as it is."""
    return cleaned.text if cleaned.kind == "text" else markdown_of(shown_blocks(cleaned))


def to_html(cleaned: Cleaned) -> str:
    """The article as an HTML fragment in `<article>`; everything from the page is escaped."""
    shown = shown_blocks(cleaned)
    lines = text_html(cleaned, shown) if cleaned.kind == "text" else _html_parts(shown, 0)
    return "\n".join(["<article>", *lines, "</article>"])


def _html_parts(blocks: Sequence[CleanedBlock], depth: int) -> list[str]:
    lines: list[str] = []
    for container, inside in grouped(blocks, depth):
        if container is None:
            lines += map(_html_block, inside)
        elif container.tag == "table" and (table := data_table(inside, depth + 1)) is not None:
            caption = [f"<caption>{_html_cell(table.caption)}</caption>"] if table.caption else []
            lines += ["<table>", *caption, *map(_html_row, table.rows), "</table>"]
        elif container.tag in _ITEMS and len(inside) == 1 and len(inside[0].inside) == depth + 1:
            tag = _html_tag(inside[0])
            item = _html_text(inside[0]) if tag == "p" else _html_block(inside[0])
            lines.append(f"<{container.tag}>{item}</{container.tag}>")
        elif container.tag in _WRITTEN:
            start = f' start="{container.start}"' if container.start != 1 else ""
            lines += [f"<{container.tag}{start}>", *_html_parts(inside, depth + 1), f"</{container.tag}>"]
        else:
            lines += _html_parts(inside, depth + 1)
    return lines


def _html_row(row: Row) -> str:
    cells = [(cell[0].inside[-1].tag if cell else "td", _html_cell(cell)) for cell in row]
    return f"<tr>{''.join(f'<{tag}>{text}</{tag}>' for tag, text in cells)}</tr>"


def _html_cell(cell: Sequence[CleanedBlock]) -> str:
    return " ".join(map(_html_text, cell))


def _html_block(block: CleanedBlock) -> str:
    tag = _html_tag(block)
    return f"<{tag}>{escape(block.text) if tag == 'pre' else _html_text(block)}</{tag}>"


def _html_text(block: CleanedBlock) -> str:
    """The text of a block with its links and type; its line ends are not seen unless they are said to be some.

    A link has its address and nothing else: what `rel` and `target` are right is for whoever publishes the article.
    """
    if not (spans := block.spans):
        return escape(block.text).replace("\n", "<br>\n")
    if block.label in (Label.TITLE, Label.HEADING):
        spans = tuple(without_whole(spans, len(block.text)))
    return "".join(map(_html_piece, pieces(block.text, spans)))


def _html_piece(piece: str | tuple[Span, bool]) -> str:
    if isinstance(piece, str):
        return escape(piece).replace("\n", "<br>\n")
    span, starts = piece
    address = f' href="{escape(span.href)}"' if starts and span.kind == "link" else ""
    return f"<{'' if starts else '/'}{_INLINE_TAGS[span.kind]}{address}>"


def _html_tag(block: CleanedBlock) -> str:
    if block.label is Label.TITLE:
        return "h1"
    if block.label is Label.HEADING:
        return block.tag if block.tag in HEADING_TAGS else "h2"
    return "pre" if block.tag == "pre" else "p"


def to_dict(cleaned: Cleaned) -> dict[str, Any]:
    """Everything in the answer, in JSON types. Chances are rounded to four digits; spans are for Markdown and HTML."""
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
