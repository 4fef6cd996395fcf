"""The shipped model behind every front door: the samples of the workbench come out clean."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from model import Cleaner
from service.web.app import create_app
from service.web.settings import Settings

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "service" / "web" / "static"

KEPT_AND_DROPPED = [
    ("blog", "text/html", "rub a spoonful of starter into dry flour", "Leave a Reply"),
    ("news", "text/html", "People stood on the quay and clapped", "Most read"),
    ("extracted", "text/plain", "We carried four thousand books", "Leave a Reply"),
]


@pytest.fixture(scope="module")
def shipped() -> FlaskClient:
    return create_app(Cleaner.load(), Settings()).test_client()


def winnow(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "service", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=300, check=False, cwd=ROOT)


@pytest.mark.parametrize(("sample", "media_type", "kept", "dropped"), KEPT_AND_DROPPED)
def test_over_http(shipped: FlaskClient, sample: str, media_type: str, kept: str, dropped: str) -> None:
    page = (SAMPLES / f"sample-{sample}.txt").read_bytes()
    response = shipped.post("/v1/clean", data=page, content_type=media_type, headers={"Accept": "text/plain"})
    assert kept in response.text
    assert dropped not in response.text


@pytest.mark.parametrize(("sample", "media_type", "kept", "dropped"), KEPT_AND_DROPPED)
def test_on_the_command_line(sample: str, media_type: str, kept: str, dropped: str) -> None:
    page = (SAMPLES / f"sample-{sample}.txt").read_bytes()
    done = winnow("clean", "-", stdin=page)
    assert (done.returncode, done.stderr) == (0, b"")
    assert kept in done.stdout.decode()
    assert dropped not in done.stdout.decode()


def test_over_a_folder_on_several_cores(tmp_path: Path) -> None:
    for sample, *_ in KEPT_AND_DROPPED:
        (tmp_path / f"{sample}.txt").write_bytes((SAMPLES / f"sample-{sample}.txt").read_bytes())
    out = tmp_path / "out"
    done = winnow("batch", tmp_path, out, "--jobs", "2", "--format", "json")
    assert (done.returncode, done.stderr) == (0, b"")
    report = json.loads((out / "report.json").read_text())
    assert report["counts"]["ok"] == len(KEPT_AND_DROPPED)
    for sample, _, kept, dropped in KEPT_AND_DROPPED:
        text = json.loads((out / f"{sample}.txt.json").read_text())["text"]
        assert kept in text
        assert dropped not in text


def wait_for_output(process: subprocess.Popen[str], out: Path) -> None:
    """Return when a first output is there, or the process has ended."""
    for _ in range(2_000):
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
        if process.returncode is not None or any(out.glob("*.txt")):
            return


def test_a_stop_in_mid_run_leaves_nothing_half_done(tmp_path: Path) -> None:
    """The run is stopped when its first output is there; the second run does the rest."""
    for number in range(300):
        (tmp_path / f"{number}.txt").write_bytes((SAMPLES / "sample-blog.txt").read_bytes())
    out = tmp_path / "out"
    command = [sys.executable, "-m", "service", "batch", str(tmp_path), str(out), "--jobs", "2"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    wait_for_output(process, out)
    process.terminate()
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert stdout.startswith("Interrupted after")
    assert stderr == "winnow: Interrupted. Run the same command again to go on.\n"
    assert not list((out / ".winnow" / "tmp").iterdir())
    first = json.loads((out / "report.json").read_text())["counts"]
    assert winnow("batch", tmp_path, out, "--jobs", "2").returncode == 0
    second = json.loads((out / "report.json").read_text())["counts"]
    assert second["unchanged"] == first["ok"]
    assert second["ok"] == 300 - first["ok"]


def test_options_reach_the_model(shipped: FlaskClient) -> None:
    page = (SAMPLES / "sample-extracted.txt").read_text()
    options = {"keep": ["title"], "always_drop": ["four thousand books"], "always_keep": ["leave a reply"]}
    answer = shipped.post("/v1/clean", json={"text": page, "options": options}).get_json()
    assert "four thousand books" not in answer["text"]
    assert "Leave a Reply" in answer["text"]
