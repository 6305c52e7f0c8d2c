from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from monorelease.formats.metadata import parse_entry_points, parse_metadata
from monorelease.model.contents import EntryPoint, Metadata
from values import named

LEAST = b"Metadata-Version: 2.4\nName: Agents_Core\nVersion: 1.0.44\n"


def problems(more: bytes, least: bytes = LEAST) -> tuple[str, ...]:
    metadata, found = parse_metadata(least + more)
    assert metadata is None
    return found


def test_what_matters_is_understood() -> None:
    metadata, found = parse_metadata(
        LEAST + b"Summary: Jobs that end\nRequires-Python: >=3.11\nLicense-File: LICENSE\n"
        b"Classifier: Typing :: Typed\nProvides-Extra: all\nDynamic: Requires-Dist\n"
        b'Requires-Dist: httpx>=0.28\nRequires-Dist: core[vad]<2; extra == "all"\n'
        b"Description-Content-Type: text/Markdown; charset=UTF-8\n\n# Caf\xc3\xa9\n"
    )

    assert found == ()
    assert metadata == Metadata(
        name=named("agents-core"),
        version=Version("1.0.44"),
        requires_python=SpecifierSet(">=3.11"),
        requirements=(Requirement("httpx>=0.28"), Requirement('core[vad]<2; extra == "all"')),
        extras=(named("all"),),
        summary="Jobs that end",
        description="# Café\n",
        description_content_type="text/markdown",
        classifiers=("Typing :: Typed",),
        license_files=("LICENSE",),
        dynamic=frozenset({"requires-dist"}),
    )


def test_little_has_to_be_said() -> None:
    assert parse_metadata(LEAST) == (
        Metadata(name=named("agents-core"), version=Version("1.0.44")),
        (),
    )


def test_everything_that_is_invalid_is_told_at_once_and_always_in_the_same_order() -> None:
    found = problems(
        b"Requires-Dist: core>>1\nRequires-Python: three\nProvides-Extra: !\n"
        b"Description-Content-Type: text/html\n",
        b"Metadata-Version: 2.4\nName: _\nVersion: one\n",
    )

    assert len(found) == 6
    assert list(found) == sorted(found)
    for word in ("'core>>1'", "'three'", "'!'", "text/html", "'_'", "'one'"):
        assert any(word in each for each in found), word


def test_without_name_version_and_format_there_are_no_metadata() -> None:
    assert problems(b"", b"") == (
        "'name' is a required field",
        "'version' is a required field",
        "None is not a valid metadata version",
    )


def test_a_format_of_the_future_is_not_guessed_at() -> None:
    assert problems(b"", LEAST.replace(b"2.4", b"9.9")) == (
        "'9.9' is not a valid metadata version",
    )


def test_a_field_of_which_there_is_one_is_not_written_twice() -> None:
    assert problems(b"Requires-Python: >=3.11\nRequires-Python: >=3.12\n") == (
        "'requires-python' is written twice, or is not UTF-8 text",
    )


def test_a_description_is_utf_8() -> None:
    assert problems(b"\n# Caf\xe9\n") == ("'description' is written twice, or is not UTF-8 text",)


def test_a_field_that_no_standard_knows_is_nobodys_business() -> None:
    _, found = parse_metadata(LEAST + b"Mood: fine\n")

    assert found == ()


def test_a_summary_has_an_end() -> None:
    assert parse_metadata(LEAST + b"Summary: " + b"x" * 512)[1] == ()
    assert problems(b"Summary: " + b"x" * 513) == ("'summary' has more than 512 characters",)


@pytest.mark.parametrize("version", ["2.1", "2.2", "2.3"])
def test_a_licence_file_before_its_time_does_no_harm(version: str) -> None:
    """Setuptools wrote it for years, and what uploads leaves it out."""
    data = f"Metadata-Version: {version}\nName: a\nVersion: 1\nLicense-File: LICENSE\n"

    metadata, found = parse_metadata(data.encode())

    assert found == ()
    assert metadata is not None
    assert metadata.license_files == ()


def test_before_pep_643_an_sdist_knew_nothing_for_sure() -> None:
    metadata, _ = parse_metadata(b"Metadata-Version: 2.1\nName: a\nVersion: 1\n")

    assert metadata is not None
    assert metadata.dynamic == {"requires-dist", "requires-python"}


@pytest.mark.parametrize(
    ("field", "told"),
    [
        (b"Requires-Dist: a; " + b"(" * 1_500 + b'os_name=="nt"' + b")" * 1_500, "too deeply"),
        (b"Requires-Dist: a>=" + b"9" * 5_000, "more than 4000"),
        (b"Requires-Python: >=" + b"9" * 5_000, "more than 4000"),
        (b"Metadata-Version: 2.4\nVersion: " + b"9" * 5_000, "4300 digits"),
    ],
    ids=["depth", "requirement", "python", "version"],
)
def test_what_only_an_attacker_writes_is_a_problem_and_no_crash(field: bytes, told: str) -> None:
    [problem] = problems(field + b"\n", LEAST if b"Version" not in field else b"Name: a\n")

    assert told in problem


@pytest.mark.property
@given(
    st.lists(st.sampled_from([b"Name", b"Version", b"Requires-Dist", b"Dynamic", b"X"])),
    st.binary(),
)
def test_any_bytes_are_metadata_or_a_problem(fields: list[bytes], data: bytes) -> None:
    text = b"".join(field + b": " + data[:20] + b"\n" for field in fields)

    for each in (data, text, LEAST + text, LEAST + b"\n" + data):
        metadata, found = parse_metadata(each)
        assert (metadata is None) == bool(found)


def test_entry_points_are_read_in_order() -> None:
    points, found = parse_entry_points(
        b"; commands\n[console_scripts]\nagents = agents_core.cli:main\n\n"
        b"# plugins\n[agents.plugins]\nopenai=agents_plugin_openai\n"
        b"vad = agents_core . x : VAD [fast, native]\n".replace(b" . ", b".")
        + b"deep = a.b : C.make [ ]\n"
    )

    assert found == ()
    assert points == (
        EntryPoint(
            group="console_scripts", name="agents", module="agents_core.cli", attribute="main"
        ),
        EntryPoint(group="agents.plugins", name="openai", module="agents_plugin_openai"),
        EntryPoint(
            group="agents.plugins",
            name="vad",
            module="agents_core.x",
            attribute="VAD",
            extras=("fast", "native"),
        ),
        EntryPoint(group="agents.plugins", name="deep", module="a.b", attribute="C.make"),
    )
    assert [str(point) for point in points[:2]] == [
        "agents = agents_core.cli:main",
        "openai = agents_plugin_openai",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "lone = a:b",
        "[g]\na",
        "[g]\n= a:b",
        "[g]\na = ",
        "[g]\na = b c",
        "[g]\na = b:",
        "[g]\na = :b",
    ],
)
def test_a_line_that_offers_nothing_is_told(text: str) -> None:
    points, found = parse_entry_points(text.encode())

    assert points == ()
    assert found == (f"{text.splitlines()[-1].strip()!r} is no entry point",)


@pytest.mark.property
@given(st.binary())
def test_any_bytes_have_entry_points_or_lines_that_are_none(data: bytes) -> None:
    parse_entry_points(data)
    parse_entry_points(b"[g]\n" + data)
