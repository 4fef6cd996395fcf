"""The shelf that answers are put on: outputs, ledger, failures and tally are always told the same.

The order is what makes a run resumable: first a page's outputs, each whole, then the line that says so.
"""

from __future__ import annotations

import stat
from pathlib import Path

from model.errors import WinnowError
from service.batch.ledger import Entry, Ledger
from service.batch.outfolder import NO_MORE_WRITES, FailureList, OutFolder
from service.batch.recipe import Answer, Recipe
from service.batch.tally import Failure, Tally
from service.files import PageFile, describe_os_error


class Shelf:
    """Knows what stands in OUT, and adds to it; its `tally` counts all that passes through."""

    def __init__(self, recipe: Recipe, out: OutFolder, ledger: Ledger, failures: FailureList, tally: Tally) -> None:
        self._recipe = recipe
        self._out = out
        self._ledger = ledger
        self._failures = failures
        self.tally = tally
        self._digest = recipe.digest()

    def current(self, page: PageFile) -> Entry | None:
        """The ledger's entry on the page's outputs, if they stand as cleaning it again would make them."""
        entry = self._ledger.get(self._recipe.output_name(page.name))
        if not entry or not entry.still_holds(page, self._digest):
            return None
        sizes = {entry.output: entry.output_bytes}
        for extra, name in self._recipe.extra_names(page.name).items():
            sizes[name] = entry.extras.get(extra, -1)
        return entry if all(_stands(self._out.root / name, size) for name, size in sizes.items()) else None

    def put(self, page: PageFile, answer: Answer) -> None:
        """Write the answer's outputs and note them. Raises OSError when nothing can be written any more."""
        if answer.status == "failed":
            self.fail(Failure(page.name, answer.code or "failed", answer.reason or "", answer.trace))
            return
        try:
            self._write(page, answer)
        except WinnowError as error:
            self.fail(Failure(page.name, error.code, str(error)))
        except OSError as error:
            if error.errno in NO_MORE_WRITES:
                raise
            reason = f"Its output cannot be written. {describe_os_error(error)}"
            self.fail(Failure(page.name, "unwritable-output", reason))
        else:
            self.tally.add(page.name, answer.status, answer.confidence, answer.facts)

    def fail(self, failure: Failure) -> None:
        """Count and list a page that has no output."""
        self.tally.add_failure(failure)
        self._failures.add(failure)

    def _write(self, page: PageFile, answer: Answer) -> None:
        output = self._recipe.output_name(page.name)
        earlier = self._ledger.get(output)
        ours = dict(earlier.extras) if earlier else {}
        for extra, name in self._recipe.extra_names(page.name).items():
            self._out.put(name, answer.extras[extra], is_ours=extra in ours)
            ours[extra] = len(answer.extras[extra])
        self._out.put(output, answer.content, is_ours=earlier is not None)
        self._ledger.add(
            Entry(
                output=output,
                size_bytes=page.size_bytes,
                mtime_ns=page.mtime_ns,
                recipe=self._digest,
                status=answer.status,
                confidence=answer.confidence,
                output_bytes=len(answer.content),
                extras=ours,
                labels=answer.facts.labels if answer.facts else {},
            )
        )
        self.tally.bytes_out += len(answer.content) + sum(map(len, answer.extras.values()))


def _stands(path: Path, size_bytes: int) -> bool:
    try:
        found = path.stat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == size_bytes
