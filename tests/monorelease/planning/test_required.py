from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.version import Version

from monorelease.model.constraint import Constraint, Dialect
from monorelease.model.contents import Declared, OpenedMember
from monorelease.model.finding import Finding
from monorelease.model.value import replace
from monorelease.model.workspace import Dependency, DependencyKind
from monorelease.planning.required import Offers, check_requirements, conditions_of
from opened import metadata, opened, wheel
from values import member, named, requires, workspace

EVERYTHING = {"core": "1.0.0"}


def check(
    dependencies: tuple[Dependency, ...],
    said: tuple[str, ...],
    *,
    built: Mapping[str, str] = EVERYTHING,
    indexed: Mapping[str, tuple[str, ...]] | None = None,
    declared: Declared | None = None,
) -> tuple[Finding, ...]:
    everyone = workspace(
        member("app", "1.0.0", *dependencies),
        member("core"),
        member("kit"),
        member("hidden", private=True),
    )
    about = metadata("app", "1.0.0", *said)
    app: OpenedMember = opened(everyone, "app", wheel(about), declared=declared)
    offers = Offers(
        built={named(name): Version(version) for name, version in built.items()},
        indexed={
            named(name): frozenset(map(Version, versions))
            for name, versions in (indexed or {}).items()
        },
    )
    return tuple(check_requirements(app, "app.whl", about, offers))


def literal(text: str, kind: DependencyKind = DependencyKind.RUNTIME) -> Dependency:
    """A requirement on the core that is written like this, in one piece."""
    return replace(requires("core", kind=kind), prefix=text)


def only(findings: tuple[Finding, ...]) -> tuple[str, str]:
    [finding] = findings
    assert finding.is_error
    return finding.code, finding.problem


EXTRA = DependencyKind.EXTRA


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("core", "core"),
        ("Core >= 1.0 , <2", "core<2,>=1"),
        ("core (>=1)", "core>=1.0"),
        ("core[vad,Fast_x] ==1.0.0", "core[fast-x,vad]==1"),
        ("core; python_version<'3.99'", 'core ; (python_version < "3.99")'),
    ],
)
def test_requirements_are_compared_by_what_they_mean(written: str, said: str) -> None:
    assert check((literal(written),), (said,)) == ()


@pytest.mark.parametrize(
    "said",
    [
        'core>=1; extra == "more"',
        "core>=1; extra=='More'",
    ],
)
def test_an_extra_is_a_condition_in_the_metadata(said: str) -> None:
    assert check((literal("core>=1", EXTRA),), (said,)) == ()


def test_an_extra_that_names_another_is_written_out() -> None:
    """``all = ["app[more]"]`` comes out as what `more` requires, for `all` as well."""
    more = (literal("core>=1.0", EXTRA),)

    assert check(more, ('core>=1.0; extra == "more"', 'core>=1.0; extra == "all"')) == ()
    code, _ = only(check(more, ('core>=1.0; extra == "more"', 'core>=0.9; extra == "all"')))
    assert code == "metadata-differs"
    code, _ = only(check(more, ('core>=1.0; extra == "more"', "core>=1.0")))
    assert code == "metadata-differs"


@pytest.mark.parametrize(
    "said",
    [
        "core; (os_name == 'nt' or os_name == 'os2') and extra == 'more'",
        "core; extra == 'more' and (os_name == 'nt' or os_name == 'os2')",
    ],
)
def test_backends_join_the_conditions_of_an_extra_in_their_own_order(said: str) -> None:
    written = literal("core; os_name == 'nt' or os_name == 'os2'", EXTRA)

    assert check((written,), (said,)) == ()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("core>=1", "core>=0.9"),
        ("core[vad]", "core"),
        ("core; os_name == 'nt'", "core"),
        ("core>=1", 'core>=1; extra == "more"'),
    ],
)
def test_a_requirement_that_became_another_is_told_from_both_sides(written: str, said: str) -> None:
    first, second = check((literal(written),), (said,))

    assert first.code == second.code == "metadata-differs"
    assert first.problem == (f"app.whl does not require {written}, other than its pyproject.toml")
    assert second.problem.startswith("app.whl requires core")
    assert first.key == ("project", "dependencies", "core")


def test_a_requirement_that_got_lost_is_told() -> None:
    assert only(check((literal("core>=1"),), ())) == (
        "metadata-differs",
        "app.whl does not require core>=1, other than its pyproject.toml",
    )


def test_a_requirement_that_came_from_nowhere_is_told() -> None:
    [finding] = check((), ("core>=1",))

    assert finding.code == "metadata-differs"
    assert finding.key is None


def test_what_is_not_published_is_not_in_the_metadata() -> None:
    dependencies = (
        requires("core", ">=1", DependencyKind.GROUP),
        requires("core", ">=1", DependencyKind.BUILD),
    )

    assert check(dependencies, ()) == ()


def test_what_others_publish_and_what_it_requires_of_itself_is_not_compared() -> None:
    assert check((), ("httpx>=0.28", 'app[vad]; extra == "all"')) == ()


@pytest.mark.parametrize("field", ["dependencies", "optional-dependencies"])
def test_what_the_backend_computes_is_not_compared(field: str) -> None:
    declared = Declared(dynamic=frozenset({field}))

    assert check((), ("core>=1",), declared=declared) == ()


def poetry(text: str, *, on: str = "core") -> Dependency:
    return replace(
        requires(on),
        key=("tool", "poetry", "dependencies", on),
        prefix="",
        constraint=Constraint.parse(text, Dialect.POETRY),
    )


def test_poetrys_ranges_are_translated_and_only_their_names_compared() -> None:
    assert check((poetry("^1.0"),), ("core (>=1.0,<2.0)",)) == ()
    assert only(check((poetry("^1.0"),), ())) == (
        "metadata-differs",
        "app.whl does not require core, other than its pyproject.toml",
    )
    assert len(check((poetry("^1.0"),), ("core", "kit"), built=EVERYTHING | {"kit": "1"})) == 1


@pytest.mark.parametrize(
    "said",
    [
        "core @ file:///home/me/core",
        "core @ git+https://git.example/core@main",
        "left-pad @ https://files.example/left-pad.whl",
    ],
)
def test_nothing_leads_straight_to_a_place(said: str) -> None:
    code, problem = only(check((requires("core", None),), (said,)))

    assert code == "leaves-workspace"
    assert problem.startswith(f"app.whl requires {said}: ")


def test_a_reference_on_a_member_points_at_where_it_is_written() -> None:
    [finding] = check((requires("core", None),), ("core @ file:///home/me/core",))

    assert finding.key == requires("core", None).key


def test_a_sibling_of_the_same_release_counts_as_there() -> None:
    written = requires("core", ">=2")

    assert check((written,), ("core>=2",), built={"core": "2.0.0"}) == ()
    assert check((written,), ("core>=2",), built={}, indexed={"core": ("1.0", "2.1")}) == ()


@pytest.mark.parametrize(
    ("built", "indexed", "told"),
    [
        ({}, {}, "no core at all, here or on the index"),
        ({"core": "1.0.1"}, {}, "1.0.1 in this release"),
        ({}, {"core": ("1.0.0", "0.9.0")}, "1.0.0 and 0.9.0 on the index"),
        ({"core": "1.0.1"}, {"core": ("1.0.0",)}, "1.0.1 in this release and 1.0.0 on the index"),
        (
            {},
            {"core": tuple(f"1.{n}" for n in range(8))},
            "1.7, 1.6, 1.5, 1.4, 1.3 and 3 more on the index",
        ),
    ],
)
@pytest.mark.parametrize("kind", [DependencyKind.RUNTIME, EXTRA])
def test_who_could_not_be_installed_is_told_with_what_there_is(
    built: Mapping[str, str],
    indexed: Mapping[str, tuple[str, ...]],
    told: str,
    kind: DependencyKind,
) -> None:
    said = "core>=2" if kind is DependencyKind.RUNTIME else 'core>=2; extra == "more"'
    [finding] = check((literal("core>=2", kind),), (said,), built=built, indexed=indexed)

    assert finding.code == "not-satisfied"
    assert finding.problem == f"app.whl requires {said}, and there is {told}"
    assert finding.key == literal("core>=2", kind).key


def test_a_prerelease_will_do_where_there_is_nothing_else() -> None:
    """PEP 440."""
    written = requires("core", ">=2.0b1")

    assert check((written,), ("core>=2.0b1",), built={"core": "2.0rc1"}) == ()
    assert check((requires("core", ">=1.9"),), ("core>=1.9",), built={"core": "2.0rc1"}) == ()


def test_nobody_outside_gets_what_is_private() -> None:
    code, problem = only(
        check((requires("hidden", ">=1"),), ("hidden>=1",), built={"hidden": "1.0.0"})
    )

    assert code == "requires-private"
    assert problem.startswith("app.whl requires hidden>=1, which is private")


@pytest.mark.parametrize(
    ("marker", "conditions"),
    [
        ("", set()),
        ('os_name == "nt"', {'os_name == "nt"'}),
        ('a == "(" and (b == "1" and c == " or ")', {'a == "("', 'b == "1"', 'c == " or "'}),
        ('(a == "1" or b == "2") and c == "3"', {'a == "1" or b == "2"', 'c == "3"'}),
        ('a == "1" and b == "2" or c == "3"', {'a == "1" and b == "2" or c == "3"'}),
    ],
)
def test_conditions_are_what_must_hold_all_at_once(marker: str, conditions: set[str]) -> None:
    assert conditions_of(marker) == conditions


ATOMS = st.sampled_from(
    ['os_name == "nt"', 'python_version < "3.12"', 'extra == "a"', 'sys_platform != "x"']
)
MARKERS = st.recursive(
    ATOMS,
    lambda inner: st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
        lambda three: f"({three[0]}) {three[1]} ({three[2]})"
    ),
    max_leaves=6,
)


@pytest.mark.property
@given(MARKERS, st.sampled_from(["nt", "posix"]), st.sampled_from(["3.11", "3.13"]))
def test_conditions_mean_what_the_marker_means(marker: str, system: str, python: str) -> None:
    around = {"os_name": system, "python_version": python, "extra": "a", "sys_platform": "x"}
    parts = conditions_of(str(Marker(marker)))

    assert Marker(marker).evaluate(around) == all(Marker(part).evaluate(around) for part in parts)
