"""From evidence to decisions: which of a page's blocks stay, what each is, and why.

    chances -> phrases and recurring lines -> cut -> blocks that stay with others -> labels -> kept or not, with reasons

The cut decides, and what comes behind it only adds: what a phrase keeps, dialogues that read like comments, signs that
go with their neighbours, cells that go with their row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.classifier import Prediction
from model.comment_lines import Discussion, labelled_discussion
from model.context import Cut, choose_body
from model.evidence import Evidence
from model.labels import name_blocks, written_tag
from model.long_pages import unannounced_comments
from model.nesting import cells_of_kept_rows, containers
from model.phrases import with_phrases
from model.reasons import explain
from model.site_lines import SiteLines, with_recurrence
from model.types import KEPT_LABELS, CleanedBlock, Container, Dial, Label, Options, Segmentation, SourceKind

_SIGN_CHARS = 80
"""Characters of a block among which a letter or digit must be, or else it is a row of signs."""

_FENCES = ("```", "~~~")

Why = dict[int, str]
"""What decided a block beside the trees, by its number."""


@dataclass(frozen=True, slots=True)
class Case:
    """A page to decide on, and how its caller wants it decided.

    dial       a position, or the factor of the cut
    is_forum   whether the page is taken for a forum, whose posts are its content
    site       the lines of the site's other texts, where the caller gave some
    """

    segmentation: Segmentation
    prediction: Prediction
    evidence: Evidence
    kind: SourceKind
    options: Options
    dial: Dial | float
    is_forum: bool = False
    site: SiteLines | None = None


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided on a page.

    blocks      every block of the page, in its order
    title       the number of the block that is its title, None where none is
    discussion  the comments that were found, by evidence or, in plain text, by label
    cut         the page's threshold and the F1 to expect of it
    body        bool (n_blocks,): what passed the cut or stays with what did, titles and bylines among it
    forced      the blocks that a phrase of the caller decided
    """

    blocks: tuple[CleanedBlock, ...]
    title: int | None
    discussion: Discussion
    cut: Cut
    body: NDArray[np.bool_]
    forced: frozenset[int]


def decide(case: Case) -> Decisions:
    """Decide on every block of a page."""
    segmentation, prediction = case.segmentation, case.prediction
    article, recurring = with_recurrence(segmentation, case.evidence.article, case.site)
    article, forced = with_phrases(segmentation, article, case.options)
    words, ends = prediction.column("words"), prediction.column("ends_sentence")
    cut, passed = choose_body(article, words, case.dial, case.kind, ends, is_forum=case.is_forum)
    passed[[number for number in forced if article[number] == 1.0]] = True
    around = containers(segmentation)
    body, stays_with = _with_company(case, around, article, passed)
    labels, title, discussion = _named(case, body)
    kept = _kept(labels, article, forced, case.options)
    reasons = _reasons(case, labels, kept, recurring | stays_with | forced)
    blocks = _cleaned_blocks(segmentation, around, labels, kept, article, reasons)
    return Decisions(blocks, title, discussion, cut, body, frozenset(forced))


def _with_company(
    case: Case, around: Sequence[tuple[Container, ...]], article: NDArray[np.float32], passed: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], Why]:
    """What passed the cut, with all that stays for the sake of other blocks, and why; `passed` stays as it is."""
    segmentation, prediction = case.segmentation, case.prediction
    body = passed.copy()
    dialogue: Why = {}
    if case.kind == "html":
        dialogue = unannounced_comments(segmentation, prediction, case.evidence.discussion, body)
    body[list(dialogue)] = True
    body = _with_signs(segmentation, body)
    cells = cells_of_kept_rows(around, prediction.column("words"), article, body)
    body[list(cells)] = True
    return body, dialogue | cells


def _with_signs(segmentation: Segmentation, body: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Blocks without a letter or digit (a row of asterisks) say nothing themselves: they go with both neighbours.

    A fence of Markdown goes with the code that it opens or closes. Where nothing else is left, nothing is.
    """
    says = [any(map(str.isalnum, block.text[:_SIGN_CHARS])) for block in segmentation.blocks]
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


def _named(case: Case, body: NDArray[np.bool_]) -> tuple[list[Label], int | None, Discussion]:
    """The label of each block, the title's number, and the comments.

    Every block of a comment is labelled as one, unless a phrase keeps it in the body. In plain text that announces no
    comments, those that the model sees are the comments.
    """
    labels, title = name_blocks(case.segmentation, case.prediction.features.hints, case.prediction, body)
    discussion = case.evidence.discussion
    if case.kind == "text" and not discussion.comments:
        discussion = labelled_discussion(labels)
    said = {number for comment in discussion.comments for number in comment.blocks if not body[number]}
    return [Label.COMMENT if number in said else label for number, label in enumerate(labels)], title, discussion


def _kept(
    labels: Sequence[Label], article: NDArray[np.float32], forced: Mapping[int, str], options: Options
) -> NDArray[np.bool_]:
    """Whether each block is kept, bool (n_blocks,): by its label, unless a phrase says otherwise."""
    stay = KEPT_LABELS | options.keep
    if options.comments == "keep":
        stay |= {Label.COMMENT}
    kept = np.array([label in stay for label in labels], bool)
    for number in forced:
        kept[number] = article[number] == 1.0
    return kept


def _reasons(case: Case, labels: Sequence[Label], kept: NDArray[np.bool_], decided: Why) -> list[tuple[str, ...]]:
    """The reasons of each block; what made one less likely is told last, and only where it is dropped."""
    reasons = explain(case.segmentation, case.prediction.features.hints, case.prediction, labels, kept, decided)
    for number, reason in case.evidence.why.items():
        reasons[number] += () if kept[number] else (reason,)
    return reasons


def _cleaned_blocks(
    segmentation: Segmentation,
    around: Sequence[tuple[Container, ...]],
    labels: Sequence[Label],
    kept: NDArray[np.bool_],
    article: NDArray[np.float32],
    reasons: Sequence[tuple[str, ...]],
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
