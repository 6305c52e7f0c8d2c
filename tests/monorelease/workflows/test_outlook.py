from __future__ import annotations

import pytest

from monorelease.errors import ProblemsFound
from monorelease.model.channel import Label, Prerelease
from monorelease.model.finding import Finding, Severity
from monorelease.model.plan import Scope
from releasing import look
from sandbox import Sandbox
from values import named


def test_the_plan_is_that_of_the_channel_and_the_scope(repository: Sandbox) -> None:
    channel = Prerelease(label=Label.BETA)

    assert [str(r.target) for r in look(repository.root).plan.releases] == ["1.0.1"]
    assert [str(r.target) for r in look(repository.root, channel).plan.releases] == ["1.0.1b1"]
    assert look(repository.root, scope=Scope(held=frozenset({named("core")}))).plan.releases == ()


def test_what_was_read_and_what_was_checked_is_found_in_the_order_of_places(
    repository: Sandbox,
) -> None:
    repository.write(
        {
            "changes/2.fix.md": "---\nnobody: patch\nno one: patch\n---\n\nx\n",
            "changes/1.fix.md": "---\ncore: patch\n---\n",
            "pyproject.toml": '[tool.monorelease]\nunknown = 1\nignore = ["gone"]\n',
        }
    )

    findings = look(repository.root).findings

    assert [(str(f.path), f.line) for f in findings] == [
        ("changes/1.fix.md", 3),
        ("changes/2.fix.md", 2),
        ("changes/2.fix.md", 3),
        ("pyproject.toml", 2),
        ("pyproject.toml", 3),
    ]


def test_the_line_of_a_key_is_looked_up_where_it_is_shown(repository: Sandbox) -> None:
    repository.write(
        {
            "packages/core/pyproject.toml": '[project]\nname = "core"\nversion = "1.0.0"\n'
            'classifiers = ["Private :: Do Not Upload"]\n'
        }
    )

    findings = look(repository.root).findings

    assert [(f.code, str(f.path), f.line) for f in findings] == [
        ("requires-private", "packages/client/pyproject.toml", 4)
    ]


def test_errors_stop_and_take_the_warnings_with_them(repository: Sandbox) -> None:
    warning = Finding(code="w", problem="p", hint="h", severity=Severity.WARNING)
    error = Finding(code="e", problem="p", hint="h")
    outlook = look(repository.root)

    outlook.with_findings([warning]).demand_no_errors()
    with pytest.raises(ProblemsFound) as caught:
        outlook.with_findings([warning, error]).demand_no_errors()

    assert caught.value.findings == (warning, error)
