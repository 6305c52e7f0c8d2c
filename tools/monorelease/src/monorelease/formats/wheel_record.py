"""A wheel's ``RECORD``: the list of its files with their hashes, compared with what is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_UNHASHED = ("RECORD", "RECORD.jws", "RECORD.p7s")
"""What cannot be listed with a hash of its own: the list, and its signatures."""


def check_record(data: bytes, info: str, digests: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with a RECORD, in words for people.

    The binary distribution format asks for a row a file, and for sha256 or better; sha256 is
    what all build backends write.

    Args:
        data: the file.
        info: the name of the ``.dist-info`` folder that it lies in.
        digests: the sha256 of every file of the wheel, in hexadecimal digits, by path.
    """
    import csv

    try:
        rows = [row for row in csv.reader(data.decode("utf-8").splitlines()) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        yield f"RECORD cannot be read: {error}"
        return
    listed = {row[0]: row[1] if len(row) > 1 else "" for row in rows}
    exempt = {f"{info}/{name}" for name in _UNHASHED}
    for path in sorted(listed.keys() - digests.keys() - exempt):
        yield f"RECORD lists {path}, which is not there"
    for path in sorted(digests.keys() - exempt):
        if path not in listed:
            yield f"RECORD does not list {path}"
        elif listed[path] != _spelled(digests[path]):
            yield f"{path} is not what RECORD says: {listed[path] or 'it has no hash'}"


def _spelled(digest: str) -> str:
    from base64 import urlsafe_b64encode

    return "sha256=" + urlsafe_b64encode(bytes.fromhex(digest)).decode("ascii").rstrip("=")
