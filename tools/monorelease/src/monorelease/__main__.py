"""``python -m monorelease`` is the command as well."""

from __future__ import annotations

import sys

from monorelease.cli import program

if __name__ == "__main__":
    sys.exit(program())
