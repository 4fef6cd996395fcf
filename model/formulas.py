r"""Formulas as TeX between dollar signs, as Markdown, Jupyter and people write them: `$\pi r^2$`.

Pages hold them as MathML, mostly with the TeX they were made from in an annotation or in `alttext` (MediaWiki, KaTeX,
MathJax 3), or as `<script type="math/tex">` (MathJax 2). Without any TeX the signs of the MathML follow each other.
"""

from __future__ import annotations

import re

from turbohtml import Element as Node

_TEX = "application/x-tex"
_SCRIPT = re.compile(r"math/tex\b")
_WRAPPED = re.compile(r"\{\\(?:display|text)style (.*)\}", re.DOTALL)
"""MediaWiki writes every formula so."""

_DISPLAYED = re.compile(r"mode=display|block")
_MOST_CHARS = 4_000
"""Characters beyond which it is no formula that anybody wrote."""


def formula_of(node: Node) -> str:
    """The formula that a `<math>` or `<script>` element holds, "" where it holds none."""
    if node.tag == "script":
        kind = node.attr("type") or ""
        return _between_signs(node.text, kind) if _SCRIPT.match(kind) else ""
    tex = next((note.text for note in node.select("annotation") if note.attr("encoding") == _TEX), None)
    return _between_signs(tex or node.attr("alttext") or node.text, node.attr("display") or "")


def _between_signs(tex: str, display: str) -> str:
    tex = " ".join(tex.split())
    if not tex or len(tex) > _MOST_CHARS:
        return ""
    wrapped = _WRAPPED.fullmatch(tex)
    tex = wrapped[1].strip() if wrapped else tex
    return f"$${tex}$$" if _DISPLAYED.search(display) else f"${tex}$"
