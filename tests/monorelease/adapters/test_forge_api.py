"""What is at a path is read as JSON, page by page, and is made only where it is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from forge_server import ALWAYS, LOGIN_PAGE, ForgeFault
from monorelease.adapters.forge_api import MOST_PAGES, PAGE, ForgeApi
from monorelease.adapters.forge_asking import Dialect, ForgeRefused, UnclearEnd
from monorelease.errors import ForgeUnavailable
from monorelease.formats.answers import BadAnswer
from monorelease.model.value import replace
from toy_forge import LINKED, NUMBERED, TOKEN, ToyForge

THINGS = ("things",)


def api(
    forge: ToyForge, dialect: Dialect = NUMBERED, pauses: list[float] | None = None
) -> ForgeApi:
    waited: list[float] = [] if pauses is None else pauses
    return ForgeApi(f"{forge.api_url}/", TOKEN, dialect, sleep=waited.append)


# ── one thing ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name",
    ["x", "group/sub", "a b", "50%", "?q#f", "..x", "\u00e9\U0001f600", "a\r\nb", "%2e", "a+b;c=d"],
)
def test_a_segment_of_a_path_stays_one(tmp_path: Path, name: str) -> None:
    with ToyForge(tmp_path) as forge:
        forge.things[name] = {"is": name}

        assert api(forge).get(("things", name), {"q": "a&b=c d"}) == {"is": name}

    assert forge.requests[0].query == {"q": "a&b=c d"}


@pytest.mark.parametrize("segment", ["", ".", ".."])
def test_a_segment_leads_nowhere_else(tmp_path: Path, segment: str) -> None:
    with ToyForge(tmp_path) as forge, pytest.raises(ForgeUnavailable, match="cannot be asked for"):
        api(forge).get(("things", segment, "x"))

    assert forge.requests == []


def test_half_a_character_is_replaced(tmp_path: Path) -> None:
    with ToyForge(tmp_path) as forge:
        api(forge).send("POST", THINGS, {"name": "caf\udce9"})
        found = api(forge).find(("things", "caf\udce9"))

    assert forge.things == {"0": {"name": "caf?"}}
    assert found is None


def test_what_is_not_there_is_found_missing(tmp_path: Path) -> None:
    with ToyForge(tmp_path) as forge:
        assert api(forge).find(("things", "x")) is None
        with pytest.raises(ForgeRefused, match="404"):
            api(forge).get(("things", "x"))


def test_what_may_not_be_seen_is_not_missing(tmp_path: Path) -> None:
    with (
        ToyForge(tmp_path, faults=[ForgeFault(status=403)]) as forge,
        pytest.raises(ForgeRefused, match="403"),
    ):
        api(forge).find(("things", "x"))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (LOGIN_PAGE, "the answer is a web page, and should be JSON"),
        ("", "the answer is empty, and should be JSON"),
        ('{"a": ', "the answer is no JSON that can be read, and should be JSON"),
        ("[" * 100_000, "the answer is no JSON that can be read, and should be JSON"),
    ],
    ids=["page", "nothing", "half", "deep"],
)
def test_what_is_no_json_is_told(tmp_path: Path, body: str, told: str) -> None:
    fault = ForgeFault(status=200, body=body, times=ALWAYS)
    with (
        ToyForge(tmp_path, faults=[fault]) as forge,
        pytest.raises(ForgeUnavailable) as caught,
    ):
        api(forge).get(THINGS)

    assert caught.value.problem == told
    assert "check the forge's address" in caught.value.hint
    assert len(forge.requests) == 1


def test_what_was_made_and_not_told_is_unclear(tmp_path: Path) -> None:
    fault = ForgeFault(lost=True, status=201, body=LOGIN_PAGE)
    with ToyForge(tmp_path, faults=[fault]) as forge, pytest.raises(UnclearEnd, match="web page"):
        api(forge).send("POST", THINGS, {})

    assert len(forge.things) == 1


def test_things_are_made_changed_and_removed(tmp_path: Path) -> None:
    with ToyForge(tmp_path) as forge:
        assert api(forge).send("POST", THINGS, {"a": 1}) == {"a": 1}
        assert api(forge).send("PATCH", ("things", "0"), {"a": 2}) == {"a": 2}
        assert api(forge).send("DELETE", ("things", "0")) is None

    assert forge.things == {}
    assert forge.requests[0].headers["content-type"] == "application/json"


def test_what_is_not_understood_is_told_with_its_field(tmp_path: Path) -> None:
    def parse(_: object) -> int:
        raise BadAnswer("thing.size is text, and should be a whole number")

    with ToyForge(tmp_path) as forge, pytest.raises(ForgeUnavailable) as caught:
        api(forge).understand(parse, {})

    assert caught.value.problem == (
        "answers strangely: thing.size is text, and should be a whole number"
    )


# ── pages ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
@pytest.mark.parametrize(
    ("dialect", "tells"),
    [
        (LINKED, "link"),
        (NUMBERED, "next"),
        (NUMBERED, "total"),
        (NUMBERED, "nothing"),
        (NUMBERED, "link"),
    ],
    ids=["linked", "next", "total", "silent", "linked, by number"],
)
def test_all_pages_are_read(tmp_path: Path, dialect: Dialect, tells: str, count: int) -> None:
    with ToyForge(tmp_path) as forge:
        forge.count, forge.tells = count, tells  # type: ignore[assignment]
        found = [item for page in api(forge, dialect).pages(THINGS) for item in page]

    assert found == list(range(count))
    is_told = tells != "nothing" and (tells, dialect) != ("link", NUMBERED)
    assert len(forge.requests) == max(1, -(-count // PAGE)) + (not is_told and count > 0)


def test_a_forge_may_give_less_than_is_asked_for(tmp_path: Path) -> None:
    with ToyForge(tmp_path) as forge:
        forge.count, forge.most = 120, 50
        pages = list(api(forge, replace(NUMBERED, page_size="limit")).pages(THINGS))

    assert [len(page) for page in pages] == [50, 50, 20, 0]
    assert {asked.query["limit"] for asked in forge.requests} == {str(PAGE)}


def test_a_page_is_asked_for_when_it_is_wanted(tmp_path: Path) -> None:
    with ToyForge(tmp_path) as forge:
        forge.count = 300
        assert next(api(forge).pages(THINGS)) == list(range(100))

    assert len(forge.requests) == 1


@pytest.mark.parametrize("dialect", [LINKED, NUMBERED], ids=["linked", "numbered"])
def test_pages_have_an_end(tmp_path: Path, dialect: Dialect) -> None:
    with ToyForge(tmp_path) as forge:
        forge.count, forge.most, forge.tells = 1000, 1, "link"
        with pytest.raises(ForgeUnavailable, match="more than 100 pages at /things") as caught:
            list(api(forge, dialect).pages(THINGS))

    assert len(forge.requests) == MOST_PAGES
    assert caught.value.hint


@pytest.mark.parametrize(
    "link",
    [
        '<https://evil.example/api/things?page=2>; rel="next"',
        '<//evil.example/x>; rel="prev", <//evil.example/x>; rel=next',
        '<http://[::1>; title="x"; rel="next last"',
    ],
)
def test_the_next_page_is_on_the_same_server(tmp_path: Path, link: str) -> None:
    fault = ForgeFault(status=200, body="[1]", headers={"Link": link})
    with (
        ToyForge(tmp_path, faults=[fault]) as forge,
        pytest.raises(ForgeUnavailable, match="another server"),
    ):
        list(api(forge, LINKED).pages(THINGS))

    assert len(forge.requests) == 1


@pytest.mark.parametrize(
    "link",
    [
        "",
        "next",
        '<?page=1>; rel="prev", <?page=9>; rel="last"',
        '<?page=2>; rel="nextly"',
        f"<?page=2>{';  ' * 10_000}rel=last",  # not to be pondered for ever
        "<" * 30_000,
    ],
    ids=["nothing", "a word", "others", "another", "blanks", "brackets"],
)
def test_where_no_next_page_is_named_there_is_none(tmp_path: Path, link: str) -> None:
    fault = ForgeFault(status=200, body="[1]", headers={"Link": link})
    with ToyForge(tmp_path, faults=[fault]) as forge:
        assert list(api(forge, LINKED).pages(THINGS)) == [[1]]


def test_a_page_is_a_list(tmp_path: Path) -> None:
    with (
        ToyForge(tmp_path, faults=[ForgeFault(status=200, body="{}")]) as forge,
        pytest.raises(ForgeUnavailable, match="no list"),
    ):
        list(api(forge).pages(THINGS))


# ── looking before and after ────────────────────────────────────────────────────────────


def ensure(forge: ToyForge, pauses: list[float] | None = None) -> tuple[object, bool]:
    """See that there is the thing 0."""
    asked = api(forge, pauses=pauses)
    return asked.ensure(
        lambda: asked.find(("things", "0")), lambda: asked.send("POST", THINGS, {"a": 1})
    )


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    with ToyForge(tmp_path) as forge:
        assert ensure(forge) == ({"a": 1}, True)
        assert ensure(forge) == ({"a": 1}, False)

    assert len(forge.asked("POST")) == 1


@pytest.mark.parametrize(
    "fault",
    [
        ForgeFault(method="POST", lost=True),
        ForgeFault(method="POST", lost=True, status=502),
        ForgeFault(method="POST", lost=True, status=201, body=LOGIN_PAGE),
        ForgeFault(method="POST", cut=True),
    ],
    ids=["no answer", "502", "a page", "cut"],
)
def test_what_was_made_without_an_answer_is_found(tmp_path: Path, fault: ForgeFault) -> None:
    pauses: list[float] = []
    with ToyForge(tmp_path, faults=[fault]) as forge:
        assert ensure(forge, pauses) == ({"a": 1}, True)

    assert len(forge.asked("POST")) == len(forge.things) == 1
    assert pauses == [0.5]


@pytest.mark.parametrize(
    "fault",
    [
        ForgeFault(method="POST", silent=True, times=2),
        ForgeFault(method="POST", status=503, times=2),
    ],
    ids=["silent", "503"],
)
def test_what_was_not_made_is_made_after_all(tmp_path: Path, fault: ForgeFault) -> None:
    with ToyForge(tmp_path, faults=[fault]) as forge:
        assert ensure(forge) == ({"a": 1}, True)

    assert len(forge.asked("POST")) == 3
    assert len(forge.things) == 1


def test_trying_to_make_something_has_an_end(tmp_path: Path) -> None:
    pauses: list[float] = []
    fault = ForgeFault(method="POST", status=503, times=ALWAYS)
    with ToyForge(tmp_path, faults=[fault]) as forge, pytest.raises(UnclearEnd):
        ensure(forge, pauses)

    assert pauses == [0.5, 2.0, 5.0]
    assert len(forge.asked("POST")) == 4


@pytest.mark.parametrize("status", [409, 422])
def test_who_was_slower_takes_what_the_other_made(tmp_path: Path, status: int) -> None:
    with ToyForge(tmp_path, faults=[ForgeFault(method="POST", lost=True, status=status)]) as forge:
        assert ensure(forge) == ({"a": 1}, True)

    assert len(forge.asked("POST")) == 1


@pytest.mark.parametrize("status", [403, 409, 422])
def test_a_refusal_is_one_where_nothing_is_there(tmp_path: Path, status: int) -> None:
    fault = ForgeFault(method="POST", status=status, times=ALWAYS)
    with (
        ToyForge(tmp_path, faults=[fault]) as forge,
        pytest.raises(ForgeRefused, match=str(status)),
    ):
        ensure(forge)

    assert len(forge.asked("POST")) == 1
    assert len(forge.asked("GET")) == (1 if status == 403 else 2)


def test_no_error_of_the_api_repeats_the_token(tmp_path: Path) -> None:
    def parse(_: object) -> int:
        raise BadAnswer(f"thing {TOKEN} is text")

    raisers: list[Callable[[ForgeApi], object]] = [
        lambda asked: asked.understand(parse, {}),
        lambda asked: asked.get((TOKEN, "..")),
        lambda asked: asked.get(("things", TOKEN)),
    ]
    with ToyForge(tmp_path) as forge:
        for act in raisers:
            with pytest.raises(ForgeUnavailable) as caught:
                act(api(forge))
            told = f"{caught.value}{caught.value.hint}{caught.value!r}{vars(caught.value)}"
            assert TOKEN not in told
            assert "tok%2Fen%2B5" not in told
