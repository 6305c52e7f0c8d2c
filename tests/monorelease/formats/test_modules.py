from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.modules import find_modules


def test_a_package_stands_for_all_that_is_in_it() -> None:
    files = ["core/__init__.py", "core/jobs/__init__.py", "core/jobs/child.py", "core/py.typed"]

    assert find_modules(files) == ("core",)


def test_modules_of_their_own_stand_for_themselves() -> None:
    assert find_modules(["zlib_ng.py", "six.py", "__main__.py"]) == ("six", "zlib_ng")


@pytest.mark.parametrize(
    "file",
    [
        "_fast.cpython-311-x86_64-linux-gnu.so",
        "_fast.abi3.so",
        "_fast.pypy310-pp73-darwin.so",
        "_fast.cp311-win_amd64.pyd",
        "_fast.pyd",
        "_fast.py",
    ],
)
def test_an_extension_module_is_a_module(file: str) -> None:
    assert find_modules([file]) == ("_fast",)


def test_a_package_may_begin_in_an_extension_module() -> None:
    assert find_modules(["core/__init__.cpython-311-darwin.so", "core/x.py"]) == ("core",)


def test_a_namespace_is_its_parts() -> None:
    files = [
        "azure/storage/__init__.py",
        "azure/storage/blob/__init__.py",
        "azure/core.py",
        "azure/deep/er/thing.py",
        "azure/data/table.json",
        "azure/__main__.py",
    ]

    assert find_modules(files) == ("azure.core", "azure.deep.er.thing", "azure.storage")


@pytest.mark.parametrize(
    "file",
    [
        "core-1.0.dist-info/METADATA",
        "core-1.0.data/scripts/run.py",
        "core-stubs/__init__.pyi",
        "core.libs/libssl.so",
        "lib/libssl.so",
        "lib/libssl.so.3",
        "core/config.yaml",
        "core/two.dots.py",
        "core/not-a-name.py",
        "1st.py",
        "core",
    ],
)
def test_what_python_cannot_import_is_left_out(file: str) -> None:
    assert find_modules([file]) == ()


@pytest.mark.property
@given(
    st.lists(st.lists(st.sampled_from(["a", "b", "c-d"]), max_size=3).map("/".join), unique=True),
    st.lists(st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=3).map("/".join)),
)
def test_what_is_imported_stands_for_all_there_is_and_for_nothing_twice(
    packages: list[str], modules: list[str]
) -> None:
    files = [f"{path}/__init__.py" for path in packages if path] + [f"{m}.py" for m in modules]
    found = find_modules(files)

    for name in [path for path in (*packages, *modules) if path]:
        dotted = name.replace("/", ".")
        covering = [each for each in found if f"{dotted}.".startswith(f"{each}.")]
        assert len(covering) == 1 or "c-d" in name
