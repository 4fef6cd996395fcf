"""The model of a worker, replaced while requests go on when the operator makes another one current.

    watch   every second: has `current` or the model behind it changed?
    load    digests, library versions and self-test are checked, beside the model that still answers
    swap    one assignment: a page is cleaned by the old model or the new one, never by both

A newcomer that is refused changes nothing. The last model that was good is kept as a copy, so that a worker started
later, while a broken one is current, has something to answer with.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from model.artefact import SHIPPED, set_current
from model.errors import ArtefactError
from model.types import Cleaned, Kind, Options, PageContext, PostedComment, SpamVerdict
from service.contract import StoredCleaner, load_cleaner
from service.web.logs import log_defect, log_event

_POLL_S = 1.0


class LiveCleaner:
    """A cleaner (see `PageCleaner`) whose model follows the folder it came from.

    path     folder of the model, or of versions with their `current`; None is the shipped one
    spare    an existing folder that all workers share, for the copy of the last good model
    on_swap  is told the version, of the first model too
    """

    version: str
    manifest: Mapping[str, Any]

    def __init__(
        self,
        path: Path | None,
        spare: Path,
        on_swap: Callable[[str], None] = lambda _version: None,
        load: Callable[[Path | None], StoredCleaner] = load_cleaner,
    ) -> None:
        """Load the model. Raises ArtefactError when there is none to answer with."""
        self._path = path or SHIPPED
        self._spare = spare
        self._on_swap = on_swap
        self._load = load
        self._seen = _signature(self._path)
        self._use(self._first())

    def clean(
        self,
        source: bytes | str,
        *,
        kind: Kind = "auto",
        url: str | None = None,
        options: Options | None = None,
    ) -> Cleaned:
        """Clean with the model that is in use now."""
        return self._cleaner.clean(source, kind=kind, url=url, options=options)

    def check_comments(
        self, comments: Sequence[PostedComment | str], *, context: PageContext | None = None
    ) -> list[SpamVerdict]:
        """Judge comments with the model that is in use now."""
        return self._cleaner.check_comments(comments, context=context)

    def look(self) -> bool:
        """Use the model that is current now; False when it is the same, or refused."""
        signature = _signature(self._path)
        if signature == self._seen:
            return False
        self._seen = signature  # also of one that is refused: that is said once
        try:
            newcomer = self._load(self._path)
        except ArtefactError as error:
            self._log_refusal(error, self.version)
            return False
        if newcomer.version == self.version:
            return False
        before = self.version
        self._use(newcomer)
        log_event("model-swapped", model_version=newcomer.version, before=before, pid=os.getpid())
        return True

    def watch(self) -> None:
        """Look every second, for ever; for a thread of its own."""
        while True:
            time.sleep(_POLL_S)
            try:
                self.look()
            except Exception as error:  # noqa: BLE001 - the watch goes on, and so does the model in use
                log_defect(error)

    def _first(self) -> StoredCleaner:
        try:
            return self._load(self._path)
        except ArtefactError as error:
            if not (self._spare / "current").is_file():
                raise
            spare = self._load(self._spare)
            self._log_refusal(error, spare.version)
            return spare

    def _use(self, cleaner: StoredCleaner) -> None:
        self._cleaner = cleaner
        self.version, self.manifest = cleaner.version, cleaner.manifest
        self._on_swap(cleaner.version)
        try:
            _keep_copy(cleaner, self._spare)
        except OSError as error:
            log_event("model-not-kept", error=str(error), pid=os.getpid())

    def _log_refusal(self, error: ArtefactError, kept: str) -> None:
        log_event("model-refused", error=str(error), kept=kept, pid=os.getpid())


def _keep_copy(cleaner: StoredCleaner, spare: Path) -> None:
    """Make a copy the only version in `spare`. Several workers may do so at once."""
    target = spare / cleaner.version
    if cleaner.path and not target.exists():
        with TemporaryDirectory(dir=spare, prefix=".new-") as temporary:
            copy = Path(temporary) / "model"
            shutil.copytree(cleaner.path, copy)
            with suppress(OSError):  # another worker was faster
                copy.rename(target)
    set_current(spare, cleaner.version)
    for other in spare.iterdir():
        if other.is_dir() and other != target and not other.name.startswith("."):
            shutil.rmtree(other, ignore_errors=True)


def _signature(path: Path) -> tuple[object, ...]:
    """What differs when another model is current, or the same one has other files."""
    folder = path
    with suppress(OSError, ValueError):
        folder = path / (path / "current").read_text(encoding="utf-8").strip()
    return tuple(map(_stamp, (path / "current", folder / "manifest.json", folder / "model.joblib")))


def _stamp(file: Path) -> tuple[int, ...] | None:
    try:
        status = file.stat()
    except (OSError, ValueError):
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
