"""Winnow's filter: a scraped page in, the article without the noise around it out.

>>> from model import Cleaner
>>> cleaned = Cleaner.load().clean(b"<h1>Title</h1><p>A paragraph.</p>")

Names are imported when they are first used (PEP 562): `winnow --help`, and a server's parent process before it
forks, should not load scikit-learn.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.cleaning import Cleaner
    from model.errors import ArtefactError, InputError, OptionError, WinnowError
    from model.limits import Limits
    from model.types import Cleaned, CleanedBlock, Comment, Label, Options, PageContext, PostedComment, SpamVerdict

__all__ = [
    "ArtefactError",
    "Cleaned",
    "CleanedBlock",
    "Cleaner",
    "Comment",
    "InputError",
    "Label",
    "Limits",
    "OptionError",
    "Options",
    "PageContext",
    "PostedComment",
    "SpamVerdict",
    "WinnowError",
]

_HOMES = ("model.errors", "model.limits", "model.types", "model.cleaning")


def __getattr__(name: str) -> Any:
    if name in __all__:
        for home in _HOMES:
            module = import_module(home)
            if name in vars(module):
                return vars(module)[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
