"""The `winnow` command and `python -m service`: Ctrl-C while the imports still run is no reason for a traceback."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        from service.cli import main as run
    except KeyboardInterrupt:
        print("winnow: Interrupted.", file=sys.stderr)
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
