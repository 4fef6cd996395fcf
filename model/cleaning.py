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
from model.classifier import Classifier, Prediction
from model.comments import collect_comments
from model.context import choose_cut, weigh_opening
from model.decoding import decode_page
from model.hints import element_hints
from model.html_blocks import segment_html
from model.labels import name_blocks
from model.language import detect_code
from model.limits import Limits
from model.reasons import explain
from model.rendering import is_shown, join_text
from model.second_reading import without_prompts
from model.site_lines import SiteLines, weigh_recurrence
from model.text_blocks import segment_text
from model.types import (
    KEPT_LABELS,
    Cleaned,
    CleanedBlock,
    Kind,
    Label,
    Options,
    Page,
    Segmentation,
    Status,
)

_LEAST_CHANCE = 0.25
"""A page of markup none of whose blocks reaches this chance of being article has no article."""

_WORDLESS_CHARS = 80


@dataclass(frozen=True, slots=True)
class Cleaner:
    """A loaded model with its limits. Holds no state between pages: the same page gives the same answer."""

    classifier: Classifier = field(repr=False)
    version: str
    manifest: dict[str, Any] = field(repr=False)
    limits: Limits = field(default_factory=Limits)
    path: Path | None = None
    """The model's folder, where it was loaded from one."""

    threads: ThreadpoolController = field(default_factory=ThreadpoolController, repr=False, compare=False)

    @classmethod
    def load(cls, path: Path | str | None = None, *, limits: Limits | None = None) -> Cleaner:
        """Load the model in `path`, a folder with a manifest or one with a `current` file; the shipped one by default.

        Raises ArtefactError when the folder is missing, damaged or made for another version.
        """
        artefact = load_artefact(Path(path) if path is not None else None)
        return cls(artefact.classifier, artefact.version, artefact.manifest, limits or Limits(), artefact.path)

    def clean(
        self, source: bytes | str, *, kind: Kind = "auto", url: str | None = None, options: Options | None = None
    ) -> Cleaned:
        """Separate the article of one page from everything around it.

        source   the page as bytes, or text already decoded
        kind     "html" or "text"; "auto" looks at the source
        url      where the page came from; it is kept, never fetched
        options  see `Options`

        Raises InputError for what is no page at all (binary data, over the size limit). Everything else gets an
        answer; `status` and `warnings` say what could not be read.
        """
        options = options or Options()
        page = decode_page(source, kind=kind, url=url, limits=self.limits)
        return self._clean(page, self.segment(page), options, None)

    def clean_site(self, texts: Sequence[bytes | str], *, options: Options | None = None) -> list[Cleaned]:
        """Clean plain texts of one site together, in their order: lines that recur across them are likelier noise.

        Each answer depends on the other texts given, and on nothing else. Raises InputError as `clean` does.
        """
        pages = [decode_page(text, kind="text", url=None, limits=self.limits) for text in texts]
        segmentations = [self.segment(page) for page in pages]
        site = SiteLines.of(segmentation.blocks for segmentation in segmentations)
        return [
            self._clean(page, segmentation, options or Options(), site)
            for page, segmentation in zip(pages, segmentations, strict=True)
        ]

    def _clean(self, page: Page, segmentation: Segmentation, options: Options, site: SiteLines | None) -> Cleaned:
        # A page is too small to share: threads that wait for each other took up to 1.7 s for 7 ms of work.
        with self.threads.limit(limits=1, user_api="openmp"):
            prediction = self.classifier.predict(segmentation, page.kind)
            return self._decide(page, segmentation, prediction, options, site)

    def segment(self, page: Page) -> Segmentation:
        """Cut a decoded page into blocks."""
        return (segment_html if page.kind == "html" else segment_text)(page, self.limits)

    def _decide(
        self,
        page: Page,
        segmentation: Segmentation,
        prediction: Prediction,
        options: Options,
        site: SiteLines | None,
    ) -> Cleaned:
        article = prediction.article
        if page.kind == "text":
            article = weigh_opening(article, prediction.scores.opening)
        article, recurring = _with_recurrence(segmentation, article, site)
        article, forced = _with_phrases(segmentation, article, options)
        words = prediction.features.matrix[:, prediction.features.names.index("words")]
        cut = choose_cut(article, words, options.dial, page.kind)
        is_article = page.kind == "text" or float(article.max(initial=0.0)) >= _LEAST_CHANCE
        body = (article >= cut.threshold) & is_article
        if page.kind == "html":
            body = without_prompts(self.classifier, segmentation, prediction, body)
            body[[number for number in forced if article[number] == 1.0]] = True
        body = _with_wordless(segmentation, body)
        hints = element_hints(segmentation.elements)
        labels, title = name_blocks(segmentation, hints, prediction, body)
        kept = _kept(labels, article, forced, options)
        reasons = explain(segmentation, hints, prediction, labels, kept, recurring | forced)
        blocks = _cleaned_blocks(segmentation, labels, kept, article, reasons)
        warnings = page.warnings + segmentation.warnings
        shown = [block for block in blocks if is_shown(block.label, block.kept, options.keep)]
        status: Status = "degraded" if warnings else "ok"
        if not shown:
            status = "empty"
            warnings += (_why_empty(segmentation),)
        text = join_text(shown, page.kind)
        metadata = segmentation.metadata
        byline = next((block.text for block in blocks[title or 0 :] if block.label is Label.BYLINE), None)
        comments = collect_comments(segmentation, hints, labels) if options.comments == "separate" else ()
        return Cleaned(
            text=text,
            title=blocks[title].text if title is not None else metadata.title,
            byline=metadata.byline or byline,
            date=metadata.date,
            language=metadata.language or detect_code(text),
            page_type=None,
            confidence=cut.expected_f1 if shown else 1.0 - float(article.max(initial=0.0)),
            blocks=blocks,
            comments=comments,
            status=status,
            warnings=warnings,
            model_version=self.version,
            kind=page.kind,
            options=options,
        )


def _with_recurrence(
    segmentation: Segmentation, article: NDArray[np.float32], site: SiteLines | None
) -> tuple[NDArray[np.float32], dict[int, str]]:
    """What the site's other texts say, as evidence: the new chances, and the reason for each line that recurs."""
    if site is None:
        return article, {}
    seen = site.seen(segmentation.blocks)
    reasons = {
        number: f"stands in {seen[number]:.0f} texts of this site" for number in np.flatnonzero(seen > 1).tolist()
    }
    return weigh_recurrence(article, seen), reasons


def _with_phrases(
    segmentation: Segmentation, article: NDArray[np.float32], options: Options
) -> tuple[NDArray[np.float32], dict[int, str]]:
    """The user's phrases as evidence: chance 0 or 1 before the page's cut is chosen."""
    forced: dict[int, str] = {}
    if not (options.always_drop or options.always_keep):
        return article, forced
    article = article.copy()
    for value, verb, phrases in ((0.0, "drop", options.always_drop), (1.0, "keep", options.always_keep)):
        lowered = [phrase.lower() for phrase in phrases if phrase]
        for number, block in enumerate(segmentation.blocks):
            text = block.text.lower()
            found = next((phrase for phrase in lowered if phrase in text), None)
            if found is not None:
                article[number] = value
                forced[number] = f'contains "{found}", which you asked to always {verb}'
    return article, forced


def _with_wordless(segmentation: Segmentation, body: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Blocks without a letter or digit (a row of asterisks) say nothing themselves: they go with both neighbours."""
    result = body.copy()
    for number, block in enumerate(segmentation.blocks):
        if not any(map(str.isalnum, block.text[:_WORDLESS_CHARS])):
            around = [*result[max(number - 1, 0) : number], *body[number + 1 : number + 2]]
            result[number] = bool(around) and all(around)
    return result


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
    labels: list[Label],
    kept: NDArray[np.bool_],
    article: NDArray[np.float32],
    reasons: list[tuple[str, ...]],
) -> tuple[CleanedBlock, ...]:
    return tuple(
        CleanedBlock(block.text, label, chance, stays, why, block.position, segmentation.tag_of(block))
        for block, label, chance, stays, why in zip(
            segmentation.blocks, labels, article.tolist(), kept.tolist(), reasons, strict=True
        )
    )


def _why_empty(segmentation: Segmentation) -> str:
    if not segmentation.blocks:
        return "The page holds no visible text."
    return f"None of the page's {len(segmentation.blocks)} blocks reads like part of an article."
