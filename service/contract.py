"""What this package needs of a cleaner, and the one place that makes a real one.

Batch and HTTP take a `PageCleaner` by injection, so their tests run without a model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from model.limits import Limits
from model.types import Cleaned, Kind, Options, PageContext, PostedComment, SpamVerdict


class PageCleaner(Protocol):
    """The part of `model.Cleaner` that is used here."""

    @property
    def version(self) -> str:
        """The model's version, the same as `Cleaned.model_version`."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """The model's manifest: digests, scores, library versions."""

    def clean(
        self,
        source: bytes | str,
        *,
        kind: Kind = "auto",
        url: str | None = None,
        options: Options | None = None,
    ) -> Cleaned:
        """Clean one page. Raises InputError when it cannot be read at all."""

    def check_comments(
        self, comments: Sequence[PostedComment | str], *, context: PageContext | None = None
    ) -> list[SpamVerdict]:
        """Judge comments. Raises ArtefactError when the model holds no part for it."""


class StoredCleaner(PageCleaner, Protocol):
    """A cleaner that knows the folder it was loaded from."""

    @property
    def path(self) -> Path | None:
        """The model's own folder; None for one that never was on disk."""


def load_cleaner(path: Path | None = None, limits: Limits | None = None) -> StoredCleaner:
    """Load the model at `path`, or the shipped one. Raises ArtefactError."""
    # This brings scikit-learn along, which `winnow --help` and gunicorn's parent have no use for.
    from model import Cleaner

    return Cleaner.load(path, limits=limits or Limits())
