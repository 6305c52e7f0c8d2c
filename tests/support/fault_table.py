"""The table of ``docs/faults.md``: what tests have seen of each fault, row by row."""

from __future__ import annotations

from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs/faults.md"

_TITLES = "| fault | step | the first run | the same again |\n| --- | --- | --- | --- |\n"


class FaultTable:
    """The rows of the document; one that differs is a failure, unless it is to be rewritten."""

    def __init__(self, *, is_updated: bool) -> None:
        text = DOCUMENT.read_text("utf-8") if DOCUMENT.exists() else ""
        self.introduction = text.partition("| fault |")[0]
        self._is_updated = is_updated
        self.rows: dict[tuple[str, ...], str] = {}
        for line in text.partition("| --- |")[2].splitlines()[1:]:
            fault, step, *_ = (cell.strip() for cell in line.strip("|").split("|"))
            self.rows[fault, step] = line

    def tell(self, fault: str, step: str, first: str, second: str) -> None:
        """What came out, which is what the document says."""
        row = f"| {fault} | {step} | {first} | {second} |"
        if self._is_updated:
            self.rows[fault, step] = row
        assert self.rows.get((fault, step)) == row

    def close(self) -> None:
        """Write the document, if that is what is wanted."""
        if self._is_updated:
            lines = "".join(f"{row}\n" for row in self.rows.values())
            DOCUMENT.write_text(f"{self.introduction}{_TITLES}{lines}", "utf-8")
