"""How the pages of a batch run are cleaned, and the cleaning of one of them."""

from __future__ import annotations

import hashlib
import json
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal

from model.errors import ArtefactError, OptionError, WinnowError
from model.limits import Limits
from model.options import for_format
from model.rendering import render
from model.types import Cleaned, Format, Kind, Options, Status
from service.batch.facts import PageFacts, page_facts, site_of
from service.batch.guards import Guards
from service.contract import PageCleaner, load_cleaner
from service.files import PageFile, describe_os_error, read_page
from service.memorylimit import limit_memory
from service.timelimit import PageTimeout, time_limit

SUFFIXES: dict[Format, str] = {"text": ".txt", "markdown": ".md", "html": ".html", "json": ".json"}

Extra = Literal["comments", "removed"]
"""Outputs beside a page's main one: readers' comments; the blocks that were dropped, and why."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything besides the page itself that an answer depends on; plain values, so it travels to workers.

    `kind` "auto" leaves the choice to each file's suffix. Raises OptionError when `extras` cannot be had.
    """

    model_version: str
    model_path: str | None = None
    options: Options = field(default_factory=Options)
    format: Format = "text"
    kind: Kind = "auto"
    limits: Limits = field(default_factory=Limits)
    extras: tuple[Extra, ...] = ()
    guards: Guards = field(default_factory=Guards)

    def __post_init__(self) -> None:
        """Refuse extras that would always be empty, or that stand in the main output as well."""
        if self.extras and self.format == "json":
            raise OptionError("The format json holds comments and removed blocks already. Leave --with out.")
        if "comments" in self.extras and self.options.comments == "drop":
            raise OptionError("--comments drop leaves none for --with comments to write. Choose one of them.")

    def digest(self) -> str:
        """A short name for what this recipe makes of a page; the model's place and the guards play no part."""
        how = [self.format, self.kind, options_as_json(self.options), repr(self.limits), sorted(self.extras)]
        parts = [self.model_version, *how]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]

    def output_name(self, page_name: str) -> str:
        """The name of a page's answer: the suffix is added to the whole name, so no two pages share one."""
        return page_name + SUFFIXES[self.format]

    def extra_names(self, page_name: str) -> dict[Extra, str]:
        """The names of a page's extra outputs."""
        return {extra: f"{page_name}.{extra}.json" for extra in self.extras}


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
    facts: PageFacts | None = None
    """What the report counts; a failed page has none."""
    extras: Mapping[str, bytes] = field(default_factory=dict)
    """Extra outputs by name: what `Recipe.extras` asks for."""
    row: Mapping[str, Any] | None = None
    """The answer as a table's row, where the output is a table."""


def options_as_json(options: Options) -> dict[str, Any]:
    """Options as plain lists and strings, in a stable order; `parse_options` reads them back."""
    return {
        "dial": options.dial,
        "keep": sorted(options.keep),
        "comments": options.comments,
        "always_drop": list(options.always_drop),
        "always_keep": list(options.always_keep),
    }


@dataclass(frozen=True, slots=True)
class Source:
    """Where one page comes from. `read` raises InputError and OSError."""

    name: str
    kind: Kind
    read: Callable[[], bytes | str]
    url: str | None = None


Presentation = Callable[[Cleaned, Recipe], dict[str, Any]]
"""The parts of an `Answer` that hold what was cleaned: `content` and `extras`, or `row`."""


def clean_file(page: PageFile, recipe: Recipe, cleaner: PageCleaner) -> Answer:
    """Clean one file. Whatever goes wrong with it becomes a "failed" answer: the other pages go on."""
    read = partial(read_page, page.path, recipe.limits.max_page_bytes)
    return clean_source(Source(page.name, page.kind, read), recipe, cleaner, _as_files)


def clean_source(source: Source, recipe: Recipe, cleaner: PageCleaner, present: Presentation) -> Answer:
    """Clean a page from anywhere under the recipe's guards; what goes wrong becomes a "failed" answer."""
    try:
        with time_limit(recipe.guards.page_timeout_s):
            return _clean(source, recipe, cleaner, present)
    except PageTimeout as timeout:
        reason = f"{timeout} Look at the page, or raise the limit: --page-timeout."
        return Answer(source.name, "failed", code="timed-out", reason=reason)
    except MemoryError:
        reason = "It needs more memory than a page may have. Raise the limit: --page-memory."
        return Answer(source.name, "failed", code="out-of-memory", reason=reason)


def _clean(source: Source, recipe: Recipe, cleaner: PageCleaner, present: Presentation) -> Answer:
    started = time.thread_time()
    try:
        page = source.read()
        kind = source.kind if recipe.kind == "auto" else recipe.kind
        cleaned = cleaner.clean(page, kind=kind, url=source.url, options=for_format(recipe.options, recipe.format))
        parts = present(cleaned, recipe)
        facts = page_facts(cleaned, site_of(source.name, source.url), len(page), time.thread_time() - started)
    except WinnowError as error:
        return Answer(source.name, "failed", code=error.code, reason=str(error))
    except OSError as error:
        return Answer(source.name, "failed", code="unreadable-file", reason=describe_os_error(error))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug met by one page in a million must not end the night's run
        reason = f"A defect in Winnow ({type(error).__name__}). Report it with the page."
        return Answer(source.name, "failed", code="defect", reason=reason, trace=traceback.format_exc())
    return Answer(source.name, cleaned.status, confidence=cleaned.confidence, facts=facts, **parts)


def _as_files(cleaned: Cleaned, recipe: Recipe) -> dict[str, Any]:
    extras = {extra: extra_content(cleaned, extra) for extra in recipe.extras}
    return {"content": render(cleaned, recipe.format).encode(), "extras": extras}


def extra_content(cleaned: Cleaned, extra: Extra) -> bytes:
    """An extra output: a JSON list, empty where the page has nothing of the kind."""
    rows = [asdict(comment) for comment in cleaned.comments] if extra == "comments" else _removed(cleaned)
    return json.dumps(rows, ensure_ascii=False).encode()


def _removed(cleaned: Cleaned) -> list[dict[str, Any]]:
    return [
        {
            "label": block.label.value,
            "text": block.text,
            "probability": round(block.probability, 4),
            "reasons": list(block.reasons),
            "line": block.position.line,
        }
        for block in cleaned.blocks
        if not block.kept
    ]


def prepare_worker(recipe: Recipe) -> None:
    """Load this process's model before the first page comes. Raises ArtefactError."""
    cleaner_of_process(recipe)


def clean_in_worker(page: PageFile, recipe: Recipe) -> Answer:
    """`clean_file` with this process's own model. Raises ArtefactError when it cannot be loaded."""
    return clean_file(page, recipe, cleaner_of_process(recipe))


@cache
def cleaner_of_process(recipe: Recipe) -> PageCleaner:
    """One model per worker process; a worker serves one recipe."""
    cleaner = load_cleaner(Path(recipe.model_path) if recipe.model_path else None, recipe.limits)
    if cleaner.version != recipe.model_version:
        raise ArtefactError(
            f"The model changed during the run, from {recipe.model_version} to {cleaner.version}. Run it again."
        )
    limit_memory(recipe.guards.page_memory_mb)
    return cleaner
