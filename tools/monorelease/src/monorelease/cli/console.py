"""stdout is the result, stderr the story."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from monorelease.errors import ReleaseError
from monorelease.model.finding import Finding
from monorelease.model.value import value
from monorelease.reports.terminal import PLAIN, Palette, findings_text, printable

ISSUES = "the project's issue tracker"


@value
class Console:
    """Where words go, and whether they are coloured there."""

    palette: Palette = PLAIN
    """For stdout."""
    stderr_palette: Palette = PLAIN

    def show(self, text: str) -> None:
        """Write a result to stdout."""
        sys.stdout.write(text)
        sys.stdout.flush()

    def show_json(self, value: Mapping[str, object]) -> None:
        """Write a result for a machine to stdout: one JSON document."""
        import json

        self.show(json.dumps(value, indent=2, ensure_ascii=False) + "\n")

    def tell(self, text: str) -> None:
        """Write a line of the story to stderr."""
        sys.stderr.write(f"{printable(text)}\n")

    def tell_findings(self, findings: Sequence[Finding]) -> None:
        """Write findings to stderr."""
        sys.stderr.write(findings_text(findings, self.stderr_palette))

    def tell_problem(self, problem: ReleaseError) -> None:
        """Write a problem, its place and what to do to stderr."""
        palette = self.stderr_palette
        sys.stderr.write(f"{palette.red}error{palette.off}: {printable(str(problem))}\n")
        sys.stderr.write(f"  {palette.dim}hint:{palette.off} {printable(problem.hint)}\n")

    def tell_bug(self, argv: Sequence[str]) -> None:
        """Write a traceback, and that it is not the user's fault."""
        import traceback

        traceback.print_exc()
        self.tell(f"this is a bug in monorelease, met by: monorelease {' '.join(argv)}")
        self.tell(f"please report it, with the lines above, to {ISSUES}")

    def abandon_stdout(self) -> None:
        """Forget stdout after its reader left, so that the interpreter does not complain."""
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
