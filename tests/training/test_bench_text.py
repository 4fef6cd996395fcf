"""The bench of plain text: lines find their verdicts, the rules are those of their papers, no line gets printed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from model.errors import ArtefactError
from model.types import Cleaned, CleanedBlock, Kind, Label, Options, Position
from training import bench_text
from training.bench_text import run
from training.bench_text_report import GOLD, LOCKED, OPEN, Judged, TextRun, markdown, score
from training.corpora import available
from training.line_contenders import LineContender, LineVerdict, TextCleaner, baselines, line_verdicts, winnow
from training.line_corpora import LINE_CORPORA
from training.marked_texts import MarkedText, gold_as_found, labelled_by_people, marked_by_us

CORPORA_ROOT = Path(__file__).parents[2] / "data" / "corpora"
OUR_TEXTS = Path(__file__).parents[1] / "texts"
ARTICLE = (
    "The baker had been up since three in the morning, and when the first of the customers came in from the rain "
    "there was nothing left for her to do but to wait for the bread, which was in the oven and would not be hurried "
    "by anyone, least of all by the mayor and his two dogs."
)


def text(*lines: str, noise: Sequence[int] = (), key: str = "own/1", language: str = "en") -> MarkedText:
    return MarkedText(key, language, lines, tuple(number not in noise for number in range(len(lines))))


def block(line: int, chance: float, label: Label = Label.BODY, content: str = "words", column: int = 1) -> CleanedBlock:
    kept = label in (Label.BODY, Label.TITLE, Label.BYLINE)
    return CleanedBlock(content, label, chance, kept, (), Position(line, column))


class FakeCleaner:
    """Drops the lines that contain its word."""

    def __init__(self, word: str) -> None:
        self.word = word

    @property
    def version(self) -> str:
        return f"without {self.word}"

    def clean(self, source: bytes | str, *, kind: Kind = "auto", options: Options | None = None) -> Cleaned:
        assert isinstance(source, str)
        assert kind == "text"
        blocks = []
        for number, line in enumerate(source.splitlines(), 1):
            goes = self.word in line
            if line.strip():
                label = Label.PROMO if goes else Label.BODY
                blocks.append(block(number, 0.1 if goes else 0.9, label, line))
        return Cleaned(
            text="", title=None, byline=None, date=None, language=None, page_type=None, confidence=1.0,
            blocks=tuple(blocks), comments=(), status="ok", warnings=(), model_version="0", kind="text",
        )  # fmt: skip


def contender(name: str) -> LineContender:
    return {tool.name: tool for tool in baselines()[0]}[name]


def kept(name: str, marked: MarkedText) -> list[bool]:
    return [not verdict.is_noise for verdict in contender(name).judge(marked)]


def test_a_block_covers_the_lines_up_to_the_next_block() -> None:
    verdicts = line_verdicts([block(2, 0.9), block(5, 0.2, Label.SHARE)], 6)
    assert [verdict.is_noise for verdict in verdicts] == [False, False, False, False, True, True]
    assert [verdict.noise_score for verdict in verdicts[1:]] == pytest.approx([0.1, 0.1, 0.1, 0.8, 0.8])
    assert verdicts[5].label is Label.SHARE


def test_a_line_of_several_blocks_takes_their_mean_by_characters() -> None:
    blocks = [block(1, 1.0, content="x" * 75), block(1, 0.0, Label.PROMO, "y" * 25, column=77)]
    [verdict] = line_verdicts(blocks, 1)
    assert verdict == LineVerdict(0.25, 0.25, Label.BODY)
    assert not verdict.is_noise


def test_the_real_cleaner_gives_every_line_of_wrapped_and_huge_text_a_verdict(tiny_cleaner: TextCleaner) -> None:
    wrapped = tuple((ARTICLE[start : start + 64]).strip() for start in range(0, len(ARTICLE), 64)) * 3
    huge = " ".join([ARTICLE] * 20)
    for lines in (wrapped, (huge,), ("", huge, "", "Subscribe", *wrapped)):
        verdicts = winnow(tiny_cleaner).judge(text(*lines))
        assert len(verdicts) == len(lines)
        assert all(v.noise_score is not None and 0 <= v.noise_score <= 1 and 0 <= v.dropped <= 1 for v in verdicts)


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("Five words are enough here.", True),
        ("Four are too few.", False),
        ("No terminal mark at the end", False),
        ("She said it “was enough for us”", True),
        ("Please enable JavaScript to see this page.", False),
        ("By staying you accept our Privacy Policy and more.", False),
        ("", False),
    ],
)
def test_c4_rules_on_lines(line: str, stays: bool) -> None:
    assert kept("c4-lines", text(line)) == [stays]


def test_c4_rules_on_pages_drop_all_or_nothing() -> None:
    lines = ("The first sentence is this one.", "Here comes another one. And then a third!", "Menu")
    assert kept("c4", text(*lines)) == [True, True, False]
    assert kept("c4", text(*lines[:1], "Menu")) == [False, False]
    assert kept("c4", text(*lines, "a { b")) == [False] * 4
    assert kept("c4", text(*lines, "Lorem ipsum dolor")) == [False] * 4
    assert kept("c4-lines", text(*lines, "a { b")) == [True, True, False, False]


def test_justext_judges_each_line_as_a_paragraph() -> None:
    lines = ("Home", "", ARTICLE, "a < b & c", ARTICLE, "\x00", "Copyright © 2024 The Valley Post")
    assert kept("justext", text(*lines)) == [False, False, True, True, True, False, False]
    assert kept("justext", text(ARTICLE, language="de")) == [False]  # none of its words are German stop words
    assert kept("justext", text("漢字" * 200, language="ja")) == [True]


def test_keep_all_keeps_all_and_a_missing_tool_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept("keep-all", text("a", "")) == [True, True]
    monkeypatch.setitem(__import__("sys").modules, "justext", None)
    found, missing = baselines()
    assert [tool.name for tool in found] == ["keep-all", "c4-lines", "c4"]
    assert missing["justext"].startswith("missing")


def test_scores_are_counted_by_lines_and_losses_by_words() -> None:
    marked = text("one two three four", "", "five six", "Subscribe", "Menu", noise=(1, 3, 4))
    verdicts = [
        LineVerdict(0.25, 0.1, Label.BODY), LineVerdict(1.0, 1.0), LineVerdict(1.0, 0.8, Label.PROMO),
        LineVerdict(1.0, 0.9, Label.PROMO), LineVerdict(0.0, 0.2, Label.BODY),
    ]  # fmt: skip
    result = score([Judged(marked, {"tool": verdicts}, {})], "tool")
    assert (result.noise, result.dropped, result.found, result.f1) == (2, 2, 1, 0.5)
    assert (result.article, result.lost, result.article_words, result.lost_words) == (2, 1, 6, 3.0)
    assert result.average_precision == pytest.approx((1 / 1 + 2 / 3) / 2)


def test_kinds_and_what_is_set_apart_are_counted_where_lines_are_marked() -> None:
    labels = (Label.TITLE, Label.BODY, Label.PROMO, Label.SHARE)
    marked = MarkedText("own/1", "en", ("A title", "two words", "Buy", "Tweet"), (True, True, False, False), labels)
    verdicts = [LineVerdict(0.0, None, Label.TITLE), LineVerdict(0.0, None, Label.BYLINE)]
    verdicts += [LineVerdict(1.0, None, Label.PROMO), LineVerdict(1.0, None, Label.OTHER)]
    result = score([Judged(marked, {"winnow": verdicts}, {})], "winnow")
    assert (result.found, result.right_kind, result.set_apart_words) == (2, 1, 2)
    assert result.average_precision is None


def test_every_contender_judges_every_text_and_is_timed() -> None:
    asked: list[str] = []

    def recording(name: str) -> LineContender:
        def judge(marked: MarkedText) -> list[LineVerdict]:
            asked.append(name + marked.key[-1])
            return [LineVerdict(0.0)] * len(marked.lines)

        return LineContender(name, judge)

    result = run("some", [text("x", key=f"own/{n}") for n in "12"], [recording("a"), recording("b")])
    assert asked == ["a1", "b1", "a1", "b1", "b2", "a2"]  # the first two only warm up
    assert all(set(judged.cpu_s) == {"a", "b"} for judged in result.judged)


def test_a_text_is_asked_of_the_model_that_never_saw_its_site() -> None:
    tool = winnow(FakeCleaner("shipped"), {"wcxb/0001": FakeCleaner("fold")})
    lines = ("shipped", "fold")
    assert [v.is_noise for v in tool.judge(text(*lines, key="wcxb/0001"))] == [False, True]
    assert [v.is_noise for v in tool.judge(text(*lines, key="wcxb/0002"))] == [True, False]


def test_the_report_has_its_tables_and_no_line_of_any_text() -> None:
    marked = text(ARTICLE, "Subscribe secretly", noise=(1,))
    labelled = MarkedText("a", "en", marked.lines, marked.keep, (Label.BODY, Label.PROMO))
    tools = [winnow(FakeCleaner("Subscribe")), *baselines()[0]]
    runs = [run("people", [marked], tools)]
    runs += [run(name, [labelled], tools) for name in (OPEN, LOCKED, GOLD)]
    report = markdown(runs, {"other": "left out: not here"})
    assert "| en: 2 lines, 50.00% noise | winnow | 1.000 | 1.000 | 1.000 | 1.000 | 0.00% |" in report
    assert "|  | keep-all | - | 0.000 | 0.000 | - | 0.00% |" in report
    assert "| winnow | 1/1 100.00% | 0/1 0.00% | 0.00% | 0.00% | 1/1 100.00% |" in report
    assert "| promo | 1 | 1 | 1 |" in report
    assert "- other: left out: not here" in report
    assert "## Speed" in report
    assert "secretly" not in report
    assert "baker" not in report


def test_of_the_locked_texts_only_totals_are_shown() -> None:
    locked = run(LOCKED, [text("a", language="xx", noise=(0,))], [winnow(FakeCleaner("a"))])
    report = markdown([locked], {})
    assert "xx" not in report
    assert "promo" not in report


@pytest.mark.usefixtures("few_lines")
def test_main_writes_the_report_and_says_what_is_absent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "out" / "bench-text.md"
    assert bench_text.main(["--root", str(tmp_path), "--output", str(output)], lambda path: FakeCleaner("Read")) == 0
    report = output.read_text("utf-8")
    assert report in capsys.readouterr().out
    for part in (*LINE_CORPORA, GOLD):
        assert f"- {part}: left out: " in report
    assert f"## {OPEN} (20 texts)" in report


@pytest.mark.usefixtures("few_lines")
def test_main_measures_the_others_where_no_model_is(tmp_path: Path) -> None:
    def no_model(path: Path | None) -> TextCleaner:
        raise ArtefactError("no model: run `make train`")

    output = tmp_path / "bench-text.md"
    assert bench_text.main(["--root", str(tmp_path), "--output", str(output)], no_model) == 0
    report = output.read_text("utf-8")
    assert "- winnow: left out: no model: run `make train`" in report
    assert "| c4 |" in report
    assert "| winnow |" not in report


@pytest.mark.usefixtures("few_lines")
def test_gold_texts_are_asked_of_fold_models_or_of_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_text, "gold_as_found", lambda corpus, root, limit: [text("Gold.", key="wcxb/0001")])
    folds = tmp_path / "folds"
    arguments = ["--root", str(tmp_path), "--folds", str(folds), "--output", str(tmp_path / "bench-text.md")]

    def gold_part() -> str:
        loaded: list[Path | None] = []

        def load(path: Path | None) -> TextCleaner:
            loaded.append(path)
            return FakeCleaner("Gold" if path is None else "nothing")

        bench_text.main(arguments, load)
        assert loaded == ([None, folds / "3"] if folds.exists() else [None])
        return (tmp_path / "bench-text.md").read_text("utf-8")

    assert f"{GOLD}: Winnow was trained on these" in gold_part()
    folds.mkdir()
    (folds / "folds.json").write_text(json.dumps({"wcxb/0001": 3}), "utf-8")
    assert "| winnow | 0.00% | 0.00% | 100.00% | 0.00% |" in gold_part()


def test_our_texts_are_read_as_they_are_marked(tmp_path: Path) -> None:
    marks = "title\tThe Bells\n\nbody\tThey ring.\u2028Twice.\nshare\tTweet\n"
    (tmp_path / "en-news-bells.marked.txt").write_text(marks, "utf-8")
    [found] = marked_by_us(tmp_path)
    assert found.lines == ("The Bells", "", "They ring. Twice.", "Tweet")
    assert found.language == "en"
    assert [keep for line, keep in zip(found.lines, found.keep, strict=True) if line] == [True, True, False]
    assert found.labels is not None
    assert found.labels[3] is Label.SHARE
    assert all(len(marked_by_us(OUR_TEXTS / half)) == 20 for half in ("open", "locked"))
    with pytest.raises(FileNotFoundError, match="no marked texts"):
        marked_by_us(tmp_path / "none")


@pytest.mark.parametrize("corpus", list(LINE_CORPORA))
def test_a_sample_of_a_line_corpus(corpus: str) -> None:
    if not (CORPORA_ROOT / corpus).is_dir():
        pytest.skip(f"{corpus} is not unpacked at {CORPORA_ROOT}")
    texts = labelled_by_people(corpus, CORPORA_ROOT, 8)
    assert len(texts) == 8
    assert len({marked.language for marked in texts}) > 1
    for marked in texts:
        assert marked.source.splitlines() == list(marked.lines)
        assert len(marked.keep) == len(marked.lines)


def test_a_sample_of_gold_texts() -> None:
    if "wcxb" not in available(CORPORA_ROOT):
        pytest.skip(f"wcxb is not unpacked at {CORPORA_ROOT}")
    texts = gold_as_found("wcxb", CORPORA_ROOT, 3)
    assert texts
    assert all(all(marked.keep) and marked.source.strip() for marked in texts)


def test_a_run_of_nothing_is_reported_as_nothing() -> None:
    assert "(0 texts)" in markdown([TextRun("none", (), {})], {})
    assert "Speed" not in markdown([], {})
