r"""Formulas come out as TeX, once, whatever a page holds them as."""

from __future__ import annotations

import pytest

from model.html_blocks import segment_html
from model.inline_markdown import escaped
from model.limits import Limits
from model.types import Page

NOTE = '<annotation encoding="application/x-tex">{}</annotation>'
ROOT = "<msqrt><mi>x</mi></msqrt>"
KATEX = f"<math><semantics>{ROOT}{NOTE.format('r')}</semantics></math>"
WIKI = f'<math alttext="{{\\textstyle c}}">{ROOT}</math>'


def text_of(html: str) -> str:
    return "\n".join(block.text for block in segment_html(Page(html, "html"), Limits()).blocks)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (f"<math><semantics><mrow>{ROOT}</mrow>{NOTE.format('sqrt x')}</semantics></math>", "$sqrt x$"),
        (f'<math display="block"><semantics>{ROOT}{NOTE.format("sqrt x")}</semantics></math>', "$$sqrt x$$"),
        (f'<math alttext="{{\\displaystyle a^{{2}}}}">{ROOT}</math>', "$a^{2}$"),
        ("<math><mi>a</mi><mo>+</mo><mi>b</mi></math>", "$a+b$"),
        ('<script type="math/tex">\\pi r^2</script>', "$\\pi r^2$"),
        ('<script type="math/tex; mode=display">\\pi r^2</script>', "$$\\pi r^2$$"),
        (
            f'<span class="katex"><span class="katex-mathml">{KATEX}</span>'
            '<span class="katex-html" aria-hidden="true">r drawn</span></span>',
            "$r$",
        ),
        (
            f'<span class="mwe-math-mathml-inline" style="display: none">{WIKI}</span>'
            '<img class="mwe-math-fallback-image-inline" alt="c" src="c.svg">',
            "$c$",
        ),
        (
            '<span class="MathJax_Preview">r</span><span class="MathJax"><nobr>r</nobr><span>'
            '<math><mi>r</mi></math></span></span><script type="math/tex">r</script>',
            "$r$",
        ),
        (
            '<mjx-container class="MathJax"><mjx-math class="MJX-TEX"><mjx-mi>r</mjx-mi></mjx-math>'
            "<mjx-assistive-mml><math><mi>r</mi></math></mjx-assistive-mml></mjx-container>",
            "$r$",
        ),
        ('<img class="latex" alt="\\pi r^2" src="x.png">', "$\\pi r^2$"),
    ],
)
def test_a_formula_stands_in_its_sentence_as_tex(formula: str, expected: str) -> None:
    assert text_of(f"<p>Its area is {formula} for all.</p>") == f"Its area is {expected} for all."


@pytest.mark.parametrize(
    "nothing",
    [
        "<math></math>",
        f"<math>{'<mi>x</mi>' * 9_000}</math>",
        "<script>var math_tex</script>",
        "<script src=x></script>",
        '<img class="photo" alt="latex gloves" src="x.png">',
    ],
)
def test_what_holds_no_formula_adds_nothing(nothing: str) -> None:
    assert text_of(f"<p>Said {nothing} of <math></math>it.</p>") == "Said of it."


@pytest.mark.parametrize(
    ("inside", "tex"),
    [
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", r"\frac{1}{2}"),
        ("<msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><msub><mi>x</mi><mi>i</mi></msub>", "x^2+x_i"),
        ("<msubsup><mi>x</mi><mi>i</mi><mn>10</mn></msubsup>", "x_i^{10}"),
        ("<msqrt><mn>2</mn><mi>g</mi></msqrt><mroot><mi>x</mi><mn>3</mn></mroot>", r"\sqrt{2 g}\sqrt[3]{x}"),
        ("<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>", "∑_{i=1}^n"),
        ("<mover><mi>x</mi><mo>¯</mo></mover><mi>f</mi><mo>\u2061</mo><mi>x</mi>", r"\bar{x}f x"),
        ("<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr></mtable>", r"\begin{matrix}1 & 0\end{matrix}"),
        ("<mo>{</mo><mtext>if even</mtext><mo>}</mo>", r"\{\text{if even}\}"),
        ("<mi>x</mi><mtext>where <i>x</i> is long</mtext>", r"x\text{where x is long}"),
        ("<semantics><mi>x</mi><annotation>other</annotation></semantics>", "x"),
        ("<mfrac><mn>1</mn></mfrac>", "1"),
        ("<mrow>" * 60 + "<mi>x</mi>", "x"),
    ],
)
def test_mathml_without_tex_is_written_as_it_is_meant(inside: str, tex: str) -> None:
    assert text_of(f"<p>So <math>{inside}</math> it is.</p>") == f"So ${tex}$ it is."


def test_markdown_leaves_formulas_as_they_are_and_prices_what_they_are() -> None:
    assert escaped(r"*One* $a_1*b*c$ two $$\frac{*}{2}$$") == r"\*One\* $a_1*b*c$ two $$\frac{*}{2}$$"
    assert escaped("$5 *or* $6 *each*") == r"$5 \*or\* $6 \*each\*"
