from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.wheel_record import check_record
from wheels import hash_of, record_of

INFO = "core-1.0.dist-info"
FILES = {"core/__init__.py": b"", 'core/a "b",c.txt': b"x", f"{INFO}/METADATA": b"Name: core"}
DIGESTS = {name: sha256(data).hexdigest() for name, data in FILES.items()}
RIGHT = f"""\
core/__init__.py,{hash_of(b"")},0
"core/a ""b"",c.txt",{hash_of(b"x")},1
{INFO}/METADATA,{hash_of(b"Name: core")},10
{INFO}/RECORD,,
"""


def found(text: str, digests: dict[str, str] = DIGESTS) -> list[str]:
    return [*check_record(text.encode(), INFO, digests)]


def test_a_record_that_is_right_says_nothing() -> None:
    assert found(RIGHT) == []
    assert found(RIGHT.replace("\n", "\r\n\r\n")) == []


def test_signatures_need_no_hash() -> None:
    signed = DIGESTS | {f"{INFO}/RECORD.jws": "00", f"{INFO}/RECORD": "00"}

    assert found(RIGHT, signed) == []


def test_a_file_that_is_not_listed_came_later() -> None:
    assert found(RIGHT, DIGESTS | {"core/evil.py": "00"}) == ["RECORD does not list core/evil.py"]


def test_a_file_that_is_listed_is_there() -> None:
    assert found(RIGHT, {name: d for name, d in DIGESTS.items() if name != "core/__init__.py"}) == [
        "RECORD lists core/__init__.py, which is not there"
    ]


@pytest.mark.parametrize("said", ["", "md5=1B2M2Y8AsgTpgAmY7PhCfg", "sha256=wrong"])
def test_a_file_is_what_was_listed(said: str) -> None:
    text = RIGHT.replace(hash_of(b""), said)

    assert found(text) == [f"core/__init__.py is not what RECORD says: {said or 'it has no hash'}"]


def test_a_row_may_be_too_short() -> None:
    assert found("core/x\n", {"core/x": "00"}) == ["core/x is not what RECORD says: it has no hash"]


@pytest.mark.parametrize("data", [b"\xff", b'"' + b"x" * 200_000 + b'"'], ids=["bytes", "length"])
def test_what_is_no_table_is_told(data: bytes) -> None:
    [problem] = check_record(data, INFO, DIGESTS)

    assert problem.startswith("RECORD cannot be read: ")


@pytest.mark.property
@given(st.dictionaries(st.text("ab/._", min_size=1), st.binary(), max_size=5))
def test_whatever_is_recorded_as_it_is_is_right(files: dict[str, bytes]) -> None:
    digests = {name: sha256(data).hexdigest() for name, data in files.items()}

    assert found(record_of(files, f"{INFO}/RECORD").decode(), digests) == []
