"""The reference is made from the code: it says all of it, and nothing else.

``pytest tests/docs --update`` writes the pages anew: read the diff.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import finding_page
import reference
from environment_page import VARIABLES, spelling, variables_in
from finding_page import source, templates
from finding_templates import templates_of
from monorelease.cli.parser import COMMANDS
from source_index import Source

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "tests/scenarios"
READ_BACK = "formats.proposal_data"
"""Takes codes from a file that another run has written."""


def codes() -> set[str]:
    return {template.code for template in templates()} - {""}


def in_source(*patterns: str) -> Iterator[str]:
    """What stands in the source at a pattern's group, line ends and blanks passed over."""
    for path in finding_page.SOURCE.rglob("*.py"):
        text = path.read_text("utf-8")
        for pattern in patterns:
            yield from re.findall(pattern, text)


@pytest.mark.parametrize("page", reference.PAGES)
def test_the_page_is_what_the_code_says(page: str, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update"):
        reference.write(page)

    assert (reference.DOCS / page).read_text("utf-8") == reference.PAGES[page]()


def test_every_code_that_stands_in_the_source_is_on_the_page() -> None:
    named = {
        *in_source(r'\bcode="([a-z-]+)"', r'\.refuse\(\s*"([a-z-]+)"'),
        *in_source(r'\b_?(?:mistake|finding|warning|unclear)\(\s*"([a-z]+-[a-z-]+)"'),
    }

    assert len(named) > 100
    assert named <= codes()


def test_every_code_that_the_scenarios_print_is_on_the_page() -> None:
    told = [
        json.loads(path.read_text("utf-8"))
        for path in SCENARIOS.rglob("stdout.txt")
        if is_json(path)
    ]
    printed = {finding["code"] for document in told for finding in document["findings"]}

    assert printed
    assert printed <= codes()


def is_json(path: Path) -> bool:
    return path.read_text("utf-8").startswith("{")


def test_every_code_is_in_kebab_case_and_has_a_place() -> None:
    for template in templates():
        assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", template.code) or not template.code, template
        assert finding_page.group_of(template.room) or template.room == READ_BACK, template


def test_only_what_is_read_back_has_a_code_that_the_source_does_not_say() -> None:
    unsaid = {template.room for template in templates() if not template.code}

    assert unsaid == {READ_BACK, "planning.withdrawal_checks"}
    assert {"stranded", "still-pulls"} <= codes()


def test_every_code_says_something() -> None:
    for code in codes():
        ways = [template for template in templates() if template.code == code]
        assert code in finding_page.SENTENCES or not finding_page.says_nothing(ways), code
    assert codes() >= set(finding_page.SENTENCES)


def test_words_are_followed_through_functions_values_and_names(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(ONE, "utf-8")
    (tmp_path / "two.py").write_text(TWO, "utf-8")

    found = {(t.code, t.problem, t.hints, t.severities) for t in templates_of(Source(tmp_path))}

    assert found == {
        ("plain", "… is wrong", ("mend it",), ("error",)),
        ("passed-on", "here is …", ("now", "later"), ("warning",)),
        ("from-afar", "one / two of …", ("as in one",), ("warning",)),
        ("of-a-kind", "a blue … in …", ("paint it",), ("error",)),
    }


ONE = """
HINTS = {"from-afar": "as in one"}
class _Kind:
    code: str
    noun: str
    severity: Severity = Severity.ERROR
KINDS = [_Kind(code="of-a-kind", noun="blue", hint="paint it")]
def plain(name):
    problem = "unused"
    problem = f"{name} is wrong"
    return Finding(code="plain", problem=problem, hint="mend it")
def passed(is_now):
    hint = "now" if is_now else "later"
    return warning("passed-on", f"here is {is_now}", hint)
def warning(code, problem, hint=""):
    return Finding(code=code, problem=problem, hint=hint or HINTS[code], severity=Severity.WARNING)
def kinds(thing, place):
    for kind in KINDS:
        yield Finding(code=kind.code, problem=f"a {kind.noun} {thing} in {place}",
            hint=kind.hint, severity=kind.severity)
"""
TWO = """
from monorelease.one import warning
def count(is_one, thing):
    number = "one"
    if not is_one:
        number = "two"
    return warning("from-afar", f"{number} of {thing}")
"""


def test_the_environment_is_told_as_it_is_read() -> None:
    told = {spelling(name) for variables in VARIABLES.values() for name in variables}
    found = variables_in(source())

    assert found - told == set()
    assert told - found <= {*in_source(r'"([A-Z]+)"')}  # that a single word is one is seen nowhere


def test_every_command_has_a_section_with_all_of_its_flags() -> None:
    page = (reference.DOCS / "reference/commands.md").read_text("utf-8")

    for command in COMMANDS:
        section = page.partition(f"\n## monorelease {command}\n")[2].partition("\n## ")[0]
        assert "`-h, --help`" in section, command


def test_every_link_of_the_reference_leads_somewhere() -> None:
    for name in reference.PAGES:
        if not name.endswith(".md"):
            continue
        page = reference.DOCS / name
        text = page.read_text("utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
            file, _, anchor = target.partition("#")
            assert not file or (page.parent / file).is_file(), target
            if anchor and not file:
                assert re.search(rf"^#+ {anchor.replace('-', '[ -]')}$", text, re.MULTILINE), target
