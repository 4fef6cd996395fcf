"""The model of a worker follows its folder; a broken newcomer changes nothing."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from model.artefact import set_current
from model.errors import ArtefactError
from service.web.live_model import LiveCleaner
from tests.service.conftest import FakeCleaner


class StoredFake(FakeCleaner):
    """A fake with a folder; the folder's manifest.json holds its version, and nothing when it is broken."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.version = (path / "manifest.json").read_text()


def load(path: Path | None) -> StoredFake:
    assert path
    try:
        fake = StoredFake(path / (path / "current").read_text().strip())
    except OSError as error:
        raise ArtefactError(f"No model at {path}.") from error
    if not fake.version:
        raise ArtefactError(f"The model {fake.path} is broken.")
    return fake


def put(root: Path, version: str, manifest: str | None = None) -> None:
    """A model, made current."""
    (root / version).mkdir(parents=True, exist_ok=True)
    (root / version / "manifest.json").write_text(version if manifest is None else manifest)
    set_current(root, version)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    put(tmp_path / "root", "one")
    return tmp_path / "root"


@pytest.fixture
def spare(tmp_path: Path) -> Path:
    (tmp_path / "spare").mkdir()
    return tmp_path / "spare"


def test_the_model_made_current_is_used_and_told(root: Path, spare: Path) -> None:
    told: list[str] = []
    live = LiveCleaner(root, spare, told.append, load)
    assert not live.look()
    put(root, "two")
    assert live.look()
    assert not live.look()
    assert live.version == live.clean("Body.").model_version == "two"
    assert told == ["one", "two"]


def test_a_broken_newcomer_is_refused_once(root: Path, spare: Path, caplog: pytest.LogCaptureFixture) -> None:
    live = LiveCleaner(root, spare, load=load)
    put(root, "two", "")
    with caplog.at_level(logging.INFO, "winnow"):
        assert not live.look()
        assert not live.look()
    assert live.version == live.clean("Body.").model_version == "one"
    assert [record.message for record in caplog.records] == ["model-refused"]


def test_a_newcomer_that_is_completed_later_is_used_then(root: Path, spare: Path) -> None:
    live = LiveCleaner(root, spare, load=load)
    put(root, "two", "")
    assert not live.look()
    (root / "two" / "manifest.json").write_text("two")
    assert live.look()
    assert live.version == "two"


@pytest.mark.parametrize("current", [b"\xff\xfe", b"a\0b", b"../two", b""])
def test_a_current_that_is_no_name_is_refused(root: Path, spare: Path, current: bytes) -> None:
    def strict(path: Path | None) -> StoredFake:
        try:
            return load(path)
        except ValueError as error:
            raise ArtefactError("no name") from error

    live = LiveCleaner(root, spare, load=strict)
    (root / "current").write_bytes(current)
    assert not live.look()
    assert live.version == "one"


def test_a_worker_started_beside_a_broken_model_uses_the_last_good_one(root: Path, spare: Path) -> None:
    first = LiveCleaner(root, spare, load=load)
    put(root, "two")
    first.look()
    put(root, "two", "")  # in place: the good files are gone
    assert LiveCleaner(root, spare, load=load).version == "two"
    assert sorted(path.name for path in spare.iterdir()) == ["current", "two"]


def test_without_any_good_model_there_is_no_start(root: Path, spare: Path) -> None:
    put(root, "one", "")
    with pytest.raises(ArtefactError, match="broken"):
        LiveCleaner(root, spare, load=load)


def test_a_copy_that_cannot_be_kept_stops_nothing(root: Path, tmp_path: Path) -> None:
    assert LiveCleaner(root, tmp_path / "absent", load=load).version == "one"
