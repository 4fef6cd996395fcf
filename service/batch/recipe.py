"""How the pages of a batch run are cleaned, and the cleaning of one of them."""

from __future__ import annotations

import hashlib
import json
import traceback
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from model.errors import ArtefactError, WinnowError
from model.limits import Limits
from model.rendering import render
from model.types import Format, Kind, Options, Status
from service.contract import PageCleaner, load_cleaner
from service.files import PageFile, describe_os_error, read_page

SUFFIXES: dict[Format, str] = {"text": ".txt", "markdown": ".md", "html": ".html", "json": ".json"}


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything besides the page itself that an answer depends on; plain values, so it travels to workers.

    `kind` "auto" leaves the choice to each file's suffix.
    """

    model_version: str
    model_path: str | None = None
    options: Options = field(default_factory=Options)
    format: Format = "text"
    kind: Kind = "auto"
    limits: Limits = field(default_factory=Limits)

    def digest(self) -> str:
        """A short name for what this recipe makes of a page; where the model lies plays no part in it."""
        parts = [self.model_version, self.format, self.kind, options_as_json(self.options), repr(self.limits)]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]

    def output_name(self, page_name: str) -> str:
        """The name of a page's answer: the suffix is added to the whole name, so no two pages share one."""
        return page_name + SUFFIXES[self.format]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one page: `content` is the rendered answer, or `reason` says why there is none."""

    name: str
    status: Status | Literal["failed"]
    content: bytes = b""
    confidence: float | None = None
    code: str | None = None
    reason: str | None = None
    trace: str | None = None
    """Where an error that nobody foresaw came from, for a bug report."""


def options_as_json(options: Options) -> dict[str, Any]:
    """Options as plain lists and strings, in a stable order; `parse_options` reads them back."""
    return {
        "dial": options.dial,
        "keep": sorted(options.keep),
        "comments": options.comments,
        "always_drop": list(options.always_drop),
        "always_keep": list(options.always_keep),
    }


def clean_file(page: PageFile, recipe: Recipe, cleaner: PageCleaner) -> Answer:
    """Clean one file. Whatever goes wrong with it becomes a "failed" answer: the other pages go on."""
    try:
        source = read_page(page.path, recipe.limits.max_page_bytes)
        kind = page.kind if recipe.kind == "auto" else recipe.kind
        cleaned = cleaner.clean(source, kind=kind, options=recipe.options)
        content = render(cleaned, recipe.format).encode()
    except WinnowError as error:
        return Answer(page.name, "failed", code=error.code, reason=str(error))
    except OSError as error:
        return Answer(page.name, "failed", code="unreadable-file", reason=describe_os_error(error))
    except Exception as error:  # noqa: BLE001 - a bug met by one page in a million must not end the night's run
        reason = f"A defect in Winnow ({type(error).__name__}). Report it with the page."
        return Answer(page.name, "failed", code="defect", reason=reason, trace=traceback.format_exc())
    return Answer(page.name, cleaned.status, content, cleaned.confidence)


def clean_in_worker(page: PageFile, recipe: Recipe) -> Answer:
    """`clean_file` with this process's own model. Raises ArtefactError when it cannot be loaded."""
    return clean_file(page, recipe, _cleaner_of_process(recipe))


@cache
def _cleaner_of_process(recipe: Recipe) -> PageCleaner:
    """One model per worker process; a worker serves one recipe."""
    cleaner = load_cleaner(Path(recipe.model_path) if recipe.model_path else None, recipe.limits)
    if cleaner.version != recipe.model_version:
        raise ArtefactError(
            f"The model changed during the run, from {recipe.model_version} to {cleaner.version}. Run it again."
        )
    return cleaner
