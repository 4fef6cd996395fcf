"""MathML as TeX, for formulas that do not say the TeX they were made from: MathJax 3's, publishers'.

Fractions, roots, what stands above and below, and matrices have commands of their own: one behind the other, the 1 and
the 2 of a half would be another formula. Of everything else the signs simply follow each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from turbohtml import Element as Node

_TOKENS = frozenset({"mi", "mn", "mo", "ms", "mtext"})
"""What holds a formula's text, and sometimes markup of HTML inside it."""

_DEEPEST = 40
"""Elements inside each other beyond which only their text is read."""

_SCRIPTS = {"msub": "_", "msup": "^", "munder": "_", "mover": "^", "msubsup": "_^", "munderover": "_^"}
_UNSEEN = frozenset({"annotation", "annotation-xml", "mphantom", "maligngroup", "malignmark"})
_SIGNS = {
    **{ord(char): None for char in "\u2061\u2062\u2063\u2064\u200b"},
    **{ord(char): f"\\{char}" for char in "{}%#&_"},
}
"""Function application, invisible times and the like are read from what stands around them; others would be markup."""

_FORMS = {"mfrac": (2, r"\frac{{{}}}{{{}}}"), "mroot": (2, r"\sqrt[{1}]{{{0}}}")}
"""How many parts an element must have, and the TeX of them."""

_NESTS = {"msqrt": r"\sqrt{{{}}}", "mtable": r"\begin{{matrix}}{}\end{{matrix}}"}
_BETWEEN: dict[str, Callable[[Sequence[str]], str]] = {
    "mtable": r" \\ ".join, "mtr": " & ".join, "mlabeledtr": " & ".join
}  # fmt: skip
_ACCENTS = {"¯": "bar", "‾": "overline", "^": "hat", "ˆ": "hat", "~": "tilde", "˜": "tilde", "→": "vec", "˙": "dot"}


def tex_of(node: Node, depth: int = 0) -> str:
    """The TeX of a MathML element."""
    if depth > _DEEPEST:
        return " ".join(node.text.split())
    tag = node.tag
    children = [child for child in node if isinstance(child, Node)]
    if not children or tag in _TOKENS:
        return _sign(node, tag)
    inner = [tex_of(child, depth + 1) for child in children if child.tag not in _UNSEEN]
    if tag in _SCRIPTS and len(inner) == len(_SCRIPTS[tag]) + 1:
        return _with_scripts(tag, inner)
    wants, form = _FORMS.get(tag, (0, "{}"))
    return form.format(*inner) if wants == len(inner) else _NESTS.get(tag, "{}").format(_BETWEEN.get(tag, _line)(inner))


def _sign(node: Node, tag: str) -> str:
    text = " ".join(node.text.translate(_SIGNS).split())
    return rf"\text{{{text}}}" if tag == "mtext" and any(map(str.isalpha, text)) else text


def _with_scripts(tag: str, inner: Sequence[str]) -> str:
    base, *scripts = inner
    if tag == "mover" and scripts[0] in _ACCENTS:
        return rf"\{_ACCENTS[scripts[0]]}{{{base}}}"
    marked = zip(_SCRIPTS[tag], scripts, strict=True)
    return (base or "{}") + "".join(
        f"{mark}{script if len(script) == 1 else f'{{{script}}}'}" for mark, script in marked if script
    )


def _line(parts: Sequence[str]) -> str:
    """Parts side by side; letters and digits of two parts are two words, and no part of a command's name."""
    line = ""
    for part in parts:
        line += f" {part}" if line[-1:].isalnum() and part[:1].isalnum() else part
    return line
