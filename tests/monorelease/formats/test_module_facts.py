from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from monorelease.formats.module_facts import read_module
from monorelease.model.module_facts import OPAQUE, ClassFacts, Imported, ModuleFacts
from monorelease.model.source import Source


def facts(text: str, name: str = "pkg.mod", path: str = "pkg/mod.py") -> ModuleFacts:
    found = read_module(Source(name=name, path=PurePosixPath(path), data=text.encode()))
    assert found is not None
    return found


def a_class(text: str) -> ClassFacts:
    (found,) = facts(text).bindings.values()
    assert isinstance(found, ClassFacts)
    return found


def test_what_has_no_text_or_cannot_be_read_has_no_facts() -> None:
    path = PurePosixPath("pkg/mod.so")

    assert read_module(Source(name="pkg.mod", path=path, data=None)) is None
    assert read_module(Source(name="pkg.mod", path=path, data=b"def")) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def f(a): b = 1", "f"),
        ("async def f(): ...", "f"),
        ("x = y = 1; a, *b = z; c: int; d += 1", "a b c d x y"),
        ("if x:\n    a = 1\nelif y:\n    b = 1\nelse:\n    c = 1", "a b c"),
        ("try:\n    a = 1\nexcept E:\n    b = 1\nelse:\n    c = 1\nfinally:\n    d = 1", "a b c d"),
        ("for a in x:\n    b = 1\nelse:\n    c = 1", "a b c"),
        ("while (a := x):\n    b = 1", "a b"),
        ("with x as a, y as (b, c):\n    d = 1", "a b c d"),
        ("match x:\n    case 1:\n        a = 1", "a"),
        ("def f():\n    global a\n    a = 1", "a f"),
        ("x.y = 1\nx[1] = 2\ndel z", ""),
        ("if TYPE_CHECKING:\n    a = 1\nelse:\n    b = 1", "b"),
        ("if not TYPE_CHECKING:\n    a = 1\nelse:\n    b = 1", "a"),
    ],
)
def test_a_name_counts_in_whatever_branch_it_is_bound(text: str, names: str) -> None:
    assert " ".join(sorted(facts(text).bindings)) == names


def test_imports_are_other_names_in_full() -> None:
    text = "import a.b, c.d as e\nfrom .x import y as z\nfrom f import g"

    assert facts(text).bindings == {
        "a": Imported(target="a"),
        "e": Imported(target="c.d"),
        "z": Imported(target="pkg.x.y"),
        "g": Imported(target="f.g"),
    }


def test_in_a_package_relative_imports_begin_in_it() -> None:
    found = facts("from .x import y\nfrom . import *", "pkg", "pkg/__init__.py")

    assert found.bindings == {"y": Imported(target="pkg.x.y")}
    assert found.stars == ("pkg",)


def test_what_is_bound_to_several_things_may_be_any_of_them() -> None:
    text = "try:\n    from a import X\nexcept E:\n    X = None\nfrom b import Y\nfrom b import Y"

    assert facts(text).bindings == {"X": OPAQUE, "Y": Imported(target="b.Y")}


def test_in_a_stub_everything_is_there() -> None:
    text = "if TYPE_CHECKING:\n    a: int"

    assert facts(text, path="pkg/mod.pyi").bindings == {"a": OPAQUE}


@pytest.mark.parametrize(
    ("text", "exports"),
    [
        ("x = 1", None),
        ('__all__ = ["a", "b"]', {"a", "b"}),
        ('__all__: tuple[str, ...] = ("a",)', {"a"}),
        ('__all__ = ["a"]\nif x:\n    __all__ += ["b"]', {"a", "b"}),
        ('__all__ = ["a"]\n__all__ += other.__all__', None),
        ('__all__ = ["a"]\n__all__.extend(other.__all__)', None),
        ("__all__ = 1", None),
        ("__all__: list[str]", None),
    ],
)
def test_exports_are_known_where_each_piece_is_a_literal(
    text: str, exports: set[str] | None
) -> None:
    assert facts(text).exports == exports


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("def __getattr__(name): ...", True),
        ("__getattr__, __dir__, __all__ = lazy.attach(__name__)", True),
        ("globals()['x'] = 1", True),
        ("exec('x = 1')", True),
        ("sys.modules[__name__] = Lazy()", True),
        ("x[1] = 2; y = sys.modules['z']", False),
    ],
)
def test_a_module_may_have_names_that_its_text_does_not_tell(text: str, *, verdict: bool) -> None:
    assert facts(text).is_open is verdict


def test_a_class_has_what_its_body_binds_and_what_is_put_on_self() -> None:
    text = """\
class C(Base, events.Event, Generic[T]):
    a = 1
    b: int
    class D: ...
    if x:
        def m(self):
            self.e = 1
            self.f.g = 2
"""
    found = a_class(text)

    assert found.names == {"a", "b", "D", "m", "e", "f"}
    assert found.bases == ("Base", "events.Event", "Generic")
    assert not found.is_open


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("@dataclass(frozen=True)\n@typing.final\nclass C: ...", False),
        ("@register\nclass C: ...", True),
        ("class C(metaclass=Meta): ...", True),
        ("class C(make_base()): ...", True),
    ],
)
def test_decorators_and_metaclasses_may_add_to_a_class(text: str, *, verdict: bool) -> None:
    assert a_class(text).is_open is verdict
