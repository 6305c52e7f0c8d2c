from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from monorelease.formats.imported_names import NOTHING, read_uses
from monorelease.model.module_facts import Use, Uses
from monorelease.model.source import Source


def uses(text: str) -> Uses:
    return read_uses(Source(name="app.mod", path=PurePosixPath("app/mod.py"), data=text.encode()))


def names(text: str) -> str:
    return " ".join(use.name for use in uses(text).names)


NEEDED = {
    "a module": ("import core.events", "core.events"),
    "a name of a module": ("from core.events import Event as E", "core.events.Event"),
    "a name of the package around": ("from .other import x", "app.other.x"),
    "attributes of a module": ("import core\ncore.a.b(core.c)", "core core.a.b core.c"),
    "attributes of what has a name of its own": ("import a.b as c\nc.d", "a.b a.b.d"),
    "two modules of one package": ("import a.b\nimport a.c\na.d", "a.b a.c a.d"),
    "attributes of a class": ("from core import C\nC.make()", "core.C core.C.make"),
    "in a function": ("def f():\n    import core\n    core.x", "core core.x"),
    "after a condition about something else": ("if x:\n    import core", "core"),
    "in a try that expects something else": (
        "try:\n    import core\nexcept ValueError:\n    import b",
        "core b",
    ),
    "in the end of a try": (
        "try:\n    import a\nexcept ImportError: ...\nfinally:\n    import b",
        "b",
    ),
    "not for type checkers": ("if not TYPE_CHECKING:\n    import a\nelse:\n    import b", "a"),
    "no attributes that every object has": (
        "import core\ncore.__doc__.x\ncore.__version__\ncore.C.__init__",
        "core core.__version__ core.C",
    ),
    "attributes in annotations that are code": (
        "import core\nx: core.A = 1\ndef f(a: core.B) -> core.C: ...",
        "core core.A core.B core.C",
    ),
}

NOT_NEEDED = {
    "for type checkers alone": "if TYPE_CHECKING:\n    import core",
    "in a try that expects it to be missing": (
        "try:\n    import a\nexcept ImportError:\n    import b\nelse:\n    import c"
    ),
    "where it may be suppressed": "with suppress(ImportError):\n    import core",
    "behind a question": "if hasattr(x, 'y'):\n    import a\nelse:\n    import b",
}

IGNORED = {
    "of a name that something else binds": "import core\nfor core in x: core.a",
    "of a parameter": "import core\ndef f(core): core.a",
    "of a name that is a function too": "import core\ndef core(): ...\ncore.a",
    "of a class": "import core\nclass core: ...\ncore.a",
    "of an error": "import core\ntry: ...\nexcept OSError as core: core.a",
    "of what a match binds": "import core\nmatch x:\n    case [*core]: core.a",
    "of what a match names": "import core\nmatch x:\n    case 1 as core: core.a",
    "of the rest of a match": "import core\nmatch x:\n    case {**core}: core.a",
    "of a name that is deleted": "import core\ncore.a\ndel core",
    "of what is set": "import core\ncore.a = 1",
    "of what is asked for first": "import core\nif hasattr(core, 'a'):\n    core.a",
    "of what was asked for before": "import core\nok = hasattr(core, 'a')\nif ok:\n    core.a.b",
    "where it is asked for in passing": "import core\nx = hasattr(y, 'a') and core.a",
    "where one of two is taken": "import core\nx = core.a if hasattr(y, 'a') else core.b",
    "in annotations that are no code": (
        "from __future__ import annotations\nimport core\nx: core.a\n"
        "async def f(a: core.a, *b: core.a) -> core.a: ...\ndef g() -> core.a: ..."
    ),
}


@pytest.mark.parametrize(("text", "wanted"), NEEDED.values(), ids=NEEDED)
def test_what_runs_needs_its_imports_and_their_attributes(text: str, wanted: str) -> None:
    assert names(text) == wanted


@pytest.mark.parametrize("text", NOT_NEEDED.values(), ids=NOT_NEEDED)
def test_what_a_module_can_do_without_does_not_count(text: str) -> None:
    assert names(text) == ""


@pytest.mark.parametrize("text", IGNORED.values(), ids=IGNORED)
def test_attributes_count_only_of_what_surely_is_the_import(text: str) -> None:
    assert names(text).replace("__future__.annotations", "").strip() == "core"


def test_a_name_that_is_imported_from_two_places_is_none_of_them() -> None:
    text = "def f():\n    from a import x\n    x.y\ndef g():\n    from b import x"

    assert names(text) == "a.x b.x"


def test_a_name_that_is_sometimes_optional_has_no_attributes() -> None:
    text = "import a as x\ntry:\n    import b as x\nexcept ImportError: ...\nx.y"

    assert names(text) == "a"


def test_an_optional_name_has_none_either() -> None:
    assert names("try:\n    import core\nexcept ImportError:\n    core = None\ncore.x") == ""


def test_each_name_is_told_where_it_stands_first_and_stars_apart() -> None:
    found = uses("import core\n\ncore.x\ncore.x\nfrom core.all import *\n")

    assert found == Uses(
        names=(Use(name="core", line=1), Use(name="core.x", line=3)),
        stars=(Use(name="core.all", line=5),),
    )


def test_an_optional_star_is_none() -> None:
    assert uses("try:\n    from core import *\nexcept ImportError: ...") == NOTHING


def test_what_cannot_be_read_needs_nothing() -> None:
    assert uses("def") == NOTHING
    assert read_uses(Source(name="a", path=PurePosixPath("a.so"), data=None)) == NOTHING
