"""The folder a batch writes to: checked against its input, locked against a second run, swept clean."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model.errors import WinnowError
from service.files import STATE_FOLDER, describe_os_error, printable, write_atomically


class FolderError(WinnowError):
    """IN or OUT cannot be used as asked."""

    code = "bad-folder"


class TakenError(WinnowError):
    """A file that Winnow did not make stands at an output's place."""

    code = "output-taken"


def check_folders(source: Path, target: Path) -> None:
    """Raise FolderError unless `source` is a folder and writing to `target` cannot touch it."""
    if not source.exists():
        raise FolderError(f"{_shown(source)} does not exist. Name a folder of pages.")
    if not source.is_dir():
        raise FolderError(f"{_shown(source)} is not a folder. For one page: winnow clean FILE")
    if target.exists() and not target.is_dir():
        raise FolderError(f"{_shown(target)} is not a folder. Name a folder for the outputs.")
    if source.resolve() == target.resolve():
        raise FolderError("IN and OUT are the same folder: outputs would be read as pages. Name another OUT.")
    if source.resolve().is_relative_to(target.resolve()):
        raise FolderError("IN lies inside OUT: outputs could replace pages. Name an OUT beside it.")


class OutFolder:
    """An open output folder; made by `open_out_folder`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ledger_path = root / STATE_FOLDER / "ledger.jsonl"
        self._staging = root / STATE_FOLDER / "tmp"
        self._resolved = root.resolve()
        self._checked: set[Path] = set()

    def put(self, name: str, content: bytes, may_replace: bool) -> None:
        """Write an output. Raises OSError, or TakenError when another's file would be replaced.

        A file with the very same content is no one else's: a run was killed before it could note it down.
        """
        path = self.root / name
        self._make_folder(path.parent)
        if not may_replace and path.exists() and not (path.is_file() and path.read_bytes() == content):
            raise TakenError("Another file stands where its output belongs. Move it, or pass --overwrite.")
        write_atomically(path, content, self._staging)

    def write_report(self, name: str, content: str) -> None:
        """Write a report beside the outputs. Raises OSError."""
        write_atomically(self.root / name, content.encode(), self._staging)

    def sweep(self) -> None:
        """Make the staging folder, without what a killed run left in it."""
        self._staging.mkdir(parents=True, exist_ok=True)
        for leftover in self._staging.iterdir():
            leftover.unlink()

    def _make_folder(self, folder: Path) -> None:
        if folder in self._checked:
            return
        folder.mkdir(parents=True, exist_ok=True)
        if not folder.resolve().is_relative_to(self._resolved):
            raise TakenError("Its output's folder is a link that leads out of OUT. Remove the link.")
        self._checked.add(folder)


@contextmanager
def open_out_folder(root: Path) -> Iterator[OutFolder]:
    """Make and lock the folder for one run. Raises FolderError when that cannot be done."""
    out = OutFolder(root)
    try:
        out.ledger_path.parent.mkdir(parents=True, exist_ok=True)
        lock = (root / STATE_FOLDER / "lock").open("w")
    except OSError as error:
        raise FolderError(f"{_shown(root)} cannot be written to. {describe_os_error(error)}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderError(f"Another run is writing to {_shown(root)}. Wait for it.") from error
        out.sweep()
        yield out


def _shown(path: Path) -> str:
    return printable(str(path))
