"""Imported by the fork server alone, for what it brings along: a worker that is forked has its libraries at once.

A fresh interpreter needs a second or two of CPU for scikit-learn, a fork none: on a busy machine where a worker is
killed every two seconds, fresh ones were killed before they had cleaned a page, over and over.

The server never computes nor starts a thread, so nothing can be locked at the moment of a fork. The model is not
loaded here: each worker reads its own, a fifth of a second.
"""

import sys
from importlib import import_module
from typing import Any

# scikit-learn imports pandas, if there is one, for the sake of callers who pass it frames: 67 MB in every worker.
_modules: dict[str, Any] = sys.modules
_modules["pandas"] = None  # stands for "there is no such module"
for _name in ("model.cleaning", "service.batch.recipe", "service.batch.rows", "service.batch.worker"):
    import_module(_name)
del _modules["pandas"]  # who wants it later gets it
