"""A model folder is checked before it is used; what is wrong with it is said with what to run."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from model import ArtefactError, Cleaner
from model.artefact import load_artefact, save_artefact, self_test_vector, set_current
from training.fitting import Fitted

REMEDY = "make train"


@pytest.fixture(scope="module")
def saved(tiny: Fitted, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    save_artefact(root, "one", tiny.classifier, {"scores": {"f1": 0.5}}, "# Model one\n")
    return root


@pytest.fixture
def root(saved: Path, tmp_path: Path) -> Path:
    """A folder of models with one version in it, to be damaged."""
    return shutil.copytree(saved, tmp_path / "models")


def edit_manifest(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def write_model(folder: Path, content: bytes) -> None:
    """Replace the model file together with its digest."""
    (folder / "model.joblib").write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    edit_manifest(folder, lambda manifest: manifest["digests"].update({"model.joblib": digest}))


def test_a_saved_model_comes_back_deciding_the_same(root: Path, tiny: Fitted) -> None:
    loaded = load_artefact(root)
    assert (loaded.version, loaded.path) == ("one", root / "one")
    expected = self_test_vector(tiny.classifier)
    for kind, chances in self_test_vector(loaded.classifier).items():
        assert np.mean(np.abs(np.array(chances) - expected[kind])) < 0.02  # weights are stored in three digits
    assert loaded.classifier.text.vocabulary == tiny.classifier.text.vocabulary
    assert loaded.classifier.path.vocabulary == tiny.classifier.path.vocabulary


def test_perceptrons_travel_with_the_model_and_one_without_them_still_loads(root: Path, tiny: Fitted) -> None:
    one = load_artefact(root / "one").classifier.doors["text"].perceptrons
    fitted = tiny.classifier.doors["text"].perceptrons
    assert one is not None
    assert fitted is not None
    lines = np.random.default_rng(7).normal(size=(9, len(fitted.mean))).astype(np.float32)
    assert one.log_odds(lines) == pytest.approx(fitted.log_odds(lines), abs=0.05)  # weights are stored in three digits
    doors = {kind: replace(door, perceptrons=None) for kind, door in tiny.classifier.doors.items()}
    save_artefact(root, "two", replace(tiny.classifier, doors=doors), {}, "# Model two\n")
    assert load_artefact(root).classifier.doors["text"].perceptrons is None


def test_the_manifest_holds_what_a_stranger_wants_to_know(root: Path) -> None:
    manifest = load_artefact(root).manifest
    assert {"version", "schema", "libraries", "digests", "columns", "self_test", "scores"} <= set(manifest)
    assert set(manifest["digests"]) == {"model.joblib", "MODEL_CARD.md"}
    assert "scikit-learn" in manifest["libraries"]
    assert (root / "one" / "MODEL_CARD.md").read_text(encoding="utf-8") == "# Model one\n"


def test_one_version_can_be_loaded_by_its_own_folder(root: Path) -> None:
    assert load_artefact(root / "one").version == "one"
    assert Cleaner.load(str(root / "one")).version == "one"


def test_current_decides_among_versions(root: Path, tiny: Fitted) -> None:
    save_artefact(root, "two", tiny.classifier, {}, "")
    assert load_artefact(root).version == "two"
    set_current(root, "one")
    assert load_artefact(root).version == "one"
    assert sorted(path.name for path in root.iterdir()) == ["current", "one", "two"]


def test_the_self_test_is_of_the_model_as_it_will_be_loaded(root: Path, tiny: Fitted) -> None:
    """Weights are rounded when they are stored, which may move a chance past what the self-test tolerates."""
    text = replace(tiny.classifier.text, weights=tiny.classifier.text.weights * np.float32(1000))
    save_artefact(root, "rough", replace(tiny.classifier, text=text), {}, "")
    loaded = load_artefact(root)
    assert loaded.manifest["self_test"] == self_test_vector(loaded.classifier)


def test_the_shipped_model_is_whole_and_fits_this_version() -> None:
    assert load_artefact().manifest["version"]


@pytest.mark.parametrize(
    ("make", "told"),
    [
        pytest.param(lambda path: None, "is not a folder", id="nothing there"),
        pytest.param(lambda path: path.mkdir(), "holds neither manifest.json nor current", id="empty folder"),
        pytest.param(lambda path: path.write_text("x"), "is not a folder", id="a file"),
    ],
)
def test_a_place_without_a_model_is_refused(tmp_path: Path, make: Callable[[Path], object], told: str) -> None:
    make(tmp_path / "models")
    with pytest.raises(ArtefactError, match=rf"No model at .*models: it {told}.*{REMEDY}"):
        load_artefact(tmp_path / "models")


@pytest.mark.parametrize("name", ["gone", "", "../one", "/etc", "one/.."])
def test_a_current_file_that_names_no_version_is_refused(root: Path, name: str) -> None:
    (root / "current").write_text(name, encoding="utf-8")
    with pytest.raises(ArtefactError, match=rf"named by .*current, has no manifest.json.*{REMEDY}"):
        load_artefact(root)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", "null", '{"version": "one", "schema": 1}'])
def test_a_manifest_that_is_none_is_refused(root: Path, content: str) -> None:
    (root / "one" / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(ArtefactError, match=rf"The manifest of .*one (cannot be read|is incomplete).*{REMEDY}"):
        load_artefact(root)


def test_a_manifest_in_no_encoding_is_refused(root: Path) -> None:
    (root / "one" / "manifest.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ArtefactError, match="cannot be read"):
        load_artefact(root)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(lambda m: m.update(schema=999), "schema 999, this Winnow reads schema", id="another schema"),
        pytest.param(
            lambda m: m["libraries"].update({"scikit-learn": "0.1.0"}),
            r"made with scikit-learn 0\.1\.0, here is",
            id="another scikit-learn",
        ),
        pytest.param(lambda m: m["libraries"].clear(), "made with scikit-learn None", id="unknown scikit-learn"),
        pytest.param(
            lambda m: m["self_test"].update(html=[0.987] * 6), "fails its self-test on html", id="another answer"
        ),
        pytest.param(
            lambda m: m["self_test"].update(text=[0.5] * 2), "does not fit this version", id="too few answers"
        ),
        pytest.param(lambda m: m["self_test"].update(voice=[0.5]), "does not fit this version", id="an unknown door"),
        pytest.param(lambda m: m["digests"].pop("model.joblib"), "is incomplete", id="model without digest"),
        pytest.param(lambda m: m.update(digests=[]), "is incomplete", id="digests of the wrong type"),
    ],
)
def test_a_model_made_for_another_version_is_refused(
    root: Path, change: Callable[[dict[str, Any]], object], told: str
) -> None:
    edit_manifest(root / "one", change)
    with pytest.raises(ArtefactError, match=rf"(?s){told}.*{REMEDY}"):
        load_artefact(root)


@pytest.mark.parametrize("name", ["model.joblib", "MODEL_CARD.md"])
def test_a_missing_or_changed_file_is_refused_before_anything_is_unpickled(
    root: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joblib, "load", lambda *_: pytest.fail("unpickled a file that was not verified"))
    file = root / "one" / name
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(ArtefactError, match=rf"{name} is not the file its manifest was written for.*{REMEDY}"):
        load_artefact(root)
    file.unlink()
    with pytest.raises(ArtefactError, match=rf"one lacks {name}.*{REMEDY}"):
        load_artefact(root)


@pytest.mark.parametrize("content", [b"", b"garbage", b"\x80\x04.", b"\x80\x04N.", b"\x80\x04}.", b"\x80\x04c x\ny\n."])
def test_a_model_file_that_holds_no_model_is_refused(root: Path, content: bytes) -> None:
    write_model(root / "one", content)
    with pytest.raises(ArtefactError, match=rf"(?s)model.joblib cannot be read.*{REMEDY}"):
        load_artefact(root)


def test_a_model_of_other_features_is_refused(root: Path) -> None:
    parts = joblib.load(root / "one" / "model.joblib")
    parts["doors"]["text"]["columns"] = ("no_such_feature",)
    joblib.dump(parts, root / "other.joblib")
    write_model(root / "one", (root / "other.joblib").read_bytes())
    with pytest.raises(ArtefactError, match=f"does not fit this version.*no_such_feature.*{REMEDY}"):
        load_artefact(root)


@pytest.mark.parametrize("step", ["joblib.dump", "model.artefact._sha256", "os.replace"])
def test_an_interrupted_save_leaves_nothing_behind(
    root: Path, tiny: Fitted, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    before = sorted(path.relative_to(root) for path in root.rglob("*"))
    monkeypatch.setattr(step, interrupted)
    with pytest.raises(KeyboardInterrupt):
        save_artefact(root, "two", tiny.classifier, {}, "")
    monkeypatch.undo()
    assert sorted(path.relative_to(root) for path in root.rglob("*")) == before
    assert load_artefact(root).version == "one"


def test_a_version_that_exists_is_never_overwritten(root: Path, tiny: Fitted) -> None:
    before = (root / "one" / "manifest.json").read_bytes()
    with pytest.raises(ArtefactError, match=r"one exists\. Remove it or train under another version name"):
        save_artefact(root, "one", tiny.classifier, {}, "other")
    assert (root / "one" / "manifest.json").read_bytes() == before
    assert sorted(path.name for path in root.iterdir()) == ["current", "one"]


def test_a_spam_model_travels_in_a_file_of_its_own_and_a_folder_without_one_still_loads(
    root: Path, tiny: Fitted, shipped_cleaner: Cleaner
) -> None:
    assert load_artefact(root).spam is None
    save_artefact(root, "two", tiny.classifier, {}, "# Two\n", spam=shipped_cleaner.spam)
    loaded = load_artefact(root)
    assert loaded.spam is not None
    assert set(loaded.manifest["digests"]) == {"MODEL_CARD.md", "model.joblib", "spam.joblib"}
    assert (root / "two" / "spam.joblib").stat().st_size < 1_000_000
    assert Cleaner.load(root).check_comments(["hello"]) == shipped_cleaner.check_comments(["hello"])


@pytest.mark.parametrize(("with_digest", "said"), [(False, "SHA-256 differs"), (True, "spam.joblib cannot be read")])
def test_a_damaged_spam_model_is_refused(
    root: Path, tiny: Fitted, shipped_cleaner: Cleaner, with_digest: bool, said: str
) -> None:
    folder = save_artefact(root, "two", tiny.classifier, {}, "# Two\n", spam=shipped_cleaner.spam)
    (folder / "spam.joblib").write_bytes(b"garbage")
    if with_digest:
        digest = hashlib.sha256(b"garbage").hexdigest()
        edit_manifest(folder, lambda manifest: manifest["digests"].update({"spam.joblib": digest}))
    with pytest.raises(ArtefactError, match=f"{said}.*{REMEDY}|{said}"):
        load_artefact(root)


def test_a_spam_file_that_no_digest_vouches_for_is_not_opened(root: Path) -> None:
    (root / "one" / "spam.joblib").write_bytes(b"garbage")
    assert load_artefact(root).spam is None
