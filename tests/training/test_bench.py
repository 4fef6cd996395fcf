"""The bench scores, times and reports; Winnow is never scored on pages its model was trained on."""

from __future__ import annotations

import gzip
import itertools
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from model.errors import ArtefactError
from model.types import Cleaned, Kind
from training import bench
from training.bench import Contender, PageCleaner, run, winnow_contender
from training.bench_report import as_json, markdown
from training.corpora import LabelledPage
from training.metrics import SnippetScore, WordScore

GOLDS = {"0001": ("article", "one two"), "0002": ("forum", "three four"), "0003": ("article", "")}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three WCXB pages, whose HTML is their gold and one word more, and a trafilatura page."""
    dev = tmp_path / "wcxb" / "dev"
    for folder in ("html", "ground-truth"):
        (dev / folder).mkdir(parents=True)
    for page_id, (kind, gold) in GOLDS.items():
        truth = {"main_content": gold, "title": None, "author": None, "publish_date": None}
        record = {
            "url": f"https://{page_id}.example/",
            "_internal": {"page_type": {"primary": kind}},
            "ground_truth": {**truth, "with": [], "without": []},
        }
        (dev / "ground-truth" / f"{page_id}.json").write_text(json.dumps(record), "utf-8")
        (dev / "html" / f"{page_id}.html.gz").write_bytes(gzip.compress(f"<p>{gold} menu</p>".encode()))
    tests = tmp_path / "trafilatura-eval" / "tests"
    (tests / "eval").mkdir(parents=True)
    (tests / "eval" / "a.html").write_text("<p>wanted unwanted comment</p>", "utf-8")
    record = {
        "file": "a.html",
        "with": ["wanted"],
        "without": ["unwanted", "absent"],
        "comments": ["comment"],
    }
    (tests / "evaldata.json").write_text(json.dumps({"https://a.example/": record}), "utf-8")
    return tmp_path


def perfect(page: LabelledPage) -> str:
    return page.gold or ""


def everything(page: LabelledPage) -> str:
    return page.html.decode().removeprefix("<p>").removesuffix("</p>")


def broken(page: LabelledPage) -> str:
    if page.page_id == "0002":
        raise RuntimeError("cannot read it")
    return perfect(page)


def test_every_contender_is_scored_on_every_page(root: Path) -> None:
    result = run("wcxb", root, [Contender("perfect", perfect), Contender("all", everything)])
    assert [page.page_id for page in result.pages] == ["0001", "0002", "0003"]
    scores = {page.page_id: page.outcomes["all"].words for page in result.pages}
    assert scores["0001"] == WordScore(2 / 3, 1.0, 0.8)
    assert scores["0003"] == WordScore(0.0, 0.0, 0.0)
    assert all(page.outcomes["perfect"].words == WordScore(1.0, 1.0, 1.0) for page in result.pages)


def test_contenders_take_turns_to_go_first(root: Path) -> None:
    order: list[str] = []

    def recording(name: str) -> Contender:
        def clean(page: LabelledPage) -> str:
            order.append(f"{name}{page.page_id[-1]}")
            return ""

        return Contender(name, clean)

    run("wcxb", root, [recording("a"), recording("b")])
    assert order == ["a1", "b1", "a1", "b1", "b2", "a2", "a3", "b3"]  # the first two only warm up


def test_a_limit_samples_the_pages(root: Path) -> None:
    assert [page.page_id for page in run("wcxb", root, [Contender("p", perfect)], 1).pages] == ["0001"]


def test_a_tool_that_raises_scores_as_no_text_and_is_counted(root: Path) -> None:
    result = run("wcxb", root, [Contender("broken", broken)])
    outcome = result.pages[1].outcomes["broken"]
    assert outcome.words == WordScore(0.0, 0.0, 0.0)
    assert outcome.failure == "RuntimeError: cannot read it"
    assert "- broken: failed on 1 pages" in markdown([result], {}, {})


def test_snippets_and_comments_are_scored_where_there_is_no_gold_text(root: Path) -> None:
    outcome = run("trafilatura-eval", root, [Contender("all", everything)]).pages[0].outcomes["all"]
    assert outcome.words is None
    assert outcome.snippets == SnippetScore(found=1, wanted=1, avoided=1, unwanted=2)
    assert outcome.comments == SnippetScore(unwanted=1)


def test_time_is_read_from_the_contenders_own_clock(root: Path) -> None:
    ticks = itertools.count()
    result = run("wcxb", root, [Contender("slow", perfect, clock=lambda: float(next(ticks)))])
    assert [page.outcomes["slow"].cpu_ms for page in result.pages] == [1000.0] * 3
    yardstick = Contender("trafilatura", perfect, clock=itertools.count(step=2).__next__)
    fast = Contender("fast", perfect, clock=itertools.count().__next__)
    table = markdown([run("wcxb", root, [yardstick, fast])], {}, {})
    assert "| fast | 1000.00 | 1000.00 | 1 | 2.0 x |" in table


def test_the_report_has_a_table_per_corpus_type_and_speed(root: Path) -> None:
    contenders = [Contender("all", everything), Contender("perfect", perfect, note="knows the gold")]
    runs = [run(corpus, root, contenders) for corpus in ("wcxb", "trafilatura-eval")]
    report = markdown(runs, {"all": "1.0"}, {"other": "missing: not installed"})
    assert report.index("| perfect | 1.000 | 1.000 | 1.000 |") < report.index("| all | 0.444 | 0.667 | 0.533 |")
    assert "| tool | all | article | forum |" in report
    assert "| all | 0.533 | 0.400 | 0.800 |" in report
    assert "| all | 100.0% | 50.0% | 0.0% | 0.500 | 1.000 | 0.667 |" in report
    assert "- perfect: knows the gold" in report
    assert "- other: missing: not installed" in report
    assert "all 1.0" in report
    assert report.count("relative to trafilatura") == 3
    assert "## Speed" not in markdown(runs, {}, {}, with_speed=False)


def test_no_page_text_gets_into_the_report(root: Path) -> None:
    result = run("wcxb", root, [Contender("all", everything)])
    written = markdown([result], {}, {}) + json.dumps(as_json([result], {}, {}))
    assert "three" not in written


@dataclass(frozen=True)
class FakeCleaner:
    """Answers every page with its own name."""

    name: str

    def clean(self, source: bytes | str, *, kind: Kind = "auto", url: str | None = None) -> Cleaned:
        return Cleaned(
            text=self.name, title=None, byline=None, date=None, language=None, page_type=None, confidence=1.0,
            blocks=(), comments=(), status="ok", warnings=(), model_version="0",
        )  # fmt: skip


def load_fake(path: Path | None) -> PageCleaner:
    return FakeCleaner("shipped" if path is None else f"fold {path.name}")


def page(corpus: str, page_id: str) -> LabelledPage:
    return LabelledPage(corpus, page_id, b"<p>x", "x", "example.org")


def test_winnow_is_cross_validated_on_what_it_was_trained_on(tmp_path: Path) -> None:
    (tmp_path / "folds.json").write_text(json.dumps({"wcxb/0001": 2, "wcxb/0002": 0}), "utf-8")
    winnow = winnow_contender("wcxb", tmp_path, load_fake)
    assert [winnow.clean(page("wcxb", page_id)) for page_id in ("0001", "0002")] == ["fold 2", "fold 0"]
    assert winnow.clean(page("wcxb", "0003")) == "shipped"  # in no fold: nothing was trained on it
    assert (winnow.scored, winnow.note) == (True, "cross-validated")


def test_winnow_is_only_timed_on_training_pages_without_folds(root: Path, tmp_path: Path) -> None:
    loaded: list[Path | None] = []

    def load(path: Path | None) -> PageCleaner:
        loaded.append(path)
        return load_fake(path)

    winnow = winnow_contender("wcxb", tmp_path / "none", load)
    assert loaded == [None]
    assert not winnow.scored
    result = run("wcxb", root, [winnow, Contender("all", everything)])
    assert [page.outcomes["winnow"].words for page in result.pages] == [None] * 3
    quality, speed = markdown([result], {}, {}).split("## Speed")
    assert "- winnow: not cross-validated: run `make train` first" in quality
    assert "| winnow |" not in quality
    assert "| winnow |" in speed


def test_winnow_answers_with_the_shipped_model_on_pages_kept_for_measuring(tmp_path: Path) -> None:
    winnow = winnow_contender("dragnet", tmp_path, load_fake)
    assert (winnow.clean(page("dragnet", "R1")), winnow.scored, winnow.note) == ("shipped", True, None)


def test_main_writes_markdown_and_scores(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_model(corpus: str, folds: Path) -> Contender:
        raise ArtefactError("no model: run `make train`")

    monkeypatch.setattr(bench, "winnow_contender", no_model)
    output = tmp_path / "out" / "bench.md"
    status = bench.main(["--root", str(root), "--peers", "none", "--output", str(output), "--corpus", "wcxb"])
    assert status == 0
    assert output.read_text("utf-8") in capsys.readouterr().out
    scores = json.loads(output.with_suffix(".json").read_text("utf-8"))
    assert scores["notes"] == {"winnow": "left out: no model: run `make train`"}
    assert len(scores["corpora"]["wcxb"]["pages"]) == 3


def test_main_without_corpora_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--root", str(tmp_path)]) == 2
    assert "unpack" in capsys.readouterr().err
