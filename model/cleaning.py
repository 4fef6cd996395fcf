"""The filter itself: a page in, the article and a verdict on every block out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from model.artefact import load_artefact
from model.bylines import signed_names
from model.classifier import Classifier, Prediction
from model.comment_lines import Discussion, labelled_discussion
from model.comments import collect_comments
from model.context import DIAL_FACTORS, choose_body
from model.dates import published_day
from model.decoding import decode_page
from model.dial import DIALS, promised_loss
from model.emptiness import why_empty
from model.errors import ArtefactError, InputError, OptionError
from model.evidence import weigh_evidence
from model.html_blocks import segment_html
from model.labels import name_blocks, written_tag
from model.language import detect_code
from model.limits import Limits
from model.long_pages import unannounced_comments
from model.nesting import cells_of_kept_rows, containers
from model.page_model import PageModel, judge_page, promise_factor
from model.phrases import with_phrases
from model.reasons import explain
from model.rendering import is_shown, join_text
from model.site_lines import SiteLines, with_recurrence
from model.spam import SpamModel, with_verdicts
from model.text_blocks import segment_text
from model.types import (
    KEPT_LABELS,
    Cleaned,
    CleanedBlock,
    Container,
    Dial,
    Kind,
    Label,
    Options,
    Page,
    PageContext,
    PostedComment,
    Segmentation,
    SpamVerdict,
    Status,
)

_WORDLESS_CHARS = 80
_FENCES = ("```", "~~~")


@dataclass(frozen=True, slots=True)
class Cleaner:
    """A loaded model with its limits. Holds no state between pages: the same page gives the same answer."""

    classifier: Classifier = field(repr=False)
    version: str
    manifest: dict[str, Any] = field(repr=False)
    limits: Limits = field(default_factory=Limits)
    path: Path | None = None
    """The model's folder, where it was loaded from one."""

    page: PageModel | None = field(default=None, repr=False)
    """What judges the page as a whole, where the model has it."""
    spam: SpamModel | None = field(default=None, repr=False)
    """Judges comments; None where the model's folder holds no spam model."""

    threads: ThreadpoolController = field(default_factory=ThreadpoolController, repr=False, compare=False)

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

        Raises InputError for what is no page at all (binary data, over the size limit). Everything else gets an
        answer; `status` and `warnings` say what could not be read. OptionError for a kind or dial that is none, or a
        promise this model has no table for.
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

    def _clean(self, page: Page, segmentation: Segmentation, options: Options, site: SiteLines | None) -> Cleaned:
        # A page is too small to share: threads that wait for each other took up to 1.7 s for 7 ms of work.
        with self.threads.limit(limits=1):
            prediction = self.classifier.predict(segmentation, page.kind)
            return self._decide(page, segmentation, prediction, options, site)

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

    def _dial(self, dial: str, factor: float) -> Dial | float:
        """A position of the dial, moved by the page's own factor, or the factor of the cut that keeps a promise."""
        lost = promised_loss(dial)
        if lost is not None:
            return promise_factor(self.page, lost)
        position = next(position for position in DIALS if position == dial)
        return position if factor == 1.0 else DIAL_FACTORS[position] * factor

    def _decide(
        self,
        page: Page,
        segmentation: Segmentation,
        prediction: Prediction,
        options: Options,
        site: SiteLines | None,
    ) -> Cleaned:
        page_model = self.page if page.kind == "html" else None
        judged = judge_page(page_model, segmentation, prediction)
        evidence = weigh_evidence(segmentation, prediction, judged.page_type)
        discussion = evidence.discussion
        article, recurring = with_recurrence(segmentation, evidence.article, site)
        article, forced = with_phrases(segmentation, article, options)
        dial = self._dial(options.dial, judged.factor)
        words, ends = prediction.column("words"), prediction.column("ends_sentence")
        is_forum = judged.page_type == "forum"
        cut, body = choose_body(article, words, dial, page.kind, ends, is_forum=is_forum)
        body[[number for number in forced if article[number] == 1.0]] = True
        unannounced = unannounced_comments(segmentation, prediction, discussion, body) if page.kind == "html" else {}
        body[list(unannounced)] = True
        body = _with_wordless(segmentation, body)
        around = containers(segmentation)
        in_rows = cells_of_kept_rows(around, words, article, body)
        body[list(in_rows)] = True
        hints = prediction.features.hints
        labels, title = name_blocks(segmentation, hints, prediction, body)
        if page.kind == "text" and not discussion.comments:
            discussion = labelled_discussion(labels)
        labels = _with_comments(labels, discussion, body)
        kept = _kept(labels, article, forced, options)
        reasons = explain(segmentation, hints, prediction, labels, kept, recurring | unannounced | in_rows | forced)
        for number, reason in evidence.why.items():
            reasons[number] += () if kept[number] else (reason,)
        blocks = _cleaned_blocks(segmentation, around, labels, kept, article, reasons)
        warnings = page.warnings + segmentation.warnings
        shown = [block for block in blocks if is_shown(block.label, block.kept, options.keep)]
        status: Status = "degraded" if warnings else "ok"
        if not shown:
            status = "empty"
            by_phrase = np.array([number for number in forced if not kept[number]], np.intp)
            above = {labels[number] for number in np.flatnonzero(body)}
            warnings += (why_empty(segmentation, evidence, cut.threshold, above, by_phrase),)
        text = join_text(shown, page.kind, page.source)
        metadata = segmentation.metadata
        below = range(title or 0, len(labels))
        signed = [segmentation.blocks[number].text for number in below if labels[number] is Label.BYLINE]
        heading = segmentation.blocks[title].text if title is not None else metadata.title
        apart = collect_comments(segmentation, discussion) if options.comments == "separate" else []
        comments = with_verdicts(self.spam, apart, PageContext(heading, text, page.url))
        return Cleaned(
            text=text,
            title=heading,
            byline=metadata.byline or signed_names(signed),
            date=metadata.date or published_day(signed),
            language=metadata.language or detect_code(text),
            site_name=metadata.site_name,
            page_type=judged.page_type,
            confidence=_confidence(page_model, article, cut.expected_f1, empty=not shown),
            blocks=blocks,
            comments=comments,
            status=status,
            warnings=warnings,
            model_version=self.version,
            kind=page.kind,
            options=options,
        )


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


def _with_wordless(segmentation: Segmentation, body: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Blocks without a letter or digit (a row of asterisks) say nothing themselves: they go with both neighbours.

    A fence of Markdown goes with the code that it opens or closes. Where nothing else is left, nothing is.
    """
    says = [any(map(str.isalnum, block.text[:_WORDLESS_CHARS])) for block in segmentation.blocks]
    if not body[says].any():
        return np.zeros_like(body)
    result = body.copy()
    in_code = False
    for number, block in enumerate(segmentation.blocks):
        is_fence = block.text.startswith(_FENCES)
        if not says[number]:
            before, behind = result[max(number - 1, 0) : number], body[number + 1 : number + 2]
            around = [*before] if is_fence and in_code else [*behind] if is_fence else [*before, *behind]
            result[number] = bool(around) and all(around)
        in_code ^= is_fence
    return result


def _confidence(model: PageModel | None, article: NDArray[np.float32], expected_f1: float, *, empty: bool) -> float:
    """How good the text is likely to be, 0 to 1; where nothing is shown, how sure it is that there is no article."""
    if empty:
        return 1.0 - float(article.max(initial=0.0))
    return expected_f1 if model is None else model.calibrated(expected_f1)


def _with_comments(labels: list[Label], discussion: Discussion, body: NDArray[np.bool_]) -> list[Label]:
    """The labels, with that of a comment for every block of one that no phrase keeps in the body."""
    said = {number for comment in discussion.comments for number in comment.blocks if not body[number]}
    return [Label.COMMENT if number in said else label for number, label in enumerate(labels)]


def _kept(
    labels: list[Label], article: NDArray[np.float32], forced: dict[int, str], options: Options
) -> NDArray[np.bool_]:
    stay = KEPT_LABELS | options.keep
    if options.comments == "keep":
        stay |= {Label.COMMENT}
    kept = np.array([label in stay for label in labels], bool)
    for number in forced:
        kept[number] = article[number] == 1.0
    return kept


def _cleaned_blocks(
    segmentation: Segmentation,
    around: Sequence[tuple[Container, ...]],
    labels: list[Label],
    kept: NDArray[np.bool_],
    article: NDArray[np.float32],
    reasons: list[tuple[str, ...]],
) -> tuple[CleanedBlock, ...]:
    return tuple(
        CleanedBlock(
            block.shown,
            label,
            chance,
            stays,
            why,
            block.position,
            written_tag(segmentation, block, label),
            inside,
            block.marks,
        )
        for block, label, chance, stays, why, inside in zip(
            segmentation.blocks, labels, article.tolist(), kept.tolist(), reasons, around, strict=True
        )
    )
