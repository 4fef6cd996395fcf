"""Formatting that is never closed cannot make the tree larger than the limits allow, and loses no text."""

from __future__ import annotations

import pytest
from turbohtml import Element, parse

from model import Limits
from model.formatting import without_copied_attributes, without_repeated_roots, without_runaway_formatting
from model.html_blocks import segment_html
from model.types import Page

TAGS = "b big code em font i s small strike strong tt u".split()


def nodes(source: str) -> int:
    count = 0
    stack: list[object] = [parse(source).root]
    while stack:
        node = stack.pop()
        count += 1
        if isinstance(node, Element):
            stack += list(node)
    return count


def runaway(tag: str, different: int = 300, paragraphs: int = 200) -> str:
    return "<p>" + "".join(f"<{tag} x={number}>" for number in range(different)) + "<p>word" * paragraphs


@pytest.mark.parametrize("tag", [*TAGS, "B", "FONT"])
def test_a_page_whose_tree_could_explode_keeps_its_text_and_loses_its_formatting(tag: str) -> None:
    source = runaway(tag)
    limits = Limits(max_nodes=5_000)
    guarded = without_runaway_formatting(source, limits)
    assert nodes(source) > 10 * limits.max_nodes
    assert nodes(guarded) < limits.max_nodes
    page = segment_html(Page(source, "html"), limits)
    assert [block.text for block in page.blocks] == ["word"] * 200
    assert page.warnings == ()


def test_closing_tags_that_close_nothing_do_not_hide_it() -> None:
    limits = Limits(max_nodes=5_000)
    for hidden in ("<!--{}-->", "<script>{}</script>", '<i title="{}"></i>'):
        source = hidden.format("</font>" * 300) + runaway("font")
        assert nodes(without_runaway_formatting(source, limits)) < limits.max_nodes


@pytest.mark.parametrize("value", ["'>{}'", '">{}"', "'<{}'", "'' y='>{}'", "= b='>{}'", "a ' c='>{}'"])
def test_a_value_that_holds_an_end_of_tag_does_not_hide_it(value: str) -> None:
    """Up to the first `>` all these tags are the same one: 39 KB of them took 1.4 seconds and 550 MB."""
    limits = Limits(max_nodes=5_000)
    source = "<p>" + "".join(f"<b x={value.format(number)}>" for number in range(300)) + "<p>word" * 200
    assert nodes(source) > 5 * limits.max_nodes
    assert nodes(without_runaway_formatting(source, limits)) < limits.max_nodes


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("<p>One <b>bold</b> word.</p>" * 3_000, id="the same formatting often"),
        pytest.param("".join(f"<p><a href=/{number}>link</a></p>" for number in range(3_000)), id="differing links"),
        pytest.param("".join(f"<p><font size={number}>x</font></p>" for number in range(30)), id="a short page"),
        pytest.param("<p>no formatting</p>" * 10_000, id="none"),
        pytest.param("<body><br><blockquote><button><iframe><input><section><table><ul>" * 1_000, id="other tags"),
    ],
)
def test_ordinary_pages_are_left_as_they_are(source: str) -> None:
    assert without_runaway_formatting(source, Limits()) is source


def test_only_names_of_formatting_elements_are_changed() -> None:
    source = "<b><B x='<b>'><bold></b ></strong/><i\n><br><p title=\"</em>\">" + runaway("u")
    guarded = without_runaway_formatting(source, Limits(max_nodes=1_000))
    assert guarded.startswith(
        "<span><span x='<span>'><bold></span ></span/><span\n><br><p title=\"</span>\"><p><span x=0>"
    )


@pytest.mark.parametrize("tag", ["html", "body", "HTML"])
def test_repeated_roots_cannot_fill_the_memory_with_attributes(tag: str) -> None:
    """Each new attribute copied all before it: 590 KB of them took 18.7 GB."""
    source = "".join(f"<{tag} a{number}=b\n>" for number in range(10_000)) + "<p>word</p>"
    guarded = without_repeated_roots(source)
    root = parse(guarded).find(tag.lower())
    assert root is not None
    assert 0 < len(root.attrs) <= 60
    assert len(guarded) == len(source)
    assert guarded.count("\n") == source.count("\n")
    assert [block.text for block in segment_html(Page(source, "html"), Limits()).blocks] == ["word"]


@pytest.mark.parametrize("start", ["<html <", "<body z='>'", "<body/", "<html z='<'"])
def test_repeated_roots_are_found_whatever_stands_in_them(start: str) -> None:
    """A `<` or `>` in a value hid the attributes behind it: 300 KB of them took 10 seconds and 4 GB."""
    source = "".join(f"{start} a{number}=b>" for number in range(2_000)) + "<p>word</p>"
    guarded = without_repeated_roots(source)
    assert len(guarded) == len(source)
    root, body = parse(guarded).root, parse(guarded).find("body")
    assert root is not None
    assert body is not None
    assert len(root.attrs) + len(body.attrs) <= 110


def test_pages_glued_together_keep_all_their_attributes() -> None:
    source = "<html class=a><body id=b><p>x</p></body></html>" * 20
    assert without_repeated_roots(source) is source


@pytest.mark.parametrize("tag", ["font", "a", "NOBR"])
def test_a_tag_of_thousands_of_attributes_is_not_copied_into_each_paragraph(tag: str) -> None:
    attributes = " ".join(f"a{number}=b" for number in range(2_000))
    source = f"<p><{tag} {attributes}>" + "<p>word" * 2_000
    guarded = without_copied_attributes(source, Limits())
    first = parse(guarded).find(tag.lower())
    assert first is not None
    assert len(first.attrs) == 0
    assert len(guarded) == len(source)
    assert [block.text for block in segment_html(Page(source, "html"), Limits()).blocks] == ["word"] * 2_000


@pytest.mark.parametrize("start", ["<b", "<a z='>'", "<font z='<' ", "<i \" y='>'"])
@pytest.mark.parametrize("attribute", [" a{}=1", " a{}=''", "a{}=''"])
def test_attributes_are_counted_however_they_are_written(start: str, attribute: str) -> None:
    """145 KB with a `>` in a value, or without space between attributes, took 6 seconds and 3.4 GB."""
    source = f"<p>{start} {''.join(map(attribute.format, range(2_000)))}>" + "<p>word" * 2_000
    guarded = without_copied_attributes(source, Limits())
    most = max(len(node.attrs) for tag in ("a", "b", "font", "i", "p") for node in parse(guarded).find_all(tag))
    assert most == 0
    assert sum(block.text == "word" for block in segment_html(Page(source, "html"), Limits()).blocks) == 2_000


def test_a_value_with_signs_on_an_ordinary_page_changes_nothing() -> None:
    source = "<p><a href=/x title='a > b'>a link</a> <b title=\"<i>\">bold</b></p>" * 200
    assert without_copied_attributes(source, Limits()) is source


def test_a_long_tag_on_an_ordinary_page_keeps_its_attributes() -> None:
    source = f"<p><a href=/x title='{'long words ' * 200}'>a link</a></p>" + "<p>word</p>" * 200
    assert without_copied_attributes(source, Limits()) is source
