"""From marked-up gold to text: the words of an HTML fragment, parted where a browser would part them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from turbohtml.saxparse import Characters, EndElement, StartElement, iter_events

Attributes = tuple[tuple[str, str | None], ...]

_UNSEEN_TAGS = frozenset({"script", "style", "template"})
_BLOCK_TAGS = frozenset(
    """
    address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html iframe label legend li main menu nav noscript ol
    option p pre search section select summary table tbody td textarea tfoot th thead title tr ul
    """.split()
)


def text_of(html: str) -> str:
    """The text of an HTML fragment, its blocks parted by a blank line."""
    return "\n\n".join(text for _, text in labelled_blocks(html, lambda _: None))


def labelled_blocks(html: str, label_of: Callable[[Attributes], int | None]) -> Iterator[tuple[int | None, str]]:
    """The blocks of a page in document order, each with its label; blank ones are left out.

    A text's label is that of the nearest element around it for which `label_of` is not None. A block also
    ends where the label changes; white space between tags belongs to what stands before it.
    """
    labels: list[int | None] = [None]
    unseen = 0
    block = _Block(None)
    for event in iter_events(html):
        match event:
            case StartElement(tag, attributes):
                own = label_of(attributes)
                labels.append(labels[-1] if own is None else own)
                unseen += tag in _UNSEEN_TAGS
            case EndElement(tag):
                labels.pop()
                unseen -= tag in _UNSEEN_TAGS
            case Characters(text) if unseen == 0:
                if text.strip() and labels[-1] != block.label:
                    yield from block.end()
                    block = _Block(labels[-1])
                block.parts.append(text)
                continue
            case _:
                continue
        if tag in _BLOCK_TAGS:
            yield from block.end()
            block = _Block(block.label)
    yield from block.end()


class _Block:
    """The text of one label since the last boundary."""

    def __init__(self, label: int | None) -> None:
        self.label = label
        self.parts: list[str] = []

    def end(self) -> Iterator[tuple[int | None, str]]:
        text = " ".join("".join(self.parts).split())
        if text:
            yield self.label, text
