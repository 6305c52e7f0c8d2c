"""What the rooms of this floor do together, on the pyproject.toml files of real repositories."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from packaging.utils import NormalizedName, canonicalize_name

from monorelease.formats.dependencies import find_dependencies
from monorelease.formats.manifest import Manifest, parse_manifest
from monorelease.formats.requirements import leading_name
from monorelease.formats.text import BOM, decode, encode
from monorelease.formats.toml import edit, line_of, spans
from monorelease.formats.toml_layout import Span
from monorelease.model.finding import TomlKey
from monorelease.model.workspace import StaticVersion

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
FILES = sorted(CORPUS.glob("*.toml"))
FOLDER = PurePosixPath("packages/x")

needs_corpus = pytest.mark.skipif(not FILES, reason=f"no files in ../shared/{CORPUS.name}")


def every_text() -> Iterator[tuple[str, str]]:
    """Each file as it is, with the newlines of Windows, and behind a byte order mark."""
    for file in FILES:
        text = decode(file.read_bytes(), PurePosixPath(file.name))
        yield file.name, text
        yield f"{file.name} (CRLF)", text.replace("\r\n", "\n").replace("\n", "\r\n")
        yield f"{file.name} (BOM)", BOM + text


def strings_in(value: object, key: TomlKey = ()) -> Iterator[tuple[TomlKey, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from strings_in(each, (*key, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from strings_in(each, (*key, index))


def whatever_it_requires(manifest: Manifest) -> frozenset[NormalizedName]:
    """All names of the document, as if each of them were a member."""
    strings = list(strings_in(manifest.data))
    names = {leading_name(text) for _, text in strings}
    keys = {part for key, _ in strings for part in key if isinstance(part, str)}
    return frozenset(filter(None, names)) | frozenset(map(canonicalize_name, keys))


@needs_corpus
def test_every_string_of_every_file_is_found() -> None:
    for name, text in every_text():
        expected = dict(strings_in(tomllib.loads(text.removeprefix(BOM))))
        found = {k: tomllib.loads(f"x = {text[a:b]}")["x"] for k, (a, b) in spans(text).items()}

        assert found == expected, name
        assert all(line_of(text, key) for key in list(expected)[:3]), name


@needs_corpus
def test_a_release_changes_its_literals_and_no_other_byte() -> None:
    versions = constraints = 0
    for name, text in every_text():
        manifest, _ = parse_manifest(FOLDER, text)
        if manifest is None:
            continue
        changes: dict[TomlKey, str] = {}
        if isinstance(manifest.version_source, StaticVersion):
            changes[manifest.version_source.key] = "98.7.6rc5"
            versions += 1
        dependencies, _ = find_dependencies(manifest, whatever_it_requires(manifest))
        for dependency in dependencies:
            if dependency.constraint is not None:
                changes[dependency.key] = f"{dependency.prefix}>=98.7.6rc5{dependency.suffix}"
                constraints += 1

        edited = edit(text, changes)

        places, old_places = spans(edited), spans(text)
        assert decode(encode(edited), FOLDER) == edited, name
        assert between(edited, [places[key] for key in changes]) == between(
            text, [old_places[key] for key in changes]
        ), name
        for key, value in changes.items():
            literal, old_literal = edited[slice(*places[key])], text[slice(*old_places[key])]
            assert tomllib.loads(f"x = {literal}")["x"] == value, name
            assert (literal[0], literal[-1]) == (old_literal[0], old_literal[-1]), name
    # So that an empty loop does not pass for a good one.
    assert versions >= len(FILES) // 4
    assert constraints >= len(FILES) * 5


def between(text: str, places: list[Span]) -> list[str]:
    """What stands around the literals at `places`."""
    ends = [0, *(end for _, end in sorted(places))]
    begins = [*(begin for begin, _ in sorted(places)), len(text)]
    return [text[end:begin] for end, begin in zip(ends, begins, strict=True)]


@needs_corpus
def test_the_pieces_of_every_requirement_are_its_literal() -> None:
    for name, text in every_text():
        manifest, _ = parse_manifest(FOLDER, text)
        if manifest is None:
            continue
        literals = dict(strings_in(manifest.data))
        dependencies, _ = find_dependencies(manifest, whatever_it_requires(manifest))
        for dependency in dependencies:
            constraint = dependency.constraint.text if dependency.constraint else ""
            pieces = dependency.prefix + constraint + dependency.suffix
            assert pieces == literals[dependency.key], name


@needs_corpus
def test_only_the_files_that_are_wrong_have_errors() -> None:
    wrong: dict[str, list[str]] = {}
    for file in FILES:
        text = decode(file.read_bytes(), PurePosixPath(file.name))
        manifest, findings = parse_manifest(FOLDER, text)
        if manifest is not None:
            _, more = find_dependencies(manifest, whatever_it_requires(manifest))
            findings += more
        if findings:
            wrong[file.name.partition("__")[2].strip("_")] = [finding.code for finding in findings]

    assert {name: codes for name, codes in wrong.items() if "tests~" not in name} == {
        "template~pyproject.toml": ["bad-name"]
    }
