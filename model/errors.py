"""Every error Winnow raises on purpose.

    WinnowError
    +-- InputError        the page cannot be read at all (not text, too large)
    +-- OptionError       an option has an unknown name or value
    +-- ArtefactError     the model folder is missing, damaged or made for another version

Each message says what is wrong, why, and what to do. A page that can be read in part raises nothing: it
comes back with status "degraded".
"""

from __future__ import annotations


class WinnowError(Exception):
    """Base of all errors a caller may want to catch."""

    code = "winnow-error"
    """A stable identifier for logs, reports and problem documents."""


class InputError(WinnowError):
    """The page cannot be read at all."""

    code = "unreadable-input"


class OptionError(WinnowError):
    """An option has an unknown name or value."""

    code = "bad-option"


class ArtefactError(WinnowError):
    """The model folder is missing, damaged or made for another version."""

    code = "bad-model"
