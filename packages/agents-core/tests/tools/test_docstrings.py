from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.tools.docstrings import read_docstring


def documented() -> None:
    """Do it.

    With care.

    Args:
        one: the first: with a colon,
            and a second line.
        two (int, optional): the second.
        *rest: what is left.

    Note:
        three: is no argument.
    """


def test_arguments_are_read_with_their_continuations() -> None:
    docstring = read_docstring(documented)

    assert docstring.summary == "Do it.\n\nWith care."
    assert docstring.arguments == {
        "one": "the first: with a colon, and a second line.",
        "two": "the second.",
        "rest": "what is left.",
    }


def test_no_docstring_says_nothing() -> None:
    def bare() -> None: ...

    assert read_docstring(bare).summary == ""
    assert read_docstring(bare).arguments == {}


@pytest.mark.property
@given(text=st.text(alphabet="Args: \n\tx*()", max_size=60))
def test_any_docstring_is_read(text: str) -> None:
    def odd() -> None: ...

    odd.__doc__ = text
    assert all(name for name in read_docstring(odd).arguments)
