"""Winnow's filter: a scraped page in, the article without the noise around it out.

>>> from model import Cleaner
>>> cleaned = Cleaner.load().clean(b"<h1>Title</h1><p>A paragraph.</p>")
"""

from model.cleaning import Cleaner
from model.errors import ArtefactError, InputError, OptionError, WinnowError
from model.limits import Limits
from model.types import Cleaned, CleanedBlock, Comment, Label, Options

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
    "WinnowError",
]
