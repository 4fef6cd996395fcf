"""A model's manifest as a few lines for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_LONG = 12
"""Members of a list or object beyond which only their number is shown."""


def summary_lines(manifest: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """Scalars as they are, short objects one level deeper, long ones as a count; self-tests left out."""
    for name, value in manifest.items():
        if name == "self_test":
            continue
        if isinstance(value, Mapping) and 0 < len(value) <= _LONG:
            yield f"{indent}{name}:"
            yield from summary_lines(value, indent + "  ")
        elif isinstance(value, Mapping | list) and len(value) > _LONG:
            yield f"{indent}{name}: {len(value)} entries"
        else:
            yield f"{indent}{name}: {_shown(value)}"


def _shown(value: object) -> str:
    if isinstance(value, Mapping | list) and not value:
        return "none"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)
