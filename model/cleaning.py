"""The filter itself: a page in, the article and a verdict on every block out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from model.artefact import load_artefact
from model.bylines import signed_names
from model.classifier import Classifier
from model.comments import collect_comments
from model.context import DIAL_FACTORS
from model.dates import published_day
from model.decisions import Case, Decisions, decide
from model.decoding import decode_page
from model.dial import DIALS, promised_loss
from model.emptiness import why_empty
from model.errors import ArtefactError, InputError, OptionError
from model.evidence import weigh_evidence
from model.html_blocks import segment_html
from model.language import detect_code
from model.limits import Limits
from model.page_model import PageModel, judge_page, promise_factor
from model.rendering import is_shown, join_text
from model.site_lines import SiteLines
from model.spam import SpamModel, with_verdicts
from model.text_blocks import segment_text
from model.types import (
    Cleaned,
    Dial,
    Kind,
    Label,
    Metadata,
    Options,
    Page,
    PageContext,
    PostedComment,
    Segmentation,
    SourceKind,
    SpamVerdict,
    Status,
)


@dataclass(frozen=True, slots=True)
class Cleaner:
    """A loaded model with its limits. Holds no state between pages: the same page gives the same answer.

    A page goes through the steps of `_clean`: the classifier's chances, the page as a whole, evidence beside the trees,
    decisions (`model.decisions`), and the answer that they come to.
    """

    classifier: Classifier = field(repr=False)
    version: str
    manifest: dict[str, Any] = field(repr=False)
    limits: Limits = field(default_factory=Limits)
    path: Path | None = None
    """The model's folder, where it was loaded from one."""

    page: PageModel | None = field(default=None, repr=False)
    """Judges pages of markup as a whole; None where the model's folder holds no page model."""
    spam: SpamModel | None = field(default=None, repr=False)
    """Judges comments; None where the model's folder holds no spam model."""

    threads: ThreadpoolController = field(default_factory=ThreadpoolController, repr=False, compare=False)
    """Keeps the numeric libraries to one thread while a page is cleaned."""

    @classmethod
    def load(cls, path: Path | str | None = None, *, limits: Limits | None = None) -> Cleaner:
        """Load the model in `path`, a folder with a manifest or one with a `current` file; the shipped one by default.

        Raises ArtefactError when the folder is missing, damaged or made for another version.
        """
        artefact = load_artefact(Path(path) if path is not None else None)
        return cls(
            artefact.classifier,
            artefact.version,
            artefact.manifest,
            limits or Limits(),
            artefact.path,
            artefact.page,
            artefact.spam,
        )

    def clean(
        self, source: bytes | str, *, kind: Kind = "auto", url: str | None = None, options: Options | None = None
    ) -> Cleaned:
        """Separate the article of one page from everything around it.

        source   the page as bytes, or text already decoded
        kind     "html" or "text"; "auto" looks at the source
        url      where the page came from; it is kept, never fetched
        options  see `Options`

        Raises InputError for what is no page at all (binary data, more than the size limit), and OptionError for a
        kind or dial that does not exist, or for a promise that this model has no table for. Everything else gets an
        answer; its `status` and `warnings` say what could not be read.
        """
        options = _checked(options)
        page = decode_page(source, kind=kind, url=url, limits=self.limits)
        return self._clean(page, self.segment(page, inline=options.inline), options, None)

    def clean_site(self, texts: Sequence[bytes | str], *, options: Options | None = None) -> list[Cleaned]:
        """Clean plain texts of one site together, in their order: lines that recur across them are likelier noise.

        Each answer depends on the other texts given, and on nothing else. Raises InputError as `clean` does.
        """
        _refuse_one_text(texts)
        options = _checked(options)
        pages = [decode_page(text, kind="text", url=None, limits=self.limits) for text in texts]
        segmentations = [self.segment(page) for page in pages]
        site = SiteLines.of(segmentation.blocks for segmentation in segmentations)
        return [
            self._clean(page, segmentation, options, site)
            for page, segmentation in zip(pages, segmentations, strict=True)
        ]

    def check_comments(
        self, comments: Sequence[PostedComment | str], *, context: PageContext | None = None
    ) -> list[SpamVerdict]:
        """How likely each comment is spam, and why. They count as one section: repeats among them are noticed.

        context   the page they stand on and texts met on others, as far as that is known

        Raises ArtefactError when the model's folder holds no spam model.
        """
        if self.spam is None:
            raise ArtefactError(
                f"The model {self.version} holds no spam model. Run `make train` to make one that does."
            )
        _refuse_one_text(comments)
        for comment in comments:
            if not isinstance(comment, str | PostedComment):
                raise InputError(f"A comment is of type {type(comment).__name__}. Pass str or PostedComment.")
        posted = [PostedComment(comment) if isinstance(comment, str) else comment for comment in comments]
        return self.spam.judge(posted, context)

    def segment(self, page: Page, *, inline: bool = False) -> Segmentation:
        """Cut a decoded page into blocks; `inline` as in `Options`."""
        if page.kind == "html":
            return segment_html(page, self.limits, inline=inline)
        return segment_text(page, self.limits)

    def _clean(self, page: Page, segmentation: Segmentation, options: Options, site: SiteLines | None) -> Cleaned:
        with self._on_one_thread():
            prediction = self.classifier.predict(segmentation, page.kind)
            judged = judge_page(self.page if page.kind == "html" else None, segmentation, prediction)
            case = Case(
                segmentation,
                prediction,
                weigh_evidence(segmentation, prediction, judged.page_type),
                page.kind,
                options,
                dial=self._dial(options.dial, judged.factor),
                is_forum=judged.page_type == "forum",
                site=site,
            )
            return self._answer(page, case, decide(case), judged.page_type)

    def _on_one_thread(self) -> AbstractContextManager[object]:
        """A page is too small to share: threads that wait for each other took up to 1.7 s for 7 ms of work.

        Libraries that were told so when the process began need not be told again for each page.
        """
        alone = all(library.num_threads == 1 for library in self.threads.lib_controllers)
        return nullcontext() if alone else self.threads.limit(limits=1)

    def _dial(self, dial: str, factor: float) -> Dial | float:
        """Where the dial stands, or what the cut is multiplied by: for the page's own factor, or to keep a promise."""
        lost = promised_loss(dial)
        if lost is not None:
            return promise_factor(self.page, lost)
        position = next(position for position in DIALS if position == dial)
        return position if factor == 1.0 else DIAL_FACTORS[position] * factor

    def _answer(self, page: Page, case: Case, decided: Decisions, page_type: str | None) -> Cleaned:
        """The answer that the decisions on a page's blocks come to."""
        segmentation, options = case.segmentation, case.options
        shown = [block for block in decided.blocks if is_shown(block.label, block.kept, options.keep)]
        warnings = page.warnings + segmentation.warnings
        status: Status = "degraded" if warnings else "ok"
        if not shown:
            status, warnings = "empty", (*warnings, _why_empty(case, decided))
        text = join_text(shown, page.kind, page.source)
        facts = _facts(segmentation, decided)
        apart = collect_comments(segmentation, decided.discussion) if options.comments == "separate" else []
        return Cleaned(
            text=text,
            title=facts.title,
            byline=facts.byline,
            date=facts.date,
            language=facts.language or detect_code(text),
            site_name=facts.site_name,
            page_type=page_type,
            confidence=self._confidence(decided, page.kind, empty=not shown),
            blocks=decided.blocks,
            comments=with_verdicts(self.spam, apart, PageContext(facts.title, text, page.url)),
            status=status,
            warnings=warnings,
            model_version=self.version,
            kind=page.kind,
            options=options,
        )

    def _confidence(self, decided: Decisions, kind: SourceKind, *, empty: bool) -> float:
        """The word F1 to expect of the text, 0 to 1; of a page that is empty, how sure that is."""
        if empty:
            return 1.0 - max((block.probability for block in decided.blocks), default=0.0)
        expected_f1 = decided.cut.expected_f1
        return expected_f1 if self.page is None or kind == "text" else self.page.calibrated(expected_f1)


def _facts(segmentation: Segmentation, decided: Decisions) -> Metadata:
    """What the page says of itself, its title as readers see it, and from bylines what its head leaves out."""
    stated = segmentation.metadata
    lines = segmentation.blocks[decided.title or 0 :]
    below = decided.blocks[decided.title or 0 :]
    signed = [line.text for line, block in zip(lines, below, strict=True) if block.label is Label.BYLINE]
    return replace(
        stated,
        title=stated.title if decided.title is None else segmentation.blocks[decided.title].text,
        byline=stated.byline or signed_names(signed),
        date=stated.date or published_day(signed),
    )


def _why_empty(case: Case, decided: Decisions) -> str:
    dropped = [number for number in decided.forced if not decided.blocks[number].kept]
    above = {decided.blocks[number].label for number in np.flatnonzero(decided.body).tolist()}
    return why_empty(case.segmentation, case.evidence, decided.cut.threshold, above, np.array(dropped, np.intp))


def _checked(options: Options | None) -> Options:
    if options is None or isinstance(options, Options):
        return options or Options()
    raise OptionError(
        f"options is of type {type(options).__name__}. Pass Options(...), or parse_options(...) of names."
    )


def _refuse_one_text(texts: Sequence[object]) -> None:
    """A string is a sequence too, of texts of one character each."""
    if isinstance(texts, str):
        raise InputError("This is one text where a list of them belongs. Pass [text].")
