"""The training program: a new version that is used at once, or an exit code 2 that says what is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model import Cleaner
from model.artefact import load_artefact, save_artefact
from service.web.feedback import FeedbackStore
from training import train
from training.base_set import BaseSet, read_base_set, sample_base_set, write_base_sets
from training.card import model_card
from training.examples import Example
from training.fitting import Fitted
from training.linear import Settings
from training.train import DOORS, main

BODY = "The council praised its own roof. Our neighbour painted the stone bridge."


@pytest.fixture
def workshop(tiny: Fitted, tiny_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a tiny model and a tiny base set, and small fits."""
    monkeypatch.setattr(train, "Settings", lambda: tiny_settings)
    save_artefact(tmp_path / "models", "old", tiny.classifier, {}, "")
    doors = tiny.doors.items()
    sets = {kind: sample_base_set(data.features, data.pages, data.columns, 20) for kind, data in doors}
    write_base_sets(sets, tmp_path / "base")
    return tmp_path


def run(workshop: Path, *arguments: str) -> int:
    places = ["--models", "models", "--base-set", "base", "--corpora", "corpora", "--folds", "folds"]
    absolute = [str(workshop / part) if number % 2 else part for number, part in enumerate(places)]
    return main([*absolute, *arguments])


def own_page(workshop: Path) -> Path:
    pages = workshop / "pages"
    pages.mkdir()
    (pages / "a.html").write_text(f"<nav>Home</nav><p>{BODY}</p>", encoding="utf-8")
    (pages / "a.gold.txt").write_text(BODY, encoding="utf-8")
    return pages


def test_without_corpora_a_model_is_made_of_the_base_set_and_used_at_once(
    workshop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(workshop, "--base-set-only") == 0
    model = load_artefact(workshop / "models")
    assert model.version != "old"
    assert 0.5 < model.manifest["scores"]["average_precision"] <= 1
    assert model.manifest["sources"]["base set"][0] > 100
    assert f"model {model.version} is in" in capsys.readouterr().err
    card = (model.path / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert card == model_card(model.version, model.manifest)
    assert "Average precision over held-out blocks" in card
    assert Cleaner.load(workshop / "models").clean(f"<p>{BODY}</p>").blocks


def test_own_pages_are_learnt_from_and_named_as_a_source(workshop: Path) -> None:
    assert run(workshop, "--pages", str(own_page(workshop)), "--version", "mine", "--no-crossvalidation") == 0
    model = load_artefact(workshop / "models")
    assert model.version == "mine"
    assert model.manifest["sources"]["own pages"] == [1, "pages"]
    assert model.manifest["scores"] == {}
    card = (model.path / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "Not cross-validated." in card
    assert "labelled pages given to `make train`: 1 pages" in card


def test_a_second_training_on_the_same_data_gets_a_name_of_its_own(workshop: Path) -> None:
    for _ in range(2):
        assert run(workshop, "--base-set-only", "--no-crossvalidation") == 0
    versions = sorted(path.name for path in (workshop / "models").iterdir() if path.is_dir())
    assert len(versions) == 3
    assert versions[1] == versions[0] + "-2"
    digests = {load_artefact(workshop / "models" / name).manifest["data_digest"] for name in versions[:2]}
    assert len(digests) == 1


def test_without_corpora_the_spam_model_at_hand_is_kept_with_its_sources(workshop: Path) -> None:
    models = workshop / "models"
    current = load_artefact(models)
    shipped = load_artefact()
    assert shipped.spam is not None
    facts = {"sources": {"own spam lines": (5, "comments")}}
    save_artefact(models, "with-spam", current.classifier, facts, "# Card", spam=shipped.spam)
    assert run(workshop, "--base-set-only", "--no-crossvalidation", "--version", "new") == 0
    new = load_artefact(models)
    assert new.spam is not None
    assert new.spam.threshold == shipped.spam.threshold
    assert new.manifest["sources"]["own spam lines"] == [5, "comments"]
    assert "written for Winnow, in over a dozen languages: 5 comments" in (new.path / "MODEL_CARD.md").read_text(
        "utf-8"
    )


@pytest.mark.usefixtures("few_lines")
def test_from_corpora_the_base_set_is_rebuilt_and_gives_nearly_the_same_trees(
    workshop: Path, examples: list[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "trainable", lambda _: ["wcxb"])
    monkeypatch.setattr(train, "corpus_examples", lambda *_: examples)
    new = workshop / "new-base"
    assert run(workshop, "--no-crossvalidation", "--version", "pages", "--base-set", str(new)) == 0
    base: BaseSet = read_base_set("html", new)
    assert base.article.sum() > 100
    assert run(workshop, "--no-crossvalidation", "--version", "numbers", "--base-set", str(new), "--base-set-only") == 0
    whole, trees = (load_artefact(workshop / "models" / name).classifier for name in ("pages", "numbers"))
    assert whole.doors["html"].perceptrons is not None
    assert trees.doors["html"].perceptrons is None  # a base set knows no neighbours
    bare = replace(whole, doors={kind: replace(door, perceptrons=None) for kind, door in whole.doors.items()})
    chances = [model.predict(examples[0].segmentation, "html").article for model in (bare, trees)]
    assert np.abs(chances[0] - chances[1]).mean() < 0.1


@pytest.mark.usefixtures("few_lines")
@pytest.mark.parametrize("arguments", [["--limit", "30"], ["--pages", "pages"]])
def test_a_trial_or_own_pages_never_change_the_base_set(
    workshop: Path, examples: list[Example], arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    own_page(workshop)
    before = (workshop / "base" / "html.parquet").read_bytes()
    monkeypatch.setattr(train, "trainable", lambda _: ["wcxb"])
    monkeypatch.setattr(train, "corpus_examples", lambda *_: examples[:15])
    monkeypatch.chdir(workshop)
    assert run(workshop, "--no-crossvalidation", *arguments) == 0
    assert (workshop / "base" / "html.parquet").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(["--pages", "/no/such/folder"], "/no/such/folder is not a folder", id="pages"),
        pytest.param(["--base-set", "/no/such/folder"], "No base set at /no/such/folder", id="base set"),
        pytest.param(
            ["--corrections", "no-such-file"], "There is no corrections database at no-such-file", id="reports"
        ),
        pytest.param(["--version", "old"], "old exists. Remove it or train under another version name", id="taken"),
        pytest.param(["--version", "a/b"], "'a/b' cannot name a model", id="a path as name"),
        pytest.param(["--version", ".."], "'..' cannot name a model", id="the folder above"),
        pytest.param(["--version", ""], "'' cannot name a model", id="no name"),
    ],
)
def test_what_is_missing_is_said_in_one_line_and_the_model_in_use_stays(
    workshop: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(workshop, "--base-set-only", "--no-crossvalidation", *arguments) == 2
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("winnow train: ")
    assert told in last
    assert load_artefact(workshop / "models").version == "old"
    assert sorted(path.name for path in (workshop / "models").iterdir()) == ["current", "old"]


def test_reports_that_nothing_would_be_learnt_from_are_refused(
    workshop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    FeedbackStore(workshop / "corrections")
    arguments = ("--no-crossvalidation", "--corrections", str(workshop / "corrections"))
    assert run(workshop, "--base-set-only", *arguments) == 2
    assert "Reported comments are learnt together with a corpus of comments" in capsys.readouterr().err
    assert load_artefact(workshop / "models").version == "old"


def test_a_folder_that_cannot_be_written_to_is_said_in_one_line(
    workshop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "models")

    monkeypatch.setattr("training.train.save_artefact", refuse)
    assert run(workshop, "--base-set-only", "--no-crossvalidation") == 2
    assert capsys.readouterr().err.splitlines()[-1] == "winnow train: models: Permission denied."


def test_a_base_set_of_other_features_is_refused(workshop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sets = {kind: read_base_set(kind, workshop / "base") for kind in DOORS}
    other = {kind: replace(base, columns=("no_such_feature", *base.columns[1:])) for kind, base in sets.items()}
    write_base_sets(other, workshop / "base")
    assert run(workshop, "--base-set-only", "--no-crossvalidation") == 2
    assert "The base set was made with other features." in capsys.readouterr().err


def test_an_interruption_leaves_the_model_in_use(
    workshop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(train, "refit", interrupted)
    assert run(workshop, "--base-set-only", "--no-crossvalidation") == 130
    assert "interrupted; the model in use is unchanged" in capsys.readouterr().err
    assert load_artefact(workshop / "models").version == "old"


@pytest.mark.parametrize("arguments", [["--jobs", "many"], ["--nonsense"]])
def test_unknown_arguments_are_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
