"""Build `Options` from plain names and values: a JSON body, a query string, command-line arguments.

`parse_options` is the only way in from outside, so all of them know the same names, values and bounds, and
refuse anything else in the same words.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, get_args

from model.dial import parse_dial
from model.errors import OptionError
from model.types import CommentMode, Format, Label, Options

MAX_PHRASES = 200
"""phrases in `always_drop` or `always_keep`; each is looked for in every block."""

MAX_PHRASE_CHARS = 500
"""characters of one phrase; longer ones are paragraphs, which no other page repeats."""


def parse_options(mapping: Mapping[str, object]) -> Options:
    """Build `Options` from a plain mapping; names that are missing keep their default.

    `keep`, `always_drop` and `always_keep` take one string or a list of strings; in `keep` commas separate
    labels as well. Raises OptionError with the option's name and what it allows.
    """
    for name in mapping:
        if name not in _READERS:
            raise OptionError(_unknown_name(name))
    values: dict[str, Any] = {name: _READERS[name](name, value) for name, value in mapping.items()}
    return Options(**values)


def for_format(options: Options, form: Format) -> Options:
    """The options with what an answer in this format needs: links and type in Markdown and HTML."""
    inline = form in ("markdown", "html")
    return options if options.inline == inline else replace(options, inline=inline)


def _read_dial(_: str, value: object) -> object:
    return parse_dial(value)


def _read_comments(name: str, value: object) -> object:
    return _choice(name, value, get_args(CommentMode))


def _read_keep(name: str, value: object) -> frozenset[Label]:
    allowed = tuple(label.value for label in Label)
    parts = (part.strip() for text in _strings(name, value) for part in text.split(","))
    return frozenset(Label(_choice(name, part, allowed)) for part in parts if part)


def _read_phrases(name: str, value: object) -> tuple[str, ...]:
    """Counted and measured as given: bounds that hold after tidying could not be told in a JSON Schema."""
    texts = _strings(name, value)
    if len(texts) > MAX_PHRASES:
        raise OptionError(f"{name} has {len(texts)} phrases. At most {MAX_PHRASES} are allowed.")
    if any(len(text) > MAX_PHRASE_CHARS for text in texts):
        raise OptionError(f"{name} has a phrase of over {MAX_PHRASE_CHARS} characters. Shorten it.")
    phrases = tuple(dict.fromkeys(text.strip() for text in texts))
    if "" in phrases:
        raise OptionError(f"{name} has an empty phrase, which every block contains. Leave it out.")
    return phrases


_READERS: Mapping[str, Callable[[str, object], object]] = {
    "dial": _read_dial,
    "keep": _read_keep,
    "comments": _read_comments,
    "always_drop": _read_phrases,
    "always_keep": _read_phrases,
}

OPTION_NAMES = tuple(_READERS)
"""Every name `parse_options` knows."""


def _choice(name: str, value: object, allowed: Iterable[str]) -> str:
    choices = tuple(allowed)
    if isinstance(value, str) and value in choices:
        return value
    raise OptionError(f"{name} cannot be {_shown(value)}. Allowed: {', '.join(choices)}.")


def _strings(name: str, value: object) -> list[str]:
    listed = [value] if isinstance(value, str) else value
    if isinstance(listed, (list, tuple, set, frozenset)) and all(isinstance(item, str) for item in listed):
        return list(listed)
    raise OptionError(f"{name} cannot be {_shown(value)}. Allowed: a string or a list of strings.")


def _unknown_name(name: object) -> str:
    close = get_close_matches(str(name), OPTION_NAMES, n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    return f"{_shown(name)} is not an option.{hint} Options: {', '.join(OPTION_NAMES)}."


def _shown(value: object) -> str:
    """The value as a person would recognise it, cut short: it may be a whole page put in the wrong place."""
    return reprlib.repr(value)
