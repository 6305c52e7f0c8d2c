"""`python -m agents_core.cli`, which is `agents-core`."""

from __future__ import annotations

import sys

from agents_core.cli.commands import main

if __name__ == "__main__":
    sys.exit(main())
