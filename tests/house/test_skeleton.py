"""Every member of packages/ has the same shape."""

from __future__ import annotations

import ast
import contextlib
import itertools
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from agents_plugins_test.serving import serving
from agents_plugins_test.vendors import VENDORS

PACKAGES = Path(__file__).parents[2] / "packages"
MEMBERS = sorted(path.parent.name for path in PACKAGES.glob("*/pyproject.toml"))
PLUGINS = [name for name in MEMBERS if name.startswith("agents-plugin-")]
CORE, SHARED_TESTS = "agents-core", "agents-plugins-test"

MARKER = "<!-- towncrier release notes start -->"
COMMON_STYLE = re.compile(r"(?P<name>[a-z-]+)>=(?P<floor>[0-9a-z.]+),<(?P<ceiling>[0-9]+)")
CARRY_A_MODEL = {"agents-plugin-silero": "src/agents_plugin_silero/model/LICENSE"}
"""Members with data that is somebody else's, and under which licence."""

README_CODE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)

PYPROJECT = """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "{version}"
readme = "README.md"
requires-python = ">=3.11"
license = "{license}"
license-files = [{license_files}]
classifiers = [
{private}  "Intended Audience :: Developers",
  "Operating System :: {system}",
  "Programming Language :: Python :: 3",
  "Programming Language :: Python :: 3.11",
  "Programming Language :: Python :: 3.12",
  "Programming Language :: Python :: 3.13",
  "Programming Language :: Python :: 3.14",
  "Typing :: Typed",
]
{offers}
[tool.hatch.build.targets.wheel]
packages = ["src/{package}"]
"""

# What a member says about itself in its own words: each may stand in its place, or not at all.
FREE = re.compile(
    r"""
      ^description\ =\ ".*"\n
    | ^keywords\ =\ \[.*\]\n
    | ^\ \ "(?:Development\ Status|Topic)\ ::\ .*",\n
    | ^dependencies\ =\ \[\n(?:\ \ .*\n)+\]\n
    | ^\n\[dependency-groups\]\ntest\ =\ \[(?:.*|\n(?:\ \ .*\n)+)\]\n
    """,
    re.MULTILINE | re.VERBOSE,
)

# What plugins build on may need more for some who use it; a plugin is small enough to need it all.
FREE_IN_THE_CORE = re.compile(
    r"""
      ^\n\[project\.optional-dependencies\]\n(?:[a-z-]+\ =\ \[(?:.*|\n(?:\ \ .*\n)+)\]\n)+
    """,
    re.MULTILINE | re.VERBOSE,
)

SLOW_TO_IMPORT = {
    "aiohttp",
    "google.auth",
    "jinja2",
    "livekit",
    "numpy",
    "onnxruntime",
    "tokenizers",
}
"""What a plugin brings along, and loads when it is used."""

NOT_PURE = frozenset(
    {"aiohttp", "agents_core.http", "asyncio", "os", "pathlib", "socket", "subprocess", "time"}
)
"""What can do more than turn values into values."""

LARGEST_FACADE = 20
"""Lines of a plugin's `__init__`; the core's names all that people carry over."""

every_member = pytest.mark.parametrize("name", MEMBERS)
every_member_but_the_core = pytest.mark.parametrize("name", [*PLUGINS, SHARED_TESTS])
every_plugin = pytest.mark.parametrize("name", PLUGINS)


def test_every_folder_is_a_member_named_like_it() -> None:
    folders = {path.name for path in PACKAGES.iterdir() if not path.name.startswith(".")}

    assert folders == {_project(name)["name"] for name in MEMBERS}
    assert folders == {CORE, SHARED_TESTS, *PLUGINS}


def test_all_members_stand_at_one_version() -> None:
    assert len({_project(name)["version"] for name in MEMBERS}) == 1


@every_member
def test_has_the_files_of_a_member(name: str) -> None:
    files = ["pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"]
    sources = ["__init__.py", "py.typed"] + ["models.py"] * (name in PLUGINS)
    missing = [file for file in files if not (PACKAGES / name / file).is_file()]
    missing += [file for file in sources if not (_source(name) / file).is_file()]

    assert missing == []


@every_member
def test_pyproject_differs_from_its_siblings_only_where_it_may(name: str) -> None:
    expected = PYPROJECT.format(
        name=name,
        version=_project(name)["version"],
        private='  "Private :: Do Not Upload",\n' if name == SHARED_TESTS else "",
        license="Apache-2.0 AND MIT" if name in CARRY_A_MODEL else "Apache-2.0",
        license_files=f'"LICENSE", "{CARRY_A_MODEL[name]}"'
        if name in CARRY_A_MODEL
        else '"LICENSE"',
        system="POSIX" if name == CORE else "OS Independent",  # its job processes are POSIX's
        offers=_offers(name),
        package=_package(name),
    )
    text = _text(name, "pyproject.toml")
    told = FREE_IN_THE_CORE.sub("", text) if name == CORE else text

    assert FREE.sub("", told) == expected
    assert _project(name)["description"]


@every_member
def test_licences_are_one_text(name: str) -> None:
    assert _text(name, "LICENSE") == _text(CORE, "LICENSE")
    assert "Apache License" in _text(name, "LICENSE")


@every_member
def test_siblings_are_required_in_one_style_and_as_they_stand(name: str) -> None:
    for requirement in _required_siblings(name):
        written = COMMON_STYLE.fullmatch(requirement)
        assert written, f"{requirement} is not in the style of name>=1.2.3,<2"

        standing = Version(_project(written["name"])["version"])
        assert Version(written["floor"]) <= standing < Version(written["ceiling"])
        assert int(written["ceiling"]) == Version(written["floor"]).major + 1


@every_plugin
def test_plugins_need_the_core_and_its_tests_the_local_vendors(name: str) -> None:
    runtime = {Requirement(each).name for each in _project(name)["dependencies"]}
    groups = _pyproject(name).get("dependency-groups", {})
    tests_with = {Requirement(each).name for each in groups.get("test", ())}

    assert CORE in runtime
    assert SHARED_TESTS in tests_with


@every_member
def test_the_changelog_waits_for_the_next_section(name: str) -> None:
    introduction, marker, sections = _text(name, "CHANGELOG.md").partition(MARKER)

    assert introduction.partition("\n")[0] in {f"# {name}", f"# Changelog of {name}"}
    assert marker
    assert MARKER not in sections
    assert "\n## " not in introduction


@every_member
def test_the_package_opens_without_side_effects(name: str) -> None:
    source = (_source(name) / "__init__.py").read_text("utf-8")
    tree = ast.parse(source)
    others = [node for node in tree.body[1:] if not _is_harmless(node, _package(name))]

    assert name == CORE or len(source.splitlines()) <= LARGEST_FACADE
    assert ast.get_docstring(tree)
    assert [ast.unparse(node) for node in others] == []


@every_plugin
def test_the_wire_is_pure(name: str) -> None:
    rooms = [path for path in _source(name).rglob("*.py") if "_wire" in str(path)]
    imported = {
        module
        for path in rooms
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for module in _modules(node)
    }

    assert imported & NOT_PURE == set()


@every_plugin
def test_models_are_data_only(name: str) -> None:
    tree = ast.parse((_source(name) / "models.py").read_text("utf-8"))
    others = [node for node in tree.body[1:] if not _is_data(node)]

    assert ast.get_docstring(tree)
    assert [ast.unparse(node) for node in others] == []


@every_plugin
def test_the_readme_has_the_four_headings(name: str) -> None:
    headings = re.findall(r"^## (.*)$", _text(name, "README.md"), re.MULTILINE)

    assert headings == ["Install", "Use", "Options", "Models"]


@every_plugin
def test_the_readme_says_what_the_models_module_holds(name: str) -> None:
    readme = _text(name, "README.md")
    tree = ast.parse((_source(name) / "models.py").read_text("utf-8"))
    unsaid = [word for word in _names_and_values(tree) if f"`{word}`" not in readme]

    assert unsaid == []


@every_member_but_the_core
def test_the_readme_s_code_runs(name: str, tmp_path: Path) -> None:
    """Against a server that speaks the vendor's protocol, where it has one.

    What joins a room is run by the member's own tests, with a room of theirs.
    """
    readme = _text(name, "README.md")
    [code] = README_CODE.findall(readme)
    if "JobContext" in code:
        return

    assert readme.count("```") == 2
    with _local_vendor(name.removeprefix("agents-plugin-")) as environ:
        ran = _run(code, tmp_path, environ)
    assert ran.returncode == 0, ran.stderr


def test_the_members_open_quietly_and_export_what_they_say(tmp_path: Path) -> None:
    """One process for all, since a start costs more than the nineteen imports."""
    code = f"""
import importlib, json, sys, threading
missing = {{}}
for name in {[_package(name) for name in MEMBERS]}:
    package = importlib.import_module(name)
    missing[name] = [each for each in package.__all__ if not hasattr(package, each)]
heavy = sorted({SLOW_TO_IMPORT!r} & sys.modules.keys())
print(json.dumps([missing, threading.active_count(), heavy]))
"""
    ran = _run(code, tmp_path)
    assert ran.returncode == 0, ran.stderr

    missing, threads, heavy = json.loads(ran.stdout)
    assert missing == {_package(name): [] for name in MEMBERS}
    assert threads == 1
    assert heavy == []
    assert ran.stderr == ""


@cache
def _text(name: str, file: str) -> str:
    return (PACKAGES / name / file).read_text("utf-8")


@cache
def _pyproject(name: str) -> dict[str, Any]:
    return tomllib.loads(_text(name, "pyproject.toml"))


def _project(name: str) -> dict[str, Any]:
    project: dict[str, Any] = _pyproject(name)["project"]
    return project


def _package(name: str) -> str:
    return name.replace("-", "_")


def _source(name: str) -> Path:
    return PACKAGES / name / "src" / _package(name)


def _offers(name: str) -> str:
    """The table of what others find by the installed package: a command, or a plugin."""
    if name == CORE:
        return '\n[project.scripts]\nagents-core = "agents_core.cli:main"\n'
    if name == SHARED_TESTS:
        learnt = f"{_package(name)}.pytest_plugin"
        return f'\n[project.entry-points.pytest11]\n"{learnt}" = "{learnt}"\n'
    vendor = name.removeprefix("agents-plugin-")
    return f'\n[project.entry-points."agents.plugins"]\n{vendor} = "{_package(name)}"\n'


def _required_siblings(name: str) -> list[str]:
    groups = _pyproject(name).get("dependency-groups", {})
    requirements = itertools.chain(_project(name)["dependencies"], *groups.values())
    return [each for each in requirements if canonicalize_name(Requirement(each).name) in MEMBERS]


def _is_harmless(node: ast.stmt, package: str) -> bool:
    """Tell imports of the package's own rooms, at once or by name, from anything else."""
    match node:
        case ast.ImportFrom(module=str(module), level=0):
            return module in {"__future__", "typing"} or module.split(".")[0] == package
        case (
            ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List())
            | ast.Assign(targets=[ast.Name(id="_ROOMS")], value=ast.Dict())
            | ast.Expr(value=ast.Constant(value=str()))
        ):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING"), body=body, orelse=[]):
            return all(_is_harmless(each, package) for each in body)
        case ast.If(test=ast.UnaryOp(ast.Not(), ast.Name(id="TYPE_CHECKING")), body=body):
            return all(getattr(each, "name", "") in {"__getattr__", "__dir__"} for each in body)
        case _:
            return False


def _modules(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [each.name for each in names]
        case ast.ImportFrom(module="agents_core.http", names=[ast.alias(name="malformed")]):
            return []  # a net under what takes a message apart
        case ast.ImportFrom(module=str(module)):
            return [module]
        case _:
            return []


def _is_data(node: ast.stmt) -> bool:
    match node:
        case ast.ImportFrom(module=str(module)):
            return module in {"__future__", "collections.abc", "types", "typing"}
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.AnnAssign(target=ast.Name(), value=ast.expr() as value):
            return _is_literal(value)
        case _:
            return False


def _is_literal(value: ast.expr) -> bool:
    match value:
        case ast.Subscript(value=ast.Name(id="Literal")):
            return True
        case ast.Call(func=ast.Name(id="MappingProxyType"), args=[ast.Dict() as table]):
            return _is_literal(table)
        case _:
            return isinstance(ast.literal_eval(value), str | int | float | dict)


def _names_and_values(models: ast.Module) -> Iterator[str]:
    for node in models.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id
            constants = (each for each in ast.walk(node.value) if isinstance(each, ast.Constant))
            yield from (str(constant.value) for constant in constants)


@contextlib.contextmanager
def _local_vendor(vendor: str) -> Iterator[dict[str, str]]:
    """Its server, while inside; given is the environment that leads a plugin there."""
    if vendor not in VENDORS:
        yield {}
        return
    with serving(vendor) as url:
        yield {
            variable: value
            for variable in re.findall(
                r"`([A-Z0-9_]+)`", _text(f"agents-plugin-{vendor}", "README.md")
            )
            for ending, value in (("_API_KEY", "a-key"), ("_URL", url), ("_ENDPOINT", url))
            if variable.endswith(ending) and not variable.startswith("DEFAULT_")
        }


def _run(
    code: str, folder: Path, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `code` in a fresh interpreter that finds the members' sources and stands in `folder`."""
    sources = [str(_source(name).parent) for name in MEMBERS]
    return subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path[:0] = {sources!r}\n{code}"],
        cwd=folder,
        env={**os.environ, **(environ or {})},  # noqa: TID251 - what it runs is a user's
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
