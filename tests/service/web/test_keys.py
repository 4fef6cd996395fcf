"""API keys: making them, reading their file, noticing that it changed, and keeping them secret."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import stat
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest
from click.testing import CliRunner

from service import cli
from service.files import write_atomically
from service.web.keys import KEY_PREFIX, KeyRing, KeysFileError, add_key, key_line, new_key, read_keys

HASH = "sha256:" + "0a" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def events(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    caplog.set_level(logging.INFO, "winnow")
    return lambda: [record.getMessage() for record in caplog.records]


def rewrite(path: Path, content: str) -> None:
    """As an editor or a secret mount does it: a new file takes the old one's name."""
    write_atomically(path, content.encode())


def test_a_key_is_recognisable_and_never_the_same() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(key.startswith(KEY_PREFIX) and len(key) == len(KEY_PREFIX) + 43 for key in keys)


def test_the_file_holds_a_hash_and_not_the_key(path: Path) -> None:
    key = add_key(path, "crawler")
    assert path.read_text() == f"crawler sha256:{hashlib.sha256(key.encode()).hexdigest()}\n"


def test_a_new_file_is_for_its_owner_alone(path: Path) -> None:
    add_key(path, "crawler")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_there_keeps_its_mode_and_lines(path: Path) -> None:
    path.write_text(f"# the first\nfirst {HASH}")
    path.chmod(0o640)
    add_key(path, "second")
    assert path.read_text().splitlines()[:2] == ["# the first", f"first {HASH}"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [key.name for key in read_keys(path)] == ["first", "second"]


def test_every_key_opens_under_its_name(path: Path) -> None:
    keys = {name: add_key(path, name) for name in ("crawler", "prometheus", "a.b-c_9")}
    ring = KeyRing(path)
    assert {name: ring.holder(key) for name, key in keys.items()} == {name: name for name in keys}


@pytest.mark.parametrize("change", [str.upper, lambda key: key[:-1], lambda key: key + " ", lambda key: ""])
def test_what_is_not_exactly_a_key_opens_nothing(path: Path, change: Callable[[str], str]) -> None:
    key = add_key(path, "crawler")
    assert KeyRing(path).holder(change(key)) is None


@pytest.mark.parametrize("key", ["\0", "é", "\udcff", "x" * 100_000, HASH])
def test_any_header_value_can_be_asked_about(path: Path, key: str) -> None:
    path.write_text(f"crawler {HASH}\n")
    assert KeyRing(path).holder(key) is None


def test_all_keys_are_compared_even_after_the_right_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = add_key(path, "first")
    for name in ("second", "third"):
        add_key(path, name)
    compare = Mock(wraps=hmac.compare_digest)
    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert KeyRing(path).holder(first) == "first"
    assert compare.call_count == 3


@pytest.mark.parametrize("line", ["", "   ", "# a comment", "\t# another", "\r"])
def test_comments_and_blank_lines_are_passed_over(path: Path, line: str) -> None:
    path.write_bytes(f"{line}\n  crawler\t {HASH.upper().replace('SHA', 'sha')} \r\n{line}".encode())
    assert [key.name for key in read_keys(path)] == ["crawler"]


@pytest.mark.parametrize(
    "line",
    [
        "hunter2",
        "crawler hunter2",
        f"crawler {HASH} hunter2",
        f"hunter2é {HASH}",
        f"crawler {HASH}0",
        f"crawler {HASH[:-1]}",
        f"crawler {HASH.replace('256', '1')}",
        f"{'n' * 65} {HASH}",
        f"first {HASH}",
    ],
)
def test_a_damaged_line_is_named_by_its_number_and_never_quoted(path: Path, line: str) -> None:
    path.write_text(f"first {HASH}\n\n{line}\n")
    with pytest.raises(KeysFileError, match=r"^Line 3 of the keys file ") as refusal:
        read_keys(path)
    assert "hunter2" not in str(refusal.value)
    assert "0a0a" not in str(refusal.value)


def test_a_file_that_is_not_text_is_damaged(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\0\0")
    with pytest.raises(KeysFileError, match="Line 1"):
        read_keys(path)


@pytest.mark.parametrize("name", ["", "a b", "#a", "é", "a\n", "n" * 65])
def test_a_name_that_cannot_stand_in_the_file_is_refused(path: Path, name: str) -> None:
    with pytest.raises(KeysFileError, match="A key cannot be named"):
        add_key(path, name)
    assert not path.exists()


def test_a_name_is_given_once(path: Path) -> None:
    add_key(path, "crawler")
    before = path.read_bytes()
    with pytest.raises(KeysFileError, match="has a key named crawler"):
        add_key(path, "crawler")
    assert path.read_bytes() == before


def test_nothing_is_added_to_a_damaged_file(path: Path) -> None:
    path.write_text("hunter2\n")
    with pytest.raises(KeysFileError, match="Line 1"):
        add_key(path, "crawler")
    assert path.read_text() == "hunter2\n"


def test_a_new_key_opens_and_a_removed_one_no_longer(path: Path, events: Callable[[], list[str]]) -> None:
    old = add_key(path, "old")
    ring = KeyRing(path)
    new = add_key(path, "new")
    assert (ring.holder(old), ring.holder(new)) == ("old", "new")
    rewrite(path, key_line("new", new))
    assert (ring.holder(old), ring.holder(new)) == (None, "new")
    assert events() == ["keys-read", "keys-read"]


def test_a_changed_file_that_is_damaged_keeps_the_last_good_keys(
    path: Path, events: Callable[[], list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    key = add_key(path, "crawler")
    ring = KeyRing(path)
    rewrite(path, "hunter2\n")
    assert [ring.holder(key) for _ in range(3)] == ["crawler"] * 3
    assert events() == ["keys-damaged"]
    assert "Line 1" in str(caplog.records[0].__dict__["fields"])
    assert "hunter2" not in str(caplog.records[0].__dict__)
    rewrite(path, f"other {HASH}\n")
    assert ring.holder(key) is None


def test_a_file_that_is_gone_keeps_the_last_good_keys(path: Path, events: Callable[[], list[str]]) -> None:
    key = add_key(path, "crawler")
    ring = KeyRing(path)
    path.unlink()
    assert [ring.holder(key) for _ in range(3)] == ["crawler"] * 3
    assert events() == ["keys-damaged"]


def test_a_file_that_was_emptied_lets_nobody_in(path: Path) -> None:
    key = add_key(path, "crawler")
    ring = KeyRing(path)
    rewrite(path, "# all are revoked\n")
    assert ring.holder(key) is None


def test_no_file_is_no_ring(path: Path) -> None:
    with pytest.raises(KeysFileError, match="cannot be read: No such file"):
        KeyRing(path)


def winnow(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli.main, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_the_command_prints_the_key_and_the_line_for_the_file(path: Path) -> None:
    code, stdout, stderr = winnow("key", "crawler")
    key, line = stdout.splitlines()
    assert code == 0
    assert line == key_line("crawler", key)
    assert "not shown again" in stderr
    assert key not in stderr


def test_the_command_adds_to_the_file_and_prints_the_key_alone(path: Path) -> None:
    code, stdout, _ = winnow("key", "crawler", "--file", str(path))
    assert code == 0
    assert KeyRing(path).holder(stdout.removesuffix("\n")) == "crawler"


@pytest.mark.parametrize(("name", "code"), [("crawler", 2), ("a b", 2)])
def test_the_command_refuses_in_one_line_and_makes_no_key(path: Path, name: str, code: int) -> None:
    add_key(path, "crawler")
    done, stdout, stderr = winnow("key", name, "--file", str(path))
    assert (done, stdout, stderr.count(os.linesep)) == (code, "", 1)
    assert stderr.startswith("winnow: ")


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("missing/keys", "No such file or directory. No key was made. Make its folder first, or name another file."),
        ("", "Is a directory. No key was made. Name a file inside it."),
        ("file/keys", "Not a directory. No key was made. Name a file in a folder that you may write to."),
        ("locked/keys", "Permission denied. No key was made. Name a file in a folder that you may write to."),
    ],
)
def test_a_file_that_cannot_be_written_is_named_with_what_to_do(tmp_path: Path, place: str, told: str) -> None:
    if place.startswith("locked") and os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (tmp_path / "file").touch()
    (tmp_path / "locked").mkdir(mode=0o500)
    path = tmp_path / place
    code, stdout, stderr = winnow("key", "crawler", "--file", str(path))
    assert (code, stdout) == (2, "")
    assert stderr == f"winnow: The keys file {path} cannot be opened for writing: {told}\n"
