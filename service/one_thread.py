"""What tells numeric libraries to start no threads of their own: a page is too small to share, and every core has a
worker already. They read it once, when they are loaded.
"""

from __future__ import annotations

ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "VECLIB", "NUMEXPR")}
"""Members of a process's environment."""
