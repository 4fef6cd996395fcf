"""How sure Winnow must be before it keeps a block: three positions, or a promise about what is lost at most.

A promise reads "lose at most 1 %", "lose at most 0.5% of article words" or, for command lines, "lose<=1%".
"""

from __future__ import annotations

import re
from typing import get_args

from model.errors import OptionError
from model.types import Dial

DIALS: tuple[Dial, ...] = get_args(Dial)

PROMISE_PATTERN = r"lose ?(?:at most|<=) ?([0-9]{1,2}(?:\.[0-9]{1,2})?) ?%(?: of (?:the )?article words)?"
"""A regular expression that JSON Schema and Python read alike; the group is the percentage."""

_PROMISE = re.compile(PROMISE_PATTERN)


def parse_dial(value: object) -> str:
    """A dial in its one spelling: a position's name, or "lose at most 1 %". Raises OptionError."""
    if isinstance(value, str) and value in DIALS:
        return value
    found = _PROMISE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        shown = f"{value!r:.80}"
        raise OptionError(
            f'dial cannot be {shown}. Allowed: {", ".join(DIALS)}, or a promise such as "lose at most 1 %" (of the '
            'article\'s words; short: "lose<=1%"), below 100 %.'
        )
    return f"lose at most {float(found[1]):g} %"


def promised_loss(dial: str) -> float | None:
    """The share of article words, 0 to 1, that a promise allows to lose; None for a position. Raises OptionError."""
    if dial in DIALS:
        return None
    found = _PROMISE.fullmatch(parse_dial(dial))
    return float(found[1]) / 100 if found else None
