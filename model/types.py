"""The data that flows through Winnow, in the order in which it is made.

    bytes -> Page -> tuple[Block, ...] -> feature matrix -> chances of each block -> Cleaned

Every type is frozen: a stage reads what the stage before it made and returns something new. For the types of which a
page has hundreds of objects only the type checker sees to that (`made_often`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, make_dataclass
from enum import StrEnum
from typing import Literal, NamedTuple, TypeVar, get_args

from model.errors import OptionError
from model.inline_spans import Marks, Span

Kind = Literal["auto", "html", "text"]
SourceKind = Literal["html", "text"]
Status = Literal["ok", "degraded", "empty"]
Dial = Literal["precision", "balanced", "recall"]
CommentMode = Literal["separate", "drop", "keep"]
Format = Literal["text", "markdown", "html", "json"]


class Label(StrEnum):
    """What a block is. The first five are kept by default, the others are noise."""

    TITLE = "title"
    BYLINE = "byline"
    HEADING = "heading"
    BODY = "body"
    CAPTION = "caption"
    NAVIGATION = "navigation"
    RELATED = "related"
    SHARE = "share"
    PROMO = "promo"
    CONSENT = "consent"
    ADVERT = "advert"
    NOTICE = "notice"
    COMMENT_FORM = "comment_form"
    COMMENT = "comment"
    LEGAL = "legal"
    OTHER = "other"


KEPT_LABELS = frozenset({Label.TITLE, Label.BYLINE, Label.HEADING, Label.BODY, Label.CAPTION})
NOISE_LABELS = tuple(label for label in Label if label not in KEPT_LABELS)
"""The noise kinds in declaration order."""

KIND_LABELS = (Label.TITLE, Label.BYLINE, *NOISE_LABELS)
"""What a block that is not body can be; column k of a kind score belongs to `KIND_LABELS[k]`."""


_Made = TypeVar("_Made")


def made_often(frozen: type[_Made]) -> type[_Made]:
    """Make objects of a frozen dataclass cheap to create, by taking away its guard against assignments.

    Its fields must have plain defaults or none. A frozen dataclass sets each of its own fields through a function that
    passes the guard: a block costs 1.4 µs that way and 0.35 µs without, and all objects of a page made up a tenth of
    the page's time. mypy still refuses assignments.
    """
    known = fields(frozen)  # type: ignore[arg-type]  # what is decorated is a dataclass
    plain = make_dataclass(frozen.__name__, [(f.name, f.type, field(default=f.default)) for f in known])
    frozen.__init__ = plain.__init__  # type: ignore[misc, method-assign]  # what it is for
    del frozen.__setattr__, frozen.__delattr__
    return frozen


@made_often
@dataclass(frozen=True, slots=True)
class Position:
    """Where a block starts in its source: line and column, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says of itself; None where it says nothing."""

    title: str | None = None
    byline: str | None = None
    date: str | None = None
    language: str | None = None
    site_name: str | None = None
    declared: tuple[str, ...] = ()
    """What it declares to be: its schema.org types and og:type, lower case."""
    body: str | None = None
    """The text of its article, where its JSON-LD holds it."""


@dataclass(frozen=True, slots=True)
class Page:
    """A decoded page. `source` is markup when `kind` is "html", else plain text."""

    source: str
    kind: SourceKind
    url: str | None = None
    warnings: tuple[str, ...] = ()


@made_often
@dataclass(frozen=True, slots=True)
class Element:
    """A block-level HTML element that contains some block.

    `parent` is the index of the next such element outwards in `Segmentation.elements`, -1 at the root; a
    parent always precedes its children. `names` are what its author called it: ".class", "#id", "@role",
    "=itemprop", and "hidden".
    """

    parent: int
    tag: str
    names: tuple[str, ...] = ()
    column: int = -1
    """For a table's cell, the columns before it in its row, with those that cells of rows above reach into; else -1."""
    start: int = 1
    """For an ordered list, the number of its first item."""


@made_often
@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that is kept or dropped as a whole: a paragraph, heading, list item, cell or line.

    `element` is the index of its innermost block-level element in `Segmentation.elements`, -1 for plain
    text. `link_chars` and `emphasis_chars` count the characters of `text` inside links and inside bold
    or italic type. `breaks` are the places in `text` of the spaces that are line breaks on the page (`<br>`): whatever
    decides reads a block as one line, whatever writes it takes `shown`. `marks` are its links, bold type and so on,
    where they were asked for and it has any; they decide nothing either.
    """

    text: str
    position: Position
    element: int = -1
    link_chars: int = 0
    link_count: int = 0
    emphasis_chars: int = 0
    breaks: tuple[int, ...] = ()
    marks: Marks | None = field(default=None, repr=False, compare=False)

    @property
    def shown(self) -> str:
        """The text with its line breaks: as long as `text`, and of the same words."""
        if not self.breaks:
            return self.text
        chars = list(self.text)
        for place in self.breaks:
            chars[place] = "\n"
        return "".join(chars)


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A page's blocks in reading order with the elements they stand in and what the page says of itself.

    `warnings` say why the segmentation is partial; any entry makes the answer `degraded`.
    """

    blocks: tuple[Block, ...]
    elements: tuple[Element, ...] = ()
    metadata: Metadata = Metadata()
    warnings: tuple[str, ...] = ()

    def tag_of(self, block: Block) -> str:
        """The tag of the block's innermost block-level element; "p" in plain text."""
        return self.elements[block.element].tag if block.element >= 0 else "p"


class Container(NamedTuple):
    """A list, a quotation, a table or a part of one around a block; `number` tells it from the others on its page."""

    tag: str
    number: int
    column: int = -1
    """As in `Element`: empty cells hold no block, and what stands beside them keeps its column."""
    start: int = 1
    """As in `Element`."""


@dataclass(frozen=True, slots=True)
class CleanedBlock:
    """One block of the answer: its text, the decision on it and where it stood.

    Line breaks in `text` are those of the page. `probability` is the chance, 0 to 1, that the block belongs to the
    article, as the cut saw it. `reasons` are phrases a person understands, the weightiest first.
    """

    text: str
    label: Label
    probability: float
    kept: bool
    reasons: tuple[str, ...]
    position: Position
    tag: str = "p"
    inside: tuple[Container, ...] = ()
    """The lists, quotations and tables around it, with their items, rows and cells, the outermost first."""
    marks: Marks | None = field(default=None, repr=False, compare=False)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Links, bold type, italics and code in `text`, as `Marks.spans` gives them; none in code and plain text.

        There are some only where `Options.inline` asked for them.
        """
        return self.marks.spans() if self.marks is not None else ()


@dataclass(frozen=True, slots=True)
class Comment:
    """A reader's comment, apart from the article. Author and date are None where the page gives none.

    `depth` is 0 for a comment on the article itself; `parent` is the place in `Cleaned.comments` of the one it
    replies to, None at the top and where the page does not show it. `position` is where it starts in the source.
    """

    text: str
    author: str | None = None
    date: str | None = None
    spam_probability: float | None = None
    depth: int = 0
    parent: int | None = None
    position: Position = Position(1, 1)
    spam_reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PostedComment:
    """A comment as it was sent: its text, and who signs it with which link, where that is known."""

    text: str
    author: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class SpamVerdict:
    """What is thought of one comment. `probability` is calibrated; `reasons` are the weightiest first."""

    probability: float
    is_spam: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageContext:
    """What is known of the page that comments stand on: its title, text and address.

    `seen` says how often a text was met on other pages, by its `model.spam.fingerprint`.
    """

    title: str | None = None
    text: str = ""
    url: str | None = None
    seen: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """How to clean; the same everywhere.

    dial         how sure Winnow must be before it keeps a block: precision | balanced | recall, or a promise about
                 what is lost, "lose at most 1 %" of the article's words (see `model.dial`)
    keep         labels that stay in `Cleaned.text` besides body, heading and caption
    comments     separate: in `Cleaned.comments`; drop: nowhere; keep: in the text as well
    always_drop  phrases: a block that contains one is dropped (case-insensitive)
    always_keep  phrases: a block that contains one is kept; it wins over `always_drop`
    inline       note links, bold type, italics and code, for an answer in Markdown or HTML; `model.options.for_format`
                 sets it. It changes no decision and no text

    Raises OptionError for a string where several belong, which Python would take for its single characters, and for a
    value of `comments` that does not exist.
    """

    dial: str = "balanced"
    keep: frozenset[Label] = frozenset()
    comments: CommentMode = "separate"
    always_drop: tuple[str, ...] = ()
    always_keep: tuple[str, ...] = ()
    inline: bool = False

    def __post_init__(self) -> None:
        """Refuse what Python lets pass, and what would drop every block with an "a" in it."""
        for name in ("keep", "always_drop", "always_keep"):
            value = getattr(self, name)
            if isinstance(value, str):
                raise OptionError(f"{name} cannot be the text {value!r}. Put it into brackets: {_BRACKETS[name]}.")
        if self.comments not in get_args(CommentMode):
            allowed = ", ".join(get_args(CommentMode))
            raise OptionError(f"comments cannot be {self.comments!r}. Allowed: {allowed}.")


_BRACKETS = {"keep": 'frozenset({"title"})', "always_drop": '("Follow us",)', "always_keep": '("Follow us",)'}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The answer for one page.

    `text` is the body with its headings and captions, blocks parted by a blank line, without title and byline unless
    `Options.keep` names them; lists, tables, code and quotations of a plain text in Markdown stay as they were
    written. `page_type` is one of `model.page_model.PAGE_TYPES`, None for plain text. `confidence` (0 to 1) is the
    word F1 to expect of `text`, or how sure it is that there is no article.
    `status` is "empty" when nothing was worth keeping, "degraded" when the page could not be read as usual;
    `warnings` say why.
    """

    text: str
    title: str | None
    byline: str | None
    date: str | None
    language: str | None
    page_type: str | None
    confidence: float
    blocks: tuple[CleanedBlock, ...]
    comments: tuple[Comment, ...]
    status: Status
    warnings: tuple[str, ...]
    model_version: str
    kind: SourceKind = "html"
    site_name: str | None = None
    options: Options = field(default_factory=Options)
