"""A forge is asked with patience, and whatever it answers, the token stays where it belongs."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest

from forge_server import ALWAYS, LOGIN_PAGE, ForgeFault
from monorelease.adapters import forge_asking
from monorelease.adapters.exchange import Limits, Reply
from monorelease.adapters.forge_asking import Dialect, ForgeAsking, ForgeRefused, UnclearEnd
from monorelease.errors import ForgeUnavailable
from monorelease.model.value import replace
from sandbox import PATIENCE
from toy_forge import ACCESS, NUMBERED, TOKEN, ToyForge

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CLOCK = {"Date": format_datetime(NOON, usegmt=True)}


def asking(forge: ToyForge, pauses: list[float] | None = None, token: str = TOKEN) -> ForgeAsking:
    waited: list[float] = [] if pauses is None else pauses
    return ForgeAsking(forge.api_url, token, NUMBERED, waited.append)


def ask(
    forge: ToyForge, method: str = "GET", pauses: list[float] | None = None, token: str = TOKEN
) -> Reply:
    """Ask for the things, or make one."""
    body = None if method == "GET" else b"{}"
    return asking(forge, pauses, token).answer(method, f"{forge.api_url}/things", body)


def refusal(tmp_path: Path, fault: ForgeFault, method: str = "GET") -> ForgeUnavailable:
    """What is told where this goes wrong, again and again."""
    with (
        ToyForge(tmp_path, faults=[fault]) as forge,
        pytest.raises(ForgeUnavailable) as caught,
    ):
        ask(forge, method)
    return caught.value


# ── patience ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "fault",
    [
        *(ForgeFault(status=status, times=2) for status in (408, 500, 502, 503, 504, 522)),
        ForgeFault(status=503, body=LOGIN_PAGE, headers={"Content-Type": "text/html"}, times=2),
        ForgeFault(silent=True, times=2),
        ForgeFault(cut=True, times=2),
    ],
    ids=["408", "500", "502", "503", "504", "522", "a page", "silent", "cut"],
)
def test_a_question_is_asked_again_where_trouble_may_pass(
    tmp_path: Path, fault: ForgeFault
) -> None:
    pauses: list[float] = []
    with ToyForge(tmp_path, faults=[fault]) as forge:
        assert ask(forge, pauses=pauses).status == 200

    assert pauses == [0.5, 2.0]


@pytest.mark.parametrize(
    ("asked", "pause"),
    [("0", 0.5), ("7", 7.0), ("3600", 30.0), ("Sun, 22 Nov 2026 12:00:07 GMT", 7.0)],
)
def test_a_forge_in_trouble_may_ask_for_a_pause(tmp_path: Path, asked: str, pause: float) -> None:
    pauses: list[float] = []
    fault = ForgeFault(status=503, headers={"Retry-After": asked, **CLOCK})
    with ToyForge(tmp_path, faults=[fault]) as forge:
        ask(forge, pauses=pauses)

    assert pauses == [pause]


def test_patience_has_an_end(tmp_path: Path) -> None:
    pauses: list[float] = []
    with ToyForge(tmp_path, faults=[ForgeFault(status=502, times=ALWAYS)]) as forge:
        with pytest.raises(ForgeUnavailable) as caught:
            ask(forge, pauses=pauses)

        where = f"{forge.api_url}/things"

    assert str(caught.value) == f"{where}: answers with status 502 Bad Gateway"
    assert "later" in caught.value.hint
    assert pauses == [0.5, 2.0, 5.0]
    assert len(forge.requests) == 4


def test_an_answer_that_does_not_come_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forge_asking, "_LIMITS", Limits(seconds=0.2))
    fault = ForgeFault(seconds=PATIENCE, times=ALWAYS)

    assert "did not answer in time" in str(refusal(tmp_path, fault))


def test_a_forge_that_is_not_there_cannot_be_reached() -> None:
    asking = ForgeAsking("http://127.0.0.1:9/api", "", NUMBERED, lambda _: None)

    with pytest.raises(ForgeUnavailable, match="cannot be reached"):
        asking.answer("GET", "http://127.0.0.1:9/api/things")


@pytest.mark.parametrize(
    "fault",
    [
        ForgeFault(status=500, times=ALWAYS),
        ForgeFault(status=408, times=ALWAYS),
        ForgeFault(silent=True, times=ALWAYS),
        ForgeFault(lost=True, times=ALWAYS),
        ForgeFault(lost=True, status=502, times=ALWAYS),
        ForgeFault(cut=True, times=ALWAYS),
    ],
    ids=["500", "408", "silent", "lost", "lost 502", "cut"],
)
def test_what_makes_something_is_not_sent_twice(tmp_path: Path, fault: ForgeFault) -> None:
    pauses: list[float] = []
    with (
        ToyForge(tmp_path, faults=[fault]) as forge,
        pytest.raises(UnclearEnd) as caught,
    ):
        ask(forge, "POST", pauses)

    assert len(forge.requests) == 1
    assert len(forge.things) == (fault.lost or fault.cut)
    assert pauses == []
    assert caught.value.hint


def test_what_says_how_it_is_to_be_is_sent_again(tmp_path: Path) -> None:
    with ToyForge(tmp_path, faults=[ForgeFault(lost=True, status=502)]) as forge:
        forge.things["x"] = {}
        answer = asking(forge).answer("PATCH", f"{forge.api_url}/things/x", b'{"a": 1}')

    assert answer.status == 200
    assert forge.things["x"] == {"a": 1}
    assert len(forge.requests) == 2


# ── limits ──────────────────────────────────────────────────────────────────────────────


def limited(status: int, headers: dict[str, str], body: str = "{}", times: float = 1) -> ForgeFault:
    return ForgeFault(status=status, headers={**CLOCK, **headers}, body=body, times=times)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (limited(429, {"Retry-After": "7"}), 7.0),
        (limited(403, {"Retry-After": "60"}), 60.0),
        (limited(403, {"Retry-After": "0"}), 1.0),
        (
            limited(
                403,
                {
                    "X-RateLimit-Remaining": "0",
                    "X-RateLimit-Reset": f"{NOON.timestamp() + 29:.0f}",
                },
            ),
            30.0,
        ),
        (
            limited(
                429, {"RateLimit-Remaining": "0", "RateLimit-Reset": f"{NOON.timestamp() - 9:.0f}"}
            ),
            1.0,
        ),
        (
            limited(403, {}, '{"message": "You have exceeded a secondary rate limit."}'),
            60.0,
        ),
        (limited(429, {}), 60.0),
    ],
)
def test_a_limit_is_waited_for(
    tmp_path: Path, method: str, fault: ForgeFault, seconds: float
) -> None:
    pauses: list[float] = []
    with ToyForge(tmp_path, faults=[fault]) as forge:
        ask(forge, method, pauses)

    assert pauses == [seconds]
    assert len(forge.requests) == 2


def test_a_limit_is_waited_for_a_minute_in_all(tmp_path: Path) -> None:
    pauses: list[float] = []
    fault = limited(429, {"Retry-After": "25"}, times=ALWAYS)
    with (
        ToyForge(tmp_path, faults=[fault]) as forge,
        pytest.raises(ForgeUnavailable) as caught,
    ):
        ask(forge, pauses=pauses)

    assert pauses == [25.0, 25.0]
    assert caught.value.problem == (
        "limits how often it may be asked: not before 2026-11-22 12:00:25 UTC"
    )
    assert "goes on where it stopped" in caught.value.hint


def test_a_long_limit_is_told_at_once(tmp_path: Path) -> None:
    reset = f"{NOON.timestamp() + 3599:.0f}"
    fault = limited(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset})

    assert "not before 2026-11-22 13:00:00 UTC" in str(refusal(tmp_path, fault))


@pytest.mark.parametrize(
    "date", ["", "noon", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 1900 00:00:00 GMT"]
)
def test_a_clock_that_cannot_be_right_is_not_gone_by(tmp_path: Path, date: str) -> None:
    fault = limited(429, {"Date": date, "Retry-After": "99999999999"})
    year = time.gmtime(time.time() + 99_999_999_999).tm_year

    assert f"not before {year}-" in str(refusal(tmp_path, fault))


# ── refusals ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 418, 422, 451])
def test_a_no_is_told_at_once_in_the_forges_own_words(tmp_path: Path, status: int) -> None:
    fault = ForgeFault(status=status, body='{"message": "No\\u001b[31m, never"}', times=ALWAYS)
    with (
        ToyForge(tmp_path, faults=[fault]) as forge,
        pytest.raises(ForgeRefused, match=rf"status {status} [^:]+: No \[31m, never$") as caught,
    ):
        ask(forge)

    assert (caught.value.status, caught.value.words) == (status, "No [31m, never")
    assert caught.value.where == f"{forge.api_url}/things"
    assert caught.value.hint
    assert len(forge.requests) == 1


def test_a_web_page_is_not_repeated(tmp_path: Path) -> None:
    fault = ForgeFault(status=403, body=LOGIN_PAGE, times=ALWAYS)

    assert refusal(tmp_path, fault).problem == (
        "answers with status 403 Forbidden: the answer is a web page, and should be JSON"
    )


def test_no_words_are_none(tmp_path: Path) -> None:
    fault = ForgeFault(status=401, body="", times=ALWAYS)

    error = refusal(tmp_path, fault)

    assert error.problem == "answers with status 401 Unauthorized"
    assert "TOY_TOKEN" in error.hint


# ── redirects ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_question_follows_to_the_same_server(tmp_path: Path, status: int) -> None:
    fault = ForgeFault(path="/things$", status=status, headers={"Location": "/api/things/x"})
    with ToyForge(tmp_path, faults=[fault]) as forge:
        forge.things["x"] = 7
        assert ask(forge).body == b"7"

    assert [asked.token for asked in forge.requests] == [TOKEN, TOKEN]


def test_what_changes_something_follows_where_it_stays_the_same_request(tmp_path: Path) -> None:
    fault = ForgeFault(status=307, headers={"Location": "/api/things"})
    with ToyForge(tmp_path, faults=[fault]) as forge:
        ask(forge, "POST")

    assert [asked.words for asked in forge.requests] == ["POST /things", "POST /things"]
    assert len(forge.things) == 1


@pytest.mark.parametrize("status", [301, 302, 303])
def test_what_changes_something_does_not_become_a_question(tmp_path: Path, status: int) -> None:
    fault = ForgeFault(status=status, headers={"Location": "/api/things"}, times=ALWAYS)
    error = refusal(tmp_path, fault, "POST")

    assert "redirects a request" in error.problem
    assert "repository's name" in error.hint


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", [302, 307])
def test_nothing_follows_to_another_server(tmp_path: Path, method: str, status: int) -> None:
    with ToyForge(tmp_path / "other") as other:
        fault = ForgeFault(
            status=status, headers={"Location": f"{other.api_url}/things"}, times=ALWAYS
        )
        error = refusal(tmp_path / "one", fault, method)

    assert "redirects to another server" in error.problem
    assert other.requests == []


def test_redirects_have_an_end(tmp_path: Path) -> None:
    fault = ForgeFault(status=302, headers={"Location": "/api/things"}, times=ALWAYS)

    assert "without end" in str(refusal(tmp_path, fault))


# ── the token ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("dialect", "header", "words"),
    [
        (NUMBERED, "authorization", f"Bearer {TOKEN}"),
        (Dialect(access=ACCESS), "authorization", TOKEN),
        (replace(NUMBERED, token_header="PRIVATE-TOKEN"), "private-token", f"Bearer {TOKEN}"),  # noqa: S106 - the name of a header
    ],
)
def test_the_token_is_sent_as_the_forge_wants_it(
    tmp_path: Path, dialect: Dialect, header: str, words: str
) -> None:
    with ToyForge(tmp_path) as forge:
        url = f"{forge.api_url}/things"
        ForgeAsking(forge.api_url, f" {TOKEN}\n", dialect, time.sleep).answer("GET", url)

    assert forge.requests[0].headers[header] == words


def test_without_a_token_none_is_sent(tmp_path: Path) -> None:
    with ToyForge(tmp_path) as forge:
        ask(forge, token="")

    headers = forge.requests[0].headers
    assert "authorization" not in headers
    assert (headers["user-agent"], headers["accept"]) == ("monorelease", "application/json")


@pytest.mark.parametrize("token", ["two words", "two\nlines", "sn\u2603w", "bell\x07"])
def test_what_can_be_no_token_is_not_sent_nor_told(token: str) -> None:
    with pytest.raises(ForgeUnavailable, match="TOY_TOKEN has signs that no token has") as caught:
        ForgeAsking("https://forge.example", token, NUMBERED, time.sleep)

    assert token not in str(caught.value)


@pytest.mark.parametrize(
    "home", ["http://forge.example/api", "http://[::1", "ftp://forge.example", "forge.example"]
)
def test_a_token_does_not_go_where_others_can_listen(home: str) -> None:
    with pytest.raises(ForgeUnavailable, match="plain http") as caught:
        ForgeAsking(home, TOKEN, NUMBERED, time.sleep)

    assert "https" in caught.value.hint


def test_a_token_for_this_machine_goes_through_no_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with ToyForge(tmp_path / "proxy") as proxy, ToyForge(tmp_path / "forge") as forge:
        monkeypatch.setenv("http_proxy", proxy.url)

        assert ask(forge).status == 200

    assert proxy.requests == []


ECHOES: dict[str, Callable[[str], ForgeFault]] = {
    "words": lambda token: ForgeFault(
        status=422, body=f'{{"message": "Bad {token}"}}', times=ALWAYS
    ),
    "a permission": lambda token: ForgeFault(
        status=403, headers={"X-Accepted-OAuth-Scopes": token}, times=ALWAYS
    ),
    "a reason": lambda token: ForgeFault(status=400, body=f'["{token}"]', times=ALWAYS),
    "a redirect": lambda token: ForgeFault(
        status=302, headers={"Location": f"https://{token}.example/"}, times=ALWAYS
    ),
}


@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
def test_no_error_repeats_the_token(tmp_path: Path, echo: Callable[[str], ForgeFault]) -> None:
    token = "ghp-0123456789abcdef"  # noqa: S105 - not one
    with (
        ToyForge(tmp_path, faults=[echo(token)]) as forge,
        pytest.raises(ForgeUnavailable) as caught,
    ):
        ask(forge, token=token)

    told = (str(caught.value), caught.value.hint, repr(caught.value), repr(vars(caught.value)))
    assert not re.search(token, "".join(told))
