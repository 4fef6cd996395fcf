"""The `winnow` command as a process of its own: what only the system can show."""

from __future__ import annotations

import importlib.metadata
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from service.__main__ import main
from service.console import EXIT_CODES


def run_process(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "service", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=120, check=False)


def test_as_a_process_errors_have_no_traceback() -> None:
    done = run_process("clean", "nowhere.html")
    assert done.returncode == 2
    assert done.stderr == b"winnow: nowhere.html cannot be read. No such file or directory.\n"


def test_a_terminal_without_utf_8_is_no_reason_to_stop(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "service", "clean", str(tmp_path / "中.html")]
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(command, capture_output=True, timeout=120, check=False, env=environment)
    assert done.returncode == 2
    assert b"\\u4e2d.html cannot be read" in done.stderr


def test_ctrl_c_while_the_imports_run_is_told_without_a_traceback() -> None:
    code = """
import sys
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "click":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupting())
from service.__main__ import main
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (130, b"winnow: Interrupted.\n")


def test_ctrl_c_while_an_interrupted_run_exits_prints_no_traceback() -> None:
    code = """
import atexit, os, signal, click
from service.console import INTERRUPTED, CommandFailure, WinnowGroup
@click.group(cls=WinnowGroup)
def main(): pass
@main.command()
def run(): raise CommandFailure("Interrupted. Run it again.", INTERRUPTED)
atexit.register(os.kill, os.getpid(), signal.SIGINT)
main(["run"])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (130, b"winnow: Interrupted. Run it again.\n")


def test_the_installed_command_is_that_one() -> None:
    (command,) = importlib.metadata.entry_points(group="console_scripts", name="winnow")
    assert command.load() is main


def test_standard_output_that_is_closed_is_told() -> None:
    shell = ["sh", "-c", f"echo Words. | {shlex.quote(sys.executable)} -m service clean - >&-"]
    done = subprocess.run(shell, stderr=subprocess.PIPE, timeout=120, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(b"winnow: Standard output is closed.")


def test_a_reader_that_closes_the_pipe_ends_it_quietly() -> None:
    code = "import sys; from service.console import write_output; sys.stdin.read(); write_output('x' * 1_000_000, None)"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    process.stdin.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_standard_output_on_a_full_disk_is_told_without_a_traceback(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.txt").write_text("Words.")
    batch = ["batch", str(pages), str(tmp_path / "out"), "--jobs", "1"]
    for arguments in (["model"], batch, [*batch, "--summary"]):
        with open("/dev/full", "wb") as full:
            command = [sys.executable, "-m", "service", *arguments]
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=120, check=False)
        assert done.stderr == b"winnow: Standard output cannot be written. No space left on device.\n"
        assert done.returncode == 1


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["clean", "--help"], ["batch", "--help"]])
def test_help_that_nobody_can_read_is_told_as_any_answer_is(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "service", *arguments]
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "wb") as closed:
        done = subprocess.run(command, stdout=closed, stderr=subprocess.PIPE, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (141, b"")
    if Path("/dev/full").exists():
        with open("/dev/full", "wb") as full:
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=120, check=False)
        assert done.stderr == b"winnow: Standard output cannot be written. No space left on device.\n"
        assert done.returncode == 1


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["clean", "nowhere.html"], 2), (["nonsense"], 2)])
def test_an_error_that_nobody_reads_keeps_its_exit_code(arguments: list[str], code: int) -> None:
    command = [sys.executable, "-m", "service", *arguments]
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "wb") as closed:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=closed, timeout=120, check=False)
    assert done.returncode == code


def test_a_batch_whose_report_is_not_read_to_its_end_exits_as_documented(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.txt").write_text("Words.")
    command = [sys.executable, "-m", "service", "batch", str(pages), str(tmp_path / "out"), "--jobs", "1"]
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "wb") as closed:
        done = subprocess.run(command, stdout=closed, stderr=subprocess.PIPE, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (141, b"")
    assert (tmp_path / "out" / "a.txt.txt").exists()
    assert (tmp_path / "out" / "report.md").exists()
    assert f"  {done.returncode}  " in EXIT_CODES
