"""One part of a run: job 3 of an array of 8 cleans every page that is its own and no other's.

A Slurm or Kubernetes array starts the same command N times, each with a number of its own. Every job looks at
the same input and, without asking the others, comes to the same division of it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from model.errors import OptionError


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `index` of `count`, counted from 0, as Kubernetes counts the pods of an indexed job."""

    index: int
    count: int

    @property
    def name(self) -> str:
        """Its name in files: shard-3-of-8."""
        return f"shard-{self.index}-of-{self.count}"

    def owns(self, number: int) -> bool:
        """Whether row or record `number`, counted from 0, is this shard's: they are dealt out in turn."""
        return number % self.count == self.index

    def owns_name(self, name: str) -> bool:
        """Whether the page of this name is this shard's; the same on every machine and in every Python."""
        digest = hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).digest()
        return self.owns(int.from_bytes(digest, "big"))


def parse_shard(text: str) -> Shard:
    """The shard that "i/N" names. Raises OptionError."""
    match = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    if not match:
        raise OptionError(f"The shard {text!r} is not of the form i/N. Write 0/8 for the first of eight.")
    index, count = int(match[1]), int(match[2])
    if index >= count:
        last = f"{count - 1}/{count}" if count else "0/1"
        raise OptionError(f"There is no shard {text}: shards are counted from 0. The last one is {last}.")
    return Shard(index, count)
