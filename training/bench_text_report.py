"""What a run over plain texts found, and its tables. No line of any text gets into them."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from sklearn.metrics import average_precision_score

from model.types import KEPT_LABELS, NOISE_LABELS, Label
from training.line_contenders import LineVerdict
from training.marked_texts import MarkedText
from training.metrics import words

OPEN = "our open texts"
LOCKED = "our locked texts"
OWN = "texts of training, held out"
GOLD = "gold texts as they are"

_MARKED_HEADER = ("noise lines dropped", "article lines lost", "article words lost", "set apart", "kind right")
_TIMED = ("winnow", "justext")
_SET_APART = (Label.TITLE, Label.BYLINE)
_LEGEND = """\
Noise is what is looked for: P, R and F1 by lines; AP is the average precision of the tool's score, to be compared with
the share of noise, which is the AP of guessing. Every line counts the same. Words lost are those of article lines; set
apart are those of body lines called title or byline, which stay but are not in the text given back.

- winnow: `clean(text, kind="text")`; its score is 1 - a block's probability, a line takes its block's verdict; gold
  texts and those we wrote for training are asked of the model of the fold that held them or their site out
- winnow-precision: the same with `dial="precision"`: for a text that is mostly noise
- c4-lines: C4's rules on lines (Raffel et al. 2020): ends in a terminal mark, 5 words or more, no "javascript", no
  policy notice; c4: with its rules on pages too (no curly bracket, no "lorem ipsum", 3 sentences or more)
- justext: the lines as paragraphs, stop words by the text's language"""


@dataclass(frozen=True, slots=True)
class Judged:
    """A text with every tool's verdicts on its lines and the CPU seconds they took."""

    text: MarkedText
    verdicts: dict[str, Sequence[LineVerdict]]
    cpu_s: dict[str, float]


@dataclass(frozen=True, slots=True)
class TextRun:
    """All tools on the texts of one part; `tools` with their versions, None where they have none."""

    name: str
    judged: tuple[Judged, ...]
    tools: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class LineScore:
    """One tool on the nonblank lines of some texts.

    noise, dropped, found  lines that are noise, that were called noise, and both
    article, lost          lines of the article, and those called noise
    article_words, lost_words   the same by words, a line that goes in part counted by its share
    right_kind             lines found whose label is the one marked
    set_apart_words        words of kept body lines called title or byline, which are not in the text given back
    average_precision      None where the tool gives no score or there is no noise
    """

    noise: int
    dropped: int
    found: int
    article: int
    lost: int
    article_words: int
    lost_words: float
    right_kind: int
    set_apart_words: int
    average_precision: float | None

    @property
    def f1(self) -> float:
        """Of the noise lines; 0 where none is found."""
        return 2 * self.found / (self.noise + self.dropped) if self.found else 0.0


def score(judged: Iterable[Judged], tool: str) -> LineScore:
    """Count over all lines of all texts: long texts weigh more."""
    tally: Counter[str] = Counter()
    lost_words = 0.0
    is_noise: list[bool] = []
    scores: list[float] = []
    for keep, label, count, verdict in _lines(judged, tool):
        side = "article" if keep else "noise"
        tally[side] += 1
        tally[f"{side} dropped"] += verdict.is_noise
        tally[f"{side} words"] += count
        if keep:
            lost_words += verdict.dropped * count
            apart = verdict.label in _SET_APART and label not in _SET_APART and not verdict.is_noise
            tally["apart"] += count * apart
        else:
            tally["kind"] += verdict.is_noise and verdict.label is label
        if verdict.noise_score is not None:
            is_noise.append(not keep)
            scores.append(verdict.noise_score)
    return LineScore(
        noise=tally["noise"],
        dropped=tally["noise dropped"] + tally["article dropped"],
        found=tally["noise dropped"],
        article=tally["article"],
        lost=tally["article dropped"],
        article_words=tally["article words"],
        lost_words=lost_words,
        right_kind=tally["kind"],
        set_apart_words=tally["apart"],
        average_precision=float(average_precision_score(is_noise, scores)) if any(is_noise) else None,
    )


def markdown(runs: Sequence[TextRun], notes: dict[str, str], sections: Sequence[tuple[str, str]] = ()) -> str:
    """The report: a part per corpus, further `sections` by heading and table, then speed."""
    versions = {tool: version for run in runs for tool, version in run.tools.items() if version}
    parts = ["# Bench of plain text", ", ".join(f"{tool} {version}" for tool, version in versions.items()), _LEGEND]
    parts.append("\n".join(f"- {name}: {note}" for name, note in notes.items()))
    tables = {OPEN: _open, LOCKED: _totals, OWN: _open, GOLD: _gold}
    for run in runs:
        parts += [f"## {run.name} ({len(run.judged):,} texts)", tables.get(run.name, _by_language)(run)]
    for heading, table in sections:
        parts += [f"## {heading}", table]
    if runs:
        parts += ["## Speed", f"UTF-8 text per second of CPU, one process, Python {platform.python_version()}."]
        parts.append(_speed(runs))
    return "\n\n".join(part for part in parts if part) + "\n"


def _by_language(run: TextRun) -> str:
    groups = {language: [j for j in run.judged if j.text.language == language] for language in _languages(run)}
    if len(groups) > 1:
        groups["all"] = list(run.judged)
    rows = []
    for language, judged in groups.items():
        for tool in run.tools:
            s = score(judged, tool)
            first = f"{language}: {s.noise + s.article:,} lines, {_share(s.noise, s.noise + s.article)} noise"
            quality = [_ratio(s.found, s.dropped), _ratio(s.found, s.noise), f"{s.f1:.3f}"]
            precision = "-" if s.average_precision is None else f"{s.average_precision:.3f}"
            lost = _share(s.lost_words, s.article_words)
            rows.append([first if tool == next(iter(run.tools)) else "", tool, *quality, precision, lost])
    return _table(["language", "tool", "P", "R", "F1", "AP", "body words lost"], rows)


def _totals(run: TextRun) -> str:
    rows = [
        [tool, *_marked_cells(score(run.judged, tool), names_kinds=tool.startswith("winnow"))] for tool in run.tools
    ]
    return _table(["tool", *_MARKED_HEADER], [*rows, ["target", ">= 95%", "<= 0.5%", "", "", ""]])


def _marked_cells(s: LineScore, *, names_kinds: bool) -> list[str]:
    return [
        f"{s.found}/{s.noise} {_share(s.found, s.noise)}",
        f"{s.lost}/{s.article} {_share(s.lost, s.article)}",
        _share(s.lost_words, s.article_words),
        _share(s.set_apart_words, s.article_words) if names_kinds else "-",
        f"{s.right_kind}/{s.found} {_share(s.right_kind, s.found)}" if names_kinds else "-",
    ]


def _open(run: TextRun) -> str:
    parts = [_totals(run)]
    if "winnow" in run.tools:
        by_language = [
            [language, *_marked_cells(score(judged, "winnow"), names_kinds=True)]
            for language in _languages(run)
            if (judged := [j for j in run.judged if j.text.language == language])
        ]
        parts += ["Winnow by language:", _table(["language", *_MARKED_HEADER], by_language)]
        parts += ["Winnow by kind:", _by_kind(run)]
    return "\n\n".join(parts)


def _by_kind(run: TextRun) -> str:
    tally: Counter[tuple[Label, str]] = Counter()
    for _, label, _, verdict in _lines(run.judged, "winnow"):
        if label is not None:
            tally[label, "lines"] += 1
            tally[label, "dropped"] += verdict.is_noise
            tally[label, "right"] += verdict.is_noise is (label not in KEPT_LABELS) and verdict.label is label
    rows = [
        [label.value, *(str(tally[label, column]) for column in ("lines", "dropped", "right"))]
        for label in (*(label for label in Label if label in KEPT_LABELS), *NOISE_LABELS)
        if tally[label, "lines"]
    ]
    return _table(["marked", "lines", "dropped", "named so, on the right side"], rows)


def _gold(run: TextRun) -> str:
    rows = []
    for tool in run.tools:
        total = score(run.judged, tool)
        each = [score([judged], tool) for judged in run.judged]
        mean = fmean(s.lost_words / max(1, s.article_words) for s in each) if each else 0.0
        whole = sum(s.lost_words == 0 for s in each)
        apart = _share(total.set_apart_words, total.article_words) if tool == "winnow" else "-"
        rows.append(
            [tool, _share(total.lost_words, total.article_words), f"{mean:.2%}", _share(whole, len(each)), apart]
        )
    rows.append(["target", "<= 0.50%", "", "", ""])
    return _table(["tool", "words dropped", "mean per text", "texts left whole", "set apart"], rows)


def _speed(runs: Sequence[TextRun]) -> str:
    rows = []
    for run in runs:
        size = sum(len(judged.text.source.encode("utf-8", "replace")) for judged in run.judged)
        for tool in run.tools:
            if tool in _TIMED and run.judged:
                cpu_s = max(sum(judged.cpu_s[tool] for judged in run.judged), 1e-9)
                texts = f"{run.name}: {size / 1e6:.2f} MB"
                rows.append([texts, tool, f"{size / 1e6 / cpu_s:.2f}", f"{1000 * cpu_s / len(run.judged):.2f}"])
    rows.append(["target", "", ">= 5", ""])
    return _table(["texts", "tool", "MB/s", "mean ms per text"], rows)


def _lines(judged: Iterable[Judged], tool: str) -> Iterator[tuple[bool, Label | None, int, LineVerdict]]:
    """Of every nonblank line: whether it stays, its mark, its number of words, and the tool's verdict."""
    for one in judged:
        text = one.text
        labels = text.labels or (None,) * len(text.lines)
        for line, keep, label, verdict in zip(text.lines, text.keep, labels, one.verdicts[tool], strict=True):
            if line.strip():
                yield keep, label, len(words(line)), verdict


def _languages(run: TextRun) -> list[str]:
    return sorted({judged.text.language for judged in run.judged if judged.text.language})


def _ratio(part: float, whole: float) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.2%}" if whole else "-"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in (header, *rows)]
    return "\n".join([lines[0], "|" + "|".join(["---"] * len(header)) + "|", *lines[1:]])
