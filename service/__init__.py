"""What people call: command line, batch over folders, HTTP service with its workbench page.

Everything here is a thin front to `model.Cleaner`; no decision about a page is taken in this package.
"""

from __future__ import annotations


def package_version() -> str:
    """The installed version of Winnow, or "0+unpackaged" when run from an uninstalled checkout."""
    from importlib.metadata import PackageNotFoundError, version  # slow, and most commands do not ask

    try:
        return version("winnow")
    except PackageNotFoundError:
        return "0+unpackaged"
