"""The folder a batch writes to: checked against its input, locked against a second run, swept clean.

    OUT/.winnow/lock                   held exclusively by a run, or shared by all shards of one
    OUT/.winnow/ledger.jsonl, tmp/     a run's ledger, and files being written
    OUT/.winnow/shard-i-of-N/          the same for one shard: lock, ledger.jsonl, tmp/

A shard has all that it writes, save the outputs, to itself, so the shards of an array need not wait for each other.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from model.errors import WinnowError
from service.batch.shards import Shard
from service.batch.tally import Failure
from service.files import STATE_FOLDER, describe_os_error, printable, write_atomically

NO_MORE_WRITES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
"""Errors after which no other output can be written either: the disk is full, or gone."""


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
        raise FolderError(
            f"{_shown(source)} is not a folder, nor a table or archive by its name: .jsonl .parquet .warc .wet, .gz "
            "and .zst if packed. For one page: winnow clean FILE"
        )
    if target.exists() and not target.is_dir():
        raise FolderError(f"{_shown(target)} is not a folder. Name a folder for the outputs.")
    if source.resolve() == target.resolve():
        raise FolderError("IN and OUT are the same folder: outputs would be read as pages. Name another OUT.")
    if source.resolve().is_relative_to(target.resolve()):
        raise FolderError("IN lies inside OUT: outputs could replace pages. Name an OUT beside it.")


class OutFolder:
    """An open output folder; made by `open_out_folder`."""

    def __init__(self, root: Path, shard: Shard | None = None, *, overwrite: bool = False) -> None:
        self.root = root
        self._overwrite = overwrite
        self._common = root / STATE_FOLDER
        self._shard = shard
        self.state = self._common / shard.name if shard else self._common
        self.ledger_path = self.state / "ledger.jsonl"
        self.staging = self.state / "tmp"
        """For files being written; no one else writes there."""
        self._resolved = root.resolve()
        self._checked: set[Path] = set()

    def other_ledgers(self) -> list[Path]:
        """Ledgers of earlier runs that may tell of the same outputs; a shard's siblings know nothing of its own."""
        ledgers = [folder / "ledger.jsonl" for folder in (self._common, *self._other_shards())]
        return [path for path in ledgers if path != self.ledger_path and path.exists()]

    def report_name(self, name: str) -> str:
        """The name of a file about the run: report.md, or report-0-of-8.md for a shard."""
        stem, dot, suffix = name.partition(".")
        return f"{stem}{self._shard.name.removeprefix('shard')}{dot}{suffix}" if self._shard else name

    def put(self, name: str, content: bytes, *, is_ours: bool) -> None:
        """Write an output; `is_ours` says that what may stand there was made by Winnow.

        Raises OSError, or TakenError when another's file would be replaced. A file with the very same content is
        no one else's: a run was killed before it could note it down.
        """
        path = self.root / name
        self._make_folder(path.parent)
        may_replace = is_ours or self._overwrite or not path.exists()
        if not may_replace and not (path.is_file() and path.read_bytes() == content):
            raise TakenError("Another file stands where its output belongs. Move it, or pass --overwrite.")
        write_atomically(path, content, self.staging)

    def write_report(self, name: str, content: str) -> None:
        """Write a report beside the outputs. Raises OSError."""
        write_atomically(self.root / self.report_name(name), content.encode(), self.staging)

    def sweep(self) -> None:
        """Make the staging folder, without what a killed run left in it."""
        self.staging.mkdir(parents=True, exist_ok=True)
        for leftover in self.staging.iterdir():
            leftover.unlink()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other runs out of the folder. Raises FolderError when one is at work in it, OSError."""
        with ExitStack() as locks:
            self._lock(locks, self._common, fcntl.LOCK_SH if self._shard else fcntl.LOCK_EX)
            if self._shard:
                self._lock(locks, self.state, fcntl.LOCK_EX)
                # Shards of another division share pages with this one. Of two that start, one sees the other here.
                with ExitStack() as glances:
                    for folder in self._other_shards():
                        self._lock(glances, folder, fcntl.LOCK_SH)
            yield

    def _other_shards(self) -> list[Path]:
        """State folders of shards that are no siblings of this one; all of them for a run that is no shard."""
        shards = sorted(self._common.glob("shard-*-of-*"))
        return [path for path in shards if not (self._shard and path.name.endswith(f"-of-{self._shard.count}"))]

    def _lock(self, locks: ExitStack, folder: Path, kind: int) -> None:
        # Not "w": on NFS a shared lock is only for files that are open for reading.
        file = locks.enter_context((folder / "lock").open("a+"))
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderError(f"Another run is writing to {_shown(self.root)}. Wait for it.") from error

    def _make_folder(self, folder: Path) -> None:
        if folder in self._checked:
            return
        folder.mkdir(parents=True, exist_ok=True)
        if not folder.resolve().is_relative_to(self._resolved):
            raise TakenError("Its output's folder is a link that leads out of OUT. Remove the link.")
        self._checked.add(folder)


class FailureList:
    """All failures of a run, one JSON object per line; in its place when the run ends, and only if there are any."""

    def __init__(self, out: OutFolder) -> None:
        self._staged = out.staging / "failures.jsonl"
        self._path = out.root / out.report_name("failures.jsonl")
        self._file = self._staged.open("w", encoding="ascii")

    def add(self, failure: Failure) -> None:
        """Raises OSError."""
        self._file.write(json.dumps(asdict(failure)) + "\n")

    def publish(self) -> None:
        """Replace the list of the run before. Raises OSError."""
        self._file.close()
        if self._staged.stat().st_size:
            os.replace(self._staged, self._path)
        else:
            self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # a full disk again: `publish` has told of it
            self._file.close()
        self._staged.unlink(missing_ok=True)


@contextmanager
def open_out_folder(root: Path, shard: Shard | None = None, *, overwrite: bool = False) -> Iterator[OutFolder]:
    """Make and lock the folder for one run. Raises FolderError when that cannot be done.

    overwrite  files that Winnow did not make are replaced too
    """
    out = OutFolder(root, shard, overwrite=overwrite)
    with ExitStack() as opened:
        try:
            out.state.mkdir(parents=True, exist_ok=True)
            opened.enter_context(out.locked())
            out.sweep()
        except OSError as error:
            message = f"{_shown(root)} cannot be written to. {describe_os_error(error)}"
            raise FolderError(f"{message} Name an OUT that you may write to.") from error
        yield out


def _shown(path: Path) -> str:
    return printable(str(path))
