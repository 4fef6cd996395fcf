"""Your own labelled pages: NAME.html or NAME.txt beside NAME.gold.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.errors import InputError
from training.corpora import Corpus, CorpusInfo, LabelledPage
from training.dataset import corpus_examples, own_examples, trainable
from training.examples import example_from_text

BODY = "The council praised its own roof."


def write(folder: Path, *names: str, text: str = f"<nav>Home</nav><p>{BODY}</p>") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text(BODY if name.endswith(".gold.txt") else text, encoding="utf-8")


def test_every_pair_is_read_subfolders_too_and_each_folder_is_a_site(tmp_path: Path) -> None:
    write(tmp_path, "a.html", "a.gold.txt", "b.htm", "b.gold.txt", "c.txt", "c.gold.txt", "d.xhtml", "d.gold.txt")
    write(tmp_path / "blog" / "old", "a.html", "a.gold.txt")
    examples = own_examples(tmp_path)
    assert [(page.key, page.kind, page.site) for page in examples] == [
        ("own/a", "html", "own/."),
        ("own/b", "html", "own/."),
        ("own/blog/old/a", "html", "own/blog/old"),
        ("own/c", "text", "own/."),
        ("own/d", "html", "own/."),
    ]
    assert all(page.article.any() for page in examples)


def test_a_page_may_be_there_as_markup_and_as_text(tmp_path: Path) -> None:
    write(tmp_path, "a.html", "a.txt", "a.gold.txt")
    assert [page.kind for page in own_examples(tmp_path)] == ["html", "text"]


def test_names_with_dots_and_pages_without_gold_do_no_harm(tmp_path: Path) -> None:
    write(tmp_path, "2024.05.01 a.html", "2024.05.01 a.gold.txt", "unlabelled.html", "notes.txt", "alone.gold.txt")
    assert [page.key for page in own_examples(tmp_path)] == ["own/2024.05.01 a"]


def test_pages_in_other_encodings_are_decoded_as_the_cleaner_does(tmp_path: Path) -> None:
    write(tmp_path, "a.gold.txt")
    (tmp_path / "a.gold.txt").write_text("Größe und Maß.", encoding="utf-8")
    (tmp_path / "a.html").write_bytes('<meta charset="windows-1252"><p>Größe und Maß.</p>'.encode("windows-1252"))
    assert own_examples(tmp_path)[0].article.tolist() == [1]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        pytest.param(None, "is not a folder. Give one that holds", id="no folder"),
        pytest.param([], "holds no labelled page. Put NAME.html", id="empty folder"),
        pytest.param(["a.html", "b.gold.txt"], "holds no labelled page", id="no pair"),
        pytest.param(["a.txt"], "holds no labelled page", id="a text is not its own gold"),
    ],
)
def test_a_folder_without_pairs_is_refused_with_what_to_do(tmp_path: Path, names: list[str] | None, told: str) -> None:
    folder = tmp_path / "pages"
    if names is not None:
        write(folder, *names)
    with pytest.raises(InputError, match=told):
        own_examples(folder)


def test_only_corpora_that_may_be_learnt_from_and_do_not_measure_are_trainable(tmp_path: Path) -> None:
    for name in ("wcxb", "dragnet", "readability", "trafilatura-eval", "cleaneval"):
        (tmp_path / name).mkdir()
    assert trainable(tmp_path) == ["wcxb", "trafilatura-eval"]
    assert trainable(tmp_path / "nowhere") == []


def test_corpus_pages_are_read_in_order_and_those_without_gold_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(page_id: str) -> LabelledPage | None:
        return None if page_id == "3" else LabelledPage("invented", page_id, f"<p>{BODY}".encode(), BODY, "s")

    corpus = Corpus([str(number) for number in range(40)], load)
    monkeypatch.setattr("training.corpora.CORPORA", {"invented": CorpusInfo("train", lambda _: corpus)})
    (tmp_path / "invented").mkdir()
    monkeypatch.setattr("training.dataset.rendered", lambda page, _: [example_from_text("x", "s", BODY, BODY)])
    examples = corpus_examples(["invented"], tmp_path, jobs=1)
    assert [page.key for page in examples if page.kind == "html"] == [f"invented/{n}" for n in range(40) if n != 3]
    assert len([page for page in examples if page.kind == "text"]) == 39
    assert len(corpus_examples(["invented"], tmp_path, jobs=1, limit=10)) == 2 * 9
