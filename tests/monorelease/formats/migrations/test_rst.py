from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.migrations.rst import to_markdown


def markdown(text: str) -> str:
    said, odd = to_markdown(text)
    assert odd == ()
    return said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A ``thing``.", "A `thing`."),
        ("A ``th`ing``.", "A `` th`ing ``."),
        (
            "See `the docs <https://x.example/a?b=1>`_ now.",
            "See [the docs](https://x.example/a?b=1) now.",
        ),
        ("See `the docs <https://x.example/>`__.", "See [the docs](https://x.example/)."),
        ("*so* and **so**", "*so* and **so**"),
        (":func:`acme.run` ran", "`acme.run` ran"),
        (":py:func:`~acme.core.run` ran", "`run` ran"),
        (":class:`!Job` ran", "`Job` ran"),
        (":doc:`the guide <guide/start>`", "the guide"),
        (":issue:`12` and :pr:`#13`", "#12 and #13"),
        ("by :user:`ada` and :user:`Ada L. <ada>`", "by ada and Ada L."),
        ("the `name` of it", "the `name` of it"),
        ("``a_ |b| [1]_ `c`_``", "`` a_ |b| [1]_ `c`_ ``"),
        ("- one\n- two\n  more", "- one\n- two\n  more"),
        (".. a comment\n   that goes on\n\nWords.", "Words."),
        ("Words.\n\n..\n\nMore.", "Words.\n\n\nMore."),
        ("a snake_case and __dunder__ name", "a snake_case and __dunder__ name"),
        ("", ""),
    ],
)
def test_simple_marks_are_translated(text: str, said: str) -> None:
    assert markdown(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Use:\n\n.. code-block:: python\n   :linenos:\n\n   import a\n\n   a.b()\n\nDone.",
            "Use:\n\n```python\nimport a\n\na.b()\n```\n\nDone.",
        ),
        (".. code::\n\n  x", "```\nx\n```"),
        ("Use::\n\n    x\n      y\n\nDone.", "Use:\n\n```\nx\n  y\n```\n\nDone."),
        ("- Use ``b``::\n\n      x\n\n- next", "- Use `b`:\n\n  ```\n  x\n  ```\n\n- next"),
        ("::\n\n    ```\n    x", "````\n```\nx\n````"),
        ("Nothing follows::", "Nothing follows::"),
    ],
)  # fmt: skip
def test_blocks_of_code_are_fenced(text: str, said: str) -> None:
    assert markdown(text) == said


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("One\n|this| two", ((2, "|this|"),)),
        ("As said [1]_ and [#note]_.", ((1, "[1]_"), (1, "[#note]_"))),
        ("See `the docs`_.", ((1, "`the docs`_"),)),
        ("See docs_ now.", ((1, "docs_"),)),
        (".. note:: Beware.", ((1, ".. note:: Beware."),)),
        (".. _docs: https://x.example/", ((1, ".. _docs: https://x.example/"),)),
        ("===  ===\na    b\n===  ===", ((1, "===  ==="), (3, "===  ==="))),
    ],
)
def test_what_markdown_has_nothing_for_is_copied_and_told(
    text: str, odd: tuple[tuple[int, str], ...]
) -> None:
    said, told = to_markdown(text)

    assert told == odd
    assert said == text


def test_a_line_without_end_is_copied() -> None:
    text = "``a`` |b| " * 1_000

    assert to_markdown(text) == (text.strip(), ())


@pytest.mark.property
@given(
    st.text(alphabet="`:_|*.[]<> \n-a1\0x"),
    st.sampled_from(["\n\n.. code::\n\n   kept\n", "\n\nkept\n"]),
)
def test_any_text_is_translated_and_no_word_gets_lost(text: str, ending: str) -> None:
    said, _ = to_markdown(f"{text}{ending}")

    assert "kept" in said or ".." in text
    assert "\0" not in said
