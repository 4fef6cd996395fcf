"""A batch whose outputs cannot be written: a line that says why, an exit code, and nothing half-written."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner, Result

from service import cli
from service.batch import command
from service.contract import PageCleaner


@pytest.fixture(autouse=True)
def fake_model(monkeypatch: pytest.MonkeyPatch, cleaner: PageCleaner) -> None:
    monkeypatch.setattr(command, "load_cleaner", lambda path=None: cleaner)


def batch(source: Path, target: Path) -> Result:
    return CliRunner().invoke(cli.main, ["batch", str(source), str(target), "--jobs", "1"])


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("file", "is not a folder. Name a folder for the outputs."),
        ("file/out", "cannot be written to. Not a directory. Name an OUT that you may write to."),
        ("locked/out", "cannot be written to. Permission denied. Name an OUT that you may write to."),
    ],
)
def test_a_batch_into_a_place_that_cannot_be_written_says_so_and_leaves_nothing(
    page_folder: Path, tmp_path: Path, place: str, told: str
) -> None:
    if place.startswith("locked") and os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "locked").mkdir(mode=0o500)
    before = sorted(tmp_path.rglob("*"))
    result = batch(page_folder, tmp_path / place)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"winnow: {tmp_path / place} {told}\n"
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "file").read_text() == "mine"


def test_a_batch_whose_folder_becomes_read_only_ends_with_what_to_do_and_goes_on_later(
    monkeypatch: pytest.MonkeyPatch, page_folder: Path, tmp_path: Path
) -> None:
    def read_only(*_: object) -> NoReturn:
        raise OSError(errno.EROFS, "Read-only file system")

    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr("os.replace", read_only)  # the last step of every file: all of its content is in a temporary one
        result = batch(page_folder, out)
    assert result.exit_code == 1
    assert "Stopped: Read-only file system. Make OUT writable, then run the same command again" in result.output
    assert [path for path in out.rglob("*") if path.is_file() and path.name not in ("lock", "ledger.jsonl")] == []
    assert batch(page_folder, out).exit_code == 0
    assert (out / "one.html.txt").read_text() == "First page."
