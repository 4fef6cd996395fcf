"""The `winnow` command: what it prints, where, and with which exit code."""

from __future__ import annotations

import gzip
import importlib.metadata
import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner, Result
from packaging.requirements import Requirement

from model.errors import ArtefactError
from service import cli
from service.batch import command
from service.batch.outfolder import OutFolder
from service.contract import PageCleaner
from service.web.settings import SETTINGS

COMMANDS = sorted(cli.main.commands)


@pytest.fixture(autouse=True)
def fake_model(monkeypatch: pytest.MonkeyPatch, cleaner: PageCleaner) -> None:
    for module in (cli, command):
        monkeypatch.setattr(module, "load_cleaner", lambda path=None: cleaner)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text("<p>Body.</p><p>Read more: other</p>")
    return path


def winnow(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    result = CliRunner().invoke(cli.main, [str(argument) for argument in arguments], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_a_page_becomes_its_text(page: Path) -> None:
    result = winnow("clean", page)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "Body.\n", "")


def test_standard_input_is_read_as_bytes() -> None:
    assert winnow("clean", "-", stdin=b"caf\xc3\xa9\n").stdout == "café\n"


def test_a_packed_page_is_unpacked(tmp_path: Path) -> None:
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(b"<p>Packed.</p>"))
    assert winnow("clean", tmp_path / "page.html.gz").stdout == "Packed.\n"


def test_json_holds_blocks_and_the_kind_comes_from_the_suffix(page: Path) -> None:
    answer = json.loads(winnow("clean", page, "--format", "json").stdout)
    assert answer["kind"] == "html"
    assert len(answer["blocks"]) == 2


def test_explain_is_a_table_of_blocks(page: Path) -> None:
    lines = winnow("clean", page, "--explain").stdout.splitlines()
    assert lines[0] == "ok, confidence 0.97, 1 of 2 blocks kept, model fake-1"
    assert lines[-2].split() == ["keep", "body", "0.97", "Body."]
    assert lines[-1].split() == [
        "drop",
        "related",
        "0.02",
        "Read",
        "more:",
        "other",
        "begins",
        "like",
        "related",
    ]


def test_explain_neutralises_control_characters() -> None:
    assert "\x1b" not in winnow("clean", "-", "--explain", stdin=b"red \x1b[31m text").stdout


def test_the_output_file_is_written_whole(page: Path, tmp_path: Path) -> None:
    target = tmp_path / "page.txt"
    assert winnow("clean", page, "-o", target).stdout == ""
    assert target.read_text() == "Body.\n"


def test_a_device_is_written_to_not_replaced(page: Path) -> None:
    assert winnow("clean", page, "-o", os.devnull).exit_code == 0
    assert Path(os.devnull).is_char_device()


def test_an_empty_page_is_an_empty_answer() -> None:
    result = winnow("clean", "-", stdin=b"")
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["clean"], 2, "Missing argument"),
        (["clean", "nowhere.html"], 2, "nowhere.html cannot be read. No such file"),
        (["clean", "."], 2, "winnow batch"),
        (["clean", "-", "--dial", "high"], 2, "precision"),
        (["clean", "-", "--keep", "menu"], 2, "keep cannot be 'menu'"),
        (["clean", "-", "--always-drop", ""], 2, "empty phrase"),
        (["clean", "-", "--nope"], 2, "No such option"),
        (["clean", "-", "-o", "nowhere/x.txt"], 1, "nowhere/x.txt cannot be written"),
        (["batch", "nowhere", "out"], 2, "nowhere does not exist"),
        (["batch", "a"], 2, "Missing argument"),
        (["serve", "--host", "0.0.0.0"], 2, "--host cannot be '0.0.0.0'"),
        (["serve", "--port", "99999"], 2, "--port cannot be '99999'"),
        (["nope"], 2, "No such command"),
    ],
)
def test_wrong_usage_is_explained_in_a_line(arguments: list[str], code: int, words: str) -> None:
    result = winnow(*arguments, stdin=b"page")
    assert result.exit_code == code
    assert result.stdout == ""
    assert result.stderr.startswith("winnow: ")
    assert words in result.stderr


def test_a_page_that_cannot_be_read_fails() -> None:
    result = winnow("clean", "-", stdin=b"\x00\x01")
    assert result.exit_code == 1
    assert "binary" in result.stderr


@pytest.mark.parametrize("arguments", [["clean", "-"], ["batch", ".", "out"], ["model"]])
def test_an_unusable_model_is_exit_code_3(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    def refuse(path: Path | None = None) -> PageCleaner:
        raise ArtefactError("The model folder x is damaged. Run make train.")

    for module in (cli, command):
        monkeypatch.setattr(module, "load_cleaner", refuse)
    result = winnow(*arguments, stdin=b"page")
    assert result.exit_code == 3
    assert result.stderr == "winnow: The model folder x is damaged. Run make train.\n"


def test_batch_cleans_reports_and_exits_with_0(page_folder: Path, tmp_path: Path) -> None:
    result = winnow("batch", page_folder, tmp_path / "out", "--jobs", "1")
    assert result.exit_code == 0
    assert result.stdout.startswith("Finished: 3 pages")
    assert f"Report: {tmp_path / 'out' / 'report.md'}" in result.stdout
    assert result.stderr == ""


def test_batch_exits_with_1_when_a_page_failed(page_folder: Path, tmp_path: Path) -> None:
    (page_folder / "binary.html").write_bytes(b"\0")
    result = winnow("batch", page_folder, tmp_path / "out", "--jobs", "1")
    assert result.exit_code == 1
    assert "  binary.html: The page is binary data" in result.stdout


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl.gz", "out.JSON"])
def test_a_folder_is_not_made_in_the_place_of_a_table(page_folder: Path, tmp_path: Path, name: str) -> None:
    result = winnow("batch", page_folder, tmp_path / name, "--jobs", "1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "A table is written as .jsonl or .parquet" in result.stderr
    assert not (tmp_path / name).exists()


def test_a_table_below_a_file_is_wrong_usage(page_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = winnow("batch", page_folder, tmp_path / "file" / "out.jsonl", "--jobs", "1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"winnow: {tmp_path / 'file' / 'out.jsonl'} cannot be written to.")


def test_a_report_that_could_not_be_written_is_not_pointed_to(
    page_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(OutFolder, "write_report", refuse)
    result = winnow("batch", page_folder, tmp_path / "out", "--jobs", "1")
    assert (result.exit_code, "Report:" in result.stdout) == (1, False)
    assert "report.md cannot be written" in result.stderr


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_table_is_cleaned_from_the_column_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": 1, "raw": "<p>Body.</p><p>Read more: x</p>", "html": "Not this."}\n')
    result = winnow("batch", tmp_path / "in.jsonl", tmp_path / "out.jsonl", "--column", "raw", "--jobs", "1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"Report: {tmp_path / 'out.jsonl.winnow' / 'report.md'}" in result.stdout
    (row,) = rows_of(tmp_path / "out.jsonl")
    assert (row["id"], row["html"], row["clean_text"]) == (1, "Not this.", "Body.")


def test_rows_come_from_standard_input_too(tmp_path: Path) -> None:
    lines = b'{"html": "One."}\n{"html": "Two."}\n'
    result = winnow("batch", "-", tmp_path / "out.jsonl", "--jobs", "1", stdin=lines)
    assert result.exit_code == 0
    assert [row["clean_text"] for row in rows_of(tmp_path / "out.jsonl")] == ["One.", "Two."]


def test_the_format_of_a_table_with_another_name_can_be_told(tmp_path: Path) -> None:
    (tmp_path / "pages.dump").write_text('{"html": "One."}\n')
    result = winnow("batch", tmp_path / "pages.dump", tmp_path / "out.jsonl", "--input-format", "jsonl", "--jobs", "1")
    assert result.exit_code == 0
    assert [row["clean_text"] for row in rows_of(tmp_path / "out.jsonl")] == ["One."]


def test_a_folder_becomes_a_table_when_out_is_named_like_one(page_folder: Path, tmp_path: Path) -> None:
    assert winnow("batch", page_folder, tmp_path / "out.jsonl", "--jobs", "1").exit_code == 0
    assert [row["file"] for row in rows_of(tmp_path / "out.jsonl")] == ["one.html", "two.txt", "sub/one.html"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["in", "out", "--column", "raw"], "--column and --input-format are for tables and archives"),
        (["in", "out", "--input-format", "warc"], "--column and --input-format are for tables and archives"),
        (["in.jsonl", "out.jsonl", "--column", "raw"], "no column raw"),
        (["in.jsonl", "out.jsonl", "--files-from", "in.jsonl"], "--files-from goes with a folder"),
        (["in.jsonl", "out"], "name an OUT that ends in .jsonl or .parquet"),
        (["in.jsonl", "in.jsonl"], "IN and OUT are the same file"),
    ],
)
def test_options_that_do_not_fit_a_table_are_refused(
    monkeypatch: pytest.MonkeyPatch, page_folder: Path, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(page_folder.parent)
    Path("in.jsonl").write_text('{"html": "One."}\n')
    result = winnow("batch", *arguments, "--jobs", "1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


@pytest.mark.parametrize("places", [("", "out"), ("in", "")])
def test_an_empty_name_is_not_taken_for_the_folder_one_is_in(
    monkeypatch: pytest.MonkeyPatch, page_folder: Path, places: tuple[str, str]
) -> None:
    monkeypatch.chdir(page_folder.parent)
    result = winnow("batch", *places, "--jobs", "1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "It is empty. Name a place" in result.stderr
    assert [path.name for path in page_folder.parent.iterdir()] == ["in"]


def test_an_empty_name_is_told_for_one_page_too() -> None:
    result = winnow("clean", "")
    assert (result.exit_code, result.stdout, "'FILE': It is empty." in result.stderr) == (2, "", True)


@pytest.mark.parametrize("seconds", ["nan", "inf", "1e300", "-1"])
def test_a_time_that_no_clock_can_be_set_to_is_wrong_usage(page_folder: Path, tmp_path: Path, seconds: str) -> None:
    result = winnow("batch", page_folder, tmp_path / "out", "--jobs", "1", "--page-timeout", seconds)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'--page-timeout'" in result.stderr


@pytest.mark.parametrize("name", ["pages.csv", "pages.zip"])
def test_a_file_that_is_no_table_by_its_name_is_told_what_is(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("id,html\n")
    result = winnow("batch", tmp_path / name, tmp_path / "out.jsonl", "--jobs", "1")
    assert result.exit_code == 2
    assert f"{name} is not a folder, nor a table or archive by its name: .jsonl .parquet .warc .wet" in result.stderr


def test_an_address_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object, **_options: object) -> NoReturn:
        raise FileNotFoundError("http://pages.example/x.jsonl")  # as fsspec has it, without a file name

    monkeypatch.setattr("fsspec.open", refuse)
    result = winnow("batch", "http://pages.example/x.jsonl", tmp_path / "out.jsonl", "--jobs", "1")
    assert result.exit_code == 1
    said = "http://pages.example/x.jsonl failed. It cannot be opened (FileNotFoundError)."
    assert result.stderr == f"winnow: {said}\n"


def test_an_interrupted_batch_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, page_folder: Path, tmp_path: Path
) -> None:
    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("service.batch.engine_options.run_here", interrupt)
    result = winnow("batch", page_folder, tmp_path / "out", "--jobs", "1")
    assert result.exit_code == 130
    assert result.stdout.startswith("Interrupted after 0 pages")
    assert result.stderr == "winnow: Interrupted. Run the same command again to go on.\n"


def test_the_model_command_summarises_the_manifest() -> None:
    assert winnow("model").stdout == "version: fake-1\nscores:\n  word_f1: 0.5\n"
    assert json.loads(winnow("model", "--json").stdout)["version"] == "fake-1"


@pytest.mark.parametrize(("command", "module"), [("train", "training.train"), ("evaluate", "training.bench")])
def test_training_commands_pass_everything_through(monkeypatch: pytest.MonkeyPatch, command: str, module: str) -> None:
    calls: list[list[str]] = []
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    monkeypatch.setattr(os, "execv", lambda path, arguments: calls.append(arguments))
    winnow(command, "--pages", "dir", "-x")
    winnow(command, "--", "--help")
    start = [sys.executable, "-m", module]
    assert calls == [[*start, "--pages", "dir", "-x"], [*start, "--help"]]


@pytest.mark.parametrize("missing", ["training", "rapidfuzz"])
def test_training_that_is_not_installed_is_explained(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """In a checkout where only `make batch` was run, the module is there, but not what it imports."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == missing else name)
    result = winnow("train")
    assert result.exit_code == 2
    assert "make setup-dev" in result.stderr


def test_what_training_needs_is_what_its_extra_installs() -> None:
    wanted = [Requirement(line) for line in importlib.metadata.requires("winnow") or ()]
    extra = {want.name for want in wanted if want.marker and want.marker.evaluate({"extra": "train"})}
    plain = {want.name for want in wanted if not want.marker or want.marker.evaluate({"extra": ""})}
    assert extra - plain == set(cli._TRAINING_NEEDS)


def test_without_a_command_the_help_is_printed_and_nothing_else() -> None:
    result = winnow()
    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: ")
    assert "Try:" not in result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_examples_and_exit_codes_in_its_help(command: str) -> None:
    text = winnow(command, "--help").stdout
    assert f"winnow {command}" in text.split("Examples:")[1]
    assert "130  interrupted" in text


def test_serve_help_lists_every_setting() -> None:
    text = " ".join(winnow("serve", "--help").stdout.split())
    for setting in SETTINGS:
        assert f"[{setting.variable}; default: {setting.default}]" in text


def test_the_version_is_printed() -> None:
    assert winnow("--version").stdout.startswith("winnow, version ")
