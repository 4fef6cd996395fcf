r"""Formulas as TeX between dollar signs, as Markdown, Jupyter and people write them: `$\pi r^2$`.

Pages hold them as MathML, mostly with the TeX they were made from in an annotation or in `alttext` (MediaWiki, KaTeX,
MathJax 3), as `<script type="math/tex">` (MathJax 2), or as a picture that says its TeX (WordPress). MathML without any
TeX is written as such (`model.mathml`). What a page draws of a formula it holds as well is no text.
"""

from __future__ import annotations

import re

from turbohtml import Element as Node

from model.mathml import tex_of

FORMULA_TAGS = frozenset({"math", "script"})
_DRAWN_TAG, _DRAWN = "mjx-math", "katex-html"
"""The drawings of MathJax 3 and KaTeX, which stand beside MathML."""

_DRAWN_FROM_SCRIPT = frozenset(
    "MathJax MathJax_Display MathJax_Preview MathJax_SVG MathJax_SVG_Display MathJax_CHTML mjx-chtml".split()
)
"""The same of MathJax 2, MathML among them: the script that they are made from stands behind."""

_PICTURED = frozenset({"latex", "tex", "math"})
_TEX = "application/x-tex"
_SCRIPT = re.compile(r"math/tex\b")
_WRAPPED = re.compile(r"\{\\(?:display|text)style (.*)\}", re.DOTALL)
"""MediaWiki writes every formula so."""

_DISPLAYED = re.compile(r"mode=display|block")
_MOST_CHARS = 4_000
"""Characters beyond which it is no formula that anybody wrote."""


def has_formulas(source: str) -> bool:
    """Whether a page may hold formulas that are no pictures."""
    return "<math" in source or "math/tex" in source


def is_drawing(node: Node, *, has_scripts: bool) -> bool:
    """Whether an element draws a formula that the page holds as text too; `has_scripts` if it holds any as a script."""
    if node.tag.startswith("mjx-"):
        return node.tag == _DRAWN_TAG
    names = set((node.attr("class") or "").split())
    return _DRAWN in names or (has_scripts and not _DRAWN_FROM_SCRIPT.isdisjoint(names))


def formula_of(node: Node) -> str:
    """The formula that an element of `FORMULA_TAGS`, or a picture, holds; "" where it holds none."""
    if node.tag == "script":
        kind = node.attr("type") or ""
        return _between_signs(node.text, kind) if _SCRIPT.match(kind) else ""
    if node.tag == "img":
        is_formula = not _PICTURED.isdisjoint((node.attr("class") or "").split())
        return _between_signs(node.attr("alt") or "", "") if is_formula else ""
    tex = next((note.text for note in node.select("annotation") if note.attr("encoding") == _TEX), None)
    return _between_signs(tex or node.attr("alttext") or tex_of(node), node.attr("display") or "")


def _between_signs(tex: str, display: str) -> str:
    tex = " ".join(tex.split())
    if not tex or len(tex) > _MOST_CHARS:
        return ""
    wrapped = _WRAPPED.fullmatch(tex)
    tex = wrapped[1].strip() if wrapped else tex
    return f"$${tex}$$" if _DISPLAYED.search(display) else f"${tex}$"
